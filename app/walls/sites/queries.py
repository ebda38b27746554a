"""Sites, and which printed labels hang there."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from app.db import Connection
from app.walls.sites.models import Hanging, Panel, Site, SiteDetails, SiteState, Sticker


async def write_site(
    db: Connection, id: UUID, wall_id: UUID, code: str, details: SiteDetails, time_zone: str
) -> bool:
    """False when the code is taken."""
    return bool(
        await db.fetchval(
            """
            INSERT INTO walls.sites (id, wall_id, code, name, place_hint, city, crew_hint,
                                     time_zone, opens_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                ON CONFLICT (code) DO NOTHING
            RETURNING true
            """,
            id, wall_id, code, details.name, details.place_hint, details.city, details.crew_hint,
            time_zone, details.opens_at,
        )
    )  # fmt: skip


async def site(db: Connection, code: str) -> Site | None:
    row = await db.fetchrow(
        """
        SELECT site.id, site.wall_id, wall.code AS wall_code, site.code, site.name,
               site.place_hint, site.city, site.crew_hint, site.time_zone, site.state,
               site.opens_at, site.version, site.opened_at, site.down_at,
               print.number AS edition, coalesce(print.panels, 0) AS panels,
               (SELECT count(*)
                  FROM walls.hangings AS hanging
                 WHERE hanging.edition_id = print.id) AS hung
          FROM walls.sites AS site
          JOIN walls.walls AS wall ON wall.id = site.wall_id
          LEFT JOIN LATERAL (
                SELECT edition.id, edition.number, jsonb_array_length(edition.plan) AS panels
                  FROM walls.editions AS edition
                 WHERE edition.site_id = site.id
                   AND edition.kind = 'wall'
                   AND edition.state = 'published'
                 ORDER BY edition.number DESC
                 LIMIT 1) AS print ON true
         WHERE site.code = $1
        """,
        code,
    )
    return Site(**row) if row else None


async def sites(db: Connection, wall_id: UUID | None) -> list[Site]:
    """Of one wall, or all there are; those that are down stand last."""
    rows = await db.fetch(
        """
        SELECT site.id, site.wall_id, wall.code AS wall_code, site.code, site.name,
               site.place_hint, site.city, site.crew_hint, site.time_zone, site.state,
               site.opens_at, site.version, site.opened_at, site.down_at,
               print.number AS edition, coalesce(print.panels, 0) AS panels,
               (SELECT count(*)
                  FROM walls.hangings AS hanging
                 WHERE hanging.edition_id = print.id) AS hung
          FROM walls.sites AS site
          JOIN walls.walls AS wall ON wall.id = site.wall_id
          LEFT JOIN LATERAL (
                SELECT edition.id, edition.number, jsonb_array_length(edition.plan) AS panels
                  FROM walls.editions AS edition
                 WHERE edition.site_id = site.id
                   AND edition.kind = 'wall'
                   AND edition.state = 'published'
                 ORDER BY edition.number DESC
                 LIMIT 1) AS print ON true
         WHERE site.wall_id = coalesce($1, site.wall_id)
         ORDER BY site.state = 'down', site.city, site.name, site.place_hint, site.code
         LIMIT 500
        """,
        wall_id,
    )
    return [Site(**row) for row in rows]


async def move_on(db: Connection, code: str, seen: int | None) -> int | None:
    """Its next version, if it is still the one that was seen. The row is ours from here on."""
    version: int | None = await db.fetchval(
        """
        UPDATE walls.sites AS site
           SET version = site.version + 1
         WHERE site.code = $1
           AND site.version = coalesce($2, site.version)
           AND site.state <> 'down'
        RETURNING version
        """,
        code, seen,
    )  # fmt: skip
    return version


async def move_to(
    db: Connection, id: UUID, state: SiteState, legal: Sequence[SiteState]
) -> tuple[str, int] | None:
    """The state it takes and its next version; None when that is not its next step."""
    row = await db.fetchrow(
        """
        UPDATE walls.sites AS site
           SET state = $2,
               version = site.version + 1,
               opened_at = CASE WHEN $2 = 'open' THEN now() ELSE site.opened_at END,
               down_at = CASE WHEN $2 = 'down' THEN now() END
         WHERE site.id = $1
           AND site.state = ANY ($3::text[])
        RETURNING state, version
        """,
        id, state, list(legal),
    )  # fmt: skip
    return (row["state"], row["version"]) if row else None


async def hold(db: Connection, id: UUID) -> SiteState | None:
    """Its state, which stays so until the transaction ends."""
    state: SiteState | None = await db.fetchval(
        "SELECT state FROM walls.sites WHERE id = $1 FOR UPDATE", id
    )
    return state


async def write_details(db: Connection, id: UUID, details: SiteDetails, time_zone: str) -> None:
    await db.execute(
        """
        UPDATE walls.sites AS site
           SET name = $2, place_hint = $3, city = $4, crew_hint = $5, time_zone = $6,
               opens_at = CASE WHEN site.state = 'open' THEN site.opens_at ELSE $7 END
         WHERE site.id = $1
        """,
        id, details.name, details.place_hint, details.city, details.crew_hint, time_zone,
        details.opens_at,
    )  # fmt: skip


async def due_to_open(db: Connection) -> list[UUID]:
    """Sites that hang and whose hour has come, taken by nobody else."""
    rows = await db.fetch(
        """
        SELECT id
          FROM walls.sites
         WHERE state = 'hung'
           AND opens_at <= now()
         ORDER BY opens_at
           FOR UPDATE SKIP LOCKED
         LIMIT 100
        """
    )
    return [row["id"] for row in rows]


async def sell(db: Connection, site_id: UUID) -> None:
    """Every label that waits for its site to open sells from now on."""
    await db.execute(
        """
        UPDATE walls.labels AS label
           SET state = 'live'
          FROM walls.editions AS edition
         WHERE edition.site_id = $1
           AND label.edition_id = edition.id
           AND label.state = 'waiting'
        """,
        site_id,
    )


async def close_labels_at(db: Connection, site_id: UUID) -> None:
    """Nothing sells at a site that is down, nor will."""
    await db.execute(
        """
        UPDATE walls.labels AS label
           SET state = 'retired'
          FROM walls.editions AS edition
         WHERE edition.site_id = $1
           AND label.edition_id = edition.id
           AND label.state <> 'retired'
        """,
        site_id,
    )


async def retire_editions_at(db: Connection, site_id: UUID) -> list[UUID]:
    rows = await db.fetch(
        """
        UPDATE walls.editions
           SET state = 'retired', retired_at = now()
         WHERE site_id = $1
           AND state = 'published'
        RETURNING id
        """,
        site_id,
    )
    return [row["id"] for row in rows]


async def hang_panel(db: Connection, edition_id: UUID, panel: int, by: UUID | None) -> bool:
    """False when it was said before."""
    return bool(
        await db.fetchval(
            """
            INSERT INTO walls.hangings (edition_id, panel, hung_by)
            VALUES ($1, $2, $3)
                ON CONFLICT DO NOTHING
            RETURNING true
            """,
            edition_id, panel, by,
        )
    )  # fmt: skip


async def hang_labels(db: Connection, edition_id: UUID, panel: int) -> None:
    await db.execute(
        """
        UPDATE walls.labels
           SET hung_at = now()
         WHERE edition_id = $1
           AND panel = $2
           AND hung_at IS NULL
        """,
        edition_id, panel,
    )  # fmt: skip


async def cover_older(db: Connection, edition_id: UUID, panel: int | None) -> None:
    """What hung there before hangs under it now: on one panel, or on all of the site."""
    await db.execute(
        """
        UPDATE walls.labels AS label
           SET covered_at = now()
          FROM walls.editions AS older
          JOIN walls.editions AS newer ON newer.site_id = older.site_id
         WHERE newer.id = $1
           AND older.number < newer.number
           AND label.edition_id = older.id
           AND label.panel = coalesce($2, label.panel)
           AND label.covered_at IS NULL
        """,
        edition_id, panel,
    )  # fmt: skip


async def newest_print(db: Connection, site_id: UUID) -> UUID | None:
    """The whole wall that hangs at a site or is to be hung there."""
    id: UUID | None = await db.fetchval(
        """
        SELECT id
          FROM walls.editions
         WHERE site_id = $1
           AND kind = 'wall'
           AND state = 'published'
         ORDER BY number DESC
         LIMIT 1
        """,
        site_id,
    )
    return id


async def printed_for(db: Connection, token: str) -> asyncpg.Record | None:
    """For which site, panel and edition a label was printed."""
    return await db.fetchrow(
        """
        SELECT label.panel, edition.number, edition.state, edition.kind, edition.site_id,
               site.name, site.place_hint
          FROM walls.labels AS label
          JOIN walls.editions AS edition ON edition.id = label.edition_id
          LEFT JOIN walls.sites AS site ON site.id = edition.site_id
         WHERE label.token = $1
        """,
        token,
    )


async def panels_of(db: Connection, edition_id: UUID) -> list[Panel]:
    """Of a published edition, whether they hang or not."""
    rows = await db.fetch(
        """
        SELECT label.panel, count(*) AS labels, min(hanging.hung_at) AS hung_at
          FROM walls.labels AS label
          LEFT JOIN walls.hangings AS hanging
            ON hanging.edition_id = label.edition_id AND hanging.panel = label.panel
         WHERE label.edition_id = $1
         GROUP BY label.panel
         ORDER BY label.panel
        """,
        edition_id,
    )
    return [Panel(**row) for row in rows]


async def hanging(db: Connection, site_id: UUID) -> list[Hanging]:
    """The labels that can be seen at a site, in walking order."""
    rows = await db.fetch(
        """
        SELECT label.token, label.edition_id, edition.number AS edition, label.position_id,
               label.panel, label.shelf, label.place, label.product_id, label.gtin,
               label.printed_price, product.price, edition.valid_until,
               position.product_id AS planned_product_id, planned.price AS planned_price,
               code.product_id AS printed_product_id,
               coalesce(planned.on_sale, product.on_sale) AS on_sale
          FROM walls.editions AS edition
          JOIN walls.labels AS label ON label.edition_id = edition.id
          JOIN catalog.products AS product ON product.id = label.product_id
          LEFT JOIN walls.positions AS position ON position.id = label.position_id
          LEFT JOIN catalog.products AS planned ON planned.id = position.product_id
          LEFT JOIN catalog.codes AS code ON code.gtin = label.gtin
         WHERE edition.site_id = $1
           AND label.state <> 'retired'
           AND label.hung_at IS NOT NULL
           AND label.covered_at IS NULL
         ORDER BY label.panel, label.shelf, label.place
        """,
        site_id,
    )
    return [Hanging(**row) for row in rows]


async def stickers(db: Connection, site_id: UUID) -> list[Sticker]:
    """Published stickers that the crew has still to paste, in walking order."""
    rows = await db.fetch(
        """
        SELECT label.token, edition.number AS edition, label.panel, label.shelf, label.place,
               label.product_id, label.printed_price, label.hung_at
          FROM walls.editions AS edition
          JOIN walls.labels AS label ON label.edition_id = edition.id
         WHERE edition.site_id = $1
           AND edition.kind = 'patch'
           AND edition.state = 'published'
           AND label.hung_at IS NULL
           AND label.covered_at IS NULL
         ORDER BY label.panel, label.shelf, label.place
        """,
        site_id,
    )
    return [Sticker(**row) for row in rows]


async def printed_stickers(db: Connection, site_id: UUID) -> dict[str, tuple[int, UUID, int]]:
    """The label below → edition, product and price of a sticker that is ordered or not yet pasted."""
    rows = await db.fetch(
        """
        SELECT DISTINCT ON (sticker.value ->> 'replaces')
               sticker.value ->> 'replaces' AS below, edition.number,
               (sticker.value ->> 'product_id')::uuid AS product_id,
               (sticker.value ->> 'price')::bigint AS price
          FROM walls.editions AS edition,
               jsonb_path_query(edition.plan, 'lax $[*].shelves[*][*]') AS sticker (value)
          LEFT JOIN walls.labels AS label ON label.token = sticker.value ->> 'token'
         WHERE edition.site_id = $1
           AND edition.kind = 'patch'
           AND edition.state <> 'retired'
           AND edition.refusal IS NULL
           AND label.hung_at IS NULL
         ORDER BY sticker.value ->> 'replaces', edition.number DESC
        """,
        site_id,
    )
    return {row["below"]: (row["number"], row["product_id"], row["price"]) for row in rows}


async def paste(db: Connection, site_id: UUID, tokens: Sequence[str]) -> list[str]:
    """Stickers that hang from now on; the labels under them are covered. Those done before are
    left out."""
    rows = await db.fetch(
        """
        WITH pasted AS (
             UPDATE walls.labels AS label
                SET hung_at = now()
               FROM walls.editions AS edition
              WHERE edition.id = label.edition_id
                AND edition.site_id = $1
                AND edition.kind = 'patch'
                AND edition.state = 'published'
                AND label.token = ANY ($2::text[])
                AND label.hung_at IS NULL
             RETURNING label.token, label.panel, label.shelf, label.place, edition.number),
             covered AS (
             UPDATE walls.labels AS below
                SET covered_at = now()
               FROM walls.editions AS older, pasted
              WHERE older.id = below.edition_id
                AND older.site_id = $1
                AND older.number < pasted.number
                AND below.panel = pasted.panel
                AND below.shelf = pasted.shelf
                AND below.place = pasted.place
                AND below.covered_at IS NULL)
        SELECT token FROM pasted
        """,
        site_id, list(tokens),
    )  # fmt: skip
    return [row["token"] for row in rows]


async def pasted_before(db: Connection, site_id: UUID, tokens: Sequence[str]) -> int:
    """How many of these are stickers of a site that hang already."""
    count: int = await db.fetchval(
        """
        SELECT count(*)
          FROM walls.labels AS label
          JOIN walls.editions AS edition ON edition.id = label.edition_id
         WHERE edition.site_id = $1
           AND edition.kind = 'patch'
           AND label.token = ANY ($2::text[])
           AND label.hung_at IS NOT NULL
        """,
        site_id, list(tokens),
    )  # fmt: skip
    return count


async def next_opening(db: Connection, token: str) -> tuple[datetime | None, str] | None:
    """When the site of a label opens, and the time zone of its clock."""
    row = await db.fetchrow(
        """
        SELECT site.opens_at, site.time_zone
          FROM walls.labels AS label
          JOIN walls.editions AS edition ON edition.id = label.edition_id
          JOIN walls.sites AS site ON site.id = edition.site_id
         WHERE label.token = $1
        """,
        token,
    )
    return (row["opens_at"], row["time_zone"]) if row else None
