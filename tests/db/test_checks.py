"""The promises of DESIGN are watched: each view is there, and finds what breaks it."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from app import pricing, slots, stock
from app.db import begin, checks, new_id
from app.pricing import PercentOff, Promotion
from app.stock.models import Line
from tests.slots.builders import a_slot, delivering_place
from tests.slots.builders import hold as hold_slot
from tests.stock.builders import ask, offending, put_on_shelf, reserve

WATCHED = {
    "stock_bounds",
    "stock_ledger",
    "order_totals",
    "cart_orders",
    "coupons",
    "payments",
    "slots",
    "outbox",
    "steps",
    "holds",
    "parcels",
    "audit",
}
"""Returns, points and empties come with their features."""


@pytest.fixture
async def place(db):
    return await delivering_place(db)


@pytest.fixture
async def cola(db, place):
    return await put_on_shelf(db, place.id, pieces=10)


async def test_every_promise_has_a_view_and_an_empty_shop_breaks_none(db):
    assert set(await checks.names(db)) >= WATCHED
    assert await offending(db) == {}


async def test_whoever_has_patience_waits_for_the_promises_of_a_large_shop(db):
    await db.execute("CREATE VIEW checks.slower AS SELECT 1 WHERE pg_sleep(0.1)::text = 'never'")
    await db.execute("SET statement_timeout = '50ms'")
    with pytest.raises(asyncpg.QueryCanceledError):
        await checks.run(db)

    assert "slower" in {check.name for check in await checks.run(db, patience_s=60)}


async def test_a_count_changed_behind_the_ledger_is_found(db, cola):
    await db.execute("UPDATE stock.levels SET on_hand = 11 WHERE product_id = $1", cola)

    assert set(await offending(db)) == {"stock_ledger"}


async def test_more_promised_than_there_is_is_found(db, pool, place, cola):
    await reserve(pool, ask((cola, place.id, 4)))
    await db.execute("ALTER TABLE stock.levels DROP CONSTRAINT nothing_is_promised_twice")
    await db.execute("UPDATE stock.levels SET on_hand = 3 WHERE product_id = $1", cola)

    assert set(await offending(db)) == {"stock_bounds", "stock_ledger"}


async def test_goods_reserved_for_nobody_are_found(db, pool, place, cola):
    request = ask((cola, place.id, 4))
    await reserve(pool, request)
    await db.execute("UPDATE stock.holds SET state = 'released' WHERE id = $1", request.hold_id)

    assert set(await offending(db)) == {"stock_ledger"}


async def test_a_coupon_used_more_often_than_orders_have_it_is_found(db):
    offer = Promotion(
        new_id(), {"en": "Offer"}, PercentOff(10), frozenset(), datetime.now(UTC), None
    )
    await pricing.save(db, offer, "published")
    await pricing.name_code(db, offer.id, "WELCOME", 3)
    await db.execute("UPDATE pricing.coupons SET used = 1")

    assert set(await offending(db)) == {"coupons"}


async def test_holds_nobody_ended_in_time_are_found(db, pool, place, cola):
    slot = await a_slot(db, place)
    await reserve(pool, ask((cola, place.id, 1), minutes=-2))
    await hold_slot(pool, slot, minutes=-2)

    assert {row["of"] for row in (await offending(db))["holds"]} == {"stock", "slot"}

    await stock.expire(pool)
    await slots.expire(pool)
    assert await offending(db) == {}


async def test_a_slot_that_counts_wrong_is_found(db, pool, place):
    slot = await a_slot(db, place)
    await hold_slot(pool, slot)
    await db.execute("UPDATE slots.slots SET used = 2 WHERE id = $1", slot)

    assert [row["id"] for row in (await offending(db))["slots"]] == [slot]


async def test_a_gap_in_what_was_told_is_found(db, pool, place, cola):
    request = ask((cola, place.id, 1))
    await reserve(pool, request)
    await stock.confirm(db, request.hold_id)
    await stock.take(db, request.hold_id, [Line(cola, place.id, 1)])
    await db.execute("DELETE FROM jobs.events WHERE aggregate = $1 AND number = 2", request.hold_id)

    assert set(await offending(db)) == {"outbox"}


async def test_a_step_nobody_takes_is_found(db):
    await db.execute(
        "INSERT INTO jobs.tasks (id, kind, body, due_at) VALUES ($1, 'print', '{}', $2)",
        new_id(),
        datetime.now(UTC) - timedelta(minutes=2),
    )

    assert set(await offending(db)) == {"steps"}


async def test_the_last_guard_is_the_database_itself(pool, db, place, cola):
    with pytest.raises(Exception, match="nothing_is_promised_twice"):
        async with begin(pool) as connection:
            await connection.execute("UPDATE stock.levels SET reserved = on_hand + 1")
