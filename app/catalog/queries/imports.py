"""The imports themselves: where each stands and what it found."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.catalog.models import Change, Complaint, Import
from app.catalog.queries.staging import PATIENCE_S
from app.db import Connection


async def write_import(
    db: Connection,
    id: UUID,
    file_name: str,
    kind: str,
    person_id: UUID | None,
    undoes: UUID | None = None,
) -> None:
    await db.execute(
        """
        INSERT INTO catalog.imports (id, file_name, kind, state, person_id, undoes)
        VALUES ($1, $2, $3, 'waiting', $4, $5)
        """,
        id, file_name, kind, person_id, undoes,
    )  # fmt: skip


async def keep_part(db: Connection, id: UUID, part: int, body: bytes) -> None:
    await db.execute(
        "INSERT INTO catalog.uploaded (import_id, part, body) VALUES ($1, $2, $3)", id, part, body
    )


async def is_waiting(db: Connection, id: UUID) -> bool:
    state = await db.fetchval("SELECT state FROM catalog.imports WHERE id = $1 FOR UPDATE", id)
    return bool(state == "waiting")


async def part(db: Connection, id: UUID, part: int) -> bytes | None:
    body: bytes | None = await db.fetchval(
        "SELECT body FROM catalog.uploaded WHERE import_id = $1 AND part = $2", id, part
    )
    return body


async def forget_parts(db: Connection, id: UUID) -> None:
    await db.execute("DELETE FROM catalog.uploaded WHERE import_id = $1", id)


async def note_checked(
    db: Connection, id: UUID, rows: int, errors: int, notices: int, left: int
) -> None:
    """The rows that would be new, changed or the same are counted as they are staged."""
    await db.execute(
        """
        UPDATE catalog.imports AS import
           SET state = 'checked', rows = $2, errors = $3, notices = $4, "left" = $5,
               new = found.new, changed = found.changed, same = found.same
          FROM (SELECT count(*) FILTER (WHERE fate = 'new') AS new,
                       count(*) FILTER (WHERE fate = 'changed') AS changed,
                       count(*) FILTER (WHERE fate = 'same') AS same
                  FROM catalog.staged
                 WHERE import_id = $1) AS found
         WHERE import.id = $1
        """,
        id, rows, errors, notices, left, timeout=PATIENCE_S,
    )  # fmt: skip


async def lock_import(db: Connection, id: UUID) -> Import | None:
    await db.fetchval("SELECT id FROM catalog.imports WHERE id = $1 FOR UPDATE", id)
    return await find(db, id)


async def note_imported(db: Connection, id: UUID) -> None:
    await db.execute(
        "UPDATE catalog.imports SET state = 'imported', imported_at = now() WHERE id = $1", id
    )


async def note_taken(db: Connection, id: UUID, taken: bool) -> None:
    await db.execute(
        """
        UPDATE catalog.imports
           SET taken = $2, errors = CASE WHEN $2 THEN errors ELSE errors + 1 END
         WHERE id = $1
           AND state = 'checked'
        """,
        id, taken,
    )  # fmt: skip


async def find(db: Connection, id: UUID) -> Import | None:
    found = await several(db, [id])
    return found[0] if found else None


async def several(db: Connection, ids: Sequence[UUID]) -> list[Import]:
    rows = await db.fetch(
        """
        SELECT import.id, import.file_name, import.kind, import.state, import.rows, import.errors,
               import.notices, import.new, import.changed, import.same, import."left",
               import.taken, import.created_at, import.imported_at,
               EXISTS (SELECT
                         FROM catalog.imports AS undo
                        WHERE undo.undoes = import.id
                          AND undo.state = 'imported') AS undone
          FROM catalog.imports AS import
         WHERE import.id = ANY ($1::uuid[])
         ORDER BY import.created_at DESC
        """,
        list(ids),
    )
    return [Import(**row) for row in rows]


async def newest(db: Connection, limit: int) -> list[Import]:
    rows = await db.fetch(
        "SELECT id FROM catalog.imports WHERE state = 'imported' ORDER BY imported_at DESC LIMIT $1",
        limit,
    )
    return await several(db, [row["id"] for row in rows])


async def undoable(db: Connection) -> UUID | None:
    """The last import that changed anything, unless it is undone already or was an undo itself."""
    id: UUID | None = await db.fetchval(
        """
        SELECT import.id
          FROM catalog.imports AS import
         WHERE import.id = (SELECT import_id FROM catalog.replaced LIMIT 1)
           AND import.kind <> 'undo'
        """
    )
    return id


async def complaints(db: Connection, id: UUID, limit: int) -> list[Complaint]:
    """Errors first, then what is worth knowing, each from the top of the file."""
    rows = await db.fetch(
        """
        SELECT row, "column", sentence, "values", level
          FROM catalog.complaints
         WHERE import_id = $1
         ORDER BY level, row, "column"
         LIMIT $2
        """,
        id, limit,
    )  # fmt: skip
    return [Complaint(**row) for row in rows]


async def changes(db: Connection, id: UUID, language: str, limit: int) -> list[Change]:
    """What rows would do; rows with a changed price first, those are what people look for."""
    rows = await db.fetch(
        """
        SELECT line.row, line.gtin, line.brand, line.fate, line.changes AS columns, line.price,
               line.currency, product.price AS price_before,
               CASE WHEN $2 = 'nl' AND line.name_nl <> '' THEN line.name_nl
                    WHEN $2 = 'ko' AND line.name_ko <> '' THEN line.name_ko
                    WHEN line.name_en <> '' THEN line.name_en
                    ELSE line.name_nl || line.name_ko END AS name
          FROM catalog.staged AS line
          LEFT JOIN catalog.products AS product ON product.id = line.product_id
         WHERE line.import_id = $1
           AND line.fate IN ('new', 'changed')
         ORDER BY 'price' = ANY (line.changes) DESC, line.fate, line.row
         LIMIT $3
        """,
        id, language, limit,
    )  # fmt: skip
    return [Change(**row) for row in rows]


async def staged_rows(db: Connection, id: UUID) -> int:
    count: int = await db.fetchval("SELECT count(*) FROM catalog.staged WHERE import_id = $1", id)
    return count


async def drop(db: Connection, id: UUID) -> None:
    """An import nobody wants any more."""
    await db.execute("DELETE FROM catalog.complaints WHERE import_id = $1", id)
    await db.execute("DELETE FROM catalog.imports WHERE id = $1 AND state <> 'imported'", id)


async def sheet_after(
    db: Connection, after: str, limit: int, only: UUID | None = None
) -> list[dict[str, Any]]:
    """A part of the catalogue in order of GTIN, as files hold it; or `only` one product."""
    rows = await db.fetch(
        """
        SELECT present.gtin, present.codes, present.brand, present.category, present.category_nl,
               present.category_en, present.category_ko, present.name_nl, present.name_en,
               present.name_ko, present.description_nl, present.description_en,
               present.description_ko, present.ingredients_nl, present.ingredients_en,
               present.ingredients_ko, present.content_quantity, present.content_unit,
               present.price, present.currency, present.vat, present.deposit, present.age_limit,
               present.storage, present.weight_g, present.allergens,
               present.nutrition::jsonb AS nutrition, present.origin,
               encode(present.picture, 'hex') AS picture, present.on_sale, present.popularity,
               present.most_per_basket, present.by_weight, present.scale_number, present.dated
          FROM catalog.sheet AS present
         WHERE present.gtin > $1
           AND ($3::uuid IS NULL OR present.product_id = $3)
         ORDER BY present.gtin
         LIMIT $2
        """,
        after, limit, only,
    )  # fmt: skip
    return [dict(row) for row in rows]
