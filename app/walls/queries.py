from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from app.db import Connection, Pool
from app.walls.models import (
    Details,
    Edition,
    Elsewhere,
    Label,
    Panel,
    Position,
    PrintedPanel,
    Proof,
    Refusal,
    Stale,
    Wall,
    WallInList,
)


async def write_wall(
    db: Connection, id: UUID, code: str, details: Details, currency: str, time_zone: str
) -> bool:
    """False when the code is taken."""
    return bool(
        await db.fetchval(
            """
            INSERT INTO walls.walls (id, code, name, place_hint, city, language, currency, time_zone,
                                     reading_distance_mm)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                ON CONFLICT (code) DO NOTHING
            RETURNING true
            """,
            id, code, details.name, details.place_hint, details.city, details.language, currency,
            time_zone, details.reading_distance_mm,
        )
    )  # fmt: skip


async def wall(db: Connection | Pool, code: str) -> Wall | None:
    row = await db.fetchrow(
        """
        SELECT id, code, name, place_hint, city, language, currency, time_zone,
               reading_distance_mm, version, retired_at
          FROM walls.walls
         WHERE code = $1
        """,
        code,
    )
    return Wall(**row) if row else None


async def walls(db: Connection) -> list[WallInList]:
    rows = await db.fetch(
        """
        SELECT wall.code, wall.name, wall.city, wall.place_hint,
               (SELECT count(*) FROM walls.panels AS panel WHERE panel.wall_id = wall.id) AS panels,
               (SELECT count(*)
                  FROM walls.positions AS position
                  JOIN walls.panels AS panel ON panel.id = position.panel_id
                 WHERE panel.wall_id = wall.id) AS products,
               hanging.number AS edition, hanging.valid_until,
               (SELECT count(*)
                  FROM walls.labels AS label
                  JOIN catalog.products AS product ON product.id = label.product_id
                 WHERE label.edition_id = hanging.id
                   AND label.state = 'live'
                   AND product.price > label.printed_price) AS stale,
               wall.retired_at
          FROM walls.walls AS wall
          LEFT JOIN LATERAL (
                SELECT edition.id, edition.number, edition.valid_until
                  FROM walls.editions AS edition
                 WHERE edition.wall_id = wall.id
                   AND edition.state = 'published'
                 ORDER BY edition.number DESC
                 LIMIT 1) AS hanging ON true
         ORDER BY wall.retired_at IS NOT NULL, wall.city, wall.name, wall.code
        """
    )
    return [WallInList(**row) for row in rows]


async def move_on(db: Connection, code: str, seen: int | None) -> Wall | None:
    """Give the wall its next version, if it is still the one that was seen; None if it is not."""
    row = await db.fetchrow(
        """
        UPDATE walls.walls AS wall
           SET version = wall.version + 1
         WHERE wall.code = $1
           AND wall.version = coalesce($2, wall.version)
           AND wall.retired_at IS NULL
        RETURNING id, code, name, place_hint, city, language, currency, time_zone,
                  reading_distance_mm, version, retired_at
        """,
        code, seen,
    )  # fmt: skip
    return Wall(**row) if row else None


async def lock(db: Connection, code: str) -> Wall | None:
    """The wall, held until the transaction ends; None when there is none that sells."""
    row = await db.fetchrow(
        """
        SELECT id, code, name, place_hint, city, language, currency, time_zone,
               reading_distance_mm, version, retired_at
          FROM walls.walls
         WHERE code = $1
           AND retired_at IS NULL
           FOR UPDATE
        """,
        code,
    )
    return Wall(**row) if row else None


async def write_details(db: Connection, wall_id: UUID, details: Details) -> None:
    await db.execute(
        """
        UPDATE walls.walls
           SET name = $2, place_hint = $3, city = $4, language = $5, reading_distance_mm = $6
         WHERE id = $1
        """,
        wall_id, details.name, details.place_hint, details.city, details.language,
        details.reading_distance_mm,
    )  # fmt: skip


async def write_retirement(db: Connection, wall_id: UUID) -> None:
    await db.execute("UPDATE walls.walls SET retired_at = now() WHERE id = $1", wall_id)


async def panels(db: Connection, wall_id: UUID) -> list[Panel]:
    rows = await db.fetch(
        """
        SELECT id, number, format, width_mm, height_mm
          FROM walls.panels
         WHERE wall_id = $1
         ORDER BY number
        """,
        wall_id,
    )
    return [Panel(**row) for row in rows]


