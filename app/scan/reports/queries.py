from collections.abc import Sequence
from uuid import UUID

from app.db import Connection
from app.scan.reports.models import Kind, Reported


async def edition_of(db: Connection, label: str) -> UUID | None:
    """Of a label that hangs, or did: the scope in which a report counts once."""
    id: UUID | None = await db.fetchval(
        "SELECT edition_id FROM walls.labels WHERE token = $1", label
    )
    return id


async def say(db: Connection, id: UUID, label: str, kind: Kind) -> int:
    """How often that was said since somebody last looked after it."""
    times: int = await db.fetchval(
        """
        INSERT INTO scan.reports AS report (id, label, kind)
        VALUES ($1, $2, $3)
            ON CONFLICT (label, kind) WHERE resolved_at IS NULL DO UPDATE
           SET times = least(report.times + 1, 1000000), last_at = now()
        RETURNING times
        """,
        id, label, kind,
    )  # fmt: skip
    return times


async def unresolved(db: Connection, site_ids: Sequence[UUID] | None) -> list[Reported]:
    """One row per label, in walking order."""
    rows = await db.fetch(
        """
        SELECT report.label, coalesce(site.code, '') AS site_code,
               coalesce(site.name, wall.name) AS site_name,
               label.panel, label.shelf, label.place, label.product_id,
               array_agg(report.kind ORDER BY report.times DESC, report.kind) AS kinds,
               sum(report.times) AS times, min(report.first_at) AS first_at,
               max(report.last_at) AS last_at
          FROM scan.reports AS report
          JOIN walls.labels AS label ON label.token = report.label
          JOIN walls.editions AS edition ON edition.id = label.edition_id
          JOIN walls.walls AS wall ON wall.id = edition.wall_id
          LEFT JOIN walls.sites AS site ON site.id = edition.site_id
         WHERE report.resolved_at IS NULL
           AND ($1::uuid[] IS NULL OR edition.site_id = ANY ($1))
         GROUP BY report.label, site.code, site.name, wall.name, label.panel, label.shelf,
                  label.place, label.product_id
         ORDER BY coalesce(site.name, wall.name), site.code, label.panel, label.shelf, label.place
         LIMIT 500
        """,
        None if site_ids is None else list(site_ids),
    )
    return [Reported(**row) for row in rows]


async def resolve(db: Connection, label: str, by: UUID | None) -> int:
    """How many open reports that ended."""
    rows = await db.fetch(
        """
        UPDATE scan.reports
           SET resolved_at = now(), resolved_by = $2
         WHERE label = $1
           AND resolved_at IS NULL
        RETURNING id
        """,
        label, by,
    )  # fmt: skip
    return len(rows)
