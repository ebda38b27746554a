from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from app.db import Connection, Pool
from app.logs import log
from app.pricing.promotion import Promotion, Rule


async def promotions_running(
    db: Connection | Pool, at: datetime, product_ids: Sequence[UUID] | None = None
) -> list[Promotion]:
    """Those running at that time, for these products or for any. One that cannot be read is left
    out and logged: a slip in one offer must not close the shop."""
    rows = await db.fetch(
        """
        SELECT id, name, rule, product_ids, lower(runs) AS from_at, upper(runs) AS until_at
          FROM pricing.promotions
         WHERE runs @> $1::timestamptz
           AND ($2::uuid[] IS NULL OR product_ids && $2::uuid[])
         ORDER BY id
        """,
        at, None if product_ids is None else list(product_ids),
    )  # fmt: skip
    return [promotion for row in rows if (promotion := _read(row)) is not None]


async def write_promotion(db: Connection, promotion: Promotion) -> None:
    """A promotion with a known id is changed."""
    await db.execute(
        """
        INSERT INTO pricing.promotions (id, name, rule, product_ids, runs)
        VALUES ($1, $2, $3, $4, tstzrange($5, $6))
            ON CONFLICT (id) DO UPDATE
           SET name = excluded.name, rule = excluded.rule, product_ids = excluded.product_ids,
               runs = excluded.runs
        """,
        promotion.id, promotion.name, msgspec.to_builtins(promotion.rule),
        sorted(promotion.product_ids), promotion.from_at, promotion.until_at,
    )  # fmt: skip


def _read(row: asyncpg.Record) -> Promotion | None:
    try:
        return Promotion(
            id=row["id"],
            name=msgspec.convert(row["name"], dict[str, str]),
            rule=msgspec.convert(row["rule"], Rule),
            product_ids=frozenset(row["product_ids"]),
            from_at=row["from_at"],
            until_at=row["until_at"],
        )
    except msgspec.ValidationError as error:
        log.error("promotion left out", promotion=row["id"], why=str(error))
        return None
