"""Products in and out of the catalogue, from the shell."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from app import catalog, db
from app.catalog import Report
from app.cli.database import on_database
from app.cli.settled import takes_settings
from app.db import Pool
from app.settings import Settings

MOST_SHOWN = 50


@click.group(short_help="Products from a file, and into one.")
def catalogue() -> None:
    """CSV (UTF-8, with ; or ,) and XLSX. What is exported can be imported again."""


@catalogue.command("import", short_help="Products from a CSV or XLSX file, all or none.")
@click.argument("file", type=click.File("rb"))
@click.option("--dry-run", is_flag=True, help="Check the file and say what it would change.")
@takes_settings
def import_(settings: Settings, file: IO[bytes], dry_run: bool) -> None:
    """Check FILE and, when nothing is wrong with it, import it. Exit 1 when something is wrong.

    Columns that are not in the file stay as they are; rows are found by the column gtin.
    """

    with _bar("Reading") as progress:

        async def load(pool: Pool) -> Report:
            return await catalog.load(
                pool,
                file,
                Path(file.name).name,
                currency=settings.currency,
                dry_run=dry_run,
                progress=progress,
            )

        report = on_database(settings, load)
    _show(report)
    sys.exit(1 if report.found.errors else 0)


@catalogue.command(short_help="The whole catalogue as CSV or XLSX.")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True))
@takes_settings
def export(settings: Settings, file: str) -> None:
    """Write FILE, as XLSX when it is named so; - is standard output."""

    async def write(pool: Pool) -> None:
        with click.open_file(file, "wb", atomic=file != "-") as out:
            if file.lower().endswith(".xlsx"):
                out.write(await catalog.as_xlsx(pool))
            else:
                async for part in catalog.as_csv(pool):
                    out.write(part)

    on_database(settings, write)


@catalogue.command(short_help="Take back what the last import changed.")
@takes_settings
def undo(settings: Settings) -> None:
    """New products go off sale, changed ones back to what they were before."""

    async def take_back(pool: Pool) -> catalog.Import:
        async with db.begin(pool) as connection:
            return await catalog.undo(connection, None)

    done = on_database(settings, take_back)
    click.echo(f"{done.changed} products put back.")
    if done.left:
        click.echo(f"{done.left} products were changed again since and stay as they are.")


def _show(report: Report) -> None:
    for one in report.complaints[:MOST_SHOWN]:
        place = f"row {one.row}" if one.row else "file"
        place += f", {one.column}" if one.column else ""
        note = "" if one.level == "error" else "  (only a note)"
        click.echo(f"{place}: {one.sentence.format(**one.values)}{note}", err=True)
    found = report.found
    hidden = found.errors + found.notices - min(MOST_SHOWN, len(report.complaints))
    if hidden > 0:
        click.echo(f"… and {hidden} more.", err=True)
    if found.errors:
        click.echo(f"{found.errors} errors in {found.rows} rows; nothing was imported.", err=True)
        return
    said = "Imported" if report.applied else "Would import"
    click.echo(f"{said}: {found.new} new, {found.changed} changed, {found.same} as they were.")


class _bar:
    """A progress bar on a terminal; elsewhere nothing, so that logs stay readable."""

    def __init__(self, what: str) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            disable=not sys.stderr.isatty(),
            transient=True,
        )
        self._what = what

    def __enter__(self) -> Callable[[float], None]:
        self._progress.start()
        task = self._progress.add_task(self._what, total=1.0)
        return lambda share: self._progress.update(
            task, completed=share, description=self._what if share < 1 else "Checking, importing"
        )

    def __exit__(self, *_: object) -> None:
        self._progress.stop()
