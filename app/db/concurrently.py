"""Indexes that are built while the shop sells on.

`CREATE INDEX CONCURRENTLY` cannot run inside a transaction, so nothing takes half of it back: cut off,
it leaves an index that is kept up to date and never used. A file of such statements may therefore be
applied again from its beginning, however far it came: what stands is left, what is half is dropped and
built anew (PostgreSQL 18, CREATE INDEX, "Building Indexes Concurrently").
"""

import re
from typing import TYPE_CHECKING, TypeAlias

import asyncpg

if TYPE_CHECKING:
    Whole: TypeAlias = asyncpg.Connection[asyncpg.Record]
else:
    Whole = asyncpg.Connection

MARK = "-- Outside of a transaction"
CREATES = re.compile(
    r"CREATE (?:UNIQUE )?INDEX CONCURRENTLY (?P<index>[a-z_]+)\s+ON (?P<schema>[a-z_]+)\.[a-z_]+ .+",
    re.DOTALL,
)
DROPS = re.compile(r"DROP INDEX CONCURRENTLY IF EXISTS [a-z_]+\.[a-z_]+")


def is_meant(sql: str) -> bool:
    return sql.startswith(MARK)


def statements(sql: str) -> list[str]:
    """One by one, as the server has to get them. Raises ValueError for one that could not be repeated:
    only indexes are made and dropped here, by their whole names."""
    told = "\n".join(line for line in sql.splitlines() if not line.lstrip().startswith("--"))
    found = [statement.strip() for statement in told.split(";") if statement.strip()]
    for statement in found:
        if not (CREATES.fullmatch(statement) or DROPS.fullmatch(statement)):
            raise ValueError(f"cannot stand outside of a transaction: {statement}")
    return found


async def apply(connection: Whole, sql: str) -> None:
    """It waits for transactions that are under way, as long as they take; nobody waits for it."""
    await connection.execute("SET lock_timeout = 0")
    await connection.execute("SET statement_timeout = 0")
    for statement in statements(sql):
        made = CREATES.fullmatch(statement)
        if made is None:
            await connection.execute(statement)
            continue
        whole = await _is_whole(connection, made["schema"], made["index"])
        if whole is False:
            await connection.execute(f"DROP INDEX CONCURRENTLY {made['schema']}.{made['index']}")
        if not whole:
            await connection.execute(statement)


async def _is_whole(connection: Whole, schema: str, index: str) -> bool | None:
    """False for one that was cut off, None where there is none of that name."""
    found: bool | None = await connection.fetchval(
        """
        SELECT index.indisvalid
          FROM pg_index AS index
          JOIN pg_class AS relation
            ON relation.oid = index.indexrelid
          JOIN pg_namespace AS schema
            ON schema.oid = relation.relnamespace
         WHERE schema.nspname = $1
           AND relation.relname = $2
        """,
        schema, index,
    )  # fmt: skip
    return found
