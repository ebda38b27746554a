from uuid import UUID

import asyncpg
import msgspec

from app.db import Connection
from app.scan.audits.models import Audit, Expected, Known, Outcome, Report, Scan, Spot


async def expected(db: Connection, site_id: UUID) -> list[Expected]:
    """What should be read at a site, in walking order."""
    rows = await db.fetch(
        """
        SELECT label.panel, label.shelf, label.place, label.token AS label, label.gtin,
               label.product_id
          FROM walls.editions AS edition
          JOIN walls.labels AS label ON label.edition_id = edition.id
         WHERE edition.site_id = $1
           AND label.state <> 'retired'
           AND label.hung_at IS NOT NULL
           AND label.covered_at IS NULL
         ORDER BY label.panel, label.shelf, label.place
        """,
        site_id,
    )
    return [Expected(**row) for row in rows]


async def known(db: Connection, label: str) -> Known | None:
    row = await db.fetchrow(
        """
        SELECT label.token AS label, edition.site_id, coalesce(site.name, wall.name) AS site_name,
               edition.base_url, label.state, label.covered_at IS NOT NULL AS covered,
               label.panel, label.shelf, label.place
          FROM walls.labels AS label
          JOIN walls.editions AS edition ON edition.id = label.edition_id
          JOIN walls.walls AS wall ON wall.id = edition.wall_id
          LEFT JOIN walls.sites AS site ON site.id = edition.site_id
         WHERE label.token = $1
        """,
        label,
    )
    return Known(**row) if row else None


async def write_audit(
    db: Connection, id: UUID, site_id: UUID, by: UUID | None, expected: int
) -> None:
    await db.execute(
        """
        INSERT INTO scan.audits (id, site_id, started_by, expected)
        VALUES ($1, $2, $3, $4)
        """,
        id, site_id, by, expected,
    )  # fmt: skip


async def audit(db: Connection, id: UUID) -> Audit | None:
    row = await db.fetchrow(
        """
        SELECT audit.id, audit.site_id, site.code AS site_code, site.name AS site_name,
               site.place_hint, audit.started_at, audit.ended_at, audit.expected, audit.report
          FROM scan.audits AS audit
          JOIN walls.sites AS site ON site.id = audit.site_id
         WHERE audit.id = $1
        """,
        id,
    )
    return _audit(row) if row else None


async def audits(db: Connection, site_id: UUID) -> list[Audit]:
    """The newest first."""
    rows = await db.fetch(
        """
        SELECT audit.id, audit.site_id, site.code AS site_code, site.name AS site_name,
               site.place_hint, audit.started_at, audit.ended_at, audit.expected, audit.report
          FROM scan.audits AS audit
          JOIN walls.sites AS site ON site.id = audit.site_id
         WHERE audit.site_id = $1
         ORDER BY audit.started_at DESC
         LIMIT 50
        """,
        site_id,
    )
    return [_audit(row) for row in rows]


async def scans(db: Connection, audit_id: UUID) -> list[Scan]:
    rows = await db.fetch(
        """
        SELECT number, outcome, panel, shelf, place, label, text
          FROM scan.audit_scans
         WHERE audit_id = $1
         ORDER BY number
        """,
        audit_id,
    )
    return [Scan(**row) for row in rows]


async def next_number(db: Connection, audit_id: UUID) -> int | None:
    """Of the next code that is read; None when the walk has ended. The walk is ours from here."""
    number: int | None = await db.fetchval(
        """
        UPDATE scan.audits
           SET version = version + 1
         WHERE id = $1
           AND ended_at IS NULL
           AND version <= 5000
        RETURNING version - 1
        """,
        audit_id,
    )
    return number


async def write_scan(
    db: Connection,
    audit_id: UUID,
    number: int,
    outcome: Outcome,
    at: Spot,
    label: str | None,
    text: str | None,
) -> None:
    await db.execute(
        """
        INSERT INTO scan.audit_scans (audit_id, number, outcome, panel, shelf, place, label, text)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        audit_id, number, outcome, at.panel, at.shelf, at.place, label, text,
    )  # fmt: skip


async def end(db: Connection, audit_id: UUID, report: Report) -> bool:
    """False when it has ended before."""
    return bool(
        await db.fetchval(
            """
            UPDATE scan.audits
               SET ended_at = now(), report = $2
             WHERE id = $1
               AND ended_at IS NULL
            RETURNING true
            """,
            audit_id, report,
        )
    )  # fmt: skip


def _audit(row: asyncpg.Record) -> Audit:
    fields = dict(row)
    fields["report"] = msgspec.convert(fields["report"], Report | None)
    return Audit(**fields)
