"""Printed codes, and what they mean today."""

from collections.abc import Sequence
from uuid import UUID

from app.db import Connection
from app.walls.models import LabelState, Stale


async def write_labels(db: Connection, edition_id: UUID, state: LabelState, *, hangs: bool) -> int:
    """One label for every code in the plan of an edition; how many."""
    written = await db.fetch(
        """
        INSERT INTO walls.labels (token, position_id, edition_id, product_id, gtin, printed_price,
                                  currency, panel, shelf, place, replaces, state, hung_at)
        SELECT label.value ->> 'token', (label.value ->> 'position_id')::uuid, edition.id,
               (label.value ->> 'product_id')::uuid, label.value ->> 'gtin',
               (label.value ->> 'price')::bigint, edition.currency,
               coalesce((label.value ->> 'panel')::integer, panel.number),
               coalesce((label.value ->> 'shelf')::integer, shelf.number),
               coalesce((label.value ->> 'place')::integer, label.number),
               label.value ->> 'replaces', $2, CASE WHEN $3 THEN now() END
          FROM walls.editions AS edition
          CROSS JOIN LATERAL jsonb_array_elements(edition.plan)
                     WITH ORDINALITY AS panel (value, number)
          CROSS JOIN LATERAL jsonb_array_elements(panel.value -> 'shelves')
                     WITH ORDINALITY AS shelf (value, number)
          CROSS JOIN LATERAL jsonb_array_elements(shelf.value)
                     WITH ORDINALITY AS label (value, number)
         WHERE edition.id = $1
        RETURNING token
        """,
        edition_id, state, hangs,
    )  # fmt: skip
    return len(written)


async def taken_tokens(db: Connection, tokens: Sequence[str]) -> set[str]:
    """Those that a poster carries already, whether it hangs or was only ordered."""
    rows = await db.fetch(
        """
        SELECT label.token
          FROM walls.labels AS label
         WHERE label.token = ANY ($1::text[])
         UNION
        SELECT token.value #>> '{}'
          FROM walls.editions AS edition,
               jsonb_path_query(edition.plan, 'lax $[*].shelves[*][*].token') AS token (value)
         WHERE edition.state = 'draft'
           AND token.value #>> '{}' = ANY ($1::text[])
        """,
        list(tokens),
    )
    return {row["token"] for row in rows}


async def point_labels(db: Connection, position_id: UUID, product_id: UUID) -> int:
    """Every label of a position sells something else, now or once it is open; how many there are."""
    rows = await db.fetch(
        """
        UPDATE walls.labels
           SET product_id = $2
         WHERE position_id = $1
           AND state <> 'retired'
           AND product_id <> $2
        RETURNING token
        """,
        position_id, product_id,
    )  # fmt: skip
    return len(rows)


async def retire_labels(db: Connection, edition_ids: Sequence[UUID]) -> None:
    await db.execute(
        """
        UPDATE walls.labels
           SET state = 'retired'
         WHERE edition_id = ANY ($1::uuid[])
           AND state <> 'retired'
        """,
        list(edition_ids),
    )


async def stale(db: Connection, wall_id: UUID) -> list[Stale]:
    """Labels that hang somewhere and whose product costs more by now, in walking order."""
    rows = await db.fetch(
        """
        SELECT label.token, label.panel, label.shelf, label.place, label.product_id,
               label.printed_price, product.price, edition.valid_until
          FROM walls.labels AS label
          JOIN walls.editions AS edition ON edition.id = label.edition_id
          JOIN catalog.products AS product ON product.id = label.product_id
         WHERE edition.wall_id = $1
           AND label.hung_at IS NOT NULL
           AND label.covered_at IS NULL
           AND label.state = 'live'
           AND product.price > label.printed_price
         ORDER BY edition.site_id, label.panel, label.shelf, label.place
        """,
        wall_id,
    )
    return [Stale(**row) for row in rows]
