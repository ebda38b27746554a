from datetime import timedelta
from uuid import UUID

import asyncpg

from app.db import Connection, Pool
from app.loyalty.models import Entry, Kept, Kind


async def kept(db: Connection, order_id: UUID) -> Kept | None:
    """The order as far as it earns, and whose it is: of who owned the basket, else of the account with the
    address it was ordered with."""
    row = await db.fetchrow(
        """
        SELECT coalesce((SELECT ordered.customer_id
                           FROM cart.ordered_by AS ordered
                          WHERE ordered.cart_id = sold.cart_id),
                        (SELECT person.id
                           FROM customers.people AS person
                          WHERE person.email = lower(sold.email))) AS customer_id,
               sold.currency, sold.state IN ('delivered', 'part_delivered') AS handed_over,
               CASE WHEN EXISTS (SELECT
                                   FROM payments.gift_cards AS bought
                                  WHERE bought.order_id = sold.id)
                    THEN 0 ELSE sold.total END AS total,
               sold.delivery,
               (SELECT coalesce(sum(line.deposit * (line.delivered_quantity - coalesce(unit.returned, 0))
                                    / line.quantity), 0)::bigint
                  FROM orders.lines AS line
                  LEFT JOIN returns.units AS unit
                    ON unit.order_id = line.order_id AND unit.line_no = line.line_no
                 WHERE line.order_id = sold.id) AS deposits,
               (SELECT coalesce(sum(intent.amount
                                    - (SELECT coalesce(sum(refund.amount), 0)
                                         FROM payments.refunds AS refund
                                        WHERE refund.intent_id = intent.id)), 0)::bigint
                  FROM payments.intents AS intent
                  JOIN payments.gift_ledger AS held
                    ON held.intent_id = coalesce(intent.moved_from, intent.id) AND held.kind = 'hold'
                  JOIN payments.gift_cards AS card ON card.id = held.card_id AND card.why = 'points'
                 WHERE intent.order_id = sold.id
                   AND intent.state = 'captured') AS by_points,
               (SELECT coalesce(sum(entry.points), 0)::bigint
                  FROM loyalty.ledger AS entry
                 WHERE entry.order_id = sold.id) AS earned,
               (SELECT min(entry.rate)
                  FROM loyalty.ledger AS entry
                 WHERE entry.order_id = sold.id) AS rate
          FROM orders.orders AS sold
         WHERE sold.id = $1
        """,
        order_id,
    )
    return Kept(**row) if row else None


async def open_account(db: Connection, customer_id: UUID) -> None:
    await db.execute(
        """
        INSERT INTO loyalty.accounts (customer_id)
        VALUES ($1)
            ON CONFLICT DO NOTHING
        """,
        customer_id,
    )


async def lock(db: Connection, customer_id: UUID) -> int | None:
    """The balance, which nobody moves until we are done; None without an account."""
    balance: int | None = await db.fetchval(
        "SELECT balance FROM loyalty.accounts WHERE customer_id = $1 FOR UPDATE", customer_id
    )
    return balance


async def move(
    db: Connection, id: UUID, customer_id: UUID, kind: Kind, points: int, *,
    order_id: UUID | None = None, rate: int | None = None, card_id: UUID | None = None,
    person_id: UUID | None = None, reason: str = "",
) -> bool:  # fmt: skip
    """Balance and ledger in one. False when there are not so many points; only a clawback goes below
    zero."""
    return bool(
        await db.fetchval(
            """
            WITH account AS (
                 UPDATE loyalty.accounts
                    SET balance = balance + $4, entries = entries + 1,
                        moved_at = CASE WHEN $3::text = 'clawback' THEN moved_at ELSE now() END
                  WHERE customer_id = $2
                    AND (balance + $4 >= 0 OR $4 > 0 OR $3::text = 'clawback')
                 RETURNING entries, balance)
            INSERT INTO loyalty.ledger (
                   id, customer_id, number, kind, points, balance, order_id, rate, card_id, person_id,
                   reason)
            SELECT $1, $2, account.entries, $3, $4, account.balance, $5, $6, $7, $8, $9
              FROM account
            RETURNING true
            """,
            id, customer_id, kind, points, order_id, rate, card_id, person_id, reason,
        )
    )  # fmt: skip


async def given_lately(db: Connection, customer_id: UUID) -> int:
    """With our apologies, in a year."""
    points: int = await db.fetchval(
        """
        SELECT coalesce(sum(points), 0)::bigint
          FROM loyalty.ledger
         WHERE customer_id = $1 AND kind = 'goodwill' AND at > now() - interval '1 year'
        """,
        customer_id,
    )
    return points


async def account(db: Connection, customer_id: UUID) -> asyncpg.Record | None:
    return await db.fetchrow(
        "SELECT balance, moved_at FROM loyalty.accounts WHERE customer_id = $1", customer_id
    )


async def entries(db: Connection, customer_id: UUID, limit: int) -> list[Entry]:
    """The newest first."""
    rows = await db.fetch(
        """
        SELECT entry.id, entry.kind, entry.points, entry.balance, entry.at, entry.reason, sold.number,
               entry.card_id, card.ends_with,
               CASE WHEN card.expires_at > now() AND card.blocked_at IS NULL
                    THEN card.balance END AS left
          FROM loyalty.ledger AS entry
          LEFT JOIN orders.orders AS sold ON sold.id = entry.order_id
          LEFT JOIN payments.gift_cards AS card ON card.id = entry.card_id
         WHERE entry.customer_id = $1
         ORDER BY entry.number DESC
         LIMIT $2
        """,
        customer_id, limit,
    )  # fmt: skip
    return [Entry(**row) for row in rows]


async def unused(db: Connection | Pool, since: timedelta, limit: int) -> list[UUID]:
    """Accounts whose points have come to their end."""
    rows = await db.fetch(
        """
        SELECT customer_id
          FROM loyalty.accounts
         WHERE balance > 0 AND moved_at <= now() - $1::interval
         ORDER BY moved_at
         LIMIT $2
        """,
        since, limit,
    )  # fmt: skip
    return [row["customer_id"] for row in rows]


async def still_unused(db: Connection, customer_id: UUID, since: timedelta) -> int:
    """How many points end now; the account is locked. 0 when something moved meanwhile."""
    points: int | None = await db.fetchval(
        """
        SELECT balance
          FROM loyalty.accounts
         WHERE customer_id = $1 AND balance > 0 AND moved_at <= now() - $2::interval
           FOR UPDATE
        """,
        customer_id, since,
    )  # fmt: skip
    return points or 0


async def forget_person(db: Connection, customer_id: UUID | None) -> None:
    """The account and, with it, its ledger."""
    await db.execute("DELETE FROM loyalty.accounts WHERE customer_id = $1", customer_id)
