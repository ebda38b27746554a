from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from app.db import Connection, Pool
from app.logs import log
from app.pricing.promotion import Promotion, Rule, Where
from app.pricing.versions import Kept, State, Version


async def promotions_running(
    db: Connection | Pool, at: datetime, product_ids: Sequence[UUID] | None = None
) -> list[Promotion]:
    """Those published that run at that time and are not used up, for these products or for any.
    One that cannot be read is left out and logged: a slip in one offer must not close the shop."""
    rows = await db.fetch(
        """
        SELECT id, name, rule, product_ids, lower(runs) AS from_at, upper(runs) AS until_at,
               conditions, lane, alone, excludes, most_per_order, most_per_customer, most_in_total,
               currency, version
          FROM pricing.promotions
         WHERE state = 'published'
           AND runs @> $1::timestamptz
           AND ($2::uuid[] IS NULL OR product_ids && $2::uuid[] OR product_ids = '{}')
           AND (most_in_total IS NULL OR used < most_in_total)
         ORDER BY id
        """,
        at, None if product_ids is None else list(product_ids),
    )  # fmt: skip
    return [promotion for row in rows if (promotion := _read(row)) is not None]


async def kept(db: Connection | Pool, id: UUID) -> Kept | None:
    row = await db.fetchrow(
        """
        SELECT id, name, rule, product_ids, lower(runs) AS from_at, upper(runs) AS until_at,
               conditions, lane, alone, excludes, most_per_order, most_per_customer, most_in_total,
               currency, version, state, used
          FROM pricing.promotions
         WHERE id = $1
        """,
        id,
    )
    return _kept(row) if row else None


async def all_kept(db: Connection | Pool, limit: int) -> list[Kept]:
    """The newest first, those that cannot be read among them."""
    rows = await db.fetch(
        """
        SELECT id, name, rule, product_ids, lower(runs) AS from_at, upper(runs) AS until_at,
               conditions, lane, alone, excludes, most_per_order, most_per_customer, most_in_total,
               currency, version, state, used
          FROM pricing.promotions
         ORDER BY lower(runs) DESC, id DESC
         LIMIT $1
        """,
        limit,
    )
    return [_kept(row) for row in rows]


async def write_promotion(
    db: Connection, promotion: Promotion, state: State = "published"
) -> int | None:
    """Its version. One with a known id is changed, if it still is the version before; else None."""
    version: int | None = await db.fetchval(
        """
        INSERT INTO pricing.promotions AS known (
               id, name, rule, product_ids, runs, conditions, lane, alone, excludes,
               most_per_order, most_per_customer, most_in_total, currency, state, version)
        VALUES ($1, $2, $3, $4, tstzrange($5, $6), $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
            ON CONFLICT (id) DO UPDATE
           SET name = excluded.name, rule = excluded.rule, product_ids = excluded.product_ids,
               runs = excluded.runs, conditions = excluded.conditions, lane = excluded.lane,
               alone = excluded.alone, excludes = excluded.excludes,
               most_per_order = excluded.most_per_order,
               most_per_customer = excluded.most_per_customer,
               most_in_total = excluded.most_in_total, currency = excluded.currency,
               state = excluded.state, version = known.version + 1
         WHERE known.version = excluded.version
        RETURNING version
        """,
        promotion.id, promotion.name, msgspec.to_builtins(promotion.rule),
        sorted(promotion.product_ids), promotion.from_at, promotion.until_at,
        msgspec.to_builtins(promotion.where), promotion.lane, promotion.alone,
        sorted(promotion.excludes), promotion.most_per_order, promotion.most_per_customer,
        promotion.most_in_total, promotion.currency, state, promotion.version,
    )  # fmt: skip
    return version


async def set_state(db: Connection, id: UUID, version: int, state: State) -> int | None:
    """The next version, or None when it is no more the one that was seen."""
    next_version: int | None = await db.fetchval(
        """
        UPDATE pricing.promotions
           SET state = $3, version = version + 1
         WHERE id = $1 AND version = $2
        RETURNING version
        """,
        id, version, state,
    )  # fmt: skip
    return next_version


async def keep_version(
    db: Connection, id: UUID, version: int, state: State, body: Any, person_id: UUID | None
) -> None:
    await db.execute(
        """
        INSERT INTO pricing.versions (promotion_id, version, state, body, person_id)
        VALUES ($1, $2, $3, $4, $5)
        """,
        id, version, state, body, person_id,
    )  # fmt: skip


async def versions(db: Connection, id: UUID) -> list[Version]:
    """The newest first, with the names of who made them."""
    rows = await db.fetch(
        """
        SELECT version.version, version.state, version.body, version.at,
               coalesce(person.name, '') AS by
          FROM pricing.versions AS version
          LEFT JOIN staff.people AS person ON person.id = version.person_id
         WHERE version.promotion_id = $1
         ORDER BY version.version DESC
        """,
        id,
    )
    return [Version(**row) for row in rows]


def _read(row: asyncpg.Record) -> Promotion | None:
    promotion, why = _understood(row)
    if promotion is None:
        log.error("promotion left out", promotion=row["id"], why=why)
    return promotion


def _kept(row: asyncpg.Record) -> Kept:
    promotion, why = _understood(row)
    names = row["name"] if isinstance(row["name"], dict) else {}
    return Kept(
        id=row["id"],
        name={str(language): str(name) for language, name in names.items()},
        from_at=row["from_at"],
        until_at=row["until_at"],
        state=row["state"],
        version=row["version"],
        used=row["used"],
        promotion=promotion,
        fault=why,
    )


def _understood(row: asyncpg.Record) -> tuple[Promotion | None, str]:
    """The promotion, or why it is none."""
    try:
        return (
            Promotion(
                id=row["id"],
                name=msgspec.convert(row["name"], dict[str, str]),
                rule=msgspec.convert(row["rule"], Rule),
                product_ids=frozenset(row["product_ids"]),
                from_at=row["from_at"],
                until_at=row["until_at"],
                where=msgspec.convert(row["conditions"], Where),
                lane=row["lane"],
                alone=row["alone"],
                excludes=frozenset(row["excludes"]),
                most_per_order=row["most_per_order"],
                most_per_customer=row["most_per_customer"],
                most_in_total=row["most_in_total"],
                currency=row["currency"],
                version=row["version"],
            ),
            "",
        )
    except (msgspec.ValidationError, ValueError) as error:
        return None, str(error)
