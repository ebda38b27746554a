"""What a shopper does not want replaced comes from another place in time, or is paid back once."""

import asyncio
from uuid import UUID, uuid4

import pytest

from app.fulfilment import substituting
from tests.checkout.several import (
    TwoStores,
    deliver,
    paid_back,
    parts_of,
    send,
)
from tests.checkout.stage import FEE, stock_up
from tests.shelf import SHIRT, put_on_shelf

EACH = 249 + 15


class Offered:
    """An order of milk that its place cannot find, and what its picker offers instead."""

    def __init__(self, stage, buyer, placed, worker):
        self.stage, self.buyer, self.placed, self.worker = stage, buyer, placed, worker
        self.token = placed["track_at"].rpartition("/")[2]

    @classmethod
    async def of(cls, stage, quantity=2, *, bread=0):
        buyer = await stage.buyer(quantity=quantity)
        placed = (await buyer.order(substitution="similar")).json()
        await stage.pays(placed, buyer)
        worker = await stage.staff("picker", "packer", "driver")
        return cls(stage, buyer, placed, worker)

    async def cart_at(self, place):
        batch = await send(self.worker, "/api/v1/picking/batches", {"place_id": str(place)})
        [line] = batch["lines"]
        return line

    async def offer(self, line, product_id, quantity=None):
        wish = {"product_id": str(product_id), "quantity": quantity}
        address = f"/api/v1/picking/picks/{line['id']}/substitutes"
        return (await send(self.worker, address, wish))["substitute"]

    async def answer(self, substitute, *, yes=False, key=None):
        return await self.buyer.client.post(
            f"/api/v1/orders/{self.token}/substitutes/{substitute}",
            json={"yes": yes},
            headers={"Idempotency-Key": key or str(uuid4())},
        )

    async def page(self):
        answer = await self.buyer.client.get(
            f"/orders/{self.token}", headers={"Accept-Language": "en", "Accept": "text/html"}
        )
        return answer.text

    async def back(self):
        await self.stage.work()
        return await paid_back(self.stage, self.placed)


async def before_two_shelves(shop, *, here, **named):
    """All of it is to come from one place; what would do instead stands there too, and the other place
    gets milk only afterwards."""
    stage = await TwoStores.set_up(shop, here=here, there=0)
    stage.other_milk = await put_on_shelf(stage.pool, SHIRT, name="Karnemelk", price=199)
    await stock_up(stage.pool, stage.place_id, stage.other_milk, 9)
    return stage, await Offered.of(stage, here, **named)


@pytest.mark.parametrize("how", ["word", pytest.param("silence", marks=pytest.mark.drill)])
async def test_what_is_refused_comes_from_the_next_place_and_nothing_is_paid_back(shop, how):
    stage, order = await before_two_shelves(shop, here=2)
    await stock_up(stage.pool, stage.other_place, stage.product_id, 2)
    line = await order.cart_at(stage.place_id)
    if how == "silence":
        await stage.pool.execute("UPDATE orders.orders SET substitution = 'ask-me'")
    substitute = await order.offer(line, stage.other_milk)

    if how == "word":
        key = str(uuid4())
        answers = [(await order.answer(substitute, key=key)).json() for _ in range(3)]
        assert [(one["state"], one["elsewhere"]) for [one] in answers] == [("refused", 2)] * 3
    else:
        await stage.pool.execute(
            "UPDATE fulfilment.substitutes SET answer_by = now() - interval '1 second'"
        )
        await asyncio.gather(*(substituting.end_silent(stage.pool) for _ in range(2)))

    assert await order.back() == 0
    states = {place: state for place, (_, state) in (await parts_of(stage, order.placed)).items()}
    assert states == {stage.place_id: "cancelled", stage.other_place: "released"}
    assert "Another of our places brings Halfvolle melk, at the same time." in await order.page()
    assert await stage.faults() == []
    await deliver(stage, stage.other_place, order.worker)
    await stage.work()
    whole = (await order.buyer.track(order.placed))["order"]
    assert (whole["state"], whole["lines"][0]["delivered_quantity"]) == ("delivered", 2)
    assert await order.back() == 0
    assert await stage.pool.fetchval("SELECT count(*) FROM fulfilment.refusals") == 0
    assert await stage.faults() == []


async def test_what_nobody_else_has_is_paid_back_once_and_what_the_second_has_not_either(shop):
    """Of four: one is there, one the other place has on its books and not on its shelf, and two nobody
    has; the second place offers something too."""
    stage, order = await before_two_shelves(shop, here=4)
    await stock_up(stage.pool, stage.other_place, stage.product_id, 1)
    await stock_up(stage.pool, stage.other_place, stage.other_milk, 1)
    line = await order.cart_at(stage.place_id)
    one = {"code": line["gtin"], "quantity": 1}
    await send(order.worker, f"/api/v1/picking/picks/{line['id']}/picked", one)
    substitute = await order.offer(line, stage.other_milk)

    [shown] = (await order.answer(substitute)).json()
    late = await order.answer(substitute, yes=True)
    await stage.work()
    page, before = await order.page(), await order.back()
    second = await order.cart_at(stage.other_place)
    again = await order.offer(second, stage.other_milk)
    [newest, _] = (await order.answer(again)).json()
    part = line["fulfilment_id"]
    await send(order.worker, f"/api/v1/packing/{part}/parcels", {"storage": "ambient"})

    assert (shown["elsewhere"], before) == (1, 0)
    assert "1 × Halfvolle melk, at the same time; the rest is left out and paid back" in page
    assert late.json()["code"] == "answered-already"
    assert (second["quantity"], newest["elsewhere"]) == (1, 0), "nobody is asked twice"
    assert await order.back() == 3 * EACH, "two here and one there, and not what bringing it costs"
    levels = await stage.levels()
    assert levels == {stage.place_id: (0, 0), stage.other_place: (0, 0)}, "it was never there"
    assert await stage.pool.fetchval("SELECT count(*) FROM payments.refunds") == 2
    assert await stage.faults() == []


