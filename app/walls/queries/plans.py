"""Walls and what is planned for them."""

from collections.abc import Sequence
from uuid import UUID

from app.db import Connection, Pool
from app.walls.models import (
    Details,
    Panel,
    Position,
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
                  FROM walls.editions AS edition
                  JOIN walls.labels AS label ON label.edition_id = edition.id
                  JOIN catalog.products AS product ON product.id = label.product_id
                 WHERE edition.wall_id = wall.id
                   AND label.state = 'live'
                   AND label.hung_at IS NOT NULL
                   AND label.covered_at IS NULL
                   AND product.price > label.printed_price) AS stale,
               site.sites, site.open,
               wall.retired_at
          FROM walls.walls AS wall
          LEFT JOIN LATERAL (
                SELECT edition.id, edition.number, edition.valid_until
                  FROM walls.editions AS edition
                 WHERE edition.wall_id = wall.id
                   AND edition.kind = 'wall'
                   AND edition.state = 'published'
                 ORDER BY edition.number DESC
                 LIMIT 1) AS hanging ON true
         CROSS JOIN LATERAL (
                SELECT count(*) AS sites,
                       count(*) FILTER (WHERE site.state = 'open') AS open
                  FROM walls.sites AS site
                 WHERE site.wall_id = wall.id
                   AND site.state <> 'down') AS site
         ORDER BY wall.retired_at IS NOT NULL, wall.city, wall.name, wall.code
        """
    )
    return [WallInList(**row) for row in rows]


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
