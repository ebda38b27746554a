"""What bringing it costs: the slot's fee, nothing from the slot's value on, or by a promotion."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app import checkout
from app.db import begin
from app.pricing import AmountOff, FreeDelivery, Where
from tests.checkout.stage import FEE, HOME
from tests.checkout.test_coupons import run

PRICE, DEPOSIT = 249, 15


@pytest.fixture
async def quote(stage):
    """What so many cost when the slot brings goods of €10 and more for nothing."""
    await stage.pool.execute("UPDATE slots.slots SET free_from = 1000")

    async def ask(quantity):
        await stage.buyer(quantity)
        async with begin(stage.pool) as db:
            cart_id = await db.fetchval("SELECT id FROM cart.carts ORDER BY id DESC LIMIT 1")
            quote = await checkout.quote(db, cart_id, "en", delivery=FEE, free_from=1000)
        return quote.receipt

    return ask


async def test_from_its_value_on_a_slot_brings_goods_for_nothing_and_deposits_do_not_count(quote):
    below, above = await quote(4), await quote(5)

    assert (below.subtotal + below.deposits, below.delivery) == (4 * (PRICE + DEPOSIT), FEE)
    assert (above.fee, above.delivery, above.total) == (0, 0, 5 * (PRICE + DEPOSIT))
    assert sum(part.gross for part in above.vat) == 5 * PRICE


async def test_an_advantage_counts_before_the_value_of_the_goods_does(stage, quote):
    await run(stage, AmountOff(60))

    assert (await quote(5)).delivery == FEE
    assert (await quote(6)).delivery == 0


async def test_a_promotion_brings_it_for_nothing_before_the_slot_does_and_never_both(stage, quote):
    offer = await run(stage, FreeDelivery(), where=Where(minimum_amount=3 * PRICE))

    by_none, by_offer, by_slot = await quote(2), await quote(3), await quote(5)

    assert (by_none.delivery, by_none.hints[0].missing_amount) == (FEE, PRICE)
    assert (by_offer.fee, by_offer.delivery) == (FEE, 0)
    assert [(one.promotion_id, one.delivery) for one in by_offer.advantages] == [(offer.id, FEE)]
    assert (by_slot.fee, by_slot.delivery, by_slot.advantages) == (0, 0, [])


async def test_nothing_is_missing_for_a_delivery_that_is_free_already(stage, quote):
    await run(stage, FreeDelivery(), where=Where(minimum_amount=20 * PRICE))

    assert [hint.delivery for hint in (await quote(2)).hints] == [True]
    assert (await quote(5)).hints == []


async def test_what_the_slot_brings_for_nothing_is_shown_with_its_reason_and_charged_so(
    stage, quote
):
    buyer = await stage.buyer(5)
    address = {"slot": str(stage.slot_id), **HOME}
    page = await buyer.client.get(
        "/checkout/pay", params=address, headers={"accept-language": "en"}
    )

    answer = await buyer.order(total=5 * (PRICE + DEPOSIT))

    assert "Delivery, free from €10.00" in page.text
    assert answer.status_code == 201, answer.text
    assert await stage.faults() == []


async def test_hours_count_by_the_clock_of_the_place(stage, quote):
    now = datetime.now(ZoneInfo("Asia/Seoul"))
    hours = [(now + timedelta(hours=n)).time().replace(microsecond=0) for n in (-1, 1)]
    await run(stage, AmountOff(60), where=Where(from_time=hours[0], until_time=hours[1]))

    here = await quote(2)
    await stage.pool.execute("UPDATE stock.places SET time_zone = 'Asia/Seoul'")
    there = await quote(2)

    assert (here.discount, there.discount) == (0, 120)
