"""From a basket to an order: what was seen is what is charged, once."""

import asyncio
from collections import Counter
from uuid import uuid4

from tests.checkout.stage import FEE, Stage, add


async def test_a_basket_becomes_an_order_that_waits_for_its_payment(stage):
    buyer = await stage.buyer(quantity=2)

    answer = await buyer.order()

    assert answer.status_code == 201, answer.text
    placed = answer.json()
    assert placed["total"] == 2 * (249 + 15) + FEE
    assert placed["pay_at"].startswith("http://shop.test/testpay/")
    tracked = await buyer.track(placed)
    assert tracked["order"]["state"] == "placed"
    assert tracked["order"]["lines"][0]["quantity"] == 2
    assert await stage.reserved() == 2


async def test_who_buys_beer_says_their_age_before_it_is_looked_at_at_the_door(stage):
    buyer = await stage.buyer()
    await stage.pool.execute("UPDATE catalog.products SET age_limit = 18")

    unsaid = await buyer.order()
    buyer.key = str(uuid4())
    said = await buyer.order(of_age=True)

    assert (unsaid.status_code, unsaid.json()["code"]) == (409, "age-not-said")
    assert said.status_code == 201


async def test_paying_confirms_the_order_and_opens_an_empty_basket(stage):
    buyer = await stage.buyer()
    placed = (await buyer.order()).json()

    back = await buyer.choose(placed, "pay")
    await stage.work()

    assert back.status_code == 303
    tracked = await buyer.track(placed)
    assert tracked["order"]["state"] == "confirmed"
    assert [one["kind"] for one in tracked["happened"]] == ["OrderPlaced", "OrderConfirmed"]
    assert (await buyer.cart())["count"] == 0


async def test_the_same_key_ten_times_at_once_is_one_order(stage):
    buyer = await stage.buyer()
    wish = await buyer.wish()

    answers = await asyncio.gather(*(buyer.send(wish) for _ in range(10)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert await stage.order_states() == ["placed"]
    assert await stage.reserved() == 1


async def test_the_same_key_after_payment_is_still_the_same_order(stage):
    buyer = await stage.buyer()
    wish = await buyer.wish()
    placed = (await buyer.send(wish)).json()
    await buyer.choose(placed, "pay")
    await stage.work()

    again = await buyer.send(wish)

    assert again.status_code == 201
    assert again.json()["number"] == placed["number"]
    assert await stage.order_states() == ["confirmed"]


async def test_the_same_key_for_something_else_is_refused(stage):
    buyer = await stage.buyer()
    await buyer.order()

    answer = await buyer.order(name="Somebody else")

    assert answer.status_code == 422
    assert answer.json()["code"] == "id-used-otherwise"


async def test_a_total_that_has_changed_is_shown_before_it_is_charged(stage):
    buyer = await stage.buyer()
    wish = await buyer.wish()
    await stage.price_becomes(299)

    answer = await buyer.send(wish)

    assert answer.status_code == 409
    problem = answer.json()
    assert problem["code"] == "total-changed"
    assert problem["state"]["receipt"]["total"] == 299 + 15 + FEE
    assert (await buyer.cart())["state"] == "open"
    assert await stage.reserved() in (0, None)


async def test_a_basket_that_has_changed_is_looked_at_once_more(stage):
    buyer = await stage.buyer()
    wish = await buyer.wish()
    await add(buyer.client, stage.product_id)

    answer = await buyer.send(wish)

    assert answer.status_code == 409
    assert answer.json()["code"] in ("basket-changed", "total-changed")
    assert (await buyer.cart())["count"] == 2


async def test_a_refusal_is_given_again_in_the_same_words(stage):
    buyer = await stage.buyer(quantity=11)
    wish = await buyer.wish()

    first, second = await buyer.send(wish), await buyer.send(wish)

    assert (first.status_code, second.status_code) == (409, 409)
    assert first.json()["detail"] == second.json()["detail"]
    assert first.json()["code"] == "out-of-stock"
    assert first.json()["state"]["products"][0]["available"] == 10


async def test_a_basket_is_paid_for_once_even_from_two_tabs(stage):
    buyer = await stage.buyer()
    wish = await buyer.wish()
    await buyer.send(wish)
    buyer.key = str(uuid4())

    answer = await buyer.send(wish)

    assert answer.status_code == 409
    assert answer.json()["code"] == "being-paid"
    assert answer.json()["state"]["track_at"].startswith("http://shop.test/orders/")


async def test_nobody_is_promised_a_delivery_outside_the_zones(stage):
    buyer = await stage.buyer()

    answer = await buyer.order(postcode="9999 ZZ")

    assert answer.status_code == 409
    assert answer.json()["code"] == "outside-area"
    assert (await buyer.cart())["state"] == "open"


async def test_without_a_basket_there_is_nothing_to_order(stage):
    buyer = await stage.buyer()
    wish = await buyer.wish()

    async with stage.browser() as stranger:
        answer = await stranger.post(
            "/api/v1/checkout", json=wish, headers={"Idempotency-Key": str(uuid4())}
        )

    assert answer.status_code == 404


async def test_two_hundred_buyers_want_the_last_ten(shop):
    stage = await Stage.set_up(shop, quantity=10)
    buyers = [await stage.buyer() for _ in range(200)]
    wishes = [await buyer.wish() for buyer in buyers]

    answers = await asyncio.gather(
        *(buyer.send(wish) for buyer, wish in zip(buyers, wishes, strict=True))
    )

    assert Counter(answer.status_code for answer in answers) == {201: 10, 409: 190}
    refused = [answer.json() for answer in answers if answer.status_code == 409]
    assert {problem["code"] for problem in refused} == {"out-of-stock"}
    carts = [await buyer.cart() for buyer in buyers]
    assert {cart["count"] for cart in carts} == {1}
    assert Counter(cart["state"] for cart in carts) == {"frozen": 10, "open": 190}
    assert await stage.reserved() == 10
    assert await stage.faults() == []


async def test_twenty_buyers_want_a_slot_with_one_place(shop):
    stage = await Stage.set_up(shop, quantity=100, capacity=1)
    buyers = [await stage.buyer() for _ in range(20)]
    wishes = [await buyer.wish() for buyer in buyers]

    answers = await asyncio.gather(
        *(buyer.send(wish) for buyer, wish in zip(buyers, wishes, strict=True))
    )

    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 19}
    refused = [answer.json() for answer in answers if answer.status_code == 409]
    assert {problem["code"] for problem in refused} == {"slot-full"}
    assert await stage.reserved() == 1
    assert await stage.faults() == []