async def positions(db: Connection, wall_id: UUID) -> list[Position]:
    rows = await db.fetch(
        """
        SELECT position.id, position.panel_id, position.shelf, position.place,
               position.product_id, position.facings
          FROM walls.positions AS position
          JOIN walls.panels AS panel ON panel.id = position.panel_id
         WHERE panel.wall_id = $1
         ORDER BY panel.number, position.shelf, position.place
        """,
        wall_id,
    )
    return [Position(**row) for row in rows]


async def clear_plan(db: Connection, wall_id: UUID) -> None:
    """Positions go with their panels; labels remember the positions they were printed for."""
    await db.execute("DELETE FROM walls.panels WHERE wall_id = $1", wall_id)


async def write_panels(db: Connection, wall_id: UUID, panels: Sequence[Panel]) -> None:
    await db.execute(
        """
        INSERT INTO walls.panels (id, wall_id, number, format, width_mm, height_mm)
        SELECT panel.id, $1, panel.number, panel.format, panel.width_mm, panel.height_mm
          FROM unnest($2::uuid[], $3::smallint[], $4::text[], $5::real[], $6::real[])
               AS panel (id, number, format, width_mm, height_mm)
        """,
        wall_id,
        [panel.id for panel in panels], [panel.number for panel in panels],
        [panel.format for panel in panels], [panel.width_mm for panel in panels],
        [panel.height_mm for panel in panels],
    )  # fmt: skip


async def write_positions(db: Connection, positions: Sequence[Position]) -> None:
    await db.execute(
        """
        INSERT INTO walls.positions (id, panel_id, shelf, place, product_id, facings)
        SELECT position.id, position.panel_id, position.shelf, position.place,
               position.product_id, position.facings
          FROM unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::smallint[], $5::uuid[],
                      $6::smallint[])
               AS position (id, panel_id, shelf, place, product_id, facings)
        """,
        [one.id for one in positions], [one.panel_id for one in positions],
        [one.shelf for one in positions], [one.place for one in positions],
        [one.product_id for one in positions], [one.facings for one in positions],
    )  # fmt: skip


async def change_position(
    db: Connection, wall_id: UUID, position_id: UUID, product_id: UUID, facings: int
) -> bool:
    """False when the wall has no such position."""
    return bool(
        await db.fetchval(
            """
            UPDATE walls.positions AS position
               SET product_id = $3, facings = $4
              FROM walls.panels AS panel
             WHERE panel.id = position.panel_id
               AND panel.wall_id = $1
               AND position.id = $2
            RETURNING true
            """,
            wall_id, position_id, product_id, facings,
        )
    )  # fmt: skip


async def point_labels(db: Connection, position_id: UUID, product_id: UUID) -> int:
    """Every live label of a position sells something else from now on; how many there are."""
    rows = await db.fetch(
        """
        UPDATE walls.labels
           SET product_id = $2
         WHERE position_id = $1
           AND state = 'live'
           AND product_id <> $2
        RETURNING token
        """,
        position_id, product_id,
    )  # fmt: skip
    return len(rows)


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


async def prior_prices(db: Connection, product_ids: Sequence[UUID]) -> dict[UUID, int]:
    """The lowest price of the 30 days before a reduction, for products reduced within 30 days.

    Directive 98/6/EC, article 6a: who shows a reduction shows what it was reduced from.
    """
    rows = await db.fetch(
        """
        SELECT now_price.product_id, min(earlier.amount) AS lowest
          FROM catalog.prices AS now_price
          JOIN catalog.prices AS earlier
            ON earlier.product_id = now_price.product_id
           AND earlier.from_at < now_price.from_at
           AND earlier.until_at > now_price.from_at - interval '30 days'
         WHERE now_price.product_id = ANY ($1::uuid[])
           AND now_price.until_at IS NULL
           AND now_price.from_at > now() - interval '30 days'
         GROUP BY now_price.product_id, now_price.amount
        HAVING min(earlier.amount) > now_price.amount
        """,
        list(product_ids),
    )
    return {row["product_id"]: row["lowest"] for row in rows}


