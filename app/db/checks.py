"""What must always hold: views in schema `checks`, each empty when all is well (DESIGN 5)."""

from typing import Any

import msgspec

from app.db import Connection

SHOWN = 20


class Check(msgspec.Struct, frozen=True):
    """One promise; `rows` are the first that break it, `broken` says how many do at least."""

    name: str
    broken: int
    rows: list[dict[str, Any]]

    @property
    def holds(self) -> bool:
        return self.broken == 0


async def names(db: Connection) -> list[str]:
    rows = await db.fetch(
        "SELECT viewname FROM pg_views WHERE schemaname = 'checks' ORDER BY viewname"
    )
    return [row["viewname"] for row in rows]


async def run(db: Connection, *, patience_s: float | None = None) -> list[Check]:
    """All of them, in the order of their names. Run outside of rush hours: they read everything.

    `patience_s`: for each of them; otherwise as long as any other statement may take."""
    if patience_s is not None:
        await db.execute(f"SET statement_timeout = {round(patience_s * 1000)}")
    return [await _look(db, name, patience_s) for name in await names(db)]


async def _look(db: Connection, name: str, patience_s: float | None) -> Check:
    # The name comes from the catalogue of the database and is quoted; views take no parameters.
    view = '"' + name.replace('"', '""') + '"'
    rows = await db.fetch(f"SELECT * FROM checks.{view} LIMIT 1000", timeout=patience_s)  # noqa: S608
    return Check(name, len(rows), [dict(row) for row in rows[:SHOWN]])
