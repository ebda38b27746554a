"""Offers with a limit: counted with the order that has them, and free again when it is off."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from app import pricing
from app.db import begin, new_id
from app.pricing import AmountOff, FreeDelivery, PercentOff, Promotion, Where
from tests.checkout.stage import FEE, Buyer, Stage

PRICE, DEPOSIT = 249, 15


async def run(stage, rule, *, code="", most=None, where=None, **more):
    """A promotion that runs now for everything, by this code when there is one."""
    promotion = Promotion(
        new_id(),
        {"nl": "Actie", "en": "Offer", "ko": "행사"},
        rule,
        frozenset(),
        datetime.now(UTC) - timedelta(days=1),
        where=where or Where(coupon=bool(code)),
        **more,
    )
    async with begin(stage.pool) as db:
        await pricing.save(db, promotion, "published")
        if code:
            await pricing.name_code(db, promotion.id, code, most)
    return promotion


async def uses(stage):
    return await stage.pool.fetchval("SELECT sum(used)::int FROM pricing.coupons")


async def test_a_coupon_is_typed_as_it_is_read_and_taken_off_the_total(stage):
    await run(stage, AmountOff(100), code="WELCOME10", lane=1)
    buyer = await stage.buyer()

    answer = await buyer.order(coupon="welcome-1O", total=PRICE + DEPOSIT + FEE - 100)

    assert answer.status_code == 409  # WELCOME1O is another code than WELCOME10
    buyer.key = str(uuid4())
    answer = await buyer.order(coupon="welcome 10", total=PRICE + DEPOSIT + FEE - 100)
    assert answer.status_code == 201, answer.text
    assert await uses(stage) == 1


async def test_fifty_at_once_with_a_coupon_for_one_make_one_order_and_no_charge_for_the_others(
    shop,
):
    stage = await Stage.set_up(shop, quantity=100)
    await run(stage, PercentOff(50), code="ONLYONCE", most=1)
    buyers = [await stage.buyer() for _ in range(50)]
    total = PRICE - PRICE * 50 // 100 + DEPOSIT + FEE
    wishes = [
        await buyer.wish(coupon="ONLYONCE", total=total, email=f"buyer-{n}@example.nl")
        for n, buyer in enumerate(buyers)
    ]

    answers = await asyncio.gather(
        *(buyer.send(wish) for buyer, wish in zip(buyers, wishes, strict=True))
    )

    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 49}
    refused = [answer.json() for answer in answers if answer.status_code == 409]
    assert {problem["code"] for problem in refused} <= {"used-up", "coupon-gone"}
    assert len(await stage.order_states()) == 1
    assert await stage.pool.fetchval("SELECT count(*) FROM payments.intents") == 1
    assert await stage.pool.fetchval("SELECT count(*) FROM pricing.redemptions") == 1
    assert await uses(stage) == 1
    assert await stage.reserved() == 1
    carts = [await buyer.cart() for buyer in buyers]
    assert Counter(cart["state"] for cart in carts) == {"frozen": 1, "open": 49}
    assert await stage.faults() == []


async def test_who_was_too_late_is_shown_the_total_without_and_can_order_at_that(stage):
    await run(stage, PercentOff(50), code="ONLYONCE", most=1)
    total = PRICE - PRICE * 50 // 100 + DEPOSIT + FEE
    first, second = await stage.buyer(), await stage.buyer()
    assert (await first.order(coupon="ONLYONCE", total=total)).status_code == 201

    answer = await second.order(coupon="ONLYONCE", total=total, email="other@example.nl")

    assert answer.status_code == 409
    problem = answer.json()
    assert problem["code"] == "coupon-gone"
    assert problem["state"]["coupons"][0]["state"] == "used-up"
    second.key = str(uuid4())
    answer = await second.order(
        total=problem["state"]["receipt"]["total"], email="other@example.nl"
    )
    assert answer.status_code == 201


async def test_a_coupon_is_free_again_when_its_order_is_off(stage):
    await run(stage, PercentOff(50), code="ONLYONCE", most=1)
    total = PRICE - PRICE * 50 // 100 + DEPOSIT + FEE
    first, second = await stage.buyer(), await stage.buyer()
    placed = (await first.order(coupon="ONLYONCE", total=total)).json()

    await first.cancel(placed)
    await stage.work()
    answer = await second.order(coupon="ONLYONCE", total=total, email="other@example.nl")

    assert answer.status_code == 201
    assert await uses(stage) == 1


async def test_every_limit_of_an_order_is_free_again_when_it_is_off_and_only_once(stage):
    await run(stage, AmountOff(50), lane=1, most_in_total=1)
    await run(stage, AmountOff(30), lane=2, most_per_customer=1)
    await run(stage, AmountOff(20), code="TWENTY20", most=1, lane=3)
    total = PRICE + DEPOSIT + FEE - 100

    for _ in range(2):
        buyer = await stage.buyer()
        answer = await buyer.order(coupon="TWENTY20", total=total)
        assert answer.status_code == 201, answer.text
        await buyer.cancel(answer.json())
        await stage.work()

    assert await uses(stage) == 0
    assert await stage.pool.fetchval("SELECT sum(used)::int FROM pricing.promotions") == 0
    assert await stage.pool.fetchval("SELECT sum(used)::int FROM pricing.customer_uses") == 0


async def test_an_offer_once_per_customer_is_had_once_by_whoever_writes_the_same_address(stage):
    await run(stage, AmountOff(100), lane=1, most_per_customer=1)
    first, second = await stage.buyer(), await stage.buyer()
    cheaper = PRICE + DEPOSIT + FEE - 100

    assert (await first.order(total=cheaper)).status_code == 201
    answer = await second.order(total=cheaper, email="MIN@example.nl")

    assert answer.status_code == 409
    assert answer.json()["code"] == "total-changed"
    assert answer.json()["state"]["receipt"]["total"] == PRICE + DEPOSIT + FEE


async def test_two_first_orders_of_one_person_at_once_have_the_advantage_once(stage):
    await run(stage, AmountOff(100), lane=1, where=Where(first_order=True))
    buyers = [await stage.buyer() for _ in range(4)]
    wishes = [await buyer.wish(total=PRICE + DEPOSIT + FEE - 100) for buyer in buyers]

    answers = await asyncio.gather(
        *(buyer.send(wish) for buyer, wish in zip(buyers, wishes, strict=True))
    )

    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 3}


async def test_an_offer_for_the_first_three_orders_is_had_three_times(stage):
    await run(stage, AmountOff(100), lane=1, most_in_total=3)
    buyers = [await stage.buyer() for _ in range(8)]
    wishes = [
        await buyer.wish(total=PRICE + DEPOSIT + FEE - 100, email=f"buyer-{n}@example.nl")
        for n, buyer in enumerate(buyers)
    ]

    answers = await asyncio.gather(
        *(buyer.send(wish) for buyer, wish in zip(buyers, wishes, strict=True))
    )

    assert Counter(answer.status_code for answer in answers) == {201: 3, 409: 5}
    late = await stage.buyer()
    assert (await late.order()).status_code == 201


async def test_free_delivery_stands_on_the_order_and_its_sums_are_exact(stage):
    await run(stage, FreeDelivery(), where=Where(minimum_amount=2 * PRICE))
    buyer: Buyer = await stage.buyer(quantity=2)

    placed = (await buyer.order(total=2 * (PRICE + DEPOSIT))).json()

    order = (await buyer.track(placed))["order"]
    assert order["sums"]["delivery"] == 0
    assert order["receipt"]["advantages"][0]["delivery"] == FEE


async def test_the_page_says_what_a_code_is_worth_and_never_puts_it_into_an_address(stage):
    await run(stage, PercentOff(50), code="HALF2026")
    buyer = await stage.buyer()
    form = {"email": "min@example.nl", "slot": str(stage.slot_id), "command": str(uuid4())}
    seen = {}
    for code in ("HALF2026", "NOTOURS"):
        page = await buyer.client.post(
            "/checkout/pay", data={**form, "coupon": code, "do": "coupon"},
            headers={"Accept-Language": "en"},
        )  # fmt: skip
        seen[code] = page.text
        assert page.status_code == 200
        assert code not in str(page.url)

    assert "Your coupon counts." in seen["HALF2026"]
    assert "We do not know this code." in seen["NOTOURS"]
    assert await stage.order_states() == []


async def test_an_order_from_before_there_were_such_offers_is_still_shown(stage):
    buyer = await stage.buyer()
    placed = (await buyer.order()).json()
    await stage.pool.execute("UPDATE orders.orders SET receipt = receipt - 'fee' - 'offers'")

    page = await buyer.client.get(placed["track_at"])

    assert page.status_code == 200
    assert "3,95" in page.text


async def test_what_costs_nothing_is_ordered_without_a_payment_and_can_be_called_off(stage):
    await stage.pool.execute("UPDATE catalog.products SET deposit = 0")
    await run(stage, PercentOff(100), code="FORNOTHING")
    await run(stage, FreeDelivery())
    buyer = await stage.buyer()
    wish = await buyer.wish(coupon="FORNOTHING", total=0)

    answer, again = await buyer.send(wish), await buyer.send(wish)

    assert (answer.status_code, answer.json()) == (201, again.json())
    assert answer.json()["pay_at"] == answer.json()["track_at"]
    assert await stage.order_states() == ["confirmed"]
    assert await stage.pool.fetchval("SELECT count(*) FROM payments.intents") == 0
    assert (await buyer.cancel(answer.json())).status_code == 200
    assert await uses(stage) == 0


async def test_what_is_sold_in_another_currency_is_named_before_anything_is_ordered(stage):
    buyer = await stage.buyer()
    await stage.pool.execute("UPDATE catalog.products SET currency = 'KRW'")

    answer = await buyer.order()

    assert (answer.status_code, answer.json()["code"]) == (409, "other-currency")
    assert await stage.order_states() == []