async def write_edition(
    db: Connection,
    id: UUID,
    wall: Wall,
    plan: Any,
    codes: int,
    base_url: str,
    valid_until: datetime,
    ordered_by: UUID | None,
) -> int:
    """Returns its number. The wall is locked, so nobody takes the same one."""
    number: int = await db.fetchval(
        """
        INSERT INTO walls.editions (id, wall_id, number, plan, codes, base_url, currency, valid_from,
                                    valid_until, ordered_by)
        SELECT $1, $2, coalesce(max(edition.number), 0) + 1, $3, $4, $5, $6, now(), $7, $8
          FROM walls.editions AS edition
         WHERE edition.wall_id = $2
        RETURNING number
        """,
        id, wall.id, plan, codes, base_url, wall.currency, valid_until, ordered_by,
    )  # fmt: skip
    return number


async def editions(db: Connection, wall_id: UUID) -> list[Edition]:
    """The newest first."""
    rows = await db.fetch(
        """
        SELECT id, wall_id, number, state, codes, base_url, currency, valid_from, valid_until,
               encode(pdf, 'hex') AS pdf, encode(png, 'hex') AS png, proof, refusal,
               printed_at, published_at, retired_at, created_at
          FROM walls.editions
         WHERE wall_id = $1
         ORDER BY number DESC
         LIMIT 200
        """,
        wall_id,
    )
    return [_edition(row) for row in rows]


async def edition(db: Connection | Pool, wall_id: UUID, number: int) -> Edition | None:
    row = await db.fetchrow(
        """
        SELECT id, wall_id, number, state, codes, base_url, currency, valid_from, valid_until,
               encode(pdf, 'hex') AS pdf, encode(png, 'hex') AS png, proof, refusal,
               printed_at, published_at, retired_at, created_at
          FROM walls.editions
         WHERE wall_id = $1 AND number = $2
        """,
        wall_id, number,
    )  # fmt: skip
    return _edition(row) if row else None


async def edition_to_draw(
    db: Connection, id: UUID
) -> tuple[Edition, Wall, list[dict[str, Any]]] | None:
    """The edition, its wall, and the plan that was ordered."""
    row = await db.fetchrow(
        """
        SELECT edition.id, edition.wall_id, edition.number, edition.state, edition.codes,
               edition.base_url, edition.currency, edition.valid_from, edition.valid_until,
               encode(edition.pdf, 'hex') AS pdf, encode(edition.png, 'hex') AS png,
               edition.proof, edition.refusal, edition.printed_at, edition.published_at,
               edition.retired_at, edition.created_at, edition.plan, wall.code
          FROM walls.editions AS edition
          JOIN walls.walls AS wall ON wall.id = edition.wall_id
         WHERE edition.id = $1
        """,
        id,
    )
    if row is None:
        return None
    drawn = {name: value for name, value in row.items() if name not in ("plan", "code")}
    found = await wall(db, row["code"])
    assert found is not None
    return _edition(drawn), found, row["plan"]


async def keep_poster(db: Connection, id: UUID, pdf: str, png: str, proof: Proof) -> bool:
    """False when it was printed already: a step may be taken twice."""
    return bool(
        await db.fetchval(
            """
            UPDATE walls.editions
               SET pdf = decode($2, 'hex'), png = decode($3, 'hex'), proof = $4, refusal = NULL,
                   printed_at = now()
             WHERE id = $1
               AND printed_at IS NULL
            RETURNING true
            """,
            id, pdf, png, proof,
        )
    )  # fmt: skip


async def keep_refusal(db: Connection, id: UUID, refusal: Refusal) -> bool:
    return bool(
        await db.fetchval(
            """
            UPDATE walls.editions
               SET refusal = $2
             WHERE id = $1
               AND printed_at IS NULL
               AND refusal IS NULL
            RETURNING true
            """,
            id, refusal,
        )
    )  # fmt: skip


async def publish(db: Connection, id: UUID) -> bool:
    return bool(
        await db.fetchval(
            """
            UPDATE walls.editions
               SET state = 'published', published_at = now()
             WHERE id = $1
               AND state = 'draft'
               AND printed_at IS NOT NULL
               AND proof -> 'failures' = '[]'::jsonb
            RETURNING true
            """,
            id,
        )
    )


