"""Baskets that become one: at login, and when somebody brings theirs along."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from app.db import Connection


async def lock_member(db: Connection, customer_id: UUID, if_none: UUID | None) -> UUID | None:
    """The basket of a customer, kept for us until we commit; `if_none` becomes it where there is
    none. None when there is none and none was brought."""
    cart_id: UUID | None = await db.fetchval(
        """
        WITH made AS (
             INSERT INTO cart.members AS member (customer_id, cart_id)
             SELECT $1, $2
              WHERE $2::uuid IS NOT NULL
                 ON CONFLICT (customer_id) DO UPDATE
                SET cart_id = member.cart_id
             RETURNING member.cart_id),
             there AS (
             SELECT member.cart_id
               FROM cart.members AS member
              WHERE member.customer_id = $1 AND $2::uuid IS NULL
                FOR UPDATE)
        SELECT made.cart_id FROM made
         UNION ALL
        SELECT there.cart_id FROM there
        """,
        customer_id, if_none,
    )  # fmt: skip
    return cart_id


async def owner(db: Connection, cart_id: UUID) -> UUID | None:
    customer_id: UUID | None = await db.fetchval(
        "SELECT customer_id FROM cart.members WHERE cart_id = $1", cart_id
    )
    return customer_id


async def owners(db: Connection, cart_ids: Sequence[UUID]) -> set[UUID]:
    rows = await db.fetch(
        "SELECT customer_id FROM cart.members WHERE cart_id = ANY($1::uuid[])", cart_ids
    )
    return {row["customer_id"] for row in rows}


async def open_without_token(db: Connection, id: UUID, currency: str) -> None:
    await db.execute("INSERT INTO cart.carts (id, currency) VALUES ($1, $2)", id, currency)


async def lock(db: Connection, cart_ids: Sequence[UUID]) -> list[asyncpg.Record]:
    return await db.fetch(
        """
        SELECT cart.id, cart.version, cart.items, cart.state, cart.currency, cart.alias_of
          FROM cart.carts AS cart
         WHERE cart.id = ANY($1::uuid[])
         ORDER BY cart.id
           FOR UPDATE
        """,
        cart_ids,
    )


async def lines(db: Connection, cart_id: UUID) -> list[asyncpg.Record]:
    """Of a locked cart, with everything that makes them what they are."""
    return await db.fetch(
        """
        SELECT line.product_id, line.handover, line.edition_id, line.quantity,
               product.most_per_basket AS most
          FROM cart.lines AS line
          LEFT JOIN catalog.products AS product ON product.id = line.product_id
         WHERE line.cart_id = $1
         ORDER BY line.added_at, line.product_id, line.handover, line.edition_id
        """,
        cart_id,
    )


async def bring(
    db: Connection, guest: UUID, survivor: UUID, version: int, brought: Sequence["Brought"]
) -> None:
    """So many of each of the guest's lines more; the price of a poster comes along."""
    columns = [list(column) for column in zip(*brought, strict=True)] if brought else [[]] * 4
    await db.execute(
        """
        INSERT INTO cart.lines AS line (
               cart_id, product_id, handover, edition_id, quantity, version, printed_price,
               honoured_until, added_from, label, measured_g, measured_price)
        SELECT $2, theirs.product_id, theirs.handover, theirs.edition_id, brought.quantity, $3,
               theirs.printed_price, theirs.honoured_until, theirs.added_from, theirs.label,
               theirs.measured_g, theirs.measured_price
          FROM unnest($4::uuid[], $5::text[], $6::uuid[], $7::integer[])
               AS brought (product_id, handover, edition_id, quantity)
          JOIN cart.lines AS theirs
            ON theirs.cart_id = $1
           AND theirs.product_id = brought.product_id
           AND theirs.handover = brought.handover
           AND theirs.edition_id = brought.edition_id
            ON CONFLICT (cart_id, product_id, handover, edition_id) DO UPDATE
           SET quantity = line.quantity + excluded.quantity, version = excluded.version
        """,
        guest, survivor, version, *columns,
    )  # fmt: skip


