"""Profiles of presses, and the files of an edition."""

from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from app.db import Connection
from app.walls.models import Refusal
from app.walls.press.models import FileKind, PrintFile, Profile, ToMake, Wishes


async def write_profile(db: Connection, file: str, name: str, added_by: UUID | None) -> None:
    """The same profile again is the same one."""
    await db.execute(
        """
        INSERT INTO walls.profiles (file, name, added_by)
        VALUES (decode($1, 'hex'), $2, $3)
            ON CONFLICT (file) DO NOTHING
        """,
        file, name, added_by,
    )  # fmt: skip


async def profiles(db: Connection) -> list[Profile]:
    """The one that was used last stands first."""
    rows = await db.fetch(
        """
        SELECT encode(profile.file, 'hex') AS file, profile.name, profile.added_at
          FROM walls.profiles AS profile
         ORDER BY (SELECT max(print.ordered_at)
                     FROM walls.print_files AS print
                    WHERE print.profile = profile.file) DESC NULLS LAST,
                  profile.added_at DESC
         LIMIT 50
        """
    )
    return [Profile(**row) for row in rows]


async def knows_profile(db: Connection, file: str) -> bool:
    return bool(
        await db.fetchval(
            "SELECT true FROM walls.profiles WHERE file = decode($1, 'hex')", file
        )
    )  # fmt: skip


async def write_drawing(db: Connection, edition_id: UUID, file: str) -> None:
    await db.execute(
        """
        INSERT INTO walls.drawings (edition_id, file)
        VALUES ($1, decode($2, 'hex'))
            ON CONFLICT (edition_id) DO NOTHING
        """,
        edition_id, file,
    )  # fmt: skip


async def hold_edition(db: Connection, edition_id: UUID) -> bool:
    """Whether its poster is drawn, which stays so until we are done."""
    drawn: bool = await db.fetchval(
        """
        SELECT printed_at IS NOT NULL
          FROM walls.editions
         WHERE id = $1
           FOR NO KEY UPDATE
        """,
        edition_id,
    )
    return drawn


async def write_file(
    db: Connection,
    id: UUID,
    edition_id: UUID,
    kind: FileKind,
    wishes: Wishes,
    ordered_by: UUID | None,
) -> bool:
    """False when one of this kind is in the making."""
    return bool(
        await db.fetchval(
            """
            INSERT INTO walls.print_files (id, edition_id, kind, wishes, profile, ordered_by)
            VALUES ($1, $2, $3, $4, decode(nullif($5, ''), 'hex'), $6)
                ON CONFLICT (edition_id, kind) WHERE made_at IS NULL AND refusal IS NULL DO NOTHING
            RETURNING true
            """,
            id, edition_id, kind, wishes, wishes.profile, ordered_by,
        )
    )  # fmt: skip


async def files(db: Connection, edition_id: UUID) -> list[PrintFile]:
    """The newest first."""
    rows = await db.fetch(
        """
        SELECT print.id, print.kind, print.wishes, print.ordered_at,
               encode(print.file, 'hex') AS file, print.sheets, print.scale, print.made_at,
               print.refusal
          FROM walls.print_files AS print
         WHERE print.edition_id = $1
         ORDER BY print.ordered_at DESC, print.id DESC
         LIMIT 100
        """,
        edition_id,
    )
    return [_file(row) for row in rows]


async def waiting_files(db: Connection, edition_id: UUID) -> list[UUID]:
    """Those that were asked for before there was a poster."""
    rows = await db.fetch(
        """
        SELECT print.id
          FROM walls.print_files AS print
         WHERE print.edition_id = $1
           AND print.made_at IS NULL
           AND print.refusal IS NULL
         ORDER BY print.id
        """,
        edition_id,
    )
    return [row["id"] for row in rows]


async def to_make(db: Connection, id: UUID) -> ToMake | None:
    """None when there is nothing left to make."""
    row = await db.fetchrow(
        """
        SELECT print.id, print.kind, print.wishes, print.ordered_at,
               encode(print.file, 'hex') AS file, print.sheets, print.scale, print.made_at,
               print.refusal, print.edition_id, encode(drawing.file, 'hex') AS drawing
          FROM walls.print_files AS print
          LEFT JOIN walls.drawings AS drawing USING (edition_id)
         WHERE print.id = $1
           AND print.made_at IS NULL
           AND print.refusal IS NULL
        """,
        id,
    )
    if row is None:
        return None
    asked = {name: value for name, value in row.items() if name not in ("edition_id", "drawing")}
    return ToMake(_file(asked), row["edition_id"], row["drawing"])


async def keep_file(db: Connection, id: UUID, file: str, sheets: int, scale: int) -> None:
    """Made twice, the first one stays."""
    await db.execute(
        """
        UPDATE walls.print_files
           SET file = decode($2, 'hex'), sheets = $3, scale = $4, made_at = now()
         WHERE id = $1
           AND made_at IS NULL
           AND refusal IS NULL
        """,
        id, file, sheets, scale,
    )  # fmt: skip


async def keep_refusal(db: Connection, id: UUID, refusal: Refusal) -> None:
    await db.execute(
        """
        UPDATE walls.print_files
           SET refusal = $2
         WHERE id = $1
           AND made_at IS NULL
           AND refusal IS NULL
        """,
        id, refusal,
    )  # fmt: skip


def _file(row: asyncpg.Record | dict[str, Any]) -> PrintFile:
    fields = dict(row)
    fields["wishes"] = msgspec.convert(fields["wishes"], Wishes)
    fields["refusal"] = msgspec.convert(fields["refusal"], Refusal | None)
    return PrintFile(**fields)
