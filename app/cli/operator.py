"""Verbs of the operator."""

import asyncio
import sys

import click
import msgspec

from app.cli.database import on_database
from app.cli.settled import takes_settings
from app.db import Pool
from app.settings import Settings

PATIENCE_S = 3600
"""For each promise of a shop with years of orders."""


@click.command(short_help="Bring the database to the newest schema.")
@takes_settings
def migrate(settings: Settings) -> None:
    """Apply what is missing, and name it. Run it before new processes start."""
    from app.db.migrate import migrate as bring_up_to_date
    from app.serving import services

    with services(settings) as running:
        for name in asyncio.run(bring_up_to_date(running.database_url)):
            click.echo(name)


@click.command(short_help="Is every promise of the shop kept? Silence means yes.")
@takes_settings
def check(settings: Settings) -> None:
    """Print what breaks a promise of the shop (views in schema `checks`); exit 1 when anything does."""
    from app.db import checks

    async def look(pool: Pool) -> list[checks.Check]:
        async with pool.acquire() as connection:
            return await checks.run(connection, patience_s=PATIENCE_S)

    broken = [check for check in on_database(settings, look) if not check.holds]
    for check in broken:
        click.echo(f"{check.name}: {check.broken} rows break this promise")
        for row in check.rows:
            click.echo(f"  {msgspec.json.encode(row, enc_hook=str).decode()}")
    sys.exit(1 if broken else 0)


@click.command(short_help="Look at this machine and say what is missing.")
@takes_settings
def doctor(settings: Settings) -> None:
    """Exit 1 when something that the shop needs is missing."""
    from app.cli.doctor import findings

    missing = False
    for finding in findings(settings):
        missing |= not finding.fine
        click.echo(f"{'ok      ' if finding.fine else 'MISSING '} {finding.what}")
    sys.exit(1 if missing else 0)