async def take_out(
    db: Connection, cart_id: UUID, version: int, brought: Sequence["Brought"]
) -> list[asyncpg.Record]:
    """So many of each line fewer, as far as they are still there; returns the lines as they are."""
    columns = [list(column) for column in zip(*brought, strict=True)] if brought else [[]] * 4
    return await db.fetch(
        """
        WITH brought AS (
             SELECT *
               FROM unnest($3::uuid[], $4::text[], $5::uuid[], $6::integer[])
                    AS brought (product_id, handover, edition_id, quantity)),
             fewer AS (
             UPDATE cart.lines AS line
                SET quantity = line.quantity - brought.quantity, version = $2
               FROM brought
              WHERE line.cart_id = $1
                AND line.product_id = brought.product_id
                AND line.handover = brought.handover
                AND line.edition_id = brought.edition_id
                AND line.quantity > brought.quantity
             RETURNING line.product_id, line.handover, line.edition_id, line.quantity),
             gone AS (
             DELETE FROM cart.lines AS line
              USING brought
              WHERE line.cart_id = $1
                AND line.product_id = brought.product_id
                AND line.handover = brought.handover
                AND line.edition_id = brought.edition_id
                AND line.quantity <= brought.quantity
             RETURNING line.product_id, line.handover, line.edition_id, 0 AS quantity)
        SELECT * FROM fewer UNION ALL SELECT * FROM gone
        """,
        cart_id, version, *columns,
    )  # fmt: skip


async def park(db: Connection, cart_id: UUID) -> list[asyncpg.Record]:
    """All lines of a cart are laid aside, on top of what lies there; returns them."""
    return await db.fetch(
        """
        WITH gone AS (
             DELETE FROM cart.lines WHERE cart_id = $1 RETURNING *),
             kept AS (
             INSERT INTO cart.saved AS saved (
                    cart_id, product_id, handover, edition_id, quantity, printed_price,
                    honoured_until, added_from, label, measured_g, measured_price)
             SELECT gone.cart_id, gone.product_id, gone.handover, gone.edition_id, gone.quantity,
                    gone.printed_price, gone.honoured_until, gone.added_from, gone.label,
                    gone.measured_g, gone.measured_price
               FROM gone
                 ON CONFLICT (cart_id, product_id, handover, edition_id) DO UPDATE
                SET quantity = least(saved.quantity + excluded.quantity, 99))
        SELECT gone.product_id, gone.handover, gone.edition_id, gone.quantity
          FROM gone
         ORDER BY gone.added_at, gone.product_id, gone.handover, gone.edition_id
        """,
        cart_id,
    )


async def fetch_back(
    db: Connection, cart_id: UUID, version: int, wanted: Sequence["Brought"]
) -> list[asyncpg.Record]:
    """What was laid aside of these is in the basket again, as far as 99 of a line allow.

    Returns the lines as they are, with `more`, how many of each came back.
    """
    columns = [list(column) for column in zip(*wanted, strict=True)] if wanted else [[]] * 4
    return await db.fetch(
        """
        WITH wanted AS (
             SELECT *
               FROM unnest($3::uuid[], $4::text[], $5::uuid[], $6::integer[])
                    AS wanted (product_id, handover, edition_id, quantity)),
             back AS (
             DELETE FROM cart.saved AS saved
              USING wanted
              WHERE saved.cart_id = $1
                AND saved.product_id = wanted.product_id
                AND saved.handover = wanted.handover
                AND saved.edition_id = wanted.edition_id
             RETURNING saved.*)
        INSERT INTO cart.lines AS line (
               cart_id, product_id, handover, edition_id, quantity, version, printed_price,
               honoured_until, added_from, label, measured_g, measured_price)
        SELECT back.cart_id, back.product_id, back.handover, back.edition_id, back.quantity, $2,
               back.printed_price, back.honoured_until, back.added_from, back.label,
               back.measured_g, back.measured_price
          FROM back
            ON CONFLICT (cart_id, product_id, handover, edition_id) DO UPDATE
           SET quantity = least(line.quantity + excluded.quantity, 99), version = excluded.version
        RETURNING line.product_id, line.handover, line.edition_id, line.quantity,
                  line.quantity - coalesce(old.quantity, 0) AS more
        """,
        cart_id, version, *columns,
    )  # fmt: skip


async def saved(db: Connection, cart_id: UUID) -> list[asyncpg.Record]:
    return await db.fetch(
        """
        SELECT saved.product_id, saved.handover, saved.edition_id, saved.quantity,
               saved.printed_price,
               CASE WHEN saved.honoured_until > now() THEN saved.honoured_until
               END AS honoured_until,
               saved.added_from, saved.label, 0::bigint AS line_version, saved.measured_g,
               saved.measured_price, coalesce(word.text, '') AS line_note
          FROM cart.saved AS saved
          LEFT JOIN cart.line_notes AS word
            ON word.cart_id = saved.cart_id
           AND word.product_id = saved.product_id
         WHERE saved.cart_id = $1
         ORDER BY saved.saved_at, saved.product_id, saved.handover, saved.edition_id
        """,
        cart_id,
    )


