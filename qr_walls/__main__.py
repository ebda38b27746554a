"""``python -m qr_walls``: a table in, a proven poster out."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Annotated, get_args

import click
import msgspec

from qr_walls import (
    codes,
    formats,
    options,
    patches,
    planogram,
    png,
    posters,
    proof,
    reports,
    room,
    table,
    tiles,
)
from qr_walls.errors import WallError
from qr_walls.model import Wall
from qr_walls.options import EXISTING, FILE
from qr_walls.posters import Poster
from qr_walls.press import Press
from qr_walls.proof import Place, Proof
from qr_walls.table import Planogram
from qr_walls.typefaces import Typefaces
from qr_walls.words import Language


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in POSTER_PDF.json: all that later verbs must know of the file."""

    wall: str
    edition: str = ""
    created_at: datetime
    scale: Annotated[int, msgspec.Meta(ge=1, le=10)] = (
        1  # millimetres of the wall in one of the file
    )
    safe_mm: float = 0
    language: Language = "en"
    places: tuple[Place, ...]


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
@click.option("--panels", type=click.IntRange(1, 100), help="How many, where no table says so.")
@options.wall
@options.fonts
@options.press
@click.option("--preview", type=FILE, help="Also a PNG of the first panel.")
@click.option("--svg", "drawing", type=FILE, help="Also an SVG of the first panel.")
@click.option("--report", "report", type=FILE, help="The proof as .json, .html or .pdf.")
def build(
    planogram_csv: Path,
    poster_pdf: Path,
    products: Path | None,
    panels: int | None,
    asked: options.Asked,
    faces: options.Fonts,
    press: options.Wishes,
    preview: Path | None,
    drawing: Path | None,
    report: Path | None,
) -> None:
    """Make POSTER_PDF from PLANOGRAM_CSV, and POSTER_PDF.json with the place of every code.

    The planogram has columns panel, shelf, position, gtin, facings, and what the products are
    unless --products is given; without panel and shelf the products are arranged.
    """
    with _plain_words():
        plan = _read(planogram_csv, asked, products, panels)
        wall = asked.wall(plan.panels, planogram_csv.stem)
        wishes, typefaces = press.press(formats.named(asked.size)), faces.open()
        poster = posters.make(
            wall,
            plan.products,
            typefaces,
            created_at=asked.at,
            press=wishes,
            progress=_counting,
        )
        svgs = (
            posters.picture(wall, plan.products, typefaces, created_at=asked.at) if drawing else []
        )
    beside = _beside(poster, wall, asked.at, wishes)
    _keep(poster_pdf, poster.pdf)
    _keep(_json_of(poster_pdf), msgspec.json.encode(beside))
    if preview:
        _keep(preview, png.preview(poster.pdf))
    if drawing:
        _keep(drawing, svgs[0])
    if report:
        _keep(report, _report(report, poster.pdf, poster.proof, beside, typefaces))
    for note in poster.notes:
        click.echo(note)
    _tell(poster.proof)


@qr_walls.command()
@click.argument("poster_pdf", type=EXISTING)
@click.option("--report", "report", type=FILE, help="Also as .json, .html or .pdf.")
@click.option("--language", type=click.Choice(get_args(Language)), help="Of the report.")
@options.fonts
def check(
    poster_pdf: Path, report: Path | None, language: str | None, faces: options.Fonts
) -> None:
    """Read every code of POSTER_PDF again; its places stand in POSTER_PDF.json."""
    with _plain_words():
        beside, pdf = _told(poster_pdf), poster_pdf.read_bytes()
        if language:
            beside = msgspec.structs.replace(beside, language=options.said(language))
        found = proof.check(pdf, beside.places, safe_mm=beside.safe_mm, scale=beside.scale)
        if report:
            typefaces = faces.open() if report.suffix == ".pdf" else None
            _keep(report, _report(report, pdf, found, beside, typefaces))
    _tell(found)


