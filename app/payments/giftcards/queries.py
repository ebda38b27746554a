from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from app.db import Connection, Pool
from app.money import Money
from app.payments.giftcards.models import Card, Entry, Why


async def write(
    db: Connection, id: UUID, entry_id: UUID, sha256: bytes, ends_with: str, amount: Money,
    currency: str, why: Why, note: str, order_id: UUID | None, person_id: UUID | None,
    expires_at: datetime,
) -> bool:  # fmt: skip
    """With the entry that says where its money came from. False when the order has its card."""
    return bool(
        await db.fetchval(
            """
            WITH card AS (
                 INSERT INTO payments.gift_cards (
                        id, code_sha256, ends_with, currency, balance, why, note, order_id,
                        person_id, expires_at)
                 VALUES ($1, $3, $4, $6, $5, $7, $8, $9, $10, $11)
                     ON CONFLICT DO NOTHING
                 RETURNING id, balance)
            INSERT INTO payments.gift_ledger (
                   id, card_id, kind, balance_change, held_change, person_id)
            SELECT $2, card.id, 'issue', card.balance, 0, $10
              FROM card
            RETURNING true
            """,
            id, entry_id, sha256, ends_with, amount, currency, why, note, order_id, person_id,
            expires_at,
        )
    )  # fmt: skip


async def by_codes(db: Connection | Pool, sha256s: Sequence[bytes]) -> list[asyncpg.Record]:
    return await db.fetch(
        """
        SELECT card.code_sha256, card.id, card.ends_with, card.currency, card.balance, card.why,
               card.expires_at > now() AND card.blocked_at IS NULL AS holds
          FROM payments.gift_cards AS card
         WHERE card.code_sha256 = ANY ($1::bytea[])
        """,
        list(sha256s),
    )


async def hold(
    db: Connection, entry_id: UUID, card_id: UUID, intent_id: UUID, amount: Money, currency: str
) -> bool:
    """False when there is not so much on it any more, or it does not hold."""
    return bool(
        await db.fetchval(
            """
            WITH card AS (
                 UPDATE payments.gift_cards
                    SET balance = balance - $4, held = held + $4
                  WHERE id = $2
                    AND balance >= $4
                    AND currency = $5
                    AND expires_at > now()
                    AND blocked_at IS NULL
                 RETURNING id)
            INSERT INTO payments.gift_ledger (
                   id, card_id, kind, balance_change, held_change, intent_id)
            SELECT $1, card.id, 'hold', -$4::bigint, $4::bigint, $3
              FROM card
            RETURNING true
            """,
            entry_id, card_id, intent_id, amount, currency,
        )
    )  # fmt: skip


async def capture(db: Connection, entry_id: UUID, intent_id: UUID) -> None:
    """What is held for this payment is spent. The intent is locked."""
    await db.execute(
        """
        WITH entry AS (
             INSERT INTO payments.gift_ledger (
                    id, card_id, kind, balance_change, held_change, intent_id)
             SELECT $1, held.card_id, 'capture', 0, -held.held_change, $2
               FROM payments.gift_ledger AS held
              WHERE held.intent_id = $2 AND held.kind = 'hold'
                 ON CONFLICT (intent_id, kind) DO NOTHING
             RETURNING card_id, held_change)
        UPDATE payments.gift_cards AS card
           SET held = card.held + entry.held_change
          FROM entry
         WHERE card.id = entry.card_id
        """,
        entry_id, intent_id,
    )  # fmt: skip


async def release(
    db: Connection, entry_id: UUID, intent_id: UUID, again_for: timedelta
) -> None:  # fmt: skip
    """What is held for this payment can be spent again, for some time also where the card came to its end
    meanwhile. The intent is locked."""
    await db.execute(
        """
        WITH entry AS (
             INSERT INTO payments.gift_ledger (
                    id, card_id, kind, balance_change, held_change, intent_id)
             SELECT $1, held.card_id, 'release', held.held_change, -held.held_change, $2
               FROM payments.gift_ledger AS held
              WHERE held.intent_id = $2 AND held.kind = 'hold'
                AND NOT EXISTS (SELECT
                                  FROM payments.gift_ledger AS taken
                                 WHERE taken.intent_id = $2 AND taken.kind = 'capture')
                 ON CONFLICT (intent_id, kind) DO NOTHING
             RETURNING card_id, balance_change, held_change)
        UPDATE payments.gift_cards AS card
           SET balance = card.balance + entry.balance_change,
               held = card.held + entry.held_change,
               expires_at = greatest(card.expires_at, now() + $3::interval)
          FROM entry
         WHERE card.id = entry.card_id
        """,
        entry_id, intent_id, again_for,
    )  # fmt: skip


async def give_back(
    db: Connection | Pool, entry_id: UUID, intent_id: UUID, refund_id: UUID, amount: Money,
    again_for: timedelta,
) -> None:  # fmt: skip
    """Onto the card it came from, once; a card that is nearly over holds some time longer for it."""
    await db.execute(
        """
        WITH entry AS (
             INSERT INTO payments.gift_ledger (
                    id, card_id, kind, balance_change, held_change, refund_id)
             SELECT $1, spent.card_id, 'refund', $4, 0, $3
               FROM payments.gift_ledger AS spent
              WHERE spent.intent_id = $2 AND spent.kind = 'capture'
                 ON CONFLICT (refund_id) DO NOTHING
             RETURNING card_id, balance_change)
        UPDATE payments.gift_cards AS card
           SET balance = card.balance + entry.balance_change,
               expires_at = greatest(card.expires_at, now() + $5::interval)
          FROM entry
         WHERE card.id = entry.card_id
        """,
        entry_id, intent_id, refund_id, amount, again_for,
    )  # fmt: skip


