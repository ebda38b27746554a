"""A customer's own basket on the receipt: by a code they show, and only as long as they let us."""

import re
from uuid import uuid4

import pytest

from app.pricing import AmountOff, Where
from tests.checkout.test_coupons import run
from tests.tills.counter import MILK, WINE, Counter, code_of


@pytest.fixture
async def counter(shop):
    return await Counter.set_up(shop)


async def test_phone_and_till_fill_one_basket_and_the_offer_counts_both(counter):
    buyer = await counter.stage.buyer()
    desk = await counter.clerk()
    await desk.scan("2*" + MILK)

    shown = await desk.scan(f"http://shop.test/pair/{await code_of(buyer)}")
    await desk.scan(WINE)
    cart = await buyer.cart()

    assert shown.status_code == 303
    assert {(line["handover"], line["quantity"]) for line in cart["lines"]} == {
        ("delivery", 1),
        ("carry-out", 2),
        ("carry-out", 1),
    }
    sold = await desk.pay("cash", slot=counter.stage.slot_id, age_checked="1")
    assert sold.status_code == 303
    after = await buyer.cart()
    assert after["lines"] == []
    assert await counter.pool.fetchval("SELECT count(*) FROM cart.views") == 0
    assert (await counter.order())["state"] == "confirmed"
    assert await counter.faults() == []


async def test_a_code_works_once_and_one_for_looking_does_not_sell(counter):
    buyer = await counter.stage.buyer()
    desk, other = await counter.clerk(), await counter.clerk(number=2)
    code = await code_of(buyer)

    first = await desk.post("/till/attach", code=code)
    second = await other.post("/till/attach", code=code)
    looking = await other.post("/till/attach", code=await code_of(buyer, "look"))
    nonsense = await other.post("/till/attach", code="ZZZZZZZZ")

    codes = [answer.status_code for answer in (first, second, looking, nonsense)]
    assert codes == [303, 410, 409, 410]
    assert await counter.faults() == []


async def test_the_phone_answers_a_code_on_the_tills_screen(counter):
    """By its camera or by typing; what lies on the counter is in the basket then."""
    buyer, desk = await counter.stage.buyer(), await counter.clerk()
    await desk.scan(WINE)
    page = (await desk.post("/till/invite")).text
    letters = re.search(r'code-typed number"[^>]*>([0-9A-Z]{4}) ([0-9A-Z]{4})<', page)
    early, waiting = await desk.post("/till/welcome"), await desk.client.get("/till/invite")

    await buyer.client.post("/pair", data={"code": f"{letters[1]} {letters[2]}".lower()})
    came = await desk.client.get("/till/invite")
    welcome = {"command": str(uuid4())}
    welcomed = [(await desk.post("/till/welcome", **welcome)).status_code for _ in range(2)]

    answers = (early, waiting, came)
    assert [answer.status_code for answer in answers] == [409, 204, 200]
    assert welcomed == [303, 303]
    lines = (await buyer.cart())["lines"]
    assert sorted(line["handover"] for line in lines) == ["carry-out", "delivery"]
    assert "Halfvolle melk" in await desk.page()
    again = await desk.post("/till/invite")
    assert again.status_code == 409
    assert await counter.faults() == []


async def test_a_customer_who_takes_the_basket_back_is_left_alone(counter):
    buyer = await counter.stage.buyer()
    desk = await counter.clerk()
    await desk.post("/till/attach", code=await code_of(buyer))
    view = await counter.pool.fetchval("SELECT id FROM cart.views")
    await buyer.client.post("/basket/views/end", data={"view": str(view)})

    refused = await desk.scan()
    unseen = await desk.client.get("/till/pay")
    paying = await desk.post(
        "/till/pay", tender="cash", given="50", cart_version="1", total="264", age_checked="1"
    )
    page = await desk.page()
    gone_on = await desk.post("/till/detach")
    again = await desk.scan()

    codes = [answer.status_code for answer in (refused, paying, gone_on, again)]
    assert codes == [409, 409, 303, 303]
    assert unseen.status_code == 303
    assert 'action="/till/detach"' in page
    assert len((await buyer.cart())["lines"]) == 1
    assert await counter.faults() == []


async def test_a_coupon_on_paper_counts_at_the_counter_until_it_is_taken_back(counter):
    await run(counter.stage, AmountOff(100), code="WELKOM10", most=1, lane=1)
    first = Where(first_order=True)
    await run(counter.stage, AmountOff(50), lane=2, where=first)  # a stranger may be anybody
    desk = await counter.clerk()
    await desk.scan("2*" + MILK)

    unknown = await desk.post("/till/coupon", code="welkom11")
    page = await desk.page()
    await desk.post("/till/coupon", code="WELKOM11", away="true")
    shown = await desk.post("/till/coupon", code=" welkom10")
    sold = await desk.pay("cash")
    await desk.scan("2*" + MILK)
    await desk.post("/till/coupon", code="WELKOM10")
    used_up = (await desk.page()).replace("\xa0", " ")

    codes = [answer.status_code for answer in (unknown, shown, sold)]
    assert codes == [303, 303, 303]
    assert '<s class="number">WELKOM11</s>' in page
    assert (await counter.order())["total"] == 2 * (249 + 15) - 100
    assert '<s class="number">WELKOM10</s>' in used_up
    assert "€ 5,28" in used_up
    assert await counter.faults() == []


async def test_a_customer_who_goes_on_alone_leaves_what_lies_on_the_counter(counter):
    buyer = await counter.stage.buyer()
    desk = await counter.clerk()
    await desk.scan(WINE)
    await desk.post("/till/attach", code=await code_of(buyer))

    await desk.post("/till/detach")

    lines = (await buyer.cart())["lines"]
    assert [line["handover"] for line in lines] == ["delivery"]
    assert "Rode wijn" in await desk.page()
    assert await counter.faults() == []
