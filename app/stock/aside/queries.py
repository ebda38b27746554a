from collections.abc import Mapping
from uuid import UUID

from app.db import Connection
from app.stock.aside.models import Lying, State

Spot = tuple[UUID, UUID, State]


async def storage(db: Connection, product_id: UUID) -> str | None:
    found: str | None = await db.fetchval(
        "SELECT storage FROM catalog.products WHERE id = $1", product_id
    )
    return found


async def put(
    db: Connection, goods: Mapping[Spot, int], kind: str, reference: UUID,
    person_id: UUID | None = None, reason: str = "",
) -> None:  # fmt: skip
    """Rows are touched in the order given: product, place, state."""
    await db.execute(
        """
        WITH coming AS MATERIALIZED (
            SELECT product_id, place_id, state, quantity
              FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[])
                   AS coming (product_id, place_id, state, quantity)
        ), entry AS (
            INSERT INTO stock.aside_ledger (
                   product_id, place_id, state, kind, change, reference, person_id, reason)
            SELECT product_id, place_id, state, $5, quantity, $6, $7, $8
              FROM coming
        )
        INSERT INTO stock.aside AS lying (product_id, place_id, state, quantity)
        SELECT product_id, place_id, state, quantity
          FROM coming
            ON CONFLICT (product_id, place_id, state) DO UPDATE
           SET quantity = lying.quantity + excluded.quantity
        """,
        *([spot[place] for spot in goods] for place in range(3)), list(goods.values()),
        kind, reference, person_id, reason,
    )  # fmt: skip


async def take(
    db: Connection, spot: Spot, quantity: int, kind: str, reference: UUID, person_id: UUID,
    reason: str,
) -> bool:  # fmt: skip
    """Conditional on what lies there. False when that is too little."""
    return bool(
        await db.fetchval(
            """
            WITH left_there AS (
                 UPDATE stock.aside
                    SET quantity = quantity - $4
                  WHERE product_id = $1
                    AND place_id = $2
                    AND state = $3
                    AND quantity >= $4
                 RETURNING product_id)
            INSERT INTO stock.aside_ledger (
                   product_id, place_id, state, kind, change, reference, person_id, reason)
            SELECT $1, $2, $3, $5, -$4::int, $6, $7, $8
              FROM left_there
            RETURNING true
            """,
            *spot, quantity, kind, reference, person_id, reason,
        )
    )  # fmt: skip


async def lying(
    db: Connection, place_id: UUID | None, language: str, limit: int = 200
) -> list[Lying]:
    """At this place, or at all of them: what waits to be looked at first. What was thrown away is
    over."""
    rows = await db.fetch(
        """
        SELECT lying.product_id, lying.place_id, place.name AS place_name, product.gtin,
               coalesce(words.name, product.gtin) AS name,
               encode(product.picture, 'hex') AS picture, product.storage, lying.state,
               lying.quantity,
               (SELECT max(entry.at)
                  FROM stock.aside_ledger AS entry
                 WHERE entry.product_id = lying.product_id
                   AND entry.place_id = lying.place_id
                   AND entry.state = lying.state
                   AND entry.change > 0) AS since
          FROM stock.aside AS lying
          JOIN stock.places AS place ON place.id = lying.place_id
          JOIN catalog.products AS product ON product.id = lying.product_id
          LEFT JOIN LATERAL (SELECT text.name
                               FROM catalog.texts AS text
                              WHERE text.product_id = lying.product_id
                              ORDER BY text.language = $2 DESC, text.language
                              LIMIT 1) AS words ON true
         WHERE lying.quantity > 0
           AND lying.state <> 'waste'
           AND ($1::uuid IS NULL OR lying.place_id = $1)
         ORDER BY lying.state DESC, since, product.gtin
         LIMIT $3
        """,
        place_id, language, limit,
    )  # fmt: skip
    return [Lying(**row) for row in rows]
