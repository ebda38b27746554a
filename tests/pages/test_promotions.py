"""The merchandiser's promotions: written on a form, tried on baskets, published, watched."""

import asyncio
import csv
import re
from datetime import UTC, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest

from app import checkout, pricing
from app.db import begin, new_id
from app.errors import Conflict
from app.pricing import NForM, PercentOff, Promotion, Where
from tests.checkout.stage import Stage
from tests.shelf import BEER, MILK, SHIRT, put_on_shelf
from tests.staff_desk import open_shop

HOME = "/merchandiser/promotions"
THREE_FOR_TWO = {
    "kind": "n-for-m",
    "take": "3",
    "pay": "2",
    "numbers": MILK,
    "from_at": "2026-01-01T00:00",
    "name_en": "3 for 2",
    "name_nl": "3 halen 2 betalen",
    "lane": "0",
}


@pytest.fixture
async def shop(database_url, redis_url):
    """Open in a task of its own: what it opened must be closed where it was opened."""
    opened, closing = asyncio.get_running_loop().create_future(), asyncio.Event()

    async def keep_open():
        async with open_shop(database_url, redis_url=redis_url) as shop:
            opened.set_result(shop)
            await closing.wait()

    task = asyncio.create_task(keep_open())
    await asyncio.wait({task, opened}, return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        await task
    yield opened.result()
    closing.set()
    await task


@pytest.fixture
async def desk(shop):
    desk = await shop.desk("merchandiser")
    desk.headers["accept-language"] = "en"
    return desk


async def send(desk, do="publish", id=None, **fields):
    id = id or new_id()
    form = {"command": str(new_id()), "version": "1", "do": do, **THREE_FOR_TWO, **fields}
    return await desk.post(f"{HOME}/{id}", data=form)


async def running(shop):
    return await pricing.promotions_running(shop.pool, datetime.now(UTC))


async def test_what_is_written_is_tried_on_baskets_and_sold_only_when_it_is_published(shop, desk):
    milk = await put_on_shelf(shop.pool, MILK, price=200)
    id = new_id()

    tried = await send(desk, "look", id)
    kept = await send(desk, "draft", id)
    drafts = await running(shop)
    published = await send(desk, "publish", id, version="1")

    assert "3 for 2 on 1 product" in tried.text
    assert re.search(r"3 × Halfvolle melk \(en\).*?€6\.00.*?€4\.00", tried.text, re.DOTALL)
    assert (kept.status_code, published.status_code) == (303, 303)
    assert drafts == []
    [offer] = await running(shop)
    assert (offer.rule, offer.product_ids, offer.version) == (NForM(3, 2), {milk}, 2)
    page = (await desk.get(f"{HOME}/{id}")).text
    assert len(re.findall(r"<li><strong class=\"number\">", page)) == 2
    assert "Robin" in page
    acts = await shop.pool.fetch("SELECT act FROM staff.audit WHERE subject = $1", str(id))
    assert {row["act"] for row in acts} == {"draft promotion", "publish promotion"}


WRONG = [
    ({"take": "0"}, "Write a whole number here, 1 or more."),
    ({"take": "-3"}, "Write a whole number here, 1 or more."),
    ({"take": "99999999999"}, "Write a whole number here, 1 or more."),
    ({"pay": "3"}, "An offer gives something: fewer are paid than taken."),
    ({"kind": "percent-off", "percent": "101"}, "Write a percentage from 1 to 100."),
    ({"kind": "amount-off", "amount": "-1"}, "Write an amount like 2.50."),
    ({"kind": "amount-off", "amount": "1.234"}, "Write an amount like 2.50."),
    ({"kind": "amount-off", "amount": "NaN"}, "Write an amount like 2.50."),
    ({"kind": "amount-off", "amount": "1e99"}, "Write an amount like 2.50."),
    ({"kind": "gift", "units": "1", "gift": ""}, "Write the number of at least one product."),
    ({"kind": "bundle", "price": "5", "parts": "x"}, "Write two to six parts, one per line"),
    ({"kind": "tiered", "steps": "six"}, "Write one step per line"),
    ({"kind": "tiered", "steps": "6: 20\n12: 10"}, "Every step starts later and gives more"),
    ({"numbers": "09521234543299"}, "These numbers are not in the catalogue: 09521234543299"),
    ({"walls": "utc-9"}, "There is no wall with the short code “utc-9”. There are: –"),
    ({"from_at": "soon"}, "Write a day and a time."),
    ({"until_at": "2025-01-01T00:00"}, "It ends after it starts."),
    ({"from_time": "25:00"}, "Write a time like 16:00."),
    ({"lane": "1"}, "On top of others there is a percentage or an amount only."),
    ({"name_en": "", "name_nl": ""}, "Give it a name for receipts"),
]


async def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_sold(shop, desk):
    await put_on_shelf(shop.pool, MILK)

    answers = [await send(desk, **fields) for fields, _ in WRONG]

    assert {answer.status_code for answer in answers} == {422}
    unsaid = [
        (fields, sentence)
        for (fields, sentence), answer in zip(WRONG, answers, strict=True)
        if sentence not in answer.text
    ]
    assert unsaid == []
    assert await running(shop) == []


async def test_every_kind_comes_back_onto_its_form_as_it_was_written(shop, desk):
    for gtin in (MILK, SHIRT, BEER):
        await put_on_shelf(shop.pool, gtin)
    kinds = [
        {"kind": "percent-off", "percent": "25"},
        {"kind": "amount-off", "amount": "1.25"},
        {"kind": "nth-off", "nth": "2", "percent": "50"},
        {"kind": "buy-get", "buy": "2", "get": "1", "percent": "100", "gets": SHIRT},
        {"kind": "mix-and-match", "take": "3", "price": "5.00"},
        {"kind": "bundle", "parts": f"1 x {MILK}\n2 x {SHIRT}", "price": "4.50", "numbers": ""},
        {"kind": "tiered", "by": "amount", "steps": "20.00: 5\n50.00: 10"},
        {"kind": "gift", "gift": BEER, "units": "1", "minimum_amount": "20.00"},
        {"kind": "free-delivery", "minimum_amount": "50.00", "numbers": ""},
        {"kind": "member-price", "price": "0.99"},
    ]
    for fields in kinds:
        id = new_id()
        extra = {"weekday_5": "on", "channel_wall": "on", "from_time": "16:00", "coupon": "on"}
        assert (await send(desk, id=id, **fields, **extra)).status_code == 303, fields

        page = (await desk.get(f"{HOME}/{id}")).text

        for name, value in fields.items():
            assert value.splitlines() == [] or value.splitlines()[0] in page, (name, value)
        assert re.search(r'name="weekday_5" checked', page)
        assert re.search(r'name="channel_wall" checked', page)
        first = (await pricing.kept(shop.pool, id)).promotion
        again = {
            name: value
            for name, value in re.findall(r'name="(from_at|from_time)"[^>]*value="([^"]*)"', page)
        }
        assert (await send(desk, id=id, **{**fields, **extra, **again})).status_code == 303
        second = (await pricing.kept(shop.pool, id)).promotion
        assert (first.rule, first.where, first.product_ids) == (
            second.rule,
            second.where,
            second.product_ids,
        )
    assert len(await running(shop)) == len(kinds)


async def test_two_people_at_one_promotion_do_not_overwrite_each_other(shop, desk):
    await put_on_shelf(shop.pool, MILK)
    id = new_id()
    await send(desk, id=id)
    await send(desk, id=id, take="4")

    answer = await send(desk, id=id, take="5")

    assert answer.status_code == 409
    assert "Somebody has changed this promotion meanwhile." in answer.text
    assert 'value="5"' in answer.text
    assert (await running(shop))[0].rule == NForM(4, 2)


async def test_the_same_press_twice_is_one_version(shop, desk):
    await put_on_shelf(shop.pool, MILK)
    form = {"command": str(new_id()), "version": "1", "do": "publish", **THREE_FOR_TWO}
    address = f"{HOME}/{new_id()}"

    answers = await asyncio.gather(*(desk.post(address, data=form) for _ in range(4)))

    assert {answer.status_code for answer in answers} == {303}
    assert await shop.pool.fetchval("SELECT count(*) FROM pricing.versions") == 1


async def test_a_promotion_is_stopped_at_once_and_taken_up_again(shop, desk):
    await put_on_shelf(shop.pool, MILK)
    id = new_id()
    await send(desk, id=id)

    for state, count in (("stopped", 0), ("published", 1)):
        version = (await pricing.kept(shop.pool, id)).version
        form = {"command": str(new_id()), "version": str(version), "state": state}
        assert (await desk.post(f"{HOME}/{id}/state", data=form)).status_code == 303
        assert len(await running(shop)) == count


async def test_one_that_cannot_be_read_is_told_to_the_merchandiser_and_the_shop_goes_on(shop, desk):
    milk = await put_on_shelf(shop.pool, MILK, price=200)
    broken = new_id()
    await shop.pool.execute(
        """
        INSERT INTO pricing.promotions (id, name, rule, product_ids, runs)
        VALUES ($1, '{"en": "Moonlight"}', '{"type": "moon-phase"}', ARRAY[$2::uuid],
                '[2026-01-01,)')
        """,
        broken, milk,
    )  # fmt: skip
    async with begin(shop.pool) as db:
        vanished = Promotion(
            new_id(), {"en": "Ghost"}, PercentOff(10), frozenset([new_id()]), datetime.now(UTC)
        )
        won = Promotion(
            new_id(), {"en": "Won"}, pricing.AmountOff(500), frozenset([milk]), datetime.now(UTC),
            currency="KRW",
        )  # fmt: skip
        for one in (vanished, won):
            await pricing.save(db, one, "published")

    page = (await desk.get(HOME)).text
    its_page = await desk.get(f"{HOME}/{broken}")

    assert "Moonlight" in page
    assert "Invalid value &#39;moon-phase&#39;" in page
    assert "It names products that are not in the catalogue any more." in page
    assert "Its amounts are of another currency" in page
    assert "The shop goes on selling without them." in page
    assert its_page.status_code == 200
    basket = await shop.visitor.post(
        "/api/v1/cart/commands",
        json={"do": "add", "id": str(new_id()), "product_id": str(milk), "quantity": 3},
    )
    assert basket.status_code == 200
    assert (await shop.visitor.get("/basket")).status_code == 200


async def test_those_that_meet_are_shown_and_stand_in_the_calendar(shop, desk):
    await put_on_shelf(shop.pool, MILK)
    await send(desk)
    await send(desk, kind="percent-off", percent="20", name_en="Milk week", name_nl="")

    page = (await desk.get(HOME)).text

    assert "1 meeting" in page
    assert page.count('class="bar') == 2


async def test_a_batch_of_codes_nobody_can_guess_is_made_and_exported(shop, desk):
    await put_on_shelf(shop.pool, MILK)
    id = new_id()
    await send(desk, id=id, coupon="on")
    form = {"command": str(new_id()), "count": "500", "name": "Letter of May"}

    made = await desk.post(f"{HOME}/{id}/codes", data=form)
    again = await desk.post(f"{HOME}/{id}/codes", data=form)

    assert (made.status_code, again.status_code) == (303, 303)
    page = (await desk.get(f"{HOME}/{id}")).text
    [address] = re.findall(r'href="([^"]+\.csv)"', page)
    exported = await desk.get(address)
    rows = list(csv.DictReader(StringIO(exported.text)))
    assert len({row["code"] for row in rows}) == 500
    assert all(
        re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}", r["code"]) for r in rows
    )
    async with begin(shop.pool) as db:
        [seen] = await pricing.see_coupons(db, [rows[0]["code"].lower()])
    assert seen.state == "fits"


