"""Files of an edition for a print shop or an office printer, as the shell asks for them."""

import os
from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any

import click
import msgspec

from app import db, files, walls
from app.db import Connection, Pool
from app.walls.models import Edition
from app.walls.press.models import FileKind, Wishes
from app.walls.press.rules import profile_name
from qr_walls.press import LARGEST_PROFILE

Note = Callable[[int, str], Awaitable[None]]
TILES: Mapping[str, FileKind] = {"A4": "tiles-a4", "A3": "tiles-a3"}


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line says of files besides the poster."""

    print_shop: bool
    trim: bool
    bleed: float
    icc: Path | None
    scale: str | None
    job: str
    tiles: tuple[str, ...]

    @property
    def wanted(self) -> bool:
        """Whoever names a profile or a scale wants the print shop's file."""
        return self.print_shop or self.trim or bool(self.icc or self.scale or self.job)


def options(command: Callable[..., None]) -> Callable[..., None]:
    """Gives the command ``asked``."""

    @wraps(command)
    def told(*given: Any, **named: Any) -> None:
        mine = {field: named.pop(field) for field in Asked.__struct_fields__}
        command(*given, **named, asked=Asked(**mine))

    for option in (
        click.option(
            "--tiles",
            type=click.Choice(list(TILES), case_sensitive=False),
            multiple=True,
            help="Also cut for an office printer; may be given twice.",
        ),
        click.option("--job", default="", help="The print shop's number, for the slug."),
        click.option(
            "--scale",
            type=click.Choice(["1:10"]),
            help="Of the print shop's file; a panel longer than 5 m is drawn so anyway.",
        ),
        click.option(
            "--icc",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="The CMYK profile of the press; the file is then made after PDF/X-4.",
        ),
        click.option(
            "--bleed",
            type=click.FloatRange(0, 50),
            default=3,
            show_default=True,
            help="Of the print shop's file, in mm.",
        ),
        click.option(
            "--trim",
            is_flag=True,
            help="The print shop's file without bleed and marks: exactly to size.",
        ),
        click.option("--print-shop", is_flag=True, help="Also a file with bleed, marks and slug."),
    ):
        told = option(told)
    return told


def check(asked: Asked) -> None:
    """Before anything is drawn. Raises Unprocessable for a profile that is none of a press."""
    if asked.icc is not None:
        profile_name(_profile(asked.icc))


async def make(
    pool: Pool, edition: Edition, code: str, asked: Asked, note: Note
) -> dict[str, bytes]:
    """The files by the end of their names. Raises Unprocessable for one that cannot be made."""
    made: dict[str, bytes] = {}
    if edition.proof is None or not edition.proof.passed:
        return made  # there is nothing to print then
    if asked.wanted:
        async with db.begin(pool) as connection:
            wishes = await _wishes(connection, asked)
        made |= await _one(pool, edition, code, "print-shop", wishes, note)
    for paper in dict.fromkeys(asked.tiles):
        made |= await _one(pool, edition, code, TILES[paper.upper()], None, note)
    return made


def save(path: Path, body: bytes) -> None:
    """Whole or not at all: whoever watches the folder never sees half a poster."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(body)
    beside.replace(path)


async def _one(
    pool: Pool, edition: Edition, code: str, kind: FileKind, wishes: Wishes | None, note: Note
) -> dict[str, bytes]:
    async with db.begin(pool) as connection:
        ordered = await walls.order_file(
            connection, code, edition.number, kind, wishes, make_later=False
        )
    await walls.make_file(pool, ordered.id, note)
    async with db.begin(pool) as connection:
        made = await walls.made_or_refused(connection, edition, ordered.id)
        found = await files.fetch(connection, made.file or "")
    assert found is not None
    scale = "-1-to-10" if made.scale == 10 else ""
    return {f"-{kind}{scale}.pdf": found.body}


async def _wishes(connection: Connection, asked: Asked) -> Wishes:
    profile = await walls.add_profile(connection, _profile(asked.icc)) if asked.icc else None
    return Wishes(
        finish="trim" if asked.trim else "marks",
        bleed_mm=asked.bleed,
        tenfold=asked.scale is not None,
        profile=profile.file if profile else "",
        job=asked.job,
    )


def _profile(icc: Path) -> bytes:
    with icc.open("rb") as file:
        return file.read(LARGEST_PROFILE + 1)
