"""``python -m qr_walls``: a table in, a proven poster out."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import click
import msgspec

from qr_walls import codes, formats, planogram, png, posters, proof, room, table
from qr_walls.errors import WallError
from qr_walls.model import Wall
from qr_walls.proof import Place, Proof
from qr_walls.typefaces import Typefaces
from qr_walls.words import Language

FILE = click.Path(path_type=Path, dir_okay=False)
EXISTING = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.group()
def qr_walls() -> None:
    """Print a shop on a wall, and prove that every code reads."""


qr_walls.add_command(codes.encode)
qr_walls.add_command(codes.link)


@qr_walls.command()
@click.argument("planogram_csv", type=EXISTING)
@click.argument("poster_pdf", type=FILE)
@click.option(
    "--products", type=EXISTING, help="What the products are, where not in the planogram."
)
@click.option("--address", required=True, help="The shop's address: https://shop.example")
@click.option("--name", default="", help="The wall's name, printed large.")
@click.option("--format", "size", default="A0", show_default=True, help="Poster size.")
@click.option("--panels", type=click.IntRange(1, 100), help="How many, where no table says so.")
@click.option("--distance", default=0.6, show_default=True, help="Reading distance in metres.")
@click.option("--language", type=click.Choice(["nl", "en", "ko"]), default="nl")
@click.option("--currency", default="EUR", show_default=True)
@click.option("--valid-until", type=click.DateTime(["%Y-%m-%d"]), help="Last day of the prices.")
@click.option("--list-url", default="", help="The wall as an accessible list; printed as a code.")
@click.option("--phone", default="", help="Takes orders by product number; printed.")
@click.option(
    "--font",
    "regular",
    type=EXISTING,
    multiple=True,
    required=True,
    help="Regular typeface; again for a fallback.",
)
@click.option("--bold-font", "bold", type=EXISTING, multiple=True, required=True)
@click.option("--seed", type=int, help="The same seed gives the same tokens.")
@click.option("--created-at", type=click.DateTime(), help="Written into the file; UTC.")
@click.option("--preview", type=FILE, help="Also a PNG of the first panel.")
def build(
    planogram_csv: Path,
    poster_pdf: Path,
    products: Path | None,
    address: str,
    name: str,
    size: str,
    panels: int | None,
    distance: float,
    language: str,
    currency: str,
    valid_until: datetime | None,
    list_url: str,
    phone: str,
    regular: tuple[Path, ...],
    bold: tuple[Path, ...],
    seed: int | None,
    created_at: datetime | None,
    preview: Path | None,
) -> None:
    """Make POSTER_PDF from PLANOGRAM_CSV, and POSTER_PDF.json with the place of every code.

    The planogram has columns panel, shelf, position, gtin, facings, and what the products are
    unless --products is given; without panel and shelf the products are arranged.
    """
    said = msgspec.convert(language, Language)
    random = None if seed is None else Random(seed)
    with _plain_words():
        plan = table.read(
            _text(planogram_csv),
            formats.named(size),
            products=_text(products) if products else None,
            language=said,
            currency=currency,
            pictures=(products or planogram_csv).parent,
            random=random,
        )
        if not plan.placed:
            plan = planogram.stand(plan, formats.named(size), distance, address, panels, random)
        wall = Wall(
            name=name or planogram_csv.stem,
            base_url=address,
            language=said,
            currency=currency,
            distance_m=distance,
            valid_until=valid_until.date() if valid_until else None,
            list_url=list_url,
            phone=phone,
            panels=plan.panels,
        )
        at = created_at.replace(tzinfo=UTC) if created_at else datetime.now(UTC)
        poster = posters.make(
            wall, plan.products, Typefaces(regular, bold), created_at=at, progress=_counting
        )
    poster_pdf.write_bytes(poster.pdf)
    _places_of(poster_pdf).write_bytes(msgspec.json.encode(poster.places))
    if preview:
        preview.write_bytes(png.preview(poster.pdf))
    for note in poster.notes:
        click.echo(note)
    _tell(poster.proof)


@qr_walls.command()
@click.argument("poster_pdf", type=EXISTING)
def check(poster_pdf: Path) -> None:
    """Read every code of POSTER_PDF again; its places stand in POSTER_PDF.json."""
    with _plain_words():
        try:
            places = msgspec.json.decode(_places_of(poster_pdf).read_bytes(), type=list[Place])
        except (OSError, msgspec.DecodeError) as error:
            raise WallError(
                "{file} does not say where the codes are.", file=_places_of(poster_pdf)
            ) from error
        _tell(proof.check(poster_pdf.read_bytes(), places))


@qr_walls.command(name="room")
@click.option("--address", default="https://shop.example", show_default=True)
@click.option("--distance", default=0.6, show_default=True, help="Reading distance in metres.")
@click.option("--products", type=click.IntRange(1, 100_000), help="Say what so many take.")
@click.option("--format", "size", help="Speak of this poster size only.")
def say_room(address: str, distance: float, products: int | None, size: str | None) -> None:
    """How many products every poster size holds, or what so many products take."""
    with _plain_words():
        sizes = [formats.named(size)] if size else formats.ALL
        if products:
            best = room.suggest(products, distance, address, sizes)
            found = best[0] if best else room.solve(products, sizes[0], distance, address)
            click.echo(" ".join(room.sentences(found, address)))
        for one in sizes:
            holds = planogram.capacity(one, distance, address)
            click.echo(f"{one.name:>14}: {holds.rows} × {holds.columns} = {holds.products}")


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise WallError(
            "{file} is not UTF-8 text: save it as “CSV UTF-8”.", file=file.name
        ) from error


@contextmanager
def _plain_words() -> Iterator[None]:
    try:
        yield
    except WallError as error:
        raise click.ClickException(str(error)) from error


def _places_of(poster_pdf: Path) -> Path:
    return poster_pdf.with_name(poster_pdf.name + ".json")


def _counting(stage: str, done: int, whole: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{stage}: {done} of {whole} ", nl=done == whole, err=True)


def _tell(found: Proof) -> None:
    for failure in found.failures:
        click.echo(failure.sentence, err=True)
    if not found.passed:
        raise SystemExit(1)
    click.echo(f"All {found.codes} codes read.")


if __name__ == "__main__":
    qr_walls()
