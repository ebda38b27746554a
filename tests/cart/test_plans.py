"""A scan finds its rows by an index, however many baskets, products and posters there are."""

import re

import pytest

from app import cart
from app.cart import coalescing, queries
from app.db import begin
from tests.cart.builders import (
    add,
    open_cart,
    print_label,
    put_on_shelf,
    remove,
    set_to,
    token_of,
)

TABLES = ("carts", "tokens", "lines", "changes", "done", "labels", "editions", "codes", "products")


@pytest.fixture
async def statements(db, pool):
    """What scans, changes, readings and the checkout say to the database, once each."""
    said = []
    milk, number = await put_on_shelf(db)
    label, _ = await print_label(db, milk, number)
    basket = await open_cart(db)
    async with begin(pool) as connection:
        with connection.query_logger(lambda record: said.append(record.query)):
            await coalescing._act(
                connection, [coalescing.Ask(token_of(basket), add(None, label=label))]
            )
            await cart.apply(
                connection,
                [add(basket, milk), set_to(basket, milk, 3, 2), remove(basket, milk, 3)],
            )
            await cart.read(connection, basket, "en")
            await queries.changes_of_many(connection, [(basket, 0)])
            await queries.snapshots(connection, [basket])
            await queries.versions(connection, [basket])
            await cart.freeze(connection, basket, 4)
            await cart.reopen(connection, basket)
    return sorted({sql for sql in said if re.search(r"\b(cart|commands)\.", sql)})


async def test_no_hot_statement_reads_a_whole_table(db, statements):
    assert len(statements) >= 10
    slow = []
    async with db.transaction():
        await db.execute("SET LOCAL enable_seqscan = off")
        await db.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        for number, sql in enumerate(statements):
            plan = await plan_of(db, f"hot_{number}", sql)
            slow += [(table, sql) for table in TABLES if f"Seq Scan on {table}" in plan]

    assert slow == []


async def plan_of(db, name, sql):
    arguments = ", ".join(["NULL"] * len(set(re.findall(r"\$\d+", sql))))
    await db.execute(f"PREPARE {name} AS {sql}")
    rows = await db.fetch(f"EXPLAIN EXECUTE {name} ({arguments})")
    await db.execute(f"DEALLOCATE {name}")
    return "\n".join(row[0] for row in rows)


async def test_a_scan_reads_no_table_whole_in_a_new_shop_either(pool, statements):
    """Nobody has counted rows yet, and the plan of the first scan is kept for the next thousands.
    Lines that are taken out are the exception: there are few, and mostly none."""
    scans = [sql for sql in statements if "jsonb_to_recordset" in sql]
    assert len(scans) == 2
    slow = []
    async with begin(pool) as connection:
        await connection.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        for number, sql in enumerate(scans):
            plan = await plan_of(connection, f"scan_{number}", sql)
            slow += re.findall(r"Seq Scan on (?!lines line_)\w+.*", plan)

    assert slow == []
