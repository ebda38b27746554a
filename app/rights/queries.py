"""What there is about a person, table by table. Whole rows are told, so that a column that comes later is
told too; only what opens something (hashes of tokens and codes) is left out."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import asyncpg

from app.db import Connection
from app.rights.models import Whose

BY_ORDER: Mapping[str, str] = {
    "orders.orders": """
        SELECT to_jsonb(one) - 'token_hash' AS told
          FROM orders.orders AS one WHERE one.id = ANY ($1::uuid[]) ORDER BY one.placed_at""",
    "orders.lines": """
        SELECT to_jsonb(one) AS told
          FROM orders.lines AS one WHERE one.order_id = ANY ($1::uuid[])""",
    "orders.line_notes": """
        SELECT to_jsonb(one) AS told
          FROM orders.line_notes AS one WHERE one.order_id = ANY ($1::uuid[])""",
    "orders.notes": """
        SELECT to_jsonb(one) AS told
          FROM orders.notes AS one WHERE one.order_id = ANY ($1::uuid[]) ORDER BY one.at""",
    "orders.documents": """
        SELECT to_jsonb(one) AS told
          FROM orders.documents AS one WHERE one.order_id = ANY ($1::uuid[])""",
    "checkout.changes": """
        SELECT to_jsonb(one) AS told
          FROM checkout.changes AS one WHERE one.order_id = ANY ($1::uuid[])""",
    "payments.intents": """
        SELECT to_jsonb(one) AS told
          FROM payments.intents AS one WHERE one.order_id = ANY ($1::uuid[])""",
    "payments.captures": """
        SELECT to_jsonb(one) AS told
          FROM payments.captures AS one
          JOIN payments.intents AS intent ON intent.id = one.intent_id
         WHERE intent.order_id = ANY ($1::uuid[])""",
    "payments.refunds": """
        SELECT to_jsonb(one) AS told
          FROM payments.refunds AS one
          JOIN payments.intents AS intent ON intent.id = one.intent_id
         WHERE intent.order_id = ANY ($1::uuid[])""",
    "payments.events": """
        SELECT to_jsonb(one) AS told
          FROM payments.events AS one
          JOIN payments.intents AS intent ON intent.id = one.intent_id
         WHERE intent.order_id = ANY ($1::uuid[])""",
    "payments.oddities": """
        SELECT to_jsonb(one) AS told
          FROM payments.oddities AS one
          JOIN payments.intents AS intent ON intent.id = one.intent_id
         WHERE intent.order_id = ANY ($1::uuid[])""",
    "payments.gift_cards": """
        SELECT to_jsonb(one) - 'code_sha256' AS told
          FROM payments.gift_cards AS one WHERE one.order_id = ANY ($1::uuid[])""",
    "pricing.redemptions": """
        SELECT to_jsonb(one) - 'customer' AS told
          FROM pricing.redemptions AS one WHERE one.order_id = ANY ($1::uuid[])""",
    "fulfilment.fulfilments": """
        SELECT to_jsonb(one) AS told
          FROM fulfilment.fulfilments AS one WHERE one.order_id = ANY ($1::uuid[])""",
    "fulfilment.picks": """
        SELECT to_jsonb(one) AS told
          FROM fulfilment.picks AS one WHERE one.order_id = ANY ($1::uuid[])""",
    "fulfilment.substitutes": """
        SELECT to_jsonb(one) AS told
          FROM fulfilment.substitutes AS one WHERE one.order_id = ANY ($1::uuid[])""",
    "fulfilment.parcels": """
        SELECT to_jsonb(one) AS told
          FROM fulfilment.parcels AS one WHERE one.order_id = ANY ($1::uuid[])""",
    "fulfilment.stops": """
        SELECT to_jsonb(one) AS told
          FROM fulfilment.stops AS one WHERE one.order_id = ANY ($1::uuid[])""",
    "fulfilment.second_tries": """
        SELECT to_jsonb(one) AS told
          FROM fulfilment.second_tries AS one WHERE one.order_id = ANY ($1::uuid[])""",
    "fulfilment.proofs": """
        SELECT to_jsonb(one) AS told
          FROM fulfilment.proofs AS one WHERE one.order_id = ANY ($1::uuid[])""",
    "fulfilment.refusals": """
        SELECT to_jsonb(one) AS told
          FROM fulfilment.refusals AS one WHERE one.order_id = ANY ($1::uuid[])""",
    "fulfilment.desk_refusals": """
        SELECT to_jsonb(one) AS told
          FROM fulfilment.desk_refusals AS one WHERE one.order_id = ANY ($1::uuid[])""",
    "fulfilment.collections": """
        SELECT to_jsonb(one) - 'code_hash' AS told
          FROM fulfilment.collections AS one WHERE one.order_id = ANY ($1::uuid[])""",
    "fulfilment.consignments": """
        SELECT to_jsonb(one) AS told
          FROM fulfilment.consignments AS one WHERE one.order_id = ANY ($1::uuid[])""",
    "fulfilment.carrier_facts": """
        SELECT to_jsonb(one) AS told
          FROM fulfilment.carrier_facts AS one WHERE one.order_id = ANY ($1::uuid[])""",
    "fulfilment.acts": """
        SELECT to_jsonb(one) - 'person_id' AS told
          FROM fulfilment.acts AS one WHERE one.order_id = ANY ($1::uuid[])""",
    "returns.requests": """
        SELECT to_jsonb(one) AS told
          FROM returns.requests AS one WHERE one.order_id = ANY ($1::uuid[])""",
    "returns.collections": """
        SELECT to_jsonb(one) AS told
          FROM returns.collections AS one
          JOIN returns.requests AS asked ON asked.id = one.request_id
         WHERE asked.order_id = ANY ($1::uuid[])""",
    "returns.labels": """
        SELECT to_jsonb(one) AS told
          FROM returns.labels AS one
          JOIN returns.requests AS asked ON asked.id = one.request_id
         WHERE asked.order_id = ANY ($1::uuid[])""",
    "returns.returns": """
        SELECT to_jsonb(one) AS told
          FROM returns.returns AS one WHERE one.order_id = ANY ($1::uuid[])""",
    "returns.lines": """
        SELECT to_jsonb(one) AS told
          FROM returns.lines AS one
          JOIN returns.returns AS came ON came.id = one.return_id
         WHERE came.order_id = ANY ($1::uuid[])""",
    "returns.refunds": """
        SELECT to_jsonb(one) AS told
          FROM returns.refunds AS one
          JOIN returns.returns AS came ON came.id = one.return_id
         WHERE came.order_id = ANY ($1::uuid[])""",
    "returns.goodwill": """
        SELECT to_jsonb(one) AS told
          FROM returns.goodwill AS one WHERE one.order_id = ANY ($1::uuid[])""",
    "returns.photos": """
        SELECT to_jsonb(one) AS told
          FROM returns.photos AS one
         WHERE one.about IN (SELECT id FROM returns.requests WHERE order_id = ANY ($1::uuid[])
                              UNION ALL
                             SELECT id FROM returns.returns WHERE order_id = ANY ($1::uuid[]))""",
    "returns.empties": """
        SELECT to_jsonb(one) AS told
          FROM returns.empties AS one WHERE one.order_id = ANY ($1::uuid[])""",
    "cases.cases": """
        SELECT to_jsonb(one) - 'owner' AS told
          FROM cases.cases AS one WHERE one.order_id = ANY ($1::uuid[])""",
    "cases.entries": """
        SELECT to_jsonb(one) - 'by' AS told
          FROM cases.entries AS one
          JOIN cases.cases AS problem ON problem.id = one.case_id
         WHERE problem.order_id = ANY ($1::uuid[]) ORDER BY one.at""",
    "tills.receipts": """
        SELECT to_jsonb(one) AS told
          FROM tills.receipts AS one WHERE one.order_id = ANY ($1::uuid[])""",
    "tills.copies": """
        SELECT to_jsonb(one) - 'by' AS told
          FROM tills.copies AS one
          JOIN tills.receipts AS receipt ON receipt.id = one.receipt_id
         WHERE receipt.order_id = ANY ($1::uuid[])""",
}
BY_CART: Mapping[str, str] = {
    "cart.carts": """
        SELECT to_jsonb(one) AS told
          FROM cart.carts AS one WHERE one.id = ANY ($1::uuid[])""",
    "cart.lines": """
        SELECT to_jsonb(one) AS told
          FROM cart.lines AS one WHERE one.cart_id = ANY ($1::uuid[])""",
    "cart.line_notes": """
        SELECT to_jsonb(one) AS told
          FROM cart.line_notes AS one WHERE one.cart_id = ANY ($1::uuid[])""",
    "cart.coupons": """
        SELECT to_jsonb(one) AS told
          FROM cart.coupons AS one WHERE one.cart_id = ANY ($1::uuid[])""",
    "cart.changes": """
        SELECT to_jsonb(one) AS told
          FROM cart.changes AS one WHERE one.cart_id = ANY ($1::uuid[])""",
}
BY_EMAIL: Mapping[str, str] = {
    "customers.people": """
        SELECT to_jsonb(one) AS told
          FROM customers.people AS one WHERE one.email = $1""",
    "customers.links": """
        SELECT to_jsonb(one) - 'sha256' AS told
          FROM customers.links AS one WHERE one.email = $1""",
    "customers.sessions": """
        SELECT to_jsonb(one) - 'token_sha256' AS told
          FROM customers.sessions AS one
          JOIN customers.people AS person ON person.id = one.customer_id
         WHERE person.email = $1""",
    "customers.memberships": """
        SELECT to_jsonb(one) - 'person_id' AS told
          FROM customers.memberships AS one
          JOIN customers.people AS person ON person.id = one.customer_id
         WHERE person.email = $1""",
    "cart.members": """
        SELECT to_jsonb(one) AS told
          FROM cart.members AS one
          JOIN customers.people AS person ON person.id = one.customer_id
         WHERE person.email = $1""",
    "cart.ordered_by": """
        SELECT to_jsonb(one) AS told
          FROM cart.ordered_by AS one
          JOIN customers.people AS person ON person.id = one.customer_id
         WHERE person.email = $1""",
    "loyalty.accounts": """
        SELECT to_jsonb(one) AS told
          FROM loyalty.accounts AS one
          JOIN customers.people AS person ON person.id = one.customer_id
         WHERE person.email = $1""",
    "loyalty.ledger": """
        SELECT to_jsonb(one) - 'person_id' AS told
          FROM loyalty.ledger AS one
          JOIN customers.people AS person ON person.id = one.customer_id
         WHERE person.email = $1 ORDER BY one.number""",
    "cart.merges": """
        SELECT to_jsonb(one) AS told
          FROM cart.merges AS one
          JOIN customers.people AS person ON person.id = one.customer_id
         WHERE person.email = $1""",
}


async def told(db: Connection, whose: Whose) -> dict[str, list[dict[str, Any]]]:
    """Rows by table, those without any left out."""
    found: dict[str, list[asyncpg.Record]] = {}
    for table, sql in BY_ORDER.items():
        found[table] = await db.fetch(sql, list(whose.order_ids))
    for table, sql in BY_CART.items():
        found[table] = await db.fetch(sql, list(whose.cart_ids))
    for table, sql in BY_EMAIL.items():
        found[table] = await db.fetch(sql, whose.email)
    found["messaging.messages"] = await messages(db, whose)
    found["contact.calls"] = await calls(db, whose)
    found["contact.notes"] = await notes_of_calls(db, whose)
    found["fulfilment.door_notes"] = await door_notes(db, whose.doors)
    found["pricing.customer_uses"] = await uses(db, whose.key)
    return {table: [row["told"] for row in rows] for table, rows in found.items() if rows}


async def messages(db: Connection, whose: Whose) -> list[asyncpg.Record]:
    return await db.fetch(
        """
        SELECT to_jsonb(one) AS told
          FROM messaging.messages AS one
         WHERE one.about = ANY ($1::uuid[])
            OR lower(one.recipient) = $2
         ORDER BY one.written_at
        """,
        list(whose.order_ids), whose.email,
    )  # fmt: skip


async def calls(db: Connection, whose: Whose) -> list[asyncpg.Record]:
    return await db.fetch(
        """
        SELECT to_jsonb(one) - 'agent_id' AS told
          FROM contact.calls AS one
         WHERE one.order_id = ANY ($1::uuid[])
            OR one.cart_id = ANY ($2::uuid[])
         ORDER BY one.opened_at
        """,
        list(whose.order_ids), list(whose.cart_ids),
    )  # fmt: skip


async def notes_of_calls(db: Connection, whose: Whose) -> list[asyncpg.Record]:
    return await db.fetch(
        """
        SELECT to_jsonb(one) AS told
          FROM contact.notes AS one
          JOIN contact.calls AS call ON call.id = one.call_id
         WHERE call.order_id = ANY ($1::uuid[])
            OR call.cart_id = ANY ($2::uuid[])
         ORDER BY one.at
        """,
        list(whose.order_ids), list(whose.cart_ids),
    )  # fmt: skip


async def door_notes(db: Connection, doors: Sequence[bytes]) -> list[asyncpg.Record]:
    return await db.fetch(
        """
        SELECT to_jsonb(one) - 'by' AS told
          FROM fulfilment.door_notes AS one WHERE one.door = ANY ($1::bytea[])
        """,
        list(doors),
    )


async def uses(db: Connection, customer: bytes) -> list[asyncpg.Record]:
    return await db.fetch(
        """
        SELECT to_jsonb(one) - 'customer' AS told
          FROM pricing.customer_uses AS one WHERE one.customer = $1
        """,
        customer,
    )


async def customer(db: Connection, email: str) -> UUID | None:
    id: UUID | None = await db.fetchval("SELECT id FROM customers.people WHERE email = $1", email)
    return id


async def orders_of(db: Connection, email: str) -> list[asyncpg.Record]:
    """With an account or without: who has the mailbox has them all."""
    return await db.fetch(
        """
        SELECT id AS order_id, country, postcode, house_number
          FROM orders.orders
         WHERE lower(email) = $1
         ORDER BY id
        """,
        email,
    )


async def carts_of(
    db: Connection, customer_id: UUID | None, order_ids: Sequence[UUID]
) -> list[UUID]:
    """The account's basket, those that became its orders, and those that went up in either."""
    rows = await db.fetch(
        """
        WITH theirs AS (
             SELECT cart_id AS id FROM cart.members WHERE customer_id = $1
              UNION
             SELECT cart_id FROM orders.orders WHERE id = ANY ($2::uuid[])
              UNION
             SELECT guest FROM cart.merges WHERE customer_id = $1
              UNION
             SELECT survivor FROM cart.merges WHERE customer_id = $1)
        SELECT id FROM theirs
         UNION
        SELECT cart.id
          FROM cart.carts AS cart
          JOIN theirs ON cart.alias_of = theirs.id
        """,
        customer_id, list(order_ids),
    )  # fmt: skip
    return [row["id"] for row in rows]


