"""Flags for settings, and sentences instead of tracebacks for what an operator can mend."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from app.embedded import DidNotStart
from app.errors import ShopError
from app.settings import NAMES, Unsettled, load

COMMAND_LINE_IS_SEEN_BY_ALL = {"secret"}


class Sentence(click.ClickException):
    """Something the person at the shell can act on."""

    def show(self, file: Any = None) -> None:
        click.echo(self.message, err=True)


def takes_settings(verb: Callable[..., None]) -> Callable[..., None]:
    """The verb gets `settings` first; every setting can be given as a flag.

    `click.get_current_context().obj` is the set of fields that somebody chose by flag.
    """

    @wraps(verb)
    def settled(**given: Any) -> None:
        flags = {field: given.pop(field) for field in NAMES if field in given}
        click.get_current_context().obj = flags
        with sentences():
            verb(load(flags=flags), **given)

    for field, name in reversed(NAMES.items()):
        if field not in COMMAND_LINE_IS_SEEN_BY_ALL:
            flag = "--" + field.replace("_", "-")
            settled = click.option(flag, field, metavar="VALUE", help=f"Instead of {name}.")(
                settled
            )
    return settled


class sentences:
    """What is raised for a person to read is shown as words; anything else is a bug and is not."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> None:
        if isinstance(error, Unsettled | DidNotStart | ShopError):
            raise Sentence(str(error)) from error
