"""What runs for every shopper finds its rows by an index, however many there are."""

import re

import pytest

from app import slots, stock
from app.db import begin
from app.stock.models import Line
from tests.slots.builders import a_slot, delivering_place
from tests.slots.builders import hold as hold_slot
from tests.stock.builders import ask, put_on_shelf, reserve

SCHEMAS = ("stock.", "slots.")


@pytest.fixture
async def statements(db, pool):
    """Everything the hot paths say to the database, once each."""
    said = []
    place = await delivering_place(db)
    cola = await put_on_shelf(db, place.id, pieces=50)
    slot, later = await a_slot(db, place), await a_slot(db, place, in_hours=30)
    request = ask((cola, place.id, 2))
    async with begin(pool) as connection:
        with connection.query_logger(lambda record: said.append(record.query)):
            await stock.reserve(connection, [request])
            await stock.reserve(connection, [request])
            await stock.available(connection, [cola])
            held = await slots.hold(connection, slot, request.holder, request.until)
            await slots.hold(connection, later, held.holder, request.until)
            await slots.confirm(connection, request.holder)
            await slots.release(connection, request.holder)
            await stock.confirm(connection, request.hold_id)
            await stock.take(connection, request.hold_id, [Line(cola, place.id, 1)])
            await stock.release(connection, [request.hold_id])
    return sorted({sql for sql in said if any(schema in sql for schema in SCHEMAS)})


async def test_no_hot_statement_reads_a_whole_table(db, statements):
    assert len(statements) > 12
    slow = []
    async with db.transaction():
        await db.execute("SET LOCAL enable_seqscan = off")
        await db.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        for number, sql in enumerate(statements):
            plan = await plan_of(db, f"hot_{number}", sql)
            for table in ("levels", "holds", "hold_lines", "ledger", "slots"):
                if f"Seq Scan on {table}" in plan:
                    slow.append((table, sql))

    assert slow == []


async def plan_of(db, name, sql):
    arguments = ", ".join(["NULL"] * len(set(re.findall(r"\$\d+", sql))))
    await db.execute(f"PREPARE {name} AS {sql}")
    rows = await db.fetch(f"EXPLAIN EXECUTE {name} ({arguments})")
    await db.execute(f"DEALLOCATE {name}")
    return "\n".join(row[0] for row in rows)


async def test_sweepers_find_what_ran_out_by_its_end(db, pool):
    place = await delivering_place(db)
    cola = await put_on_shelf(db, place.id, pieces=50)
    await reserve(pool, ask((cola, place.id, 1), minutes=-1))
    await hold_slot(pool, await a_slot(db, place), minutes=-1)
    async with db.transaction():
        await db.execute("SET LOCAL enable_seqscan = off")
        for table in ("stock.holds", "slots.holds"):
            rows = await db.fetch(
                f"EXPLAIN SELECT id FROM {table} WHERE state = 'held' AND expires_at <= now() "  # noqa: S608
                "ORDER BY expires_at LIMIT 200 FOR UPDATE SKIP LOCKED"
            )
            assert "holds_running_out" in "\n".join(row[0] for row in rows)
