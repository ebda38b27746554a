"""PostgreSQL plans every statement, so a renamed column fails here and not at a shopper."""

import ast
import re
from pathlib import Path

import asyncpg
import pytest

BEGINNINGS = ("SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH ", "MERGE ")
WRITES = re.compile(r"(?:INSERT INTO|UPDATE|DELETE FROM|MERGE INTO)\s+([a-z_]+)\.[a-z_]+")
OUTSIDE = {"db", "demo", "cli"}


def statements_under(folder):
    for path in sorted(Path(folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            sql = node.value if isinstance(node, ast.Constant) else None
            if isinstance(sql, str) and sql.lstrip().startswith(BEGINNINGS) and _counts(path, sql):
                yield pytest.param(path, sql, id=f"{path}:{node.lineno}")


def _counts(path, sql):
    return len(sql.split()) > 3 and path.parts[1] not in OUTSIDE


STATEMENTS = list(statements_under("app"))


async def test_postgres_accepts_every_statement(db):
    refused = []
    for statement in STATEMENTS:
        _, sql = statement.values
        try:
            await db.prepare(sql)
        except asyncpg.PostgresError as error:
            refused.append(f"{statement.id}: {error}")

    assert refused == []


def test_a_feature_writes_only_to_its_own_tables():
    assert len(STATEMENTS) > 500
    assert [one.id for one in STATEMENTS if not _is_at_home(*one.values)] == []


def _is_at_home(path, sql):
    # A hold and its event are one statement: at that counter everybody waits for the lock.
    also = {"jobs"} if "INSERT INTO stock.holds" in sql and "jobs.events" in sql else set()
    # What many commands did to many carts is one statement, and so they need no lock between two.
    also |= {"commands"} if "INTO cart.carts" in sql and "INTO commands.done" in sql else set()
    stands_among_queries = path.name == "queries.py" or path.parent.name == "queries"
    return stands_among_queries and set(WRITES.findall(sql)) <= {path.parts[1]} | also
