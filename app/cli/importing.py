"""What the shop is told about the world, from the shell."""

import sys
from pathlib import Path
from typing import IO

import click

from app import slots
from app.cli.database import on_database
from app.cli.settled import takes_settings
from app.db import Pool
from app.settings import Settings

LARGEST_FILE = 256 * 1024 * 1024


@click.group("import", short_help="Where postcodes are, from a file.")
def import_() -> None:
    """Data of others that the shop plans with."""


@import_.command(short_help="Points of postcodes from a file of GeoNames, all or none.")
@click.argument("file", type=click.File("rb"))
@click.option("--dry-run", is_flag=True, help="Check the file and say what is wrong with it.")
@takes_settings
def postcodes(settings: Settings, file: IO[bytes], dry_run: bool) -> None:
    """Check FILE (download.geonames.org/export/zip, unpacked: NL.txt, or NL_full.txt with letters)
    and import it. Exit 1 when something is wrong with it; then nothing was imported.

    The data of GeoNames is licensed under CC BY 4.0: name them where you name your sources.
    """
    content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise click.ClickException(
            f"More than {LARGEST_FILE // 1024**2} MB: please split the file."
        )

    async def load(pool: Pool) -> slots.plans.Read:
        source = f"geonames {Path(file.name).name}"[:100]
        return await slots.plans.load_postcodes(pool, content, source, dry_run=dry_run)

    found = on_database(settings, load)
    for one in found.complaints:
        place = f"row {one.row}" if one.row else "file"
        click.echo(f"{place}: {one.sentence.format(**one.values)}", err=True)
    if found.wrong:
        hidden = found.wrong - len(found.complaints)
        more = f" ({hidden} more are not shown)" if hidden else ""
        click.echo(f"{found.wrong} rows are wrong{more}; nothing was imported.", err=True)
        sys.exit(1)
    said = "Would import" if dry_run else "Imported"
    click.echo(f"{said} {len(found.points)} points from {found.rows} rows.")
