from collections.abc import Sequence
from uuid import UUID

from app.contact.models import Call, Happening, Match
from app.db import Connection

TRIES_A_DAY = 10
"""Of callers who could not prove to be the customer, about one order."""


async def by_number(db: Connection, number: str) -> list[Match]:
    """As people say it: without its dashes, in any case."""
    rows = await db.fetch(
        """
        SELECT sold.id, sold.number, sold.state, sold.placed_at, sold.total, sold.currency,
               (SELECT coalesce(sum(line.quantity), 0) FROM orders.lines AS line
                 WHERE line.order_id = sold.id)::integer AS things
          FROM orders.orders AS sold
         WHERE sold.number = $1
        """,
        number,
    )
    return [Match(**row) for row in rows]


async def by_email(db: Connection, email: str) -> list[Match]:
    rows = await db.fetch(
        """
        SELECT sold.id, sold.number, sold.state, sold.placed_at, sold.total, sold.currency,
               (SELECT coalesce(sum(line.quantity), 0) FROM orders.lines AS line
                 WHERE line.order_id = sold.id)::integer AS things
          FROM orders.orders AS sold
         WHERE lower(sold.email) = lower($1)
         ORDER BY sold.placed_at DESC
         LIMIT 20
        """,
        email,
    )
    return [Match(**row) for row in rows]


async def by_phone(db: Connection, nine_digits: str) -> list[Match]:
    rows = await db.fetch(
        """
        SELECT sold.id, sold.number, sold.state, sold.placed_at, sold.total, sold.currency,
               (SELECT coalesce(sum(line.quantity), 0) FROM orders.lines AS line
                 WHERE line.order_id = sold.id)::integer AS things
          FROM orders.orders AS sold
         WHERE right(regexp_replace(sold.phone, '[^0-9]', '', 'g'), 9) = $1
         ORDER BY sold.placed_at DESC
         LIMIT 20
        """,
        nine_digits,
    )
    return [Match(**row) for row in rows]


async def by_postcode_and_name(db: Connection, postcode: str, name: str) -> list[Match]:
    """A part of the name is enough: it is heard, not read."""
    rows = await db.fetch(
        """
        SELECT sold.id, sold.number, sold.state, sold.placed_at, sold.total, sold.currency,
               (SELECT coalesce(sum(line.quantity), 0) FROM orders.lines AS line
                 WHERE line.order_id = sold.id)::integer AS things
          FROM orders.orders AS sold
         WHERE upper(replace(sold.postcode, ' ', '')) = upper(replace($1, ' ', ''))
           AND strpos(lower(sold.name), lower($2)) > 0
         ORDER BY sold.placed_at DESC
         LIMIT 20
        """,
        postcode, name,
    )  # fmt: skip
    return [Match(**row) for row in rows]


async def open_call(
    db: Connection, id: UUID, agent_id: UUID, reason: str, *,
    order_id: UUID | None = None, cart_id: UUID | None = None, found_by: str = "",
    view_id: UUID | None = None, verified: bool = False,
) -> None:  # fmt: skip
    await db.execute(
        """
        INSERT INTO contact.calls (id, agent_id, reason, order_id, cart_id, found_by, view_id,
                                   verified_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, CASE WHEN $8 THEN now() END)
        """,
        id, agent_id, reason, order_id, cart_id, found_by, view_id, verified,
    )  # fmt: skip


async def call(db: Connection, id: UUID, agent_id: UUID) -> Call | None:
    """Only the agent's own, and only for the day on which it was."""
    row = await db.fetchrow(
        """
        SELECT id, agent_id, order_id, cart_id, view_id, reason, found_by, verified_at, tries, opened_at, ended_at
          FROM contact.calls
         WHERE id = $1
           AND agent_id = $2
           AND opened_at > now() - interval '12 hours'
        """,
        id, agent_id,
    )  # fmt: skip
    return Call(**row) if row else None


async def calls_of(db: Connection, agent_id: UUID) -> list[Call]:
    rows = await db.fetch(
        """
        SELECT id, agent_id, order_id, cart_id, view_id, reason, found_by, verified_at, tries, opened_at, ended_at
          FROM contact.calls
         WHERE agent_id = $1
           AND opened_at > now() - interval '12 hours'
           AND ended_at IS NULL
         ORDER BY opened_at DESC
         LIMIT 20
        """,
        agent_id,
    )
    return [Call(**row) for row in rows]


async def take_try(db: Connection, id: UUID) -> bool:
    """Counted before it is looked at. False when there were too many, in this call or in all that were
    begun about its order within a day. The order is locked."""
    return bool(
        await db.fetchval(
            """
            UPDATE contact.calls AS call
               SET tries = call.tries + 1
             WHERE call.id = $1
               AND call.tries < 5
               AND (SELECT coalesce(sum(other.tries), 0)
                      FROM contact.calls AS other
                     WHERE other.order_id = call.order_id
                       AND other.verified_at IS NULL
                       AND other.opened_at > now() - interval '1 day') < $2
            RETURNING true
            """,
            id, TRIES_A_DAY,
        )
    )  # fmt: skip


