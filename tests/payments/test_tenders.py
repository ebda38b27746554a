"""Money that is held first and taken later, and orders that are paid by several tenders."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
import pytest

from app import checkout, payments
from app.db import begin, new_id
from app.orders import lock
from app.payments.models import Fact
from tests.checkout.stage import Stage


@pytest.fixture
async def stage(shop):
    """A shop that takes the money when the order is packed."""
    state = shop.app.state
    state.settings = msgspec.structs.replace(state.settings, takes_money="packed")
    return await Stage.set_up(shop)


async def paid(stage, choice):
    buyer = await stage.buyer(quantity=2)
    placed = (await buyer.order()).json()
    await buyer.choose(placed, choice)
    await stage.work()
    return placed, UUID(placed["order_id"])


async def intents(stage):
    rows = await stage.pool.fetch("SELECT state FROM payments.intents ORDER BY id")
    return [row["state"] for row in rows]


async def test_held_money_is_taken_when_the_order_is_packed_less_what_was_missing(stage):
    placed, order_id = await paid(stage, "pay")
    assert await stage.order_states() == ["confirmed"]
    assert await intents(stage) == ["authorised"]
    assert await money(stage) == (0, 0)
    assert await stage.faults() == []

    async with begin(stage.pool) as db:
        await lock(db, order_id)
        assert await payments.refund(db, order_id, new_id(), 264, "short")
    await stage.advance(placed, "in_fulfilment")
    await stage.advance(placed, "packed")
    await stage.work()
    await checkout.take_money(checkout.Shop.at(stage.pool, stage.settings))

    assert await intents(stage) == ["captured"]
    assert await money(stage) == (placed["total"] - 264, 0)
    assert await at_the_provider(stage) == [
        ("authorised", placed["total"]),
        ("captured", placed["total"] - 264),
    ]
    assert await stage.faults() == []

    async with begin(stage.pool) as db:  # damaged at the door: this money has moved
        assert await payments.refund(db, order_id, new_id(), 100, "damaged")
    await stage.make_refunds()
    assert await money(stage) == (placed["total"] - 264, 100)
    assert await stage.faults() == []


async def test_a_provider_that_takes_all_that_was_held_gives_back_what_was_missing(stage):
    placed, order_id = await paid(stage, "pay")
    [intent] = await stage.pool.fetch("SELECT id FROM payments.intents")
    async with begin(stage.pool) as db:
        await lock(db, order_id)
        assert await payments.refund(db, order_id, new_id(), 264, "short")

    for _ in range(2):
        await captured(stage, intent["id"], placed["total"])

    assert await money(stage) == (placed["total"], 264)
    assert await stage.faults() == []


async def test_a_transfer_cannot_be_held_so_it_is_charged_at_once(stage):
    placed, _ = await paid(stage, "transfer")

    assert await intents(stage) == ["captured"]
    assert await money(stage) == (placed["total"], 0)


async def test_a_cancelled_order_lets_go_of_what_was_held(stage):
    buyer = await stage.buyer()
    placed = (await buyer.order()).json()
    await buyer.choose(placed, "never")
    await stage.reconcile()
    assert await intents(stage) == ["authorised"]

    assert (await buyer.cancel(placed)).status_code == 200
    await stage.work()
    await stage.reconcile()

    assert await intents(stage) == ["failed"]
    assert await money(stage) == (0, 0)
    page = await stage.pool.fetchval("SELECT state FROM payments.test_payments")
    assert page == "cancelled"
    assert await stage.faults() == []


async def test_cancelled_while_the_money_is_being_taken_it_comes_and_goes_back(stage):
    placed, order_id = await paid(stage, "pay")
    async with begin(stage.pool) as db:
        await lock(db, order_id)
        assert await payments.take_held(db, order_id) == placed["total"]
        await checkout.settling.cancel(db, order_id, "shopper")

    await stage.work()
    await checkout.take_money(checkout.Shop.at(stage.pool, stage.settings))
    await stage.make_refunds()

    assert await money(stage) == (placed["total"], placed["total"])
    assert await stage.faults() == []


async def test_money_is_taken_before_its_bank_lets_go_of_it(stage):
    placed, _ = await paid(stage, "pay")
    await stage.pool.execute("UPDATE payments.intents SET held_until = now() + interval '20 hours'")

    await checkout.take_money(checkout.Shop.at(stage.pool, stage.settings))

    assert await money(stage) == (placed["total"], 0)
    assert await stage.faults() == []


async def test_a_bank_that_lets_go_all_the_same_is_for_a_person_to_look_at(stage):
    _, order_id = await paid(stage, "pay")
    [intent] = await stage.pool.fetch("SELECT id, currency FROM payments.intents")

    gone = Fact("test", "lapsed", intent["id"], "failed", 0, intent["currency"])
    await checkout.hear(stage.pool, gone, "notification")

    [oddity] = await payments.oddities(stage.pool, 10)
    assert (oddity.what, oddity.order_id) == ("hold-lapsed", order_id)


async def test_an_order_far_off_is_charged_at_once(stage):
    await stage.pool.execute(
        "UPDATE slots.slots SET starts_at = starts_at + interval '6 days',"
        " ends_at = ends_at + interval '6 days', cutoff_at = cutoff_at + interval '6 days'"
    )
    placed, _ = await paid(stage, "pay")

    assert await money(stage) == (placed["total"], 0)


async def test_gift_card_and_card_pay_one_order_and_each_gets_back_what_it_paid(stage):
    buyer = await stage.buyer(quantity=2)
    placed = (await buyer.order()).json()
    order_id = UUID(placed["order_id"])
    [card] = await stage.pool.fetch("SELECT id, amount, currency FROM payments.intents")
    gift = await another_tender(stage, order_id, 500)
    await stage.pool.execute(
        "UPDATE payments.intents SET amount = amount - 500 WHERE id = $1", card["id"]
    )

    await captured(stage, gift, 500)
    assert await stage.order_states() == ["placed"]
    await captured(stage, card["id"], card["amount"] - 500)
    assert await stage.order_states() == ["confirmed"]
    assert await stage.faults() == []

    async with begin(stage.pool) as db:
        await lock(db, order_id)
        assert await payments.refund(db, order_id, new_id(), 600, "damaged")
        assert not await payments.refund(db, order_id, new_id(), 10_000, "too much")
    back = await stage.pool.fetch(
        "SELECT intent_id, sum(amount)::int AS amount FROM payments.refunds GROUP BY 1"
    )
    assert {row["intent_id"]: row["amount"] for row in back} == {gift: 500, card["id"]: 100}
    assert await stage.faults() == []


async def test_when_one_of_two_tenders_fails_the_other_goes_back(stage):
    buyer = await stage.buyer()
    placed = (await buyer.order()).json()
    order_id = UUID(placed["order_id"])
    [card] = await stage.pool.fetch("SELECT id, amount, currency FROM payments.intents")
    gift = await another_tender(stage, order_id, 100)
    await stage.pool.execute(
        "UPDATE payments.intents SET amount = amount - 100 WHERE id = $1", card["id"]
    )
    await captured(stage, gift, 100)

    failed = Fact("test", "declined", card["id"], "failed", 0, "EUR")
    await checkout.hear(stage.pool, failed, "notification")

    assert await stage.order_states() == ["cancelled"]
    assert await money(stage) == (100, 100)
    assert await stage.faults() == []


async def another_tender(stage, order_id, amount):
    async with begin(stage.pool) as db:
        intent = await payments.intend(
            db, order_id, amount, "EUR", provider="test",
            expires_at=datetime.now(UTC) + timedelta(minutes=11), place=2,
        )  # fmt: skip
    return intent.id


async def captured(stage, intent_id, amount):
    fact = Fact("test", f"paid {intent_id}", intent_id, "captured", amount, "EUR", "charge")
    await checkout.hear(stage.pool, fact, "notification")


async def money(stage):
    """What came in, and what went back or will."""
    row = await stage.pool.fetchrow(
        """
        SELECT (SELECT coalesce(sum(amount), 0)::int FROM payments.captures) AS captured,
               (SELECT coalesce(sum(amount), 0)::int
                  FROM payments.refunds WHERE state <> 'waived') AS refunded
        """
    )
    return row["captured"], row["refunded"]


async def at_the_provider(stage):
    rows = await stage.pool.fetch(
        "SELECT kind, amount FROM payments.test_events WHERE amount > 0 ORDER BY number"
    )
    return [(row["kind"], row["amount"]) for row in rows]