async def test_codes_that_cannot_be_are_refused_in_a_sentence(shop, desk):
    await put_on_shelf(shop.pool, MILK)
    id = new_id()
    await send(desk, id=id, coupon="on")

    for fields, sentence in (
        ({"count": "0"}, "Make between 1 and 100000 codes at a time."),
        ({"count": "999999"}, "Make between 1 and 100000 codes at a time."),
        ({"code": "ab"}, "A code has at least four letters or digits."),
    ):
        answer = await desk.post(f"{HOME}/{id}/codes", data={"command": str(new_id()), **fields})
        assert answer.status_code == 422
        assert sentence in answer.text


async def test_last_months_orders_are_tried_under_a_new_promotion(shop, desk):
    class Client:
        app = shop.app

    stage = await Stage.set_up(Client, price=1000, deposit=0)
    for quantity in (1, 2, 3):
        buyer = await stage.buyer(quantity=quantity)
        assert (await buyer.order()).status_code == 201
    id = new_id()
    await send(desk, "draft", id, kind="nth-off", nth="2", percent="50")

    page = (await desk.get(f"{HOME}/{id}/simulation?margin=20")).text

    assert "2 of 3 orders would have had it, for €10.00 altogether, €5.00 at most." in page
    assert "At a margin of 20% it takes €50.00 of further sales" in page
    assert "100% more of what these orders bought of it" in page
    assert page.count("sold last month") == 2
    assert re.search(r"2 × Halfvolle melk.*?sold last month.*?€23\.95.*?€18\.95", page, re.DOTALL)
    assert "min@example.nl" not in page


