"""People who work here, from the shell."""

import sys
from pathlib import Path

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
@click.option("--picture", type=click.Path(dir_okay=False, path_type=Path), help="SVG to print.")
@takes_settings
def badge(settings: Settings, login: str, picture: Path | None) -> None:
    """A new badge, to be printed as a code on a card; the old one holds no more."""

    async def make(pool: Pool) -> str:
        async with db.begin(pool) as connection:
            return await people.new_badge(connection, login)

    text = on_database(settings, make)
    if picture is None:
        click.echo(text)
    else:
        picture.write_text(_as_svg(text))


def _as_svg(text: str) -> str:
    """40 mm wide, for a card of the size of a bank card (ISO/IEC 7810 ID-1)."""
    from app.pages.till.codes import qr_path  # the pages take their time; the other verbs need none

    path, modules = qr_path(text)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="40mm" height="40mm" '
        f'viewBox="0 0 {modules} {modules}"><rect width="100%" height="100%" fill="#fff"/>'
        f'<path d="{path}" fill="#000" fill-rule="evenodd"/></svg>'
    )


def _asked_password() -> str:
    return _asked("Password")


def _asked(what: str) -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    answer: str = click.prompt(what, hide_input=True, confirmation_prompt=True)
    return answer