async def stand(
    db: Connection, cart_id: UUID, version: int, command: UUID, body: dict[str, Any]
) -> int:
    """Its version, its sum of lines (told with them), and one step that follows none: every watcher
    looks anew."""
    items: int = await db.fetchval(
        """
        WITH together AS (
             SELECT coalesce(sum(line.quantity), 0)::integer AS items
               FROM cart.lines AS line
              WHERE line.cart_id = $1),
             forgotten AS (
             DELETE FROM cart.changes WHERE cart_id = $1 AND version < $2),
             told AS (
             INSERT INTO cart.changes (cart_id, version, command_id, body)
             SELECT $1, $2, $3,
                    CASE WHEN told.body ? 'lines'
                         THEN told.body || jsonb_build_object('count', together.items)
                         ELSE told.body
                    END
               FROM together
              CROSS JOIN (VALUES ($4::jsonb)) AS told (body))
        UPDATE cart.carts AS cart
           SET version = $2, items = together.items
          FROM together
         WHERE cart.id = $1
        RETURNING cart.items
        """,
        cart_id, version, command, body,
    )  # fmt: skip
    return items


async def let_follow(db: Connection, guest: UUID, survivor: UUID) -> list[UUID]:
    """Whoever has the guest's token, or one that led there, has the survivor from now on. Returns
    the baskets that had followed the guest's."""
    rows = await db.fetch(
        """
        UPDATE cart.carts
           SET state = 'merged', alias_of = $2
         WHERE id = $1 OR alias_of = $1
        RETURNING id
        """,
        guest, survivor,
    )  # fmt: skip
    return [row["id"] for row in rows if row["id"] != guest]


async def stand_alone(db: Connection, guest: UUID, followers: Sequence[UUID]) -> None:
    """Its followers follow it again."""
    await db.execute(
        """
        UPDATE cart.carts
           SET state = CASE WHEN id = $1 THEN 'open' ELSE 'merged' END,
               alias_of = CASE WHEN id = $1 THEN NULL ELSE $1 END
         WHERE (id = $1 OR id = ANY($2::uuid[])) AND state = 'merged'
        """,
        guest, followers,
    )  # fmt: skip


class Words(msgspec.Struct, frozen=True):
    """Coupons that came over, whether the note did, and about which products something was said."""

    coupons: list[str]
    noted: bool
    line_notes: list[UUID]


async def bring_words(db: Connection, guest: UUID, survivor: UUID) -> Words:
    """The guest's coupons, as many as there is room for, and the notes where there are none."""
    row = await db.fetchrow(
        """
        WITH noted AS (
             UPDATE cart.carts AS cart
                SET note = guest.note
               FROM cart.carts AS guest
              WHERE cart.id = $2 AND guest.id = $1 AND cart.note = '' AND guest.note <> ''
             RETURNING cart.id),
             line_noted AS (
             INSERT INTO cart.line_notes (cart_id, product_id, text)
             SELECT $2, word.product_id, word.text
               FROM cart.line_notes AS word
              WHERE word.cart_id = $1
                 ON CONFLICT (cart_id, product_id) DO NOTHING
             RETURNING product_id),
             shown AS (
             INSERT INTO cart.coupons (cart_id, code, attached_at)
             SELECT $2, coupon.code, coupon.attached_at
               FROM cart.coupons AS coupon
              WHERE coupon.cart_id = $1
              ORDER BY coupon.attached_at
              LIMIT greatest(0, 10 - (SELECT count(*) FROM cart.coupons WHERE cart_id = $2))
                 ON CONFLICT (cart_id, code) DO NOTHING
             RETURNING code)
        SELECT ARRAY(SELECT shown.code FROM shown) AS coupons,
               EXISTS (SELECT FROM noted) AS noted,
               ARRAY(SELECT line_noted.product_id FROM line_noted) AS line_notes
        """,
        guest, survivor,
    )  # fmt: skip
    assert row is not None, "without a table to find nothing in"
    return Words(**row)


async def take_out_words(db: Connection, guest: UUID, survivor: UUID, words: Words) -> None:
    """What was brought and is still as the guest said it; what was written since stays."""
    await db.execute(
        """
        WITH shown AS (
             DELETE FROM cart.coupons AS coupon
              WHERE coupon.cart_id = $2 AND coupon.code = ANY($3::text[])),
             line_noted AS (
             DELETE FROM cart.line_notes AS word
              USING cart.line_notes AS theirs
              WHERE word.cart_id = $2
                AND word.product_id = ANY($5::uuid[])
                AND theirs.cart_id = $1
                AND theirs.product_id = word.product_id
                AND theirs.text = word.text)
        UPDATE cart.carts AS cart
           SET note = ''
          FROM cart.carts AS guest
         WHERE cart.id = $2 AND guest.id = $1 AND $4 AND cart.note = guest.note
        """,
        guest, survivor, words.coupons, words.noted, words.line_notes,
    )  # fmt: skip


