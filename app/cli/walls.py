"""Walls, from the shell: which there are, printing one, taking one down."""

import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from app import db, files, walls
from app import staff as people
from app.cli import print_files
from app.cli.database import on_database
from app.cli.settled import takes_settings
from app.db import Pool
from app.pages import offers_on_posters
from app.settings import Settings
from app.walls.models import Edition, WallInList
from app.walls.sites.models import Site

USUAL_PROMISE = timedelta(days=28)


@click.group(short_help="Walls that sell: list, print, retire.")
def wall() -> None:
    """A wall is planned at the merchandiser's desk and can be printed from here too."""


@wall.command("list")
@takes_settings
def list_walls(settings: Settings) -> None:
    """Every wall, what hangs on it, and until when its prices hold."""

    async def list_all(pool: Pool) -> list[WallInList]:
        async with db.begin(pool) as connection:
            return await walls.walls(connection)

    for one in on_database(settings, list_all):
        click.echo(f"{one.code:<24} {one.name:<30} {one.products:>4} products  {_hanging(one)}")


@wall.command("print")
@click.argument("code")
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Last day on which the printed prices hold; four weeks from now unless told.",
)
@click.option("--site", help="Which of its sites it is printed for; its first unless told.")
@click.option(
    "--publish",
    is_flag=True,
    help="It hangs already: its site opens as soon as every code was read.",
)
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("posters"),
    show_default=True,
    help="Folder for the PDF and its picture.",
)
@print_files.options
@takes_settings
def print_wall(
    settings: Settings,
    code: str,
    until: datetime | None,
    site: str | None,
    publish: bool,
    into: Path,
    asked: print_files.Asked,
) -> None:
    """Draw the wall at today's prices, read every code back, and save PDF and PNG.

    With --print-shop also CODE-NUMBER-print-shop.pdf: bleed, crop and registration marks, colour
    bar and slug around the poster, at 1:10 where a panel is longer than 5 m. With --tiles also
    CODE-NUMBER-tiles-a4.pdf, to be cut and glued; no cut crosses a code. Every code on every file
    is read back before it is saved.
    """

    async def draw(pool: Pool) -> tuple[Edition, dict[str, bytes]]:
        print_files.check(asked)
        with _bar() as bar:
            task = bar.add_task("drawing", total=100)

            async def note(percent: int, stage: str) -> None:
                bar.update(task, completed=percent, description=stage)

            last_day = _last_day(until, settings)
            async with db.begin(pool) as connection:
                offers = await offers_on_posters(connection, code, last_day)
            edition = await walls.print_wall(
                pool,
                code,
                base_url=settings.base_url,
                last_day=last_day,
                phone=settings.phone,
                site=site,
                publish=publish,
                offers=offers,
                progress=note,
            )
            more = await print_files.make(pool, edition, code, asked, note)
            bar.update(task, completed=100)
        async with db.begin(pool) as connection:
            await people.note(connection, None, "print wall", code)
            pdf = await files.fetch(connection, edition.pdf or "")
            png = await files.fetch(connection, edition.png or "")
        assert pdf is not None
        assert png is not None
        return edition, {".pdf": pdf.body, ".png": png.body, **more}

    edition, saved = on_database(settings, draw)
    name = f"{code}-{edition.number}"
    for ending, body in saved.items():
        print_files.save(into / f"{name}{ending}", body)
    for ending in list(saved)[2:]:
        click.echo(f"{into / f'{name}{ending}'}: every code read.")
    _tell(edition, into / f"{name}.pdf")


@wall.command("sites")
@takes_settings
def list_sites(settings: Settings) -> None:
    """Where walls hang or will, how far each is, and when it opens."""

    async def list_all(pool: Pool) -> list[Site]:
        async with db.begin(pool) as connection:
            return await walls.sites_of(connection)

    for one in on_database(settings, list_all):
        click.echo(f"{one.code:<24} {one.name:<30} {one.wall_code:<24} {_how_far(one)}")


@wall.command("open")
@click.argument("site")
@takes_settings
def open_now(settings: Settings, site: str) -> None:
    """A site whose panels all hang sells from now on, whatever its hour was."""

    async def open_it(pool: Pool) -> None:
        async with db.begin(pool) as connection:
            await walls.open_site(connection, site)
            await people.note(connection, None, "open site", site)

    on_database(settings, open_it)
    click.echo(f"{site} is open.")


@wall.command()
@click.argument("code")
@takes_settings
def retire(settings: Settings, code: str) -> None:
    """The wall sells no more: whoever scans one of its labels is told so."""

    async def take_down(pool: Pool) -> None:
        async with db.begin(pool) as connection:
            await walls.retire(connection, code)
            await people.note(connection, None, "retire wall", code)

    on_database(settings, take_down)
    click.echo(f"{code} is retired.")


def _how_far(one: Site) -> str:
    if one.state == "printed":
        return f"{one.hung} of {one.panels} panels hang"
    if one.opens_at is None or one.state in ("open", "down"):
        return one.state
    return f"{one.state}, opens {one.opens_at.astimezone(ZoneInfo(one.time_zone)):%Y-%m-%d %H:%M}"


def _hanging(one: WallInList) -> str:
    if one.retired_at:
        return "retired"
    if one.edition is None or one.valid_until is None:
        return "nothing hangs"
    stale = f", {one.stale} printed prices too low by now" if one.stale else ""
    return f"edition {one.edition} until {one.valid_until:%Y-%m-%d}{stale}"


def _last_day(until: datetime | None, settings: Settings) -> date:
    if until is not None:
        return until.date()
    return (datetime.now(UTC).astimezone(ZoneInfo(settings.time_zone)) + USUAL_PROMISE).date()


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    return Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty())


def _tell(edition: Edition, path: Path) -> None:
    proof = edition.proof
    assert proof is not None
    for one in proof.failures:
        click.echo(one.sentence, err=True)
    for note in proof.notes:
        click.echo(note)
    read = proof.codes - len(proof.failures)
    click.echo(
        f"{path}: {read} of {proof.codes} codes read from {proof.reach_mm / 1000:.2f} m"
        f"{', published' if edition.state == 'published' else ''}."
    )
    if proof.failures:
        raise SystemExit(1)