async def write_labels(db: Connection, edition_id: UUID) -> int:
    """One label for every code in the plan of an edition; how many."""
    written = await db.fetch(
        """
        INSERT INTO walls.labels (token, position_id, edition_id, product_id, gtin, printed_price,
                                  currency, panel, shelf, place)
        SELECT label.value ->> 'token', (label.value ->> 'position_id')::uuid, edition.id,
               (label.value ->> 'product_id')::uuid, label.value ->> 'gtin',
               (label.value ->> 'price')::bigint, edition.currency,
               panel.number, shelf.number, label.number
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
        edition_id,
    )
    return len(written)


async def retire_edition(db: Connection, id: UUID) -> bool:
    return bool(
        await db.fetchval(
            """
            UPDATE walls.editions
               SET state = 'retired', retired_at = now()
             WHERE id = $1
               AND state = 'published'
            RETURNING true
            """,
            id,
        )
    )


async def retire_editions(db: Connection, wall_id: UUID) -> list[UUID]:
    """Every edition of a wall that hangs."""
    rows = await db.fetch(
        """
        UPDATE walls.editions
           SET state = 'retired', retired_at = now()
         WHERE wall_id = $1
           AND state = 'published'
        RETURNING id
        """,
        wall_id,
    )
    return [row["id"] for row in rows]


async def retire_labels(db: Connection, edition_ids: Sequence[UUID]) -> None:
    await db.execute(
        """
        UPDATE walls.labels
           SET state = 'retired'
         WHERE edition_id = ANY ($1::uuid[])
           AND state = 'live'
        """,
        list(edition_ids),
    )


async def label(db: Connection, token: str) -> Label | None:
    """What a printed code means today; None for a code that no published edition carries."""
    row = await db.fetchrow(
        """
        SELECT label.token, label.state, wall.id AS wall_id, wall.code AS wall_code,
               wall.name AS wall_name, wall.place_hint, wall.city, label.position_id, label.panel,
               label.shelf, label.place, label.edition_id, edition.number AS edition,
               label.product_id, label.gtin, code.product_id AS printed_product_id,
               label.printed_price, label.currency, edition.valid_from, edition.valid_until
          FROM walls.labels AS label
          JOIN walls.editions AS edition ON edition.id = label.edition_id
          JOIN walls.walls AS wall ON wall.id = edition.wall_id
          LEFT JOIN catalog.codes AS code ON code.gtin = label.gtin
         WHERE label.token = $1
        """,
        token,
    )
    return Label(**row) if row else None


async def stale(db: Connection, wall_id: UUID) -> list[Stale]:
    """Labels of the newest edition that hangs whose product costs more by now, in walking order."""
    rows = await db.fetch(
        """
        SELECT label.token, label.panel, label.shelf, label.place, label.product_id,
               label.printed_price, product.price, edition.valid_until
          FROM walls.labels AS label
          JOIN walls.editions AS edition ON edition.id = label.edition_id
          JOIN catalog.products AS product ON product.id = label.product_id
         WHERE edition.id = (SELECT newest.id
                               FROM walls.editions AS newest
                              WHERE newest.wall_id = $1
                                AND newest.state = 'published'
                              ORDER BY newest.number DESC
                              LIMIT 1)
           AND label.state = 'live'
           AND product.price > label.printed_price
         ORDER BY label.panel, label.shelf, label.place
        """,
        wall_id,
    )
    return [Stale(**row) for row in rows]


async def printed_plan(db: Connection, wall_id: UUID, number: int) -> list[PrintedPanel]:
    """What an edition shows, as it was ordered; nothing for an edition there is not."""
    plan = await db.fetchval(
        "SELECT plan FROM walls.editions WHERE wall_id = $1 AND number = $2", wall_id, number
    )
    return msgspec.convert(plan or [], list[PrintedPanel])


async def printed_elsewhere(db: Connection, base_url: str) -> list[Elsewhere]:
    """Hanging editions whose codes open another address than `base_url`."""
    rows = await db.fetch(
        """
        SELECT wall.code AS wall_code, edition.number AS edition, edition.base_url
          FROM walls.editions AS edition
          JOIN walls.walls AS wall ON wall.id = edition.wall_id
         WHERE edition.state = 'published'
           AND lower(edition.base_url) <> lower($1)
         ORDER BY wall.code, edition.number
        """,
        base_url,
    )
    return [Elsewhere(**row) for row in rows]


def _edition(row: asyncpg.Record | dict[str, Any]) -> Edition:
    fields = dict(row)
    fields["proof"] = msgspec.convert(fields["proof"], Proof | None)
    fields["refusal"] = msgspec.convert(fields["refusal"], Refusal | None)
    return Edition(**fields)