@qr_walls.command()
@click.argument("poster_pdf", type=EXISTING)
@click.argument("tiles_pdf", type=FILE)
@click.option("--paper", default="A4", show_default=True, help="Of the printer: A4, A3, letter.")
@click.option("--overlap", default=tiles.OVERLAP_MM, show_default=True, help="For glue, in mm.")
@options.language
@options.fonts
def tile(
    poster_pdf: Path, tiles_pdf: Path, paper: str, overlap: float, language: str,
    faces: options.Fonts,
) -> None:  # fmt: skip
    """Cut POSTER_PDF into sheets of an office printer, never through a code."""
    with _plain_words():
        beside = _told(poster_pdf)
        tiled = tiles.cut(
            poster_pdf.read_bytes(),
            beside.places,
            formats.named(paper),
            faces.open(),
            created_at=beside.created_at,
            title=" · ".join(part for part in (beside.wall, beside.edition) if part),
            language=options.said(language),
            overlap_mm=overlap,
        )
    _keep(tiles_pdf, tiled.pdf)
    click.echo(f"{sum(len(panel) for panel in tiled.tiles)} sheets of {paper}.")
    _tell(tiled.proof)


@qr_walls.command()
@click.argument("before_csv", type=EXISTING)
@click.argument("planogram_csv", type=EXISTING)
@click.argument("patch_pdf", type=FILE)
@click.option("--paper", default="A4", show_default=True)
@options.wall
@options.fonts
def patch(
    before_csv: Path,
    planogram_csv: Path,
    patch_pdf: Path,
    paper: str,
    asked: options.Asked,
    faces: options.Fonts,
) -> None:
    """Only the labels of PLANOGRAM_CSV that BEFORE_CSV did not have, to stick over the old ones."""
    with _plain_words():
        before, plan = _read(before_csv, asked), _read(planogram_csv, asked)
        made = patches.make(
            asked.wall(before.panels, before_csv.stem),
            before.products,
            asked.wall(plan.panels, planogram_csv.stem),
            plan.products,
            faces.open(),
            created_at=asked.at,
            paper=formats.named(paper),
        )
    for note in made.notes:
        click.echo(note)
    if made.pdf:
        _keep(patch_pdf, made.pdf)
        _tell(made.proof)


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


@contextmanager
def _plain_words() -> Iterator[None]:
    try:
        yield
    except WallError as error:
        raise click.ClickException(str(error)) from error


def _read(
    csv: Path, asked: options.Asked, products: Path | None = None, panels: int | None = None
) -> Planogram:
    size = formats.named(asked.size)
    random = None if asked.seed is None else Random(asked.seed)
    plan = table.read(
        _text(csv),
        size,
        products=_text(products) if products else None,
        language=asked.language,
        currency=asked.currency,
        pictures=(products or csv).parent,
        random=random,
    )
    if plan.placed:
        return plan
    return planogram.stand(plan, size, asked.distance, asked.address, panels, random)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise WallError(
            "{file} is not UTF-8 text: save it as “CSV UTF-8”.", file=file.name
        ) from error


def _beside(poster: Poster, wall: Wall, at: datetime, press: Press) -> Beside:
    return Beside(
        wall=wall.name,
        edition=wall.edition,
        language=wall.language,
        created_at=at,
        scale=poster.scale,
        safe_mm=press.safe_mm,
        places=poster.places,
    )


def _told(poster_pdf: Path) -> Beside:
    try:
        return msgspec.json.decode(_json_of(poster_pdf).read_bytes(), type=Beside)
    except (OSError, msgspec.DecodeError) as error:
        raise WallError(
            "{file} does not say where the codes are.", file=_json_of(poster_pdf)
        ) from error


def _report(file: Path, pdf: bytes, found: Proof, beside: Beside, faces: Typefaces | None) -> bytes:
    said = reports.report(
        found, wall=beside.wall, edition=beside.edition, created_at=beside.created_at
    )
    match file.suffix:
        case ".json":
            return reports.as_json(said)
        case ".html":
            return reports.as_html(said, pdf, scale=beside.scale, language=beside.language)
        case ".pdf" if faces:
            return reports.as_sheet(said, pdf, faces, scale=beside.scale, language=beside.language)
        case _:
            raise click.ClickException(f"A report is .json, .html or .pdf, not “{file.name}”.")


def _keep(file: Path, body: bytes) -> None:
    """Whole or not at all: whoever watches the folder never sees half a poster."""
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        beside.write_bytes(body)
        beside.replace(file)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise click.ClickException(f"{file} cannot be written: {error.strerror}.") from error


def _json_of(poster_pdf: Path) -> Path:
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
