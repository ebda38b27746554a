from collections.abc import Sequence
from uuid import UUID

import asyncpg

from app.db import Connection, Pool
from app.pricing.versions import Batch


async def coupons(
    db: Connection | Pool, codes: Sequence[str], customer: bytes | None
) -> list[asyncpg.Record]:
    """What is known of these codes, their promotion with them, for this customer."""
    return await db.fetch(
        """
        SELECT coupon.code, coupon.promotion_id,
               promotion.state = 'published' AND promotion.runs @> now() AS runs,
               coupon.used >= coupon.most OR promotion.used >= promotion.most_in_total AS used_up,
               mine.used >= promotion.most_per_customer AS had
          FROM pricing.coupons AS coupon
          JOIN pricing.promotions AS promotion ON promotion.id = coupon.promotion_id
          LEFT JOIN pricing.customer_uses AS mine
            ON mine.promotion_id = promotion.id AND mine.customer = $2
         WHERE coupon.code = ANY ($1::text[])
         ORDER BY coupon.code
        """,
        list(codes), customer,
    )  # fmt: skip


async def used_up_by(
    db: Connection | Pool, customer: bytes, promotion_ids: Sequence[UUID]
) -> list[UUID]:
    """The promotions this customer has had as often as one may."""
    rows = await db.fetch(
        """
        SELECT mine.promotion_id
          FROM pricing.customer_uses AS mine
          JOIN pricing.promotions AS promotion ON promotion.id = mine.promotion_id
         WHERE mine.customer = $1
           AND mine.promotion_id = ANY ($2::uuid[])
           AND mine.used >= coalesce(promotion.most_per_customer, 1)
        """,
        customer, list(promotion_ids),
    )  # fmt: skip
    return [row["promotion_id"] for row in rows]


async def limited(db: Connection, promotion_ids: Sequence[UUID]) -> list[asyncpg.Record]:
    """Which of these have limits, of what kind; the rows to be counted on are locked in order."""
    return await db.fetch(
        """
        SELECT promotion.id, promotion.most_in_total,
               CASE WHEN promotion.conditions ->> 'first_order' = 'true' THEN 1
                    ELSE promotion.most_per_customer
               END AS most_per_customer
          FROM pricing.promotions AS promotion
         WHERE promotion.id = ANY ($1::uuid[])
         ORDER BY promotion.id
        """,
        list(promotion_ids),
    )


async def uncounted(db: Connection, order_id: UUID, promotion_ids: Sequence[UUID]) -> list[UUID]:
    """Of these, the limited ones that this order does not use."""
    rows = await db.fetch(
        """
        SELECT promotion.id
          FROM pricing.promotions AS promotion
         WHERE promotion.id = ANY ($2::uuid[])
           AND (promotion.most_in_total IS NOT NULL
                OR promotion.most_per_customer IS NOT NULL
                OR promotion.conditions ->> 'coupon' = 'true'
                OR promotion.conditions ->> 'first_order' = 'true')
           AND NOT EXISTS (SELECT
                             FROM pricing.redemptions AS mine
                            WHERE mine.order_id = $1
                              AND mine.promotion_id = promotion.id
                              AND mine.state = 'held')
        """,
        order_id, list(promotion_ids),
    )  # fmt: skip
    return [row["id"] for row in rows]


async def count_in_total(db: Connection, promotion_ids: Sequence[UUID]) -> int:
    """How many of these limits still had room; they are taken in the order of their ids."""
    counted: int = await db.fetchval(
        """
        WITH mine AS (
             SELECT promotion.id
               FROM pricing.promotions AS promotion
              WHERE promotion.id = ANY ($1::uuid[])
              ORDER BY promotion.id
                FOR UPDATE),
             counted AS (
             UPDATE pricing.promotions AS promotion
                SET used = promotion.used + 1
               FROM mine
              WHERE promotion.id = mine.id
                AND (promotion.most_in_total IS NULL OR promotion.used < promotion.most_in_total)
             RETURNING promotion.id)
        SELECT count(*)::integer FROM counted
        """,
        list(promotion_ids),
    )
    return counted


async def count_for_customer(
    db: Connection, customer: bytes, promotion_ids: Sequence[UUID], most: Sequence[int]
) -> int:
    """The same per customer: `most` each of them may have."""
    counted: int = await db.fetchval(
        """
        WITH wanted AS (
             SELECT promotion_id, most
               FROM unnest($2::uuid[], $3::integer[]) AS wanted (promotion_id, most)
              ORDER BY promotion_id),
             counted AS (
             INSERT INTO pricing.customer_uses AS mine (promotion_id, customer, used)
             SELECT wanted.promotion_id, $1, 1 FROM wanted
                 ON CONFLICT (promotion_id, customer) DO UPDATE
                SET used = mine.used + 1
              WHERE mine.used < (SELECT wanted.most
                                   FROM wanted
                                  WHERE wanted.promotion_id = mine.promotion_id)
             RETURNING mine.promotion_id)
        SELECT count(*)::integer FROM counted
        """,
        customer, list(promotion_ids), list(most),
    )  # fmt: skip
    return counted


