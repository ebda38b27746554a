"""Before the shop opens: the newest schema and, in an empty demo, goods, people and posters."""

import asyncio
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from app import db, demo, files, walls
from app.db import Pool
from app.db.migrate import migrate
from app.serving import screen, stamps
from app.settings import Settings

SAID = {
    "goods": "Putting goods on the shelves",
    "stock": "Filling the stores",
    "walls": "Printing the walls",
    "orders": "Taking the first orders",
    "done": "The demo shop is there",
}


def prepare(settings: Settings, *, with_demo: bool) -> None:
    """Raises RuntimeError when the schema cannot be brought up to date."""
    asyncio.run(_prepare(settings, with_demo=with_demo))
    if with_demo:
        stamps.set_prepared(settings)


async def fill(pool: Pool, settings: Settings) -> bool:
    """The demo, with a bar; returns False where there are goods already."""
    with _bar() as tell:
        filled = await demo.fill(pool, settings, tell)
    if filled:
        screen.keep_logins(
            settings,
            [screen.Login(one.desk, one.login, one.password) for one in demo.logins(settings.home)],
        )
    return filled


async def _prepare(settings: Settings, *, with_demo: bool) -> None:
    if with_demo and stamps.was_cut_off(settings):
        await _begin_again(settings.database_url)
    await migrate(settings.database_url)
    if not with_demo:
        return
    pool = await db.open_pool(settings.database_url)
    try:
        if await demo.is_empty(pool):
            with stamps.filling(settings):
                await fill(pool, settings)
        await _lay_out_posters(pool, settings.home / "posters")
        await _name_posters_elsewhere(pool, settings.base_url)
    finally:
        await db.close_pool(pool)


async def _begin_again(url: str) -> None:
    """Half a demo, in a shop that never opened, makes room for a whole one."""
    address = urlsplit(url)
    name = address.path.removeprefix("/")
    admin = await asyncpg.connect(urlunsplit(address._replace(path="/postgres")))
    try:
        await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await admin.execute(f'CREATE DATABASE "{name}"')
    finally:
        await admin.close()


async def _lay_out_posters(pool: Pool, folder: Path) -> None:
    """The newest hanging edition of each wall as PDF and PNG; a file is there whole or not."""
    folder.mkdir(exist_ok=True)  # noqa: ASYNC240  # before anything else runs in this process
    async with db.begin(pool) as connection:
        for one in await walls.walls(connection):
            if one.edition is None:
                continue
            printed = await walls.edition(connection, one.code, one.edition)
            for name, ending in ((printed.pdf, "pdf"), (printed.png, "png")):
                file = await files.fetch(connection, name) if name else None
                if file is not None:
                    _write(folder / f"{one.code}.{ending}", file.body)


async def _name_posters_elsewhere(pool: Pool, base_url: str) -> None:
    async with db.begin(pool) as connection:
        for one in await walls.printed_elsewhere(connection, base_url):
            print(
                f"  The poster {one.wall_code}, edition {one.edition}, opens {one.base_url}:"
                f" print it again to open {base_url}.",
                file=sys.stderr,
            )


def _write(path: Path, body: bytes) -> None:
    if path.exists() and path.read_bytes() == body:
        return
    unfinished = path.with_suffix(f"{path.suffix}.part")
    unfinished.write_bytes(body)
    os.replace(unfinished, path)


@contextmanager
def _bar() -> Iterator[demo.Tell]:
    columns = (TextColumn("  {task.description:<30}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("Filling the demo shop", total=1.0)

        def tell(what: str, share: float) -> None:
            progress.update(task, description=SAID.get(what, what), completed=share)

        yield tell
