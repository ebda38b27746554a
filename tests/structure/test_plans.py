"""Among a million orders nobody waits for a table to be read through, and no index is kept up twice."""

import re

import pytest

from tests.structure.test_sql import STATEMENTS

READ_THROUGH = r"Seq Scan on (\w+\.\w+)"
SMALL = {
    "cart.pairings", "cases.board", "catalog.imports", "catalog.products", "fulfilment.door_notes",
    "jobs.tasks", "payments.oddities", "pricing.bars", "pricing.lists", "pricing.promotions",
    "staff.attempts", "stock.counts", "stock.places", "stock.stops", "walls.editions",
    "walls.print_files", "walls.profiles", "walls.walls", "webhooks.endpoints",
}  # fmt: skip
"""A shop has thousands of these at most, or they are forgotten within days."""
FOR_REPORTS = {
    "app/pricing/queries/simulating.py",
    "app/returns/queries/insight.py",
    "app/returns/queries/parcels.py",  # hourly, of open cases
}
OPEN_ONES = {("app/rights/queries.py", "returns.requests")}  # what is not open is left out first


async def test_no_index_is_kept_up_twice(db):
    twice = await db.fetch(
        """
        SELECT one.indexrelid::regclass::text AS index, other.indexrelid::regclass::text AS same
          FROM pg_index AS one
          JOIN pg_index AS other ON other.indrelid = one.indrelid
                                AND other.indexrelid <> one.indexrelid
         WHERE NOT one.indisunique
           AND one.indrelid::regclass::text !~ '^pg_'
           AND (one.indkey, one.indclass, one.indoption) = (other.indkey, other.indclass, other.indoption)
           AND coalesce(pg_get_expr(one.indexprs, one.indrelid), '')
               = coalesce(pg_get_expr(other.indexprs, other.indrelid), '')
           AND coalesce(pg_get_expr(one.indpred, one.indrelid), '')
               = coalesce(pg_get_expr(other.indpred, other.indrelid), '')
        """
    )

    assert [tuple(row) for row in twice] == []


@pytest.mark.drill
async def test_every_statement_finds_what_it_looks_for_by_an_index(db):
    await db.execute("SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan")
    read_through = []
    for statement in STATEMENTS:
        path, sql = statement.values
        for table in re.findall(READ_THROUGH, await plan_of(db, sql)):
            known = table in SMALL or str(path) in FOR_REPORTS or (str(path), table) in OPEN_ONES
            if not known:
                read_through.append((statement.id, table))

    assert read_through == []


async def plan_of(db, sql):
    if sql.lstrip().startswith("MERGE"):
        return ""
    await db.execute(f"PREPARE asked AS {sql}")
    many = await db.fetchval(
        "SELECT cardinality(parameter_types) FROM pg_prepared_statements WHERE name = 'asked'"
    )
    given = f"({', '.join(['NULL'] * many)})" if many else ""
    plan = await db.fetch(f"EXPLAIN (COSTS OFF, VERBOSE) EXECUTE asked{given}")
    await db.execute("DEALLOCATE asked")
    return "\n".join(row[0] for row in plan)
