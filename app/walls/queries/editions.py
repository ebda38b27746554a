"""Printings of a wall."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from app.db import Connection, Pool
from app.walls.models import (
    Edition,
    Elsewhere,
    Light,
    Ordered,
    Poster,
    PrintedPanel,
    Proof,
    Refusal,
    Under,
    Wall,
)
from app.walls.queries.plans import wall


async def prior_prices(db: Connection, product_ids: Sequence[UUID]) -> dict[UUID, int]:
    """The lowest price of the 30 days before a reduction, for products reduced within 30 days.

    Directive 98/6/EC, article 6a: who shows a reduction shows what it was reduced from.
    """
    rows = await db.fetch(
        """
        SELECT present.product_id, present.lowest_before
          FROM pricing.present_prices AS present
         WHERE present.product_id = ANY ($1::uuid[])
           AND present.from_at > now() - interval '30 days'
           AND present.lowest_before > present.amount
        """,
        list(product_ids),
    )
    return {row["product_id"]: row["lowest_before"] for row in rows}


async def write_edition(db: Connection, id: UUID, wall: Wall, ordered: Ordered) -> int:
    """Returns its number. The wall is locked, so nobody takes the same one."""
    number: int = await db.fetchval(
        """
        INSERT INTO walls.editions (id, wall_id, number, plan, codes, base_url, currency, valid_from,
                                    valid_until, ordered_by, site_id, kind, phone, list_url,
                                    reading_distance_mm)
        SELECT $1, $2, coalesce(max(edition.number), 0) + 1, $3, $4, $5, $6, now(), $7, $8, $9, $10,
               $11, $12, $13
          FROM walls.editions AS edition
         WHERE edition.wall_id = $2
        RETURNING number
        """,
        id, wall.id, ordered.plan, ordered.codes, ordered.base_url, wall.currency,
        ordered.valid_until, ordered.ordered_by, ordered.site_id, ordered.kind, ordered.phone,
        ordered.list_url, wall.reading_distance_mm,
    )  # fmt: skip
    return number


async def editions(db: Connection, wall_id: UUID) -> list[Edition]:
    """The newest first."""
    rows = await db.fetch(
        """
        SELECT edition.id, edition.wall_id, edition.site_id, coalesce(site.code, '') AS site,
               edition.kind, edition.number, edition.state, edition.codes, edition.base_url,
               edition.phone, edition.list_url, edition.reading_distance_mm,
               edition.currency, edition.valid_from, edition.valid_until,
               encode(edition.pdf, 'hex') AS pdf, encode(edition.png, 'hex') AS png,
               edition.ordered_by, edition.proof, edition.refusal, edition.printed_at,
               edition.published_at, edition.retired_at, edition.created_at
          FROM walls.editions AS edition
          LEFT JOIN walls.sites AS site ON site.id = edition.site_id
         WHERE edition.wall_id = $1
         ORDER BY edition.number DESC
         LIMIT 200
        """,
        wall_id,
    )
    return [_edition(row) for row in rows]


async def edition(db: Connection | Pool, wall_id: UUID, number: int) -> Edition | None:
    row = await db.fetchrow(
        """
        SELECT edition.id, edition.wall_id, edition.site_id, coalesce(site.code, '') AS site,
               edition.kind, edition.number, edition.state, edition.codes, edition.base_url,
               edition.phone, edition.list_url, edition.reading_distance_mm,
               edition.currency, edition.valid_from, edition.valid_until,
               encode(edition.pdf, 'hex') AS pdf, encode(edition.png, 'hex') AS png,
               edition.ordered_by, edition.proof, edition.refusal, edition.printed_at,
               edition.published_at, edition.retired_at, edition.created_at
          FROM walls.editions AS edition
          LEFT JOIN walls.sites AS site ON site.id = edition.site_id
         WHERE edition.wall_id = $1 AND edition.number = $2
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
        SELECT edition.id, edition.wall_id, edition.site_id, coalesce(site.code, '') AS site,
               edition.kind, edition.number, edition.state, edition.codes, edition.base_url,
               edition.phone, edition.list_url, edition.reading_distance_mm,
               edition.currency, edition.valid_from, edition.valid_until,
               encode(edition.pdf, 'hex') AS pdf, encode(edition.png, 'hex') AS png,
               edition.ordered_by, edition.proof, edition.refusal, edition.printed_at,
               edition.published_at, edition.retired_at, edition.created_at, edition.plan, wall.code
          FROM walls.editions AS edition
          JOIN walls.walls AS wall ON wall.id = edition.wall_id
          LEFT JOIN walls.sites AS site ON site.id = edition.site_id
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


async def keep_poster(
    db: Connection, id: UUID, pdf: str, png: str, proof: Proof, lights: Sequence[Light]
) -> bool:
    """False when it was printed already: a step may be taken twice."""
    return bool(
        await db.fetchval(
            """
            UPDATE walls.editions
               SET pdf = decode($2, 'hex'), png = decode($3, 'hex'), proof = $4, lights = $5,
                   refusal = NULL, printed_at = now()
             WHERE id = $1
               AND printed_at IS NULL
            RETURNING true
            """,
            id, pdf, png, proof, list(lights),
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


async def printed_plan(db: Connection, wall_id: UUID, number: int) -> list[PrintedPanel]:
    """What an edition shows, as it was ordered; nothing for an edition there is not."""
    plan = await db.fetchval(
        "SELECT plan FROM walls.editions WHERE wall_id = $1 AND number = $2", wall_id, number
    )
    return msgspec.convert(plan or [], list[PrintedPanel])


async def lights(db: Connection, wall_id: UUID, number: int) -> list[Light]:
    """What the proof found of every code of an edition; nothing of one printed before it was kept."""
    found = await db.fetchval(
        "SELECT lights FROM walls.editions WHERE wall_id = $1 AND number = $2", wall_id, number
    )
    return msgspec.convert(found or [], list[Light])


async def under_stickers(db: Connection, edition_id: UUID) -> list[Under]:
    """The labels over which the stickers of an edition go, with all that are under these."""
    rows = await db.fetch(
        """
        WITH RECURSIVE under AS (
             SELECT label.token, label.panel, label.shelf, label.place, label.edition_id,
                    label.replaces
               FROM walls.editions AS patch,
                    jsonb_path_query(patch.plan, 'lax $[*].shelves[*][*].replaces') AS goes (over)
               JOIN walls.labels AS label ON label.token = goes.over #>> '{}'
              WHERE patch.id = $1
              UNION
             SELECT label.token, label.panel, label.shelf, label.place, label.edition_id,
                    label.replaces
               FROM under
               JOIN walls.labels AS label ON label.token = under.replaces)
        SELECT under.panel, under.shelf, under.place, under.edition_id, edition.kind,
               jsonb_path_exists(edition.plan,
                                 'lax $[*].shelves[*][*] ? (@.token == $token && @.offer != "")',
                                 jsonb_build_object('token', under.token)) AS flagged
          FROM under
          JOIN walls.editions AS edition ON edition.id = under.edition_id
         ORDER BY under.panel, under.shelf, under.place
        """,
        edition_id,
    )
    return [Under(**row) for row in rows]


async def posters(db: Connection, ids: Sequence[UUID]) -> list[Poster]:
    """The oldest first."""
    rows = await db.fetch(
        """
        SELECT edition.id, edition.number, edition.plan, edition.list_url,
               edition.reading_distance_mm, edition.lights
          FROM walls.editions AS edition
         WHERE edition.id = ANY ($1::uuid[])
         ORDER BY edition.number
        """,
        list(ids),
    )
    return [msgspec.convert(dict(row), Poster) for row in rows]


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
