from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from app.db import Connection, Pool
from app.money import Money
from app.pricing.versions import PriceList


async def listed_prices(
    db: Connection | Pool,
    product_ids: Sequence[UUID],
    channels: Sequence[str],
    currency: str,
    at: datetime,
    place_id: UUID | None,
    groups: Sequence[str],
    cart_id: UUID | None,
) -> list[asyncpg.Record]:
    """For products by the channel they were added from, those that a list has a price for: in that
    place, for these groups and for those of whoever owns the basket (a group says more than being a
    member)."""
    return await db.fetch(
        """
        SELECT DISTINCT ON (wanted.product_id, wanted.channel)
               wanted.product_id, wanted.channel, listed.amount
          FROM unnest($1::uuid[], $2::text[]) AS wanted (product_id, channel)
          JOIN pricing.list_prices AS listed ON listed.product_id = wanted.product_id
          JOIN pricing.lists AS list ON list.id = listed.list_id
         WHERE list.currency = $3
           AND list.runs @> $4::timestamptz
           AND (list.ended_at IS NULL OR list.ended_at > lower(list.runs))
           AND (list.channel IS NULL OR list.channel = wanted.channel)
           AND (list.place_id IS NULL OR list.place_id = $5)
           AND (list.customer_group IS NULL
                OR list.customer_group = ANY ($6::text[])
                OR EXISTS (SELECT
                             FROM cart.members AS owner
                             LEFT JOIN customers.memberships AS membership
                               ON membership.customer_id = owner.customer_id
                            WHERE owner.cart_id = $7
                              AND list.customer_group IN ('members', membership.name)))
         ORDER BY wanted.product_id, wanted.channel,
                  num_nonnulls(list.channel, list.place_id, list.customer_group) DESC,
                  list.customer_group IS NOT DISTINCT FROM 'members',
                  lower(list.runs) DESC, list.id DESC
        """,
        list(product_ids), list(channels), currency, at, place_id, list(groups), cart_id,
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


async def end_list(db: Connection, id: UUID, at: datetime, person_id: UUID | None = None) -> bool:
    """False when it does not hold at that time."""
    return bool(
        await db.fetchval(
            """
            UPDATE pricing.lists
               SET runs = tstzrange(lower(runs), $2), ended_by = $3, ended_at = now()
             WHERE id = $1
               AND runs @> $2::timestamptz
               AND lower(runs) < $2
            RETURNING true
            """,
            id, at, person_id,
        )
    )  # fmt: skip


async def drop_list(db: Connection, id: UUID, at: datetime, person_id: UUID | None) -> bool:
    """One that has not begun is taken back: nobody was asked its prices. It runs for no time at all,
    so that who wrote it stays known. False when it has begun."""
    return bool(
        await db.fetchval(
            """
            UPDATE pricing.lists
               SET runs = tstzrange(lower(runs), lower(runs) + interval '1 microsecond'),
                   ended_by = $3, ended_at = now()
             WHERE id = $1 AND lower(runs) > $2 AND ended_at IS NULL
            RETURNING true
            """,
            id, at, person_id,
        )
    )  # fmt: skip


async def lock_lists(db: Connection) -> None:
    """Whoever puts one up looks at all others first; two do it one after the other."""
    await db.execute("LOCK TABLE pricing.lists IN SHARE ROW EXCLUSIVE MODE")


async def clash(
    db: Connection,
    product_ids: Sequence[UUID],
    currency: str,
    from_at: datetime,
    until_at: datetime | None,
    channel: str | None,
    place_id: UUID | None,
    customer_group: str | None,
) -> asyncpg.Record | None:
    """A list for the same sales that has a price for one of these products in the same period; one
    that was taken back before it began has none."""
    return await db.fetchrow(
        """
        SELECT list.name, listed.product_id
          FROM pricing.lists AS list
          JOIN pricing.list_prices AS listed ON listed.list_id = list.id
         WHERE listed.product_id = ANY ($1::uuid[])
           AND list.currency = $2
           AND list.runs && tstzrange($3, $4)
           AND (list.ended_at IS NULL OR list.ended_at > lower(list.runs))
           AND list.channel IS NOT DISTINCT FROM $5
           AND list.place_id IS NOT DISTINCT FROM $6
           AND list.customer_group IS NOT DISTINCT FROM $7
         ORDER BY lower(list.runs), listed.product_id
         LIMIT 1
        """,
        list(product_ids), currency, from_at, until_at, channel, place_id, customer_group,
    )  # fmt: skip


async def number_of(db: Connection, product_id: UUID) -> str:
    """As people read it."""
    number: str | None = await db.fetchval(
        "SELECT gtin FROM catalog.products WHERE id = $1", product_id
    )
    return number or "–"


async def all_lists(db: Connection, limit: int) -> list[PriceList]:
    """Those that hold or will first, then the newest; with who put them up and who ended them."""
    rows = await db.fetch(
        """
        SELECT list.id, list.name, list.channel, list.place_id, list.customer_group, list.currency,
               lower(list.runs) AS from_at, upper(list.runs) AS until_at, list.made_at,
               list.ended_at, coalesce(maker.name, '') AS made_by, coalesce(ender.name, '') AS ended_by,
               (SELECT count(*)
                  FROM pricing.list_prices AS listed WHERE listed.list_id = list.id) AS products
          FROM pricing.lists AS list
          LEFT JOIN staff.people AS maker ON maker.id = list.person_id
          LEFT JOIN staff.people AS ender ON ender.id = list.ended_by
         ORDER BY upper(list.runs) IS NOT NULL AND upper(list.runs) <= now(),
                  lower(list.runs) DESC, list.id DESC
         LIMIT $1
        """,
        limit,
    )
    return [PriceList(**row) for row in rows]


async def prices_on(db: Connection, list_id: UUID) -> dict[UUID, Money]:
    rows = await db.fetch(
        "SELECT product_id, amount FROM pricing.list_prices WHERE list_id = $1 ORDER BY product_id",
        list_id,
    )
    return {row["product_id"]: row["amount"] for row in rows}


async def lowest_before(db: Connection | Pool, product_id: UUID) -> Money | None:
    """What everybody was asked at least in the 30 days before the price of now began (98/6/EC art. 6a);
    None for a product that has had one price only."""
    lowest: Money | None = await db.fetchval(
        "SELECT lowest_before FROM pricing.present_prices WHERE product_id = $1", product_id
    )
    return lowest


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