async def note_verified(db: Connection, id: UUID) -> None:
    await db.execute(
        "UPDATE contact.calls SET verified_at = coalesce(verified_at, now()) WHERE id = $1", id
    )


async def go_on_with_order(db: Connection, cart_id: UUID, order_id: UUID) -> bool:
    """The basket of these calls has become an order; false when that was known."""
    return bool(
        await db.fetch(
            """
            UPDATE contact.calls SET order_id = $2, cart_id = NULL
             WHERE cart_id = $1
            RETURNING id
            """,
            cart_id, order_id,
        )
    )  # fmt: skip


async def ordered_by(db: Connection, call: Call, command: UUID) -> UUID | None:
    """The basket that became the order of this call by this very command."""
    cart_id: UUID | None = await db.fetchval(
        """
        SELECT attempt.cart_id
          FROM orders.orders AS sold
          JOIN checkout.attempts AS attempt
            ON attempt.cart_id = sold.cart_id AND attempt.command = $2
         WHERE sold.id = $1
           AND attempt.order_id = sold.id
        """,
        call.order_id, command,
    )  # fmt: skip
    return cart_id


async def end(db: Connection, id: UUID) -> None:
    await db.execute(
        "UPDATE contact.calls SET ended_at = coalesce(ended_at, now()) WHERE id = $1", id
    )


async def write_note(db: Connection, id: UUID, call_id: UUID, text: str) -> None:
    await db.execute(
        """
        INSERT INTO contact.notes (id, call_id, text)
        VALUES ($1, $2, $3)
            ON CONFLICT (id) DO NOTHING
        """,
        id, call_id, text,
    )  # fmt: skip


async def timeline(
    db: Connection, order_id: UUID | None, cart_id: UUID | None, language: str
) -> list[Happening]:
    """What happened to the order and the basket it came from, what was paid, who looked and why,
    and what was noted; the newest first, goods under their names in this language."""
    rows = await db.fetch(
        """
        WITH theirs AS (
             SELECT $1::uuid AS id
              UNION ALL
             SELECT intent.id FROM payments.intents AS intent WHERE intent.order_id = $1
              UNION ALL
             SELECT work.id FROM fulfilment.fulfilments AS work WHERE work.order_id = $1)
        SELECT event.at, event.kind, '' AS who, '' AS words
          FROM theirs
          JOIN jobs.events AS event ON event.aggregate = theirs.id
         WHERE event.kind <> 'OrderNearer'
         UNION ALL
        SELECT change.at, concat_ws('.', 'basket', change.body ->> 'handover'), '',
               concat_ws(' ', replace(change.body ->> 'delta', '-', '−') || ' ×', words.name)
          FROM cart.changes AS change
          LEFT JOIN LATERAL (SELECT text.name
                               FROM catalog.texts AS text
                              WHERE text.product_id = (change.body ->> 'product_id')::uuid
                              ORDER BY text.language = $3 DESC, text.language = 'en' DESC,
                                       text.language
                              LIMIT 1) AS words ON true
         WHERE change.cart_id = coalesce($2, (SELECT cart_id FROM orders.orders WHERE id = $1))
           AND change.body ? 'product_id'
         UNION ALL
        SELECT message.written_at, 'mail', '', message.subject
          FROM messaging.messages AS message
         WHERE message.about = $1
         UNION ALL
        SELECT seen.at, seen.act, coalesce(person.name, ''), seen.reason
          FROM staff.audit AS seen
          LEFT JOIN staff.people AS person ON person.id = seen.person_id
         WHERE seen.subject IN ($1::uuid::text, $2::uuid::text)
         UNION ALL
        SELECT note.at, 'note', person.name, note.text
          FROM contact.notes AS note
          JOIN contact.calls AS call ON call.id = note.call_id
          JOIN staff.people AS person ON person.id = call.agent_id
         WHERE call.order_id = $1 OR call.cart_id = $2
         ORDER BY at DESC
         LIMIT 200
        """,
        order_id, cart_id, language,
    )  # fmt: skip
    return [Happening(**row) for row in rows]


async def who_looked(db: Connection, order_id: UUID) -> list[Happening]:
    """For the customer: when, why and in which role; of the person no more than the first name."""
    rows = await db.fetch(
        """
        SELECT call.opened_at AS at, 'contact.look' AS kind,
               split_part(person.name, ' ', 1) AS who, call.reason AS words
          FROM contact.calls AS call
          JOIN staff.people AS person ON person.id = call.agent_id
         WHERE call.order_id = $1
         ORDER BY call.opened_at DESC
         LIMIT 50
        """,
        order_id,
    )
    return [Happening(**row) for row in rows]


async def forget_people(
    db: Connection, order_ids: Sequence[UUID], cart_ids: Sequence[UUID]
) -> None:
    """That somebody of the shop looked, and when, stays; what the caller said does not."""
    await db.execute(
        """
        WITH theirs AS (
             UPDATE contact.calls
                SET found_by = '', reason = '–'
              WHERE order_id = ANY ($1::uuid[])
                 OR cart_id = ANY ($2::uuid[])
             RETURNING id)
        DELETE FROM contact.notes AS note
         USING theirs
         WHERE note.call_id = theirs.id
        """,
        list(order_ids), list(cart_ids),
    )  # fmt: skip
