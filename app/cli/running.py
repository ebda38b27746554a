"""Verbs that run the shop."""

import os
from pathlib import Path

import click

from app.cli.settled import takes_settings
from app.serving import services
from app.settings import Settings, as_environment, chosen


@click.command(short_help="The whole shop: servers, web, worker.")
@click.option("--tls", is_flag=True, help="https with a self-made certificate, to scan live.")
@takes_settings
def serve(settings: Settings, tls: bool) -> None:
    """Open the whole shop in one go, and close it with Ctrl-C.

    Without DATABASE_URL and REDIS_URL it starts servers of its own, and fills an empty database
    with a demo.
    """
    from app.serving import supervisor

    flags = click.get_current_context().obj
    supervisor.serve(settings, chosen=chosen(flags), tls=tls)


@click.command(short_help="A web process.")
@click.option("--certificate", type=click.Path(path_type=Path), help="Serve https with this.")
@click.option("--key", type=click.Path(path_type=Path), help="Its private key.")
@takes_settings
def web(settings: Settings, certificate: Path | None, key: Path | None) -> None:
    """Answer requests; any number of these can run."""
    from app.serving import web as process

    with services(settings) as running:
        os.environ.update(as_environment(running))  # granian's processes read them again
        process.run(running, certificate, key)


@click.command(short_help="A worker process.")
@takes_settings
def worker(settings: Settings) -> None:
    """Send mails, draw posters, sweep; any number of these can run."""
    from app.serving import worker as process

    with services(settings) as running:
        process.run(running)


@click.command(hidden=True)
@click.option("--demo", is_flag=True)
@takes_settings
def prepare(settings: Settings, demo: bool) -> None:
    """What `serve` does before it opens, in a process of its own."""
    from app.serving import opening

    opening.prepare(settings, with_demo=demo)
