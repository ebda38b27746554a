from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from app.cart.models import Change, Handover, Origin, Snapshot, State
from app.commands import Done
from app.db import Connection
from app.money import Money

MOST_STEPS = 200
"""Told at once; who missed more asks again."""


async def open_cart(db: Connection, id: UUID, sha256: bytes, currency: str) -> None:
    await db.execute(
        """
        WITH opened AS (
             INSERT INTO cart.carts (id, currency) VALUES ($1, $3) RETURNING id)
        INSERT INTO cart.tokens (sha256, cart_id) SELECT $2, opened.id FROM opened
        """,
        id, sha256, currency,
    )  # fmt: skip


async def of_tokens(db: Connection, sha256s: Sequence[bytes]) -> dict[bytes, UUID]:
    rows = await db.fetch(
        """
        SELECT token.sha256, coalesce(cart.alias_of, cart.id) AS cart_id
          FROM cart.tokens AS token
          JOIN cart.carts AS cart ON cart.id = token.cart_id
         WHERE token.sha256 = ANY($1::bytea[])
        """,
        sha256s,
    )
    return {row["sha256"]: row["cart_id"] for row in rows}


async def lock(db: Connection, cart_ids: Sequence[UUID]) -> list[asyncpg.Record]:
    return await db.fetch(
        """
        SELECT cart.id, cart.version, cart.items, cart.state
          FROM cart.carts AS cart
         WHERE cart.id = ANY($1::uuid[])
         ORDER BY cart.id
           FOR UPDATE
        """,
        cart_ids,
    )