async def test_where_nobody_has_it_the_order_is_off_and_all_of_it_is_paid_back(shop):
    stage, order = await before_two_shelves(shop, here=2)
    line = await order.cart_at(stage.place_id)
    substitute = await order.offer(line, stage.other_milk)

    both = await asyncio.gather(order.answer(substitute), order.answer(substitute))

    assert sorted(answer.status_code for answer in both) == [200, 409]
    assert await order.back() == 2 * EACH + FEE
    assert (await order.buyer.track(order.placed))["order"]["state"] == "cancelled"
    assert "Halfvolle melk is left out and paid back." in await order.page()
    assert await stage.pool.fetchval("SELECT sum(reserved)::int FROM stock.levels") == 0
    assert await stage.faults() == []


async def test_when_the_place_that_stepped_in_cannot_either_it_is_a_case_for_a_person(shop):
    stage, order = await before_two_shelves(shop, here=2)
    await stock_up(stage.pool, stage.other_place, stage.product_id, 1)
    line = await order.cart_at(stage.place_id)
    one = {"code": line["gtin"], "quantity": 1}
    await send(order.worker, f"/api/v1/picking/picks/{line['id']}/picked", one)
    await order.answer(await order.offer(line, stage.other_milk))
    await stage.work()
    dispatcher = await stage.staff("dispatcher")
    second, _ = (await parts_of(stage, order.placed))[stage.other_place]

    refused = await send(dispatcher, f"/api/v1/fulfilments/{second}/refuse", {"reason": "No light"})
    waiting = await order.back()
    [case] = await stage.pool.fetch("SELECT kind, state FROM cases.cases")
    act = f"/api/v1/sourcing/unfilled/{order.placed['order_id']}/give-up"
    given_up = [
        (await dispatcher.post(act, headers={"Idempotency-Key": str(uuid4())})).status_code
        for _ in range(2)
    ]

    assert (refused["sent_by"], waiting) == ([], 0)
    assert case["state"] == "open"
    assert given_up == [200, 409]
    assert await order.back() == EACH
    part = line["fulfilment_id"]
    await send(order.worker, f"/api/v1/packing/{part}/parcels", {"storage": "ambient"})
    assert await order.back() == EACH, "once"
    assert await stage.pool.fetchval("SELECT state FROM cases.cases") == "answered"
    assert await stage.faults() == []


@pytest.mark.drill
async def test_in_an_order_of_several_places_each_piece_is_paid_back_once_or_brought(shop):
    """Two places send one each; neither finds it, and each offers something else: one is taken, the
    other comes from a third place."""
    stage = await TwoStores.set_up(shop, here=1, there=1)
    stage.other_milk = await put_on_shelf(stage.pool, SHIRT, name="Karnemelk", price=199)
    for place in (stage.place_id, stage.other_place):
        await stock_up(stage.pool, place, stage.other_milk, 1)
    order = await Offered.of(stage, 2)
    third, _ = await stage.one_more_store(1)
    lines = [await order.cart_at(place) for place in (stage.place_id, stage.other_place)]
    offers = [await order.offer(line, stage.other_milk) for line in lines]

    answers = await asyncio.gather(
        order.answer(offers[0], yes=True), order.answer(offers[1], yes=False)
    )
    await stage.work()
    parts = await parts_of(stage, order.placed)
    await send(
        order.worker,
        f"/api/v1/packing/{lines[0]['fulfilment_id']}/parcels",
        {"storage": "ambient"},
    )

    assert [answer.status_code for answer in answers] == [200, 200]
    assert (parts[third][1], parts[stage.other_place][1]) == ("released", "cancelled")
    assert await order.back() == EACH - 199, "what the substitute costs less"
    assert await deliver(stage, third, order.worker) == 1
    assert await order.back() == EACH - 199
    assert UUID(lines[0]["fulfilment_id"]) == parts[stage.place_id][0]
    assert await stage.faults() == []


@pytest.mark.drill
async def test_two_places_that_cannot_and_one_that_begins_never_wait_in_a_circle(shop):
    """A piece is not there, and the place that could step in begins with its own in the same moment."""
    stage = await TwoStores.set_up(shop, here=1, there=1)
    order = await Offered.of(stage, 2)
    line = await order.cart_at(stage.place_id)
    await stock_up(stage.pool, stage.other_place, stage.product_id, 1)

    short, begun = await asyncio.gather(
        order.worker.post(
            f"/api/v1/picking/picks/{line['id']}/short",
            json={"reason": "not-found"},
            headers={"Idempotency-Key": str(uuid4())},
        ),
        order.worker.post(
            "/api/v1/picking/batches",
            json={"place_id": str(stage.other_place)},
            headers={"Idempotency-Key": str(uuid4())},
        ),
    )

    assert (short.status_code, begun.status_code) == (200, 201)
    [there] = begun.json()["lines"]
    back = await order.back()
    assert (there["quantity"], back) in ((2, 0), (1, EACH))
    assert await stage.faults() == []
