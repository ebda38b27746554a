"""Photos of what was wrong, and when they end."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from app.db import Connection


async def keep(db: Connection, about: UUID, file: str, until: datetime, most: int) -> bool:
    """False when there are as many as there may be."""
    return bool(
        await db.fetchval(
            """
            INSERT INTO returns.photos AS photo (about, file, until)
            SELECT $1, $2, $3
             WHERE (SELECT count(*) FROM returns.photos AS other WHERE other.about = $1) < $4
                ON CONFLICT (about, file) DO UPDATE SET until = photo.until
            RETURNING true
            """,
            about, file, until, most,
        )
    )  # fmt: skip


async def of(db: Connection, about: UUID) -> list[str]:
    rows = await db.fetch(
        "SELECT file FROM returns.photos WHERE about = $1 ORDER BY until, file", about
    )
    return [row["file"] for row in rows]


async def is_of(db: Connection, about: UUID, file: str) -> bool:
    return bool(
        await db.fetchval(
            "SELECT true FROM returns.photos WHERE about = $1 AND file = $2", about, file
        )
    )


async def forget(db: Connection, limit: int) -> Sequence[str]:
    """Those whose time is over; the files nobody else has a photo of."""
    rows = await db.fetch(
        """
        WITH over AS (
             DELETE FROM returns.photos
              WHERE (about, file) IN (SELECT about, file
                                        FROM returns.photos
                                       WHERE until <= now()
                                       ORDER BY until
                                       LIMIT $1)
             RETURNING file)
        SELECT DISTINCT over.file
          FROM over
         WHERE NOT EXISTS (SELECT
                             FROM returns.photos AS photo
                            WHERE photo.file = over.file
                              AND photo.until > now())
        """,
        limit,
    )
    return [row["file"] for row in rows]
