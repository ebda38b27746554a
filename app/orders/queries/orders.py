from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from app.db import Connection
from app.orders.models import Changes, Locked, NewOrder, State, Sums


async def write(db: Connection, new: NewOrder, number: str, token_hash: bytes) -> bool:
    """False when the number is taken by another order."""
    return bool(
        await db.fetchval(
            """
            INSERT INTO orders.orders (
                   id, number, token_hash, cart_id, place_id, slot_id, starts_at, ends_at,
                   name, email, phone, street, house_number, postcode, city, country,
                   note, substitution, language, currency,
                   subtotal, discount, deposits, delivery, total, receipt)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8,
                    $9, $10, $11, $12, $13, $14, $15, $16,
                    $17, $18, $19, $20,
                    $21, $22, $23, $24, $25, $26)
                ON CONFLICT (number) DO NOTHING
            RETURNING true
            """,
            new.id, number, token_hash, new.cart_id, new.place_id, new.slot_id,
            new.starts_at, new.ends_at,
            new.contact.name, new.contact.email, new.contact.phone,
            new.address.street, new.address.house_number, new.address.postcode,
            new.address.city, new.address.country,
            new.note, new.substitution, new.language, new.currency,
            new.sums.subtotal, new.sums.discount, new.sums.deposits, new.sums.delivery,
            new.sums.total, new.receipt,
        )
    )  # fmt: skip


async def lock(db: Connection, order_id: UUID) -> Locked | None:
    """Where the order is; nobody else changes it while this transaction lasts."""
    row = await db.fetchrow(
        "SELECT state, version, total FROM orders.orders WHERE id = $1 FOR UPDATE", order_id
    )
    return Locked(**row) if row else None


async def move(
    db: Connection, order_id: UUID, to: State, before: Sequence[State], why: str | None
) -> asyncpg.Record | None:
    return await db.fetchrow(
        """
        UPDATE orders.orders
           SET state = $2,
               version = version + 1,
               why_cancelled = coalesce($4, why_cancelled),
               confirmed_at = CASE WHEN $2 = 'confirmed' THEN now() ELSE confirmed_at END,
               cancelled_at = CASE WHEN $2 = 'cancelled' THEN now() ELSE cancelled_at END,
               delivered_at = CASE WHEN $2 IN ('delivered', 'part_delivered') THEN now()
                                   ELSE delivered_at END
         WHERE id = $1
           AND state = ANY ($3::text[])
        RETURNING version, cart_id, place_id
        """,
        order_id, to, list(before), why,
    )  # fmt: skip


async def count_up(db: Connection, order_id: UUID) -> int:
    version: int = await db.fetchval(
        "UPDATE orders.orders SET version = version + 1 WHERE id = $1 RETURNING version", order_id
    )
    return version


async def take_back(db: Connection, order_id: UUID, why: str) -> asyncpg.Record | None:
    """Nothing of it was handed over after all; only what no van has to do with any more or yet."""
    return await db.fetchrow(
        """
        WITH taken AS (
             UPDATE orders.orders
                SET state = 'cancelled', version = version + 1, why_cancelled = $2,
                    cancelled_at = now()
              WHERE id = $1
                AND state IN ('confirmed', 'delivered')
                AND NOT EXISTS (SELECT
                                  FROM orders.lines AS line
                                 WHERE line.order_id = $1
                                   AND line.handover <> 'carry-out'
                                   AND orders.state = 'delivered')
             RETURNING version, cart_id, place_id),
             lines AS (
             UPDATE orders.lines
                SET delivered_quantity = 0
              WHERE order_id = $1 AND EXISTS (SELECT FROM taken))
        SELECT version, cart_id, place_id FROM taken
        """,
        order_id, why,
    )  # fmt: skip


async def change(db: Connection, order_id: UUID, changes: Changes) -> asyncpg.Record | None:
    """None when picking has started, or it is over."""
    return await db.fetchrow(
        """
        UPDATE orders.orders
           SET name = coalesce($2, name), phone = coalesce($3, phone),
               street = coalesce($4, street), house_number = coalesce($5, house_number),
               note = coalesce($6, note), substitution = coalesce($7, substitution),
               version = version + 1
         WHERE id = $1
           AND state IN ('placed', 'confirmed')
        RETURNING version, cart_id, place_id
        """,
        order_id, changes.name, changes.phone, changes.street, changes.house_number, changes.note,
        changes.substitution,
    )  # fmt: skip


async def rewrite(
    db: Connection, order_id: UUID, slot: tuple[UUID, datetime, datetime] | None, sums: Sums,
    receipt: Mapping[str, Any],
) -> asyncpg.Record | None:  # fmt: skip
    """Other sums, and another time where one is given; None when picking has started."""
    slot_id, starts_at, ends_at = slot or (None, None, None)
    return await db.fetchrow(
        """
        UPDATE orders.orders
           SET slot_id = coalesce($2, slot_id), starts_at = coalesce($3, starts_at),
               ends_at = coalesce($4, ends_at), subtotal = $5, discount = $6, deposits = $7,
               delivery = $8, total = $9, receipt = $10, version = version + 1
         WHERE id = $1
           AND state = 'confirmed'
        RETURNING version, cart_id, place_id
        """,
        order_id, slot_id, starts_at, ends_at, sums.subtotal, sums.discount, sums.deposits,
        sums.delivery, sums.total, dict(receipt),
    )  # fmt: skip


async def give_time(
    db: Connection, order_id: UUID, slot_id: UUID, starts_at: datetime, ends_at: datetime
) -> int | None:
    """None when it is paid already, or off."""
    version: int | None = await db.fetchval(
        """
        UPDATE orders.orders
           SET slot_id = $2, starts_at = $3, ends_at = $4, version = version + 1
         WHERE id = $1
           AND state = 'placed'
        RETURNING version
        """,
        order_id, slot_id, starts_at, ends_at,
    )  # fmt: skip
    return version
