"""An order that no place has all of comes from several, in the window that was promised, whole."""

import asyncio
from collections import Counter
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as some

from app import slots
from app.checkout import rules as checkout_rules
from app.db import begin
from tests.checkout.several import TwoStores, deliver, line_of
from tests.checkout.stage import FEE


async def test_one_here_and_one_there_are_two_from_scan_to_doorstep(stores):
    buyer = await stores.buyer(quantity=2)
    times = (
        await buyer.client.get("/checkout?postcode=3511ab", headers={"Accept-Language": "en"})
    ).text
    assert str(stores.slot_id) in times or str(stores.other_slot) in times
    assert "2 places bring a part each" in times

    placed = (await buyer.order()).json()

    assert placed["total"] == 2 * (249 + 15) + FEE, "one fee: it is one order"
    assert await stores.levels() == {stores.place_id: (1, 1), stores.other_place: (1, 1)}
    used = await stores.pool.fetch("SELECT used FROM slots.slots")
    assert [row["used"] for row in used] == [1, 1], "both have room for it in the same window"

    await stores.pays(placed, buyer)
    worker = await stores.staff("picker", "packer", "driver")
    page = await buyer.client.get(
        placed["track_at"].removeprefix("http://shop.test"), headers={"Accept-Language": "en"}
    )
    assert "Comes from 2 places, in 2 deliveries" in page.text
    assert await deliver(stores, stores.place_id, worker) == 1
    await stores.work()
    half = await buyer.track(placed)
    assert half["order"]["state"] == "in_fulfilment"
    assert half["order"]["lines"][0]["delivered_quantity"] == 1
    assert await stores.faults() == []
    assert await deliver(stores, stores.other_place, worker) == 1
    await stores.work()

    whole = await buyer.track(placed)
    assert whole["order"]["state"] == "delivered"
    assert whole["order"]["lines"][0]["delivered_quantity"] == 2
    assert await stores.levels() == {stores.place_id: (0, 0), stores.other_place: (0, 0)}
    decided = await stores.pool.fetchval("SELECT decided FROM sourcing.decisions")
    assert len(decided["parts"]) == 2


async def test_the_last_piece_at_two_places_goes_to_two_buyers_and_never_to_three(shop):
    stores = await TwoStores.set_up(shop)
    buyers = [await stores.buyer() for _ in range(3)]
    wishes = [await buyer.wish() for buyer in buyers]

    answers = await asyncio.gather(
        *(buyer.send(wish) for buyer, wish in zip(buyers, wishes, strict=True))
    )

    assert Counter(answer.status_code for answer in answers) == {201: 2, 409: 1}
    assert await stores.levels() == {stores.place_id: (1, 1), stores.other_place: (1, 1)}
    places = await stores.pool.fetch("SELECT place_id FROM orders.orders")
    assert {row["place_id"] for row in places} == {stores.place_id, stores.other_place}
    [refused] = [answer.json() for answer in answers if answer.status_code == 409]
    assert (refused["code"], refused["state"]["products"][0]["available"]) == ("out-of-stock", 0)
    assert await stores.faults() == []


async def test_ten_who_want_both_pieces_and_ten_repeats_of_one_are_one_order(shop):
    stores = await TwoStores.set_up(shop, capacity=2)
    buyers = [await stores.buyer(quantity=2) for _ in range(10)]
    wishes = [await buyer.wish() for buyer in buyers]

    answers = await asyncio.gather(
        *(buyer.send(wish) for buyer, wish in zip(buyers, wishes, strict=True)),
        *(buyers[0].send(wishes[0]) for _ in range(9)),
    )

    orders_made = {answer.json()["order_id"] for answer in answers if answer.status_code == 201}
    assert len(orders_made) == 1
    assert {answer.status_code for answer in answers} == {201, 409}
    assert await stores.levels() == {stores.place_id: (1, 1), stores.other_place: (1, 1)}
    assert await stores.pool.fetchval("SELECT sum(used)::int FROM slots.slots") == 2
    assert await stores.faults() == []


async def test_without_room_at_the_second_place_nothing_is_promised(stores):
    await stores.pool.execute(
        "UPDATE slots.slots SET capacity = 1, used = 0 WHERE id = $1", stores.other_slot
    )
    async with begin(stores.pool) as db:
        until = await db.fetchval("SELECT now() + interval '1 hour'")
        await slots.hold(db, stores.other_slot, uuid4(), until)
    buyer = await stores.buyer(quantity=2)

    answer = await buyer.order()

    assert (answer.status_code, answer.json()["code"]) == (409, "out-of-stock")
    assert await stores.reserved() == 0
    page = await buyer.client.get("/checkout?postcode=3511ab", headers={"Accept-Language": "en"})
    assert "full" in page.text


@given(
    some.lists(some.tuples(some.integers(1, 3), some.integers(1, 4)), min_size=1, max_size=5),
    some.lists(some.integers(0, 5), min_size=3, max_size=3),
)
def test_every_piece_of_every_line_is_sent_by_exactly_one_place(bought, luck):
    """Two lines of one product, whoever has how many of it: what others send and what is left for the
    order's own place is what was bought."""
    places = [UUID(int=n) for n in (1, 2, 3)]
    lines = [line_of(no, product, n) for no, (product, n) in enumerate(bought, 1)]
    wanted = Counter()
    for line in lines:
        wanted[line.product_id] += line.quantity
    goods = {place: {} for place in places}
    for product, pieces in wanted.items():
        left = pieces
        for place, most in zip(places[1:], luck[1:], strict=True):
            goods[place][product] = min(left, most)
            left -= goods[place][product]
        goods[places[0]][product] = left

    elsewhere = checkout_rules.elsewhere(lines, goods, places[0])

    for place in places[1:]:
        sent = Counter()
        for part in elsewhere:
            if part.place_id == place:
                sent[lines[part.line_no - 1].product_id] += part.quantity
        assert sent == +Counter(goods[place])
    for line in lines:
        away = sum(part.quantity for part in elsewhere if part.line_no == line.line_no)
        assert 0 <= away <= line.quantity
    assert all(part.place_id != places[0] and part.quantity > 0 for part in elsewhere)
