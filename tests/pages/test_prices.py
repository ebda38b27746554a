"""Price lists at the merchandiser's desk, and that basket, order and till ask what they say."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app import cart, checkout, customers
from app.db import begin, new_id
from app.pricing import AmountOff, MemberPrice, Where
from tests.checkout.test_coupons import run
from tests.staff_desk import employ
from tests.tills.counter import HOME, MILK, Counter

PAGE = "/merchandiser/prices"


@pytest.fixture
async def counter(shop):
    counter = await Counter.set_up(shop)
    yield counter
    assert await counter.faults() == []


@pytest.fixture
async def desk(counter):
    client = counter.stage.browser()
    token, _ = await employ(counter.pool, "merchandiser")
    client.cookies.set("staff", token)
    client.headers.update({"Accept": "text/html", "Accept-Language": "en"})
    return client


async def put_up(desk, price, *, to=PAGE, **about):
    form = {"command": str(new_id()), "name": "Week 12", "prices": f"{MILK} {price}", **about}
    return await desk.post(to, data=form)


async def test_a_price_for_a_place_is_asked_at_its_till_and_in_its_deliveries_alone(counter, desk):
    buyer = await counter.stage.buyer()
    till = await counter.clerk()
    await till.scan()

    assert (
        await put_up(desk, "1,99", place=str(counter.store_id), name="Store")
    ).status_code == 303
    home = await put_up(desk, "1.50", place=str(counter.stage.place_id), name="Home")
    assert home.status_code == 303

    assert "€ 2,14" in (await till.page()).replace("\xa0", " ")
    assert "€ 1,99" in (await till.page(f"/till?look={MILK}")).replace("\xa0", " ")
    [alone] = [
        one for one in (await till.client.get("/api/v1/till/prices")).json() if MILK in one["codes"]
    ]
    assert alone["price"] == 199
    assert (await buyer.cart())["lines"][0]["price"] == 249
    pay = f"/checkout/pay?postcode=3511AB&slot={counter.stage.slot_id}"
    shown = int(re.search(r'name="total" value="(\d+)"', (await buyer.client.get(pay)).text)[1])
    assert shown == 150 + 15 + 395
    placed = await buyer.order(total=shown)
    assert placed.status_code == 201, placed.text
    await till.pay("cash", given="5")
    assert (await counter.order())["total"] == 199 + 15


async def test_a_price_for_a_channel_counts_for_what_was_added_there(counter, desk):
    buyer = await counter.stage.buyer()
    till = await counter.clerk()
    await till.scan()

    await put_up(desk, "2.00", channel="till", name="Till only")

    assert (await buyer.cart())["lines"][0]["price"] == 249
    await till.pay("cash", given="5")
    assert (await counter.order())["total"] == 200 + 15


async def test_a_group_has_its_price_wherever_its_basket_goes(counter, desk):
    buyer = await counter.stage.buyer()
    cart_id = UUID((await buyer.cart())["id"])
    async with begin(counter.pool) as db:
        known = await customers.queries.person(db, new_id(), HOME["email"])
        await db.execute("INSERT INTO cart.members VALUES ($1, $2)", known.id, cart_id)
    await put_up(desk, "2.00", group="neighbours", name="Neighbours")
    await put_up(desk, "2.40", group="members", name="Members")
    assert (await buyer.cart())["lines"][0]["price"] == 240
    group = {"email": HOME["email"], "group": "neighbours"}
    joined = await desk.post(
        f"{PAGE}/groups", data={**group, "command": str(new_id()), "do": "join"}
    )

    assert joined.status_code == 303
    assert "1 customer" in (await desk.get(PAGE)).text
    async with begin(counter.pool) as db:
        quote = await checkout.quote(db, cart_id, "en", delivery=0)
        seen = await cart.read(db, cart_id, "en")
    assert {quote.receipt.subtotal, seen.lines[0].price} == {200}
    await run(counter.stage, MemberPrice(150))
    await run(counter.stage, AmountOff(20), lane=1, where=Where(groups=frozenset({"neighbours"})))
    async with begin(counter.pool) as db:
        quote = await checkout.quote(db, cart_id, "en", delivery=0)
    assert quote.receipt.discount == 50 + 20
    stranger = await counter.stage.buyer()
    assert (await stranger.order()).status_code == 201
    left = await desk.post(
        f"{PAGE}/groups", data={**group, "command": str(new_id()), "do": "leave"}
    )
    assert left.status_code == 303
    nobody = {"email": "nobody@example.nl", "group": "x", "command": str(new_id())}
    assert (await desk.post(f"{PAGE}/groups", data=nobody)).status_code == 422


async def test_overlapping_days_are_refused_in_a_sentence_and_an_end_makes_room(counter, desk):
    day = timedelta(days=1)
    now = datetime.now(UTC)
    await put_up(desk, "1.99", from_at=f"{now + day:%Y-%m-%dT%H:%M}", name="Tomorrow")

    clash = await put_up(desk, "1.89", name="Always")
    before = await put_up(desk, "1.89", until_at=f"{now + day / 2:%Y-%m-%dT%H:%M}", name="Today")
    other = await put_up(desk, "1.79", channel="web", name="Web")

    assert [one.status_code for one in (clash, before, other)] == [409, 303, 303]
    assert f"The list “Tomorrow” has a price for product {MILK}" in clash.text
    assert 'value="Always"' in clash.text
    page = (await desk.get(PAGE)).text
    tomorrow = re.search(rf'href="{PAGE}/([0-9a-f-]+)"><strong>Tomorrow', page)[1]
    end = {"command": str(new_id())}
    for _ in range(2):
        assert (await desk.post(f"{PAGE}/{tomorrow}/end", data=end)).status_code == 303
    assert (
        await put_up(desk, "1.49", from_at=f"{now + 2 * day:%Y-%m-%dT%H:%M}")
    ).status_code == 303
    assert "Ended" in (await desk.get(PAGE)).text
    assert "€1.99" in (await desk.get(f"{PAGE}/{tomorrow}")).text
    acts = {row["act"] for row in await counter.pool.fetch("SELECT act FROM staff.audit")}
    assert {"put up price list", "take down price list"} <= acts


WRONG = [
    ({"name": ""}, "Give it a name."),
    ({"prices": ""}, "Write at least one price"),
    ({"prices": "09521234543213 -1"}, "This is neither"),
    ({"prices": "09521234543213 1.999"}, "This is no price: 1.999"),
    ({"prices": "00000000000017 1"}, "not in the catalogue: 00000000000017"),
    ({"prices": f"{MILK} 1\n{MILK} 2"}, "stands there twice"),
    ({"from_at": "2026-13-01"}, "Write a day and a time."),
    ({"from_at": "2001-01-01T00:00"}, "begins now or later"),
    ({"from_at": "2050-01-02T00:00", "until_at": "2050-01-01T00:00"}, "ends after it begins"),
    ({"place": "elsewhere"}, "This place is not there."),
    ({"group": "x" * 41}, "no name of a group"),
]


async def test_what_makes_no_sense_is_said_in_one_sentence(desk):
    for wrong, sentence in WRONG:
        answer = await put_up(desk, "1.99", **wrong)
        assert answer.status_code == 422, wrong
        assert sentence in answer.text


async def test_a_card_for_goodwill_is_told_once_and_can_be_blocked(counter, desk):
    home = "/merchandiser/gift-cards"
    form = {"command": str(new_id()), "amount": "10,00", "note": "Late delivery"}
    first, again = await desk.post(home, data=form), await desk.post(home, data=form)
    codes = [re.search(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}", one.text)[0] for one in (first, again)]
    assert codes[0] == codes[1]
    bad = await desk.post(home, data={**form, "command": str(new_id()), "amount": "0"})
    assert bad.status_code == 422
    page = (await desk.get(f"{home}?ends_with={codes[0][-4:].lower()}")).text
    assert codes[0] not in page
    assert "Late delivery" in page
    id = re.search(rf"{home}/([0-9a-f-]+)/block", page)[1]
    assert (
        await desk.post(f"{home}/{id}/block", data={"command": str(new_id())})
    ).status_code == 303
    assert "blocked" in (await desk.get(home)).text
