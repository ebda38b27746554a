"""What somebody may ask of us by letter: to be told everything we keep, and to be forgotten."""

import click
import msgspec

from app import db, rights
from app.cli.database import on_database
from app.cli.settled import takes_settings
from app.db import Pool, new_id
from app.errors import ShopError
from app.rights.models import Forgotten, Told
from app.settings import Settings


@click.group(short_help="Tell somebody all we keep about them, or forget them.")
def person() -> None:
    """Make sure first that it is really they who ask: who has the mailbox does it on /my-data."""


@person.command()
@click.argument("email")
@takes_settings
def tell(settings: Settings, email: str) -> None:
    """Everything about this mail address, as JSON."""

    async def tell_all(pool: Pool) -> Told:
        async with db.begin(pool) as connection:
            return await rights.tell(connection, email, settings.secret)

    try:
        told = on_database(settings, tell_all)
    except ShopError as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(msgspec.json.format(msgspec.json.encode(told)).decode())


@person.command()
@click.argument("email")
@click.confirmation_option(prompt="Nobody can bring it back. Forget this person?")
@takes_settings
def forget(settings: Settings, email: str) -> None:
    """All of it, but for the books."""

    async def forget_them(pool: Pool) -> Forgotten:
        async with db.begin(pool) as connection:
            return await rights.forget(
                connection, email, new_id(), settings.secret, settings.sms_folder
            )

    try:
        gone = on_database(settings, forget_them)
    except ShopError as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"Forgotten: {gone.orders} orders name nobody now, {gone.files} files are deleted.")