class Wish(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the database is asked about one command, of a cart or of whatever a token opens."""

    id: UUID
    handover: Handover
    edition_id: UUID
    token: bytes | None = None
    cart_id: UUID | None = None
    label: str = ""
    gtin: str = ""
    product_id: UUID | None = None


async def facts(db: Connection, wishes: Sequence[Wish]) -> list[asyncpg.Record]:
    """One row per command, in their order: its cart (none that the token opens: no id), whether it
    was done before, what its label, number or product says now, and the line it is about. All of
    one moment: it stays true of carts that are locked, and of others while they have not moved.

    LIMIT 1 says no more than the keys do, but makes the plan one lookup after the other for a batch
    of any size in a shop of any size; a plain join reads small tables whole, and goes on doing so in
    a new shop while they grow, until somebody has counted their rows.
    """
    return await db.fetch(
        """
        WITH wish AS MATERIALIZED (
             SELECT wish.place, wish.id, wish.product_id, wish.handover, wish.edition_id,
                    cart.id AS cart_id, cart.version, cart.items, cart.state,
                    label.state AS label_state, printed.product_id AS printed_product,
                    product.id AS meant,
                    product.on_sale AND NOT product.stopped AS on_sale, product.price,
                    CASE WHEN label.currency = product.currency THEN label.printed_price
                    END AS printed_price,
                    CASE WHEN label.currency = product.currency
                          AND label.valid_from <= now() AND label.valid_until > now()
                         THEN label.valid_until
                    END AS honoured_until,
                    label.poster, product.most_per_basket AS most,
                    CASE WHEN product.content_unit = 'g' THEN product.content_quantity END AS per_g
               FROM ROWS FROM (jsonb_to_recordset($1)
                    AS (token text, cart_id uuid, id uuid, label text, gtin text, product_id uuid,
                        handover text, edition_id uuid))
                    WITH ORDINALITY AS wish (token, cart_id, id, label, gtin, product_id, handover,
                                             edition_id, place)
               LEFT JOIN LATERAL (
                    SELECT coalesce(opened.alias_of, opened.id) AS cart_id
                      FROM cart.tokens AS token
                      JOIN cart.carts AS opened ON opened.id = token.cart_id
                     WHERE token.sha256 = decode(wish.token, 'base64')
                     LIMIT 1) AS opened ON true
               LEFT JOIN LATERAL (
                    SELECT cart.id, cart.version, cart.items, cart.state
                      FROM cart.carts AS cart
                     WHERE cart.id = coalesce(opened.cart_id, wish.cart_id)
                     LIMIT 1) AS cart ON true
               LEFT JOIN LATERAL (
                    SELECT label.state, label.gtin, label.product_id, label.currency,
                           label.printed_price, edition.id AS poster, edition.valid_from,
                           edition.valid_until
                      FROM walls.labels AS label
                      JOIN walls.editions AS edition ON edition.id = label.edition_id
                     WHERE label.token = wish.label
                     LIMIT 1) AS label ON true
               LEFT JOIN LATERAL (
                    SELECT code.product_id
                      FROM catalog.codes AS code
                     WHERE code.gtin = coalesce(label.gtin, wish.gtin)
                     LIMIT 1) AS printed ON true
               LEFT JOIN LATERAL (
                    SELECT product.id, product.on_sale, product.stopped, product.price,
                           product.currency, product.most_per_basket, product.content_unit,
                           product.content_quantity
                      FROM catalog.products AS product
                     WHERE product.id
                           = coalesce(label.product_id, wish.product_id, printed.product_id)
                     LIMIT 1) AS product ON true)
        SELECT wish.cart_id, wish.version, wish.items, wish.state, done.fingerprint, done.outcome,
               wish.label_state, wish.printed_product, wish.meant AS product_id, wish.on_sale,
               wish.price, wish.printed_price, wish.honoured_until,
               CASE WHEN wish.honoured_until IS NULL THEN wish.edition_id ELSE wish.poster
               END AS edition_id,
               wish.most, wish.per_g,
               CASE WHEN wish.most IS NOT NULL
                    THEN (SELECT coalesce(sum(other.quantity), 0)::integer
                            FROM cart.lines AS other
                           WHERE other.cart_id = wish.cart_id AND other.product_id = wish.meant)
               END AS of_product,
               line.quantity, line.version AS line_version, line.printed_price AS line_printed_price,
               line.honoured_until AS line_honoured_until, line.added_from, line.label,
               line.measured_g, line.measured_price
          FROM wish
          LEFT JOIN LATERAL (
               SELECT before.fingerprint, before.outcome
                 FROM commands.done AS before
                WHERE before.scope = wish.cart_id AND before.id = wish.id
                LIMIT 1) AS done ON true
          LEFT JOIN LATERAL (
               SELECT own.quantity, own.version, own.printed_price, own.honoured_until,
                      own.added_from, own.label, own.measured_g, own.measured_price
                 FROM cart.lines AS own
                WHERE own.cart_id = wish.cart_id
                  AND own.product_id = coalesce(wish.meant, wish.product_id)
                  AND own.handover = wish.handover
                  AND own.edition_id = CASE WHEN wish.honoured_until IS NULL THEN wish.edition_id
                                            ELSE wish.poster END
                LIMIT 1) AS line ON true
         ORDER BY wish.place
        """,
        wishes,
    )


class Moved(msgspec.Struct, frozen=True):
    """What a cart becomes that was at version `seen`; the same version where all was refused."""

    id: UUID
    state: State
    seen: int
    version: int
    items: int


class Kept(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line that is there, from now on or still; one that is not has `quantity` 0."""

    cart_id: UUID
    product_id: UUID
    handover: Handover
    edition_id: UUID
    quantity: int
    version: int
    added_from: Origin
    printed_price: Money | None = None
    honoured_until: datetime | None = None
    label: str | None = None
    measured_g: int | None = None
    measured_price: Money | None = None


class Step(msgspec.Struct, frozen=True):
    """What is told of one command that moved its cart to `version`."""

    cart_id: UUID
    version: int
    command_id: UUID
    body: dict[str, Any]


async def move(
    db: Connection,
    carts: Sequence[Moved],
    kept: Sequence[Kept],
    gone: Sequence[Kept],
    steps: Sequence[Step],
    done: Sequence[Done],
) -> set[UUID]:
    """Write what carts have become, lines that are and lines that are not, the story of it and what
    each command did; returns which carts. One that has moved since it was seen, or that somebody
    holds right now, stays as it is with all that belongs to it, and keeps nobody waiting (so the
    carts need not be locked in order, and are looked up one by one: LIMIT 1 as in `facts`).

    One document for each: a batch has thousands of values, and as arrays each of them would be
    looked at on its own before it is sent. JSON has bytes in base64.
    """
    rows = await db.fetch(
        """
        WITH mine AS MATERIALIZED (
             SELECT after.id, after.seen, after.version, after.items, cart.currency
               FROM jsonb_to_recordset($1)
                    AS after (id uuid, state text, seen bigint, version bigint, items integer)
              CROSS JOIN LATERAL (
                    SELECT cart.currency
                      FROM cart.carts AS cart
                     WHERE cart.id = after.id
                       AND cart.version = after.seen
                       AND cart.state = after.state
                     LIMIT 1
                       FOR UPDATE SKIP LOCKED) AS cart),
             moved AS (
             INSERT INTO cart.carts (id, version, items, currency)
             SELECT id, version, items, currency
               FROM mine
              WHERE version > seen
                 ON CONFLICT (id) DO UPDATE  -- all of them: it looks each up by its key
                SET version = excluded.version, items = excluded.items),
             kept AS (
             INSERT INTO cart.lines AS line (
                    cart_id, product_id, handover, edition_id, quantity, version, added_from,
                    printed_price, honoured_until, label, measured_g, measured_price)
             SELECT after.*
               FROM jsonb_to_recordset($2) AS after (
                    cart_id uuid, product_id uuid, handover text, edition_id uuid,
                    quantity integer, version bigint, added_from text, printed_price bigint,
                    honoured_until timestamptz, label text, measured_g integer,
                    measured_price bigint)
               JOIN mine ON mine.id = after.cart_id
                 ON CONFLICT (cart_id, product_id, handover, edition_id) DO UPDATE
                SET quantity = excluded.quantity, version = excluded.version),
             gone AS (
             DELETE FROM cart.lines AS line
              USING mine,
                    jsonb_to_recordset($3)
                    AS gone (cart_id uuid, product_id uuid, handover text, edition_id uuid)
              WHERE mine.id = gone.cart_id
                AND line.cart_id = gone.cart_id
                AND line.product_id = gone.product_id
                AND line.handover = gone.handover
                AND line.edition_id = gone.edition_id),
             told AS (
             INSERT INTO cart.changes (cart_id, version, command_id, body)
             SELECT change.cart_id, change.version, change.command_id, change.body
               FROM jsonb_to_recordset($4)
                    AS change (cart_id uuid, version bigint, command_id uuid, body jsonb)
               JOIN mine ON mine.id = change.cart_id),
             done AS (
             INSERT INTO commands.done (scope, id, fingerprint, outcome)
             SELECT done.scope, done.id, decode(done.fingerprint, 'base64'), done.outcome
               FROM jsonb_to_recordset($5)
                    AS done (scope uuid, id uuid, fingerprint text, outcome jsonb)
               JOIN mine ON mine.id = done.scope)
        SELECT mine.id FROM mine
        """,
        carts, kept, gone, steps, done,
    )  # fmt: skip
    return {row["id"] for row in rows}


async def lines(db: Connection, cart_id: UUID) -> list[asyncpg.Record]:
    """With the cart's own columns on each, so that both are of one moment; one row with no
    product for an empty cart, none for no cart.
    """
    return await db.fetch(
        """
        SELECT cart.version, cart.state, cart.items, cart.currency, cart.note,
               (SELECT coalesce(array_agg(coupon.code ORDER BY coupon.attached_at, coupon.code), '{}')
                  FROM cart.coupons AS coupon
                 WHERE coupon.cart_id = cart.id) AS coupons,
               line.product_id, line.handover, line.edition_id, line.quantity, line.printed_price,
               CASE WHEN line.honoured_until > now() THEN line.honoured_until END AS honoured_until,
               line.added_from, line.label, line.version AS line_version,
               line.measured_g, line.measured_price, coalesce(word.text, '') AS line_note
          FROM cart.carts AS cart
          LEFT JOIN cart.lines AS line ON line.cart_id = cart.id
          LEFT JOIN cart.line_notes AS word
            ON word.cart_id = cart.id
           AND word.product_id = line.product_id
         WHERE cart.id = $1
         ORDER BY line.added_at, line.product_id, line.handover, line.edition_id
        """,
        cart_id,
    )


async def groups_of_owner(db: Connection, cart_id: UUID) -> frozenset[str]:
    """Whoever has an account is a member; what else they are somebody has said. None of somebody
    without."""
    rows = await db.fetch(
        """
        SELECT 'members' AS name
          FROM cart.members AS owner
         WHERE owner.cart_id = $1
         UNION ALL
        SELECT membership.name
          FROM cart.members AS owner
          JOIN customers.memberships AS membership ON membership.customer_id = owner.customer_id
         WHERE owner.cart_id = $1
        """,
        cart_id,
    )
    return frozenset(row["name"] for row in rows)


async def snapshots(db: Connection, cart_ids: Sequence[UUID]) -> dict[UUID, Snapshot]:
    rows = await db.fetch(
        """
        SELECT cart.id, cart.version, cart.state, cart.items AS count,
               coalesce(jsonb_agg(jsonb_build_object(
                   'product_id', line.product_id, 'handover', line.handover,
                   'edition_id', line.edition_id, 'quantity', line.quantity)
                   ORDER BY line.added_at, line.product_id)
                   FILTER (WHERE line.cart_id IS NOT NULL), '[]') AS lines
          FROM cart.carts AS cart
          LEFT JOIN cart.lines AS line ON line.cart_id = cart.id
         WHERE cart.id = ANY($1::uuid[])
         GROUP BY cart.id
        """,
        cart_ids,
    )
    return {row["id"]: msgspec.convert(dict(row), Snapshot) for row in rows}


async def freeze(db: Connection, cart_id: UUID, version: int) -> bool:
    return bool(
        await db.fetchval(
            """
            UPDATE cart.carts
               SET state = 'frozen'
             WHERE id = $1 AND version = $2 AND state = 'open' AND items > 0
            RETURNING true
            """,
            cart_id, version,
        )
    )  # fmt: skip


async def reopen(db: Connection, cart_id: UUID) -> None:
    await db.execute(
        "UPDATE cart.carts SET state = 'open' WHERE id = $1 AND state = 'frozen'", cart_id
    )


async def close(db: Connection, cart_id: UUID, order_id: UUID) -> asyncpg.Record | None:
    """One cart becomes one order at most: true for the first order that asks, and for it again."""
    return await db.fetchrow(
        """
        UPDATE cart.carts
           SET state = 'ordered', order_id = $2,
               version = version + (state <> 'ordered')::integer
         WHERE id = $1 AND (state IN ('open', 'frozen') OR order_id = $2)
        RETURNING version, currency, old.state AS was
        """,
        cart_id, order_id,
    )  # fmt: skip


async def note_order(db: Connection, cart_id: UUID, version: int, order_id: UUID) -> None:
    await db.execute(
        """
        INSERT INTO cart.changes (cart_id, version, command_id, body)
        VALUES ($1, $2, $3, jsonb_build_object('ordered', $3::uuid))
        """,
        cart_id, version, order_id,
    )  # fmt: skip


async def hand_on(
    db: Connection, cart_id: UUID, next_id: UUID, version: int, currency: str
) -> None:
    """Whoever opens an ordered cart has the next, empty one, whose versions go on from there. Who
    brings it along by a code has that, too; who was to look at it, or did, sees nothing more."""
    await db.execute(
        """
        WITH next AS (
             INSERT INTO cart.carts (id, version, currency) VALUES ($2, $3, $4) RETURNING id),
             same AS (
             SELECT cart.id FROM cart.carts AS cart WHERE cart.id = $1 OR cart.alias_of = $1),
             followed AS (
             UPDATE cart.carts AS cart
                SET alias_of = next.id
               FROM next
              WHERE cart.alias_of = $1),
             owned AS (
             UPDATE cart.members AS member
                SET cart_id = next.id
               FROM next
              WHERE member.cart_id = $1
             RETURNING member.customer_id),
             theirs AS (
             INSERT INTO cart.ordered_by (cart_id, customer_id)
             SELECT $1, owned.customer_id
               FROM owned
                 ON CONFLICT (cart_id) DO NOTHING),
             aside AS (
             UPDATE cart.saved AS saved
                SET cart_id = next.id
               FROM next
              WHERE saved.cart_id = $1),
             ended AS (
             DELETE FROM cart.views AS view USING same WHERE view.cart_id = same.id),
             used_up AS (
             DELETE FROM cart.pairings AS pairing
              USING same
              WHERE pairing.cart_id = same.id AND pairing.role <> 'own'),
             brought AS (
             UPDATE cart.pairings AS pairing
                SET cart_id = next.id
               FROM next
              WHERE pairing.cart_id = $1 AND pairing.role = 'own')
        UPDATE cart.tokens AS token
           SET cart_id = next.id
          FROM next
         WHERE token.cart_id = $1
        """,
        cart_id, next_id, version, currency,
    )  # fmt: skip


async def changes_of_many(
    db: Connection, seen: Collection[tuple[UUID, int]]
) -> dict[tuple[UUID, int], list[Change]]:
    """What happened in each cart after a version of it, at most `MOST_STEPS` of it."""
    rows = await db.fetch(
        """
        SELECT seen.cart_id, seen.version AS since, change.version, change.body
          FROM unnest($1::uuid[], $2::bigint[]) AS seen (cart_id, version)
         CROSS JOIN LATERAL (
               SELECT step.version, step.body
                 FROM cart.changes AS step
                WHERE step.cart_id = seen.cart_id AND step.version > seen.version
                ORDER BY step.version
                LIMIT $3) AS change
         ORDER BY seen.cart_id, seen.version, change.version
        """,
        *_columns(list(seen), 2), MOST_STEPS,
    )  # fmt: skip
    found: dict[tuple[UUID, int], list[Change]] = {}
    for row in rows:
        steps = found.setdefault((row["cart_id"], row["since"]), [])
        steps.append(Change(version=row["version"], body=row["body"]))
    return found


async def versions(db: Connection, cart_ids: Sequence[UUID]) -> dict[UUID, int]:
    rows = await db.fetch(
        "SELECT cart.id, cart.version FROM cart.carts AS cart WHERE cart.id = ANY($1::uuid[])",
        cart_ids,
    )
    return {row["id"]: row["version"] for row in rows}


async def forget_changes(db: Connection) -> None:
    await db.execute("DELETE FROM cart.changes WHERE at < now() - interval '24 hours'")


def _columns(rows: Sequence[tuple[Any, ...]], count: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[]] * count
