from uuid import UUID

from app.db import Connection, Pool
from app.pricing.bars import Bar


async def bars(db: Connection | Pool) -> list[Bar]:
    rows = await db.fetch(
        """
        SELECT id, name, categories, age_limit, channels, from_time, until_time
          FROM pricing.bars
         WHERE ended_at IS NULL
         ORDER BY made_at, id
        """
    )
    return [
        Bar(
            **{
                **row,
                "categories": frozenset(row["categories"]),
                "channels": frozenset(row["channels"]),
            }
        )
        for row in rows
    ]


async def write_bar(db: Connection, bar: Bar, person_id: UUID | None) -> None:
    await db.execute(
        """
        INSERT INTO pricing.bars (
               id, name, categories, age_limit, channels, from_time, until_time, person_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        bar.id, bar.name, sorted(bar.categories), bar.age_limit, sorted(bar.channels),
        bar.from_time, bar.until_time, person_id,
    )  # fmt: skip


async def end_bar(db: Connection, id: UUID) -> bool:
    """False when it has ended already."""
    return bool(
        await db.fetchval(
            """
            UPDATE pricing.bars SET ended_at = now()
             WHERE id = $1 AND ended_at IS NULL
            RETURNING true
            """,
            id,
        )
    )


async def time_zone(db: Connection | Pool, place_id: UUID | None) -> str | None:
    """By whose clock hours and weekdays count: that of the place, where none is known yet that of the
    shop's first. None without any place."""
    zone: str | None = await db.fetchval(
        """
        SELECT place.time_zone
          FROM stock.places AS place
         ORDER BY place.id IS DISTINCT FROM $1::uuid, place.open DESC, place.code
         LIMIT 1
        """,
        place_id,
    )
    return zone