async def count_coupons(db: Connection, codes: Sequence[str]) -> list[str]:
    """The codes that could be used once more."""
    rows = await db.fetch(
        """
        WITH mine AS (
             SELECT coupon.code
               FROM pricing.coupons AS coupon
              WHERE coupon.code = ANY ($1::text[])
              ORDER BY coupon.code
                FOR UPDATE)
        UPDATE pricing.coupons AS coupon
           SET used = coupon.used + 1
          FROM mine
         WHERE coupon.code = mine.code
           AND (coupon.most IS NULL OR coupon.used < coupon.most)
        RETURNING coupon.code
        """,
        list(codes),
    )
    return [row["code"] for row in rows]


async def keep(
    db: Connection,
    order_id: UUID,
    redeemed: Sequence[tuple[UUID, int, str | None, bytes | None, bool]],
) -> None:
    """Promotion, version, code, customer it counts for, and whether it counts in total."""
    await db.execute(
        """
        INSERT INTO pricing.redemptions (
               order_id, promotion_id, version, code, customer, in_total)
        SELECT $1, one.*
          FROM unnest($2::uuid[], $3::integer[], $4::text[], $5::bytea[], $6::boolean[]) AS one
        """,
        order_id, *[list(column) for column in zip(*redeemed, strict=True)],
    )  # fmt: skip


async def free(db: Connection, order_id: UUID) -> list[asyncpg.Record]:
    """What an order held is held no more: which it was. The second time it is nothing."""
    return await db.fetch(
        """
        UPDATE pricing.redemptions
           SET state = 'freed'
         WHERE order_id = $1 AND state = 'held'
        RETURNING promotion_id, code, customer, in_total
        """,
        order_id,
    )


async def count_back_in_total(db: Connection, promotion_ids: Sequence[UUID]) -> None:
    """Like all counting, in the order of the ids, so that two never wait for each other."""
    await db.execute(
        """
        WITH mine AS (
             SELECT promotion.id
               FROM pricing.promotions AS promotion
              WHERE promotion.id = ANY ($1::uuid[])
              ORDER BY promotion.id
                FOR UPDATE)
        UPDATE pricing.promotions AS promotion
           SET used = promotion.used - 1
          FROM mine
         WHERE promotion.id = mine.id
        """,
        list(promotion_ids),
    )


async def count_back_for_customer(
    db: Connection, customer: bytes, promotion_ids: Sequence[UUID]
) -> None:
    await db.execute(
        """
        WITH uses AS (
             SELECT promotion_id
               FROM pricing.customer_uses
              WHERE customer = $1 AND promotion_id = ANY ($2::uuid[])
              ORDER BY promotion_id
                FOR UPDATE)
        UPDATE pricing.customer_uses AS mine
           SET used = mine.used - 1
          FROM uses
         WHERE mine.customer = $1 AND mine.promotion_id = uses.promotion_id
        """,
        customer, list(promotion_ids),
    )  # fmt: skip


async def count_back_coupons(db: Connection, codes: Sequence[str]) -> None:
    await db.execute(
        """
        WITH mine AS (
             SELECT coupon.code
               FROM pricing.coupons AS coupon
              WHERE coupon.code = ANY ($1::text[])
              ORDER BY coupon.code
                FOR UPDATE)
        UPDATE pricing.coupons AS coupon
           SET used = coupon.used - 1
          FROM mine
         WHERE coupon.code = mine.code
        """,
        list(codes),
    )


async def write_batch(
    db: Connection,
    id: UUID,
    promotion_id: UUID,
    name: str,
    codes: Sequence[str],
    most: int | None,
    person_id: UUID | None,
) -> int:
    """How many of the codes are new: one that is known already stays what it is."""
    written: int = await db.fetchval(
        """
        WITH batch AS (
             INSERT INTO pricing.batches (id, promotion_id, name, codes, person_id)
             VALUES ($1, $2, $3, cardinality($4::text[]), $6)
             RETURNING id, promotion_id),
             written AS (
             INSERT INTO pricing.coupons (code, promotion_id, batch_id, most)
             SELECT code, batch.promotion_id, batch.id, $5
               FROM batch, unnest($4::text[]) AS code
                 ON CONFLICT (code) DO NOTHING
             RETURNING code)
        SELECT count(*)::integer FROM written
        """,
        id, promotion_id, name, list(codes), most, person_id,
    )  # fmt: skip
    return written


async def batches(db: Connection, promotion_id: UUID) -> list[Batch]:
    rows = await db.fetch(
        """
        SELECT batch.id, batch.promotion_id, batch.name, batch.codes, batch.made_at,
               (SELECT coalesce(sum(coupon.used), 0)::integer
                  FROM pricing.coupons AS coupon
                 WHERE coupon.batch_id = batch.id) AS used
          FROM pricing.batches AS batch
         WHERE batch.promotion_id = $1
         ORDER BY batch.made_at DESC, batch.id
        """,
        promotion_id,
    )
    return [Batch(**row) for row in rows]


async def codes_of_batch(db: Connection, batch_id: UUID) -> list[asyncpg.Record]:
    return await db.fetch(
        """
        SELECT coupon.code, coupon.most, coupon.used
          FROM pricing.coupons AS coupon
         WHERE coupon.batch_id = $1
         ORDER BY coupon.code
        """,
        batch_id,
    )


async def forget_customer(db: Connection, customer: bytes) -> None:
    """What they used counts on in all, no longer as theirs."""
    await db.execute(
        """
        WITH theirs AS (
             DELETE FROM pricing.customer_uses WHERE customer = $1)
        UPDATE pricing.redemptions SET customer = NULL WHERE customer = $1
        """,
        customer,
    )