async def over(db: Connection | Pool, limit: int) -> list[UUID]:
    """Cards that have come to their end with something on them."""
    rows = await db.fetch(
        """
        SELECT card.id
          FROM payments.gift_cards AS card
         WHERE card.expires_at <= now() AND card.balance > 0
         ORDER BY card.expires_at
         LIMIT $1
        """,
        limit,
    )
    return [row["id"] for row in rows]


async def end(db: Connection | Pool, entry_id: UUID, card_id: UUID) -> None:
    """What is left on it is the shop's. What an open order holds stays held."""
    await db.execute(
        """
        WITH card AS (
             SELECT id, balance
               FROM payments.gift_cards
              WHERE id = $2 AND expires_at <= now() AND balance > 0
                FOR UPDATE),
             entry AS (
             INSERT INTO payments.gift_ledger (id, card_id, kind, balance_change, held_change)
             SELECT $1, card.id, 'expire', -card.balance, 0
               FROM card
             RETURNING card_id)
        UPDATE payments.gift_cards AS ended
           SET balance = 0
          FROM entry
         WHERE ended.id = entry.card_id
        """,
        entry_id, card_id,
    )  # fmt: skip


async def take_back(db: Connection, entry_id: UUID, id: UUID) -> bool:
    """Nobody spends from it any more; what is on it goes back in another way. False when it is not
    what it was when it was made."""
    return bool(
        await db.fetchval(
            """
            WITH card AS (
                 UPDATE payments.gift_cards AS card
                    SET balance = 0, blocked_at = now()
                  WHERE card.id = $2
                    AND card.held = 0
                    AND card.balance = (SELECT entry.balance_change
                                          FROM payments.gift_ledger AS entry
                                         WHERE entry.card_id = $2 AND entry.kind = 'issue')
                 RETURNING card.id, old.balance)
            INSERT INTO payments.gift_ledger (id, card_id, kind, balance_change, held_change)
            SELECT $1, card.id, 'back', -card.balance, 0
              FROM card
            RETURNING true
            """,
            entry_id, id,
        )
    )  # fmt: skip


async def show(db: Connection, id: UUID, command: UUID) -> bool:
    """To the first command that asks, however often that one does. False for every other."""
    return bool(
        await db.fetchval(
            """
            UPDATE payments.gift_cards
               SET shown_by = $2, shown_at = coalesce(shown_at, now())
             WHERE id = $1
               AND (shown_by IS NULL OR shown_by = $2)
               AND blocked_at IS NULL
            RETURNING true
            """,
            id, command,
        )
    )  # fmt: skip


async def block(db: Connection, id: UUID) -> bool:
    """Lost or stolen: nobody spends from it any more. False when it was blocked before."""
    return bool(
        await db.fetchval(
            """
            UPDATE payments.gift_cards
               SET blocked_at = now()
             WHERE id = $1 AND blocked_at IS NULL
            RETURNING true
            """,
            id,
        )
    )


async def find(db: Connection, id: UUID) -> Card | None:
    row = await db.fetchrow(
        """
        SELECT card.id, card.ends_with, card.currency, card.balance, card.held, card.why, card.note,
               card.order_id, card.made_at, card.expires_at, card.shown_at, card.blocked_at
          FROM payments.gift_cards AS card
         WHERE card.id = $1
        """,
        id,
    )
    return Card(**row) if row else None


async def of_order(db: Connection | Pool, order_id: UUID) -> Card | None:
    """The one that was bought with this order."""
    row = await db.fetchrow(
        """
        SELECT card.id, card.ends_with, card.currency, card.balance, card.held, card.why, card.note,
               card.order_id, card.made_at, card.expires_at, card.shown_at, card.blocked_at
          FROM payments.gift_cards AS card
         WHERE card.order_id = $1
        """,
        order_id,
    )
    return Card(**row) if row else None


async def cards(db: Connection, ends_with: str, limit: int) -> list[Card]:
    """The newest first; by the last four characters where somebody knows them."""
    rows = await db.fetch(
        """
        SELECT card.id, card.ends_with, card.currency, card.balance, card.held, card.why, card.note,
               card.order_id, card.made_at, card.expires_at, card.shown_at, card.blocked_at,
               coalesce(person.name, '') AS by
          FROM payments.gift_cards AS card
          LEFT JOIN staff.people AS person ON person.id = card.person_id
         WHERE $1 = '' OR card.ends_with = $1
         ORDER BY card.made_at DESC, card.id DESC
         LIMIT $2
        """,
        ends_with, limit,
    )  # fmt: skip
    return [Card(**row) for row in rows]


async def ledger(db: Connection, card_ids: Sequence[UUID]) -> dict[UUID, list[Entry]]:
    """What moved on each of them, in order."""
    rows = await db.fetch(
        """
        SELECT entry.card_id, entry.kind, entry.balance_change, entry.held_change, entry.at
          FROM payments.gift_ledger AS entry
         WHERE entry.card_id = ANY ($1::uuid[])
         ORDER BY entry.at, entry.id
        """,
        list(card_ids),
    )
    moved: dict[UUID, list[Entry]] = {id: [] for id in card_ids}
    for row in rows:
        moved[row["card_id"]].append(
            Entry(row["kind"], row["balance_change"], row["held_change"], row["at"])
        )
    return moved


async def forget_people(db: Connection, order_ids: Sequence[UUID]) -> None:
    """What was written on a card they bought; its money stays theirs who have the code."""
    await db.execute(
        "UPDATE payments.gift_cards SET note = '' WHERE order_id = ANY ($1::uuid[])",
        list(order_ids),
    )