async def test_what_counts_by_coupon_is_not_promised_to_everybody(shop, desk):
    milk = await put_on_shelf(shop.pool, MILK)
    async with begin(shop.pool) as db:
        for name, where in (("Secret", Where(coupon=True)), ("Open", Where())):
            offer = Promotion(
                new_id(), {"en": name}, PercentOff(10), frozenset([milk]),
                datetime.now(UTC) - timedelta(days=1), where=where,
            )  # fmt: skip
            await pricing.save(db, offer, "published")

    page = (await shop.visitor.get(f"/products/{milk}", headers={"accept-language": "en"})).text

    assert "Open" in page
    assert "Secret" not in page


async def test_beer_is_kept_from_walls_and_from_the_night_and_the_shopper_is_told(shop, desk):
    beer = await put_on_shelf(
        shop.pool, BEER, name="Bier", price=150, age_limit=18, category="beer-wine"
    )
    add = {"do": "add", "id": str(new_id()), "product_id": str(beer)}
    await shop.visitor.post("/api/v1/cart/commands", json=add)

    async def ordered():
        async with begin(shop.pool) as db:
            cart_id = await db.fetchval("SELECT id FROM cart.carts")
            return await checkout.quote(db, cart_id, "en", delivery=395)

    now = datetime.now(ZoneInfo("Europe/Amsterdam"))
    hours = {
        "from_time": f"{now - timedelta(hours=1):%H:%M}",
        "until_time": f"{now + timedelta(hours=1):%H:%M}",
    }
    wrong = await desk.post(f"{HOME}/bars", data={"command": str(new_id()), "name": "Alcohol"})
    assert "Say which goods: a category, or from what age on." in wrong.text

    walls = {"command": str(new_id()), "name": "Beer", "age_limit": "18", "channel_wall": "on"}
    assert (await desk.post(f"{HOME}/bars", data=walls)).status_code == 303
    assert (await ordered()).receipt.total == 150 + 395

    night = {"command": str(new_id()), "name": "Night", "category_beer-wine": "on", **hours}
    assert (await desk.post(f"{HOME}/bars", data=night)).status_code == 303
    with pytest.raises(Conflict, match="is not sold between"):
        await ordered()

    again = {"command": str(new_id())}
    await desk.post(f"{HOME}/bars/{night['command']}/end", data=again)
    assert (await ordered()).receipt.total == 150 + 395
    await shop.pool.execute("UPDATE cart.lines SET added_from = 'wall'")
    with pytest.raises(Conflict, match="is not sold this way"):
        await ordered()


async def test_nobody_else_gets_at_promotions(shop):
    picker = await shop.desk("picker")

    assert (await picker.get(HOME)).status_code == 403
    assert (await send(picker)).status_code == 403
    assert (await shop.visitor.get(HOME)).status_code in (303, 401)
