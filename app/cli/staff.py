"""People who work here, from the shell."""

import sys

import click

from app import db
from app import staff as people
from app.cli.database import on_database
from app.cli.settled import takes_settings
from app.db import Pool
from app.settings import Settings
from app.staff.models import ROLES, Account, Role


@click.group(short_help="Who works here: list, add, new password, PIN or badge.")
def staff() -> None:
    """Passwords are asked for, or read from standard input when it is not a terminal."""


@staff.command("list")
@takes_settings
def list_people(settings: Settings) -> None:
    """Everybody with their roles."""

    async def list_all(pool: Pool) -> list[Account]:
        async with db.begin(pool) as connection:
            return await people.people(connection)

    for account in on_database(settings, list_all):
        click.echo(f"{account.login:<20} {account.name:<30} {', '.join(account.roles)}")


@staff.command()
@click.argument("login")
@click.option("--name", required=True)
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(ROLES))
@takes_settings
def add(settings: Settings, login: str, name: str, roles: tuple[Role, ...]) -> None:
    """Somebody new."""
    password = _asked_password()

    async def hire(pool: Pool) -> None:
        async with db.begin(pool) as connection:
            await people.hire(connection, name=name, login=login, password=password, roles=roles)

    on_database(settings, hire)


@staff.command()
@click.argument("login")
@takes_settings
def password(settings: Settings, login: str) -> None:
    """A new password; whoever knew the old one is signed out."""
    fresh = _asked_password()

    async def change(pool: Pool) -> None:
        async with db.begin(pool) as connection:
            await people.change_password(connection, login, fresh)

    on_database(settings, change)


@staff.command()
@click.argument("login")
@takes_settings
def pin(settings: Settings, login: str) -> None:
    """A new PIN of 6 to 10 digits, to agree at somebody else's till."""
    fresh = _asked("PIN")

    async def change(pool: Pool) -> None:
        async with db.begin(pool) as connection:
            await people.change_pin(connection, login, fresh)

    on_database(settings, change)


@staff.command()
@click.argument("login")
@takes_settings
def badge(settings: Settings, login: str) -> None:
    """A new badge, to be printed as a code on a card; the old one holds no more."""

    async def make(pool: Pool) -> str:
        async with db.begin(pool) as connection:
            return await people.new_badge(connection, login)

    click.echo(on_database(settings, make))


def _asked_password() -> str:
    return _asked("Password")


def _asked(what: str) -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    answer: str = click.prompt(what, hide_input=True, confirmation_prompt=True)
    return answer
