from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from app.db import Connection, Pool
from app.money import Money


async def listed_prices(
    db: Connection | Pool,
    product_ids: Sequence[UUID],
    channels: Sequence[str],
    currency: str,
    at: datetime,
    place_id: UUID | None,
    groups: Sequence[str],
) -> list[asyncpg.Record]:
    """For products by the channel they were added from, those that a list has a price for."""
    return await db.fetch(
        """
        SELECT DISTINCT ON (wanted.product_id, wanted.channel)
               wanted.product_id, wanted.channel, listed.amount
          FROM unnest($1::uuid[], $2::text[]) AS wanted (product_id, channel)
          JOIN pricing.list_prices AS listed ON listed.product_id = wanted.product_id
          JOIN pricing.lists AS list ON list.id = listed.list_id
         WHERE list.currency = $3
           AND list.runs @> $4::timestamptz
           AND (list.channel IS NULL OR list.channel = wanted.channel)
           AND (list.place_id IS NULL OR list.place_id = $5)
           AND (list.customer_group IS NULL OR list.customer_group = ANY ($6::text[]))
         ORDER BY wanted.product_id, wanted.channel,
                  num_nonnulls(list.channel, list.place_id, list.customer_group) DESC,
                  lower(list.runs) DESC, list.id DESC
        """,
        list(product_ids), list(channels), currency, at, place_id, list(groups),
    )  # fmt: skip


async def write_list(
    db: Connection,
    id: UUID,
    name: str,
    currency: str,
    from_at: datetime,
    until_at: datetime | None,
    channel: str | None,
    place_id: UUID | None,
    customer_group: str | None,
    prices: Sequence[tuple[UUID, Money]],
    person_id: UUID | None,
) -> None:
    await db.execute(
        """
        WITH list AS (
             INSERT INTO pricing.lists (
                    id, name, currency, runs, channel, place_id, customer_group, person_id)
             VALUES ($1, $2, $3, tstzrange($4, $5), $6, $7, $8, $11)
             RETURNING id)
        INSERT INTO pricing.list_prices (product_id, list_id, amount)
        SELECT one.product_id, list.id, one.amount
          FROM list, unnest($9::uuid[], $10::bigint[]) AS one (product_id, amount)
        """,
        id, name, currency, from_at, until_at, channel, place_id, customer_group,
        [product_id for product_id, _ in prices], [amount for _, amount in prices], person_id,
    )  # fmt: skip


async def end_list(db: Connection, id: UUID, at: datetime) -> bool:
    """False when it does not hold at that time."""
    return bool(
        await db.fetchval(
            """
            UPDATE pricing.lists
               SET runs = tstzrange(lower(runs), $2)
             WHERE id = $1
               AND runs @> $2::timestamptz
               AND lower(runs) < $2
            RETURNING true
            """,
            id, at,
        )
    )  # fmt: skip


async def lowest_of_30_days(
    db: Connection | Pool, product_ids: Sequence[UUID], before: datetime
) -> dict[UUID, Money]:
    rows = await db.fetch(
        """
        SELECT product.id, pricing.lowest_of_30_days(product.id, $2) AS amount
          FROM unnest($1::uuid[]) AS product (id)
        """,
        list(product_ids), before,
    )  # fmt: skip
    return {row["id"]: row["amount"] for row in rows if row["amount"] is not None}


async def walls_of_labels(db: Connection | Pool, labels: Sequence[str]) -> dict[str, str]:
    """The code of the wall each printed label hangs on."""
    rows = await db.fetch(
        """
        SELECT label.token, wall.code
          FROM walls.labels AS label
          JOIN walls.editions AS edition ON edition.id = label.edition_id
          JOIN walls.walls AS wall ON wall.id = edition.wall_id
         WHERE label.token = ANY ($1::text[])
        """,
        list(labels),
    )
    return {row["token"]: row["code"] for row in rows}
