"""From the basket to the tracking page in a browser without JavaScript."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from app import stock
from app.db import begin
from tests.checkout.stage import FEE, HOME, open_slot
from tests.orders.test_changing import contents


async def test_a_postcode_shows_the_times_of_the_place_that_has_everything(stage):
    buyer = await stage.buyer(quantity=2)

    page = (await buyer.client.get("/checkout?postcode=3511ab")).text

    assert str(stage.slot_id) in page


async def test_what_cannot_be_sent_is_named_before_a_time_is_chosen(stage):
    buyer = await stage.buyer(quantity=11)

    page = (await buyer.client.get("/checkout?postcode=3511ab")).text

    assert "Halfvolle melk" in page
    assert str(stage.slot_id) not in page


async def test_what_comes_in_before_is_ordered_for_the_times_after_it(stage):
    buyer = await stage.buyer(quantity=12)
    later = await open_slot(stage.pool, stage.place_id, in_hours=120)
    async with begin(stage.pool) as db:
        zone = stage.settings.zone
        in_two_days = datetime.now(zone).date() + timedelta(days=2)
        expected = await stock.coming.expect(
            db, stage.product_id, stage.place_id, 2, in_two_days, to_order=True
        )

    times = (await buyer.client.get("/checkout?postcode=3511ab")).text
    basket = (await buyer.client.get("/basket", headers={"Accept-Language": "en"})).text
    too_soon = await buyer.order()
    buyer.key = str(uuid4())
    ordered = await buyer.order(slot=str(later))
    gone = await stage.buyer(quantity=1)
    refused = await gone.order(slot=str(later))
    await buyer.choose(ordered.json(), "pay")
    await stage.work()

    assert str(later) in times
    assert str(stage.slot_id) not in times
    assert "Not enough there now. Brought from" in basket
    assert (too_soon.status_code, too_soon.json()["code"]) == (409, "out-of-stock")
    assert ordered.status_code == 201, ordered.text
    assert (refused.status_code, refused.json()["code"]) == (409, "out-of-stock")
    assert await stage.order_states() == ["confirmed"]
    assert await stage.reserved() == 10
    less = await contents(buyer, ordered.json(), quantities={"1": 11}, total=11 * 264 + FEE)
    assert less.status_code == 200, less.text
    await stage.work()
    async with begin(stage.pool) as db:
        await stock.coming.came_in(db, expected)
    assert await stage.reserved() == 11


async def test_the_day_on_which_it_is_brought_is_that_of_its_place(stage):
    noon = datetime.now(UTC).replace(hour=12) + timedelta(days=5)
    await stage.pool.execute("UPDATE stock.places SET time_zone = 'Pacific/Kiritimati'")
    await stage.pool.execute(
        "UPDATE slots.slots SET starts_at = $1::timestamptz, ends_at = $1::timestamptz + interval '2 hours'",
        noon,
    )
    async with begin(
        stage.pool
    ) as db:  # by our own clock on the same day, by theirs the day before
        await stock.coming.expect(
            db, stage.product_id, stage.place_id, 2, noon.date(), to_order=True
        )

    ordered = await (await stage.buyer(quantity=12)).order()

    assert ordered.status_code == 201, ordered.text


async def test_nobody_comes_to_a_postcode_outside_the_zones(stage):
    buyer = await stage.buyer()

    page = (await buyer.client.get("/checkout?postcode=9999ZZ")).text

    assert "9999 ZZ" in page
    assert "buiten ons bezorggebied" in page
    assert str(stage.slot_id) not in page
    form = filled_in((await buyer.client.get(pay_address(stage))).text)
    refused = await buyer.client.post("/checkout/pay", data=form | {"postcode": "9999 ZZ"})
    assert refused.status_code == 409
    assert "buiten ons bezorggebied" in refused.text


async def test_a_code_that_holds_no_more_is_struck_out_and_left_behind_by_one_tap(stage):
    buyer = await stage.buyer()
    for code in ("NOSUCH99", "NORTHIS1"):
        coupon = {"do": "attach-coupon", "id": str(uuid4()), "code": code}
        await buyer.client.post("/api/v1/cart/commands", json=coupon)
    basket = (await buyer.client.get("/basket")).text
    page = (await buyer.client.get(pay_address(stage))).text

    answer = await buyer.client.post("/checkout/pay", data=filled_in(page) | {"do": "without"})
    ordered = await buyer.client.post("/checkout/pay", data=filled_in(answer.text))

    assert '<s class="number">NOSUCH99</s>' in basket
    assert "zonder deze codes" in page
    assert "NOSUCH99" not in answer.text
    assert 'value="Min Janssen"' in answer.text
    assert ordered.status_code == 303
    assert (await buyer.cart())["coupons"] == []


async def test_the_page_says_what_is_charged_and_the_button_says_that_it_costs(stage):
    buyer = await stage.buyer(quantity=2)

    page = (await buyer.client.get(pay_address(stage))).text

    assert "Bestelling met betaalverplichting" in page
    assert hidden(page, "total") == str(2 * (249 + 15) + 395)


async def test_a_whole_purchase_by_forms(stage):
    buyer = await stage.buyer()
    word = {
        "command": str(uuid4()),
        "product_id": str(stage.product_id),
        "text": "Lang \n houdbaar",
    }
    assert (await buyer.client.post("/basket/note", data=word)).status_code == 303
    assert 'value="Lang houdbaar"' in (await buyer.client.get("/basket")).text
    page = (await buyer.client.get(pay_address(stage))).text

    wishes = {"substitution": "same-brand", f"wish-{stage.product_id}": "ask-me"}
    hostile = filled_in(page) | {"wish-x": "similar"}
    assert (await buyer.client.post("/checkout/pay", data=hostile)).status_code == 400
    to_payment = await buyer.client.post("/checkout/pay", data=filled_in(page) | wishes)
    back_to_it = await buyer.client.get("/checkout")
    waiting = (await buyer.client.get(back_to_it.headers["location"])).text
    back = await buyer.client.post(to_payment.headers["location"], data={"choice": "pay"})
    await stage.work()

    assert to_payment.status_code == 303
    assert back.headers["location"].startswith("/orders/")
    order = (await buyer.client.get(back.headers["location"])).text
    assert "blijven voor je gereserveerd tot" in waiting
    assert "Je betaling is binnen" in order
    assert "Min Janssen" in order
    assert "Lang houdbaar" in order
    assert "brengen we iets van hetzelfde merk" in order
    [line] = await stage.pool.fetch("SELECT substitution FROM orders.lines")
    assert line["substitution"] == "ask-me"
    outbox = (await buyer.client.get("/outbox")).text
    assert "is bevestigd" in outbox


async def test_pressing_the_button_twice_is_one_order(stage):
    buyer = await stage.buyer()
    form = filled_in((await buyer.client.get(pay_address(stage))).text)

    first = await buyer.client.post("/checkout/pay", data=form)
    second = await buyer.client.post("/checkout/pay", data=form)

    assert first.headers["location"] == second.headers["location"]
    assert await stage.order_states() == ["placed"]


async def test_what_was_written_stays_when_something_is_missing(stage):
    buyer = await stage.buyer()
    form = filled_in((await buyer.client.get(pay_address(stage))).text)

    answer = await buyer.client.post("/checkout/pay", data=form | {"email": "no address"})

    assert answer.status_code == 422
    assert 'value="Oudegracht"' in answer.text
    assert 'aria-describedby="email-wrong"' in answer.text


async def test_a_slot_that_filled_up_meanwhile_keeps_everything_else(stage):
    buyer = await stage.buyer()
    full = await open_slot(stage.pool, stage.place_id, capacity=0, in_hours=50)
    form = filled_in((await buyer.client.get(pay_address(stage))).text)

    answer = await buyer.client.post("/checkout/pay", data=form | {"slot": str(full)})

    assert answer.status_code == 409
    assert 'value="Oudegracht"' in answer.text
    assert (await buyer.cart())["state"] == "open"


async def test_a_basket_that_waits_for_its_payment_leads_to_its_order(stage):
    buyer = await stage.buyer()
    placed = (await buyer.order()).json()

    answer = await buyer.client.get("/checkout")

    assert answer.headers["location"] == placed["track_at"].removeprefix("http://shop.test")


async def test_the_shopper_calls_an_order_off_by_a_form(stage):
    buyer = await stage.buyer()
    placed = (await buyer.order()).json()
    address = placed["track_at"].removeprefix("http://shop.test")
    page = (await buyer.client.get(address)).text

    await buyer.client.post(f"{address}/cancel", data={"command": hidden(page, "command")})

    assert await stage.order_states() == ["cancelled"]
    assert "geannuleerd" in (await buyer.client.get(address)).text


async def test_looking_at_an_order_again_and_again_changes_nothing(stage):
    buyer = await stage.buyer()
    placed = (await buyer.order()).json()
    await buyer.choose(placed, "never")

    for _ in range(3):
        await buyer.client.get(placed["track_at"])

    assert await stage.order_states() == ["placed"]


async def test_asking_whether_the_payment_came_in_finds_it(stage):
    buyer = await stage.buyer()
    placed = (await buyer.order()).json()
    await buyer.choose(placed, "never")

    await buyer.client.post(f"{placed['track_at'].removeprefix('http://shop.test')}/ask")

    assert await stage.order_states() == ["confirmed"]


def pay_address(stage):
    return f"/checkout/pay?postcode=3511AB&slot={stage.slot_id}"


def filled_in(page):
    names = ("command", "slot", "cart_version", "total")
    return HOME | {"substitution": "similar", "note": ""} | {n: hidden(page, n) for n in names}


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]
