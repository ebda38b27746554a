"""`perron`: one verb for each thing an operator or a desk does from a shell.

A verb stands in the file of its desk and is listed in `DESKS`; its file is imported only when it
is used, so that a small verb starts fast.
"""

import importlib
import keyword
import os
import sys
from collections.abc import Sequence

import click

from app import lifeline

DESKS: dict[str, dict[str, str]] = {
    "Running the shop": {
        "serve": "app.cli.running",
        "web": "app.cli.running",
        "worker": "app.cli.running",
    },
    "Operator": {
        "migrate": "app.cli.operator",
        "check": "app.cli.operator",
        "doctor": "app.cli.operator",
        "seed": "app.cli.seed",
        "person": "app.cli.person",
        "staff": "app.cli.staff",
        "import": "app.cli.importing",
    },
    "Merchandiser": {
        "catalogue": "app.cli.catalogue",
        "wall": "app.cli.walls",
    },
}
"""Heading in the help → verb → the file that has it under the same name."""

HIDDEN = {"prepare": "app.cli.running"}


class Verbs(click.Group):
    """Finds a verb when it is asked for, and shows them by desk."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [verb for verbs in DESKS.values() for verb in verbs]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        places = HIDDEN | {verb: place for verbs in DESKS.values() for verb, place in verbs.items()}
        if cmd_name not in places:
            return None
        # A verb may be a word that Python keeps for itself.
        name = f"{cmd_name}_" if keyword.iskeyword(cmd_name) else cmd_name
        command = getattr(importlib.import_module(places[cmd_name]), name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for desk, verbs in DESKS.items():
            found = [(verb, self.get_command(ctx, verb)) for verb in verbs]
            rows = [(verb, command.get_short_help_str(60)) for verb, command in found if command]
            if rows:
                with formatter.section(desk):
                    formatter.write_dl(rows)


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
def perron() -> None:
    """Perron turns any wall into a shop. Without a verb it serves."""


def main(words: Sequence[str] | None = None) -> None:
    """Run one verb. Flags without a verb are meant for `serve`."""
    words = list(sys.argv[1:] if words is None else words)
    if not words or (words[0].startswith("-") and words[0] not in ("-h", "--help")):
        words.insert(0, "serve")
    if supervisor := os.environ.pop("PERRON_SUPERVISOR", None):
        lifeline.tie_to(int(supervisor))
    perron(words, prog_name="perron")
