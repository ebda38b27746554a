"""Filling a shop with the demo, where somebody asks for it."""

import sys

import click

from app.cli.database import on_database
from app.cli.settled import takes_settings
from app.db import Pool
from app.settings import Settings


@click.command(short_help="Fill an empty shop with the demo supermarket.")
@takes_settings
def seed(settings: Settings) -> None:
    """Goods, stock, walls, people and orders, all invented. Refuses where goods are for sale."""
    from app.serving import opening

    async def fill(pool: Pool) -> bool:
        return await opening.fill(pool, settings)

    if not on_database(settings, fill):
        click.echo("There are goods for sale already; nothing was changed.", err=True)
        sys.exit(1)