async def files_of(db: Connection, order_ids: Sequence[UUID]) -> list[str]:
    """Signatures and photos of doors, and photos of what was wrong."""
    rows = await db.fetch(
        """
        SELECT proof.file AS name
          FROM fulfilment.proofs AS proof
         WHERE proof.order_id = ANY ($1::uuid[])
           AND proof.file IS NOT NULL
         UNION
        SELECT photo.file
          FROM returns.photos AS photo
         WHERE photo.about IN (SELECT id FROM returns.requests WHERE order_id = ANY ($1::uuid[])
                                UNION ALL
                               SELECT id FROM returns.returns WHERE order_id = ANY ($1::uuid[]))
         UNION
        SELECT asked.photo
          FROM returns.requests AS asked
         WHERE asked.order_id = ANY ($1::uuid[])
           AND asked.photo IS NOT NULL
         UNION
        SELECT came.photo
          FROM returns.returns AS came
         WHERE came.order_id = ANY ($1::uuid[])
           AND came.photo IS NOT NULL
        """,
        list(order_ids),
    )
    return [row["name"] for row in rows]


async def under_way(db: Connection, order_ids: Sequence[UUID]) -> str | None:
    """The number of an order that is not finished, or about which somebody still waits; the orders are
    locked, so that none of them goes on meanwhile."""
    number: str | None = await db.fetchval(
        """
        WITH theirs AS (
             SELECT sold.id, sold.number, sold.state
               FROM orders.orders AS sold
              WHERE sold.id = ANY ($1::uuid[])
              ORDER BY sold.id
                FOR UPDATE)
        SELECT theirs.number
          FROM theirs
         WHERE theirs.state NOT IN ('delivered', 'part_delivered', 'cancelled')
            OR EXISTS (SELECT
                         FROM returns.requests AS asked
                        WHERE asked.order_id = theirs.id
                          AND asked.state = 'open')
            OR EXISTS (SELECT
                         FROM cases.cases AS problem
                        WHERE problem.order_id = theirs.id
                          AND problem.state <> 'closed')
            OR EXISTS (SELECT
                         FROM payments.refunds AS refund
                         JOIN payments.intents AS intent ON intent.id = refund.intent_id
                        WHERE intent.order_id = theirs.id
                          AND refund.state = 'wanted')
         LIMIT 1
        """,
        list(order_ids),
    )
    return number


async def still_used(db: Connection, names: Sequence[str]) -> set[str]:
    """Of these files, those somebody else has too: the same picture is kept once."""
    rows = await db.fetch(
        """
        SELECT file AS name FROM fulfilment.proofs WHERE file = ANY ($1::text[])
         UNION
        SELECT file FROM returns.photos WHERE file = ANY ($1::text[])
         UNION
        SELECT photo FROM returns.requests WHERE photo = ANY ($1::text[])
         UNION
        SELECT photo FROM returns.returns WHERE photo = ANY ($1::text[])
        """,
        list(names),
    )
    return {row["name"] for row in rows}