class Merged(msgspec.Struct, frozen=True, kw_only=True):
    """What a guest's basket brought into `survivor`, and whom: to be taken out again."""

    id: UUID
    survivor: UUID
    guest: UUID
    brought: list[list[Any]]
    parked: list[list[Any]]
    left_out: int
    words: Words
    followers: list[UUID]


async def note_merge(db: Connection, merged: Merged, customer_id: UUID | None) -> None:
    await db.execute(
        """
        INSERT INTO cart.merges (
               id, survivor, guest, customer_id, brought, parked, left_out, coupons, noted,
               line_notes, followers)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """,
        merged.id, merged.survivor, merged.guest, customer_id, merged.brought, merged.parked,
        merged.left_out, merged.words.coupons, merged.words.noted, merged.words.line_notes,
        merged.followers,
    )  # fmt: skip


async def undoable(db: Connection, survivor: UUID) -> asyncpg.Record | None:
    """The newest of the last ten minutes."""
    return await db.fetchrow(
        """
        SELECT merge.id, merge.left_out, jsonb_array_length(merge.parked) AS parked
          FROM cart.merges AS merge
         WHERE merge.survivor = $1
           AND merge.undone_at IS NULL
           AND merge.at > now() - interval '10 minutes'
         ORDER BY merge.at DESC
         LIMIT 1
        """,
        survivor,
    )


async def undo(db: Connection, id: UUID, survivor: UUID) -> asyncpg.Record | None:
    """None when it was undone before, is too long ago, or is somebody else's."""
    return await db.fetchrow(
        """
        UPDATE cart.merges
           SET undone_at = now()
         WHERE id = $1 AND survivor = $2
           AND undone_at IS NULL
           AND at > now() - interval '10 minutes'
        RETURNING guest, brought, parked, coupons, noted, line_notes, followers
        """,
        id, survivor,
    )  # fmt: skip


async def add_token(db: Connection, sha256: bytes, cart_id: UUID) -> bool:
    """Not to a basket that was ordered, also in this very moment: its tokens have moved on, and one
    that comes late would open something nothing can be put into."""
    return bool(
        await db.fetchval(
            """
            INSERT INTO cart.tokens (sha256, cart_id)
            SELECT $1, cart.id
              FROM cart.carts AS cart
             WHERE cart.id = $2 AND cart.state <> 'ordered'
               FOR SHARE
            RETURNING true
            """,
            sha256, cart_id,
        )
    )  # fmt: skip


async def forget_token(db: Connection, sha256: bytes) -> None:
    await db.execute("DELETE FROM cart.tokens WHERE sha256 = $1", sha256)


Brought = tuple[UUID, str, UUID, int]
"""Product, handover, edition, and how many."""


async def forget_people(db: Connection, customer_id: UUID | None, cart_ids: Sequence[UUID]) -> None:
    """Their baskets are opened by nobody any more, and say nothing of theirs; the lines go by
    themselves with old baskets."""
    await db.execute(
        """
        WITH members AS (
             DELETE FROM cart.members WHERE customer_id = $1 OR cart_id = ANY ($2::uuid[])),
             ordered AS (
             DELETE FROM cart.ordered_by WHERE customer_id = $1 OR cart_id = ANY ($2::uuid[])),
             merges AS (
             DELETE FROM cart.merges
              WHERE customer_id = $1
                 OR survivor = ANY ($2::uuid[])
                 OR guest = ANY ($2::uuid[])),
             notes AS (
             DELETE FROM cart.line_notes WHERE cart_id = ANY ($2::uuid[])),
             saved AS (
             DELETE FROM cart.saved WHERE cart_id = ANY ($2::uuid[])),
             tokens AS (
             DELETE FROM cart.tokens WHERE cart_id = ANY ($2::uuid[])),
             views AS (
             DELETE FROM cart.views WHERE cart_id = ANY ($2::uuid[])),
             pairings AS (
             DELETE FROM cart.pairings WHERE cart_id = ANY ($2::uuid[])),
             changes AS (
             UPDATE cart.changes SET body = '{}' WHERE cart_id = ANY ($2::uuid[]))
        UPDATE cart.carts SET note = '' WHERE id = ANY ($2::uuid[])
        """,
        customer_id, list(cart_ids),
    )  # fmt: skip
