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


async def forget_people(db: Connection, order_ids: Sequence[UUID]) -> None:
    """What came back and what was paid stays; what was written and photographed does not."""
    await db.execute(
        """
        WITH asked AS (
             UPDATE returns.requests
                SET note = '', photo = NULL,
                    why_refused = CASE WHEN why_refused IS NULL THEN NULL ELSE '–' END
              WHERE order_id = ANY ($1::uuid[])
             RETURNING id),
             came AS (
             UPDATE returns.returns
                SET note = '', photo = NULL
              WHERE order_id = ANY ($1::uuid[])
             RETURNING id),
             given AS (
             UPDATE returns.goodwill SET reason = '–' WHERE order_id = ANY ($1::uuid[])),
             fetched AS (
             UPDATE returns.collections AS collection
                SET reason = ''
               FROM asked
              WHERE collection.request_id = asked.id)
        DELETE FROM returns.photos AS photo
         USING (SELECT id FROM asked UNION ALL SELECT id FROM came) AS theirs
         WHERE photo.about = theirs.id
        """,
        list(order_ids),
    )
