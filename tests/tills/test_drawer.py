"""The drawer: opened with a float, counted in between, closed with what is really in it."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tests.tills.counter import MILK, Counter


@pytest.fixture
async def counter(shop):
    return await Counter.set_up(shop, here=50)


async def test_x_changes_nothing_and_z_keeps_what_was_counted_beside_what_should_be(counter):
    desk = await counter.clerk()
    await desk.scan("2*" + MILK)
    await desk.pay("cash", given="10")
    await desk.scan()
    card = await desk.pay("card")
    await counter.pool.execute("UPDATE payments.test_payments SET state = 'charged'")
    await desk.post(f"{card.headers['location']}/give-up")
    await desk.post("/till/drawer", amount="20", reason="Naar de kluis", way="out")

    x = [await desk.page("/till/drawer") for _ in range(2)]
    blocked = await desk.post("/till/close", amount="80")
    await desk.post("/till/void", reason="Klant bedacht zich")
    closed = await desk.post("/till/close", amount="85,00")
    z = (await desk.page(closed.headers["location"])).replace("\xa0", " ")

    assert "€ 85,30" in x[0].replace("\xa0", " ")
    assert x[0].count("€") == x[1].count("€")
    assert blocked.status_code == 409
    assert "Z 1" in z
    assert "€ -0,30" in z
    assert (await desk.scan()).status_code == 409
    assert await counter.faults() == []


async def test_no_more_is_taken_out_than_there_is_and_a_shift_opens_once(counter):
    desk = await counter.clerk(float_="50")

    answers = await asyncio.gather(
        *(desk.post("/till/drawer", amount="30", reason="Bank", way="out") for _ in range(4))
    )
    again = await desk.post("/till/open", amount="1")
    empties = await desk.post("/till/empties", n15="200")
    closed = await desk.post("/till/close", amount="2O")
    slip = await desk.post("/till/close", amount="200")
    other = await desk.post("/till/close", amount="2", sure="200")

    assert empties.status_code == 422
    assert 'value="200"' in empties.text
    assert closed.status_code == 400
    assert (slip.status_code, other.status_code) == (422, 422)
    assert 'name="sure" value="200"' in slip.text
    assert (await desk.post("/till/close", amount="200", sure="200")).status_code == 303
    assert "€ 200,00" in (await desk.page("/till")).replace("\xa0", " ")
    assert 'value="2O"' in closed.text
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409, 409]
    assert again.status_code == 409
    assert await counter.faults() == []


async def test_a_till_at_work_elsewhere_is_taken_over_by_a_supervisor_alone(counter):
    await counter.clerk()
    other = await counter.clerk(number=2)

    refused = await other.post("/till/set-up", place=str(counter.store_id), number="1")
    boss = await counter.clerk("supervisor", number=3)
    taken = await boss.post("/till/set-up", place=str(counter.store_id), number="1")

    assert (refused.status_code, taken.status_code) == (409, 303)


async def test_sales_without_network_count_once_however_often_they_come(counter):
    desk = await counter.clerk()
    product = str(counter.products[MILK])
    prices = (await desk.client.get("/api/v1/till/prices")).json()
    sale = {
        "id": str(uuid4()),
        "at": datetime.now(UTC).isoformat(),
        "lines": [{"product_id": product, "quantity": 60, "price": 249}],
        "total": 60 * 264,
        "given": 16000,
    }

    async def send(**changes):
        return await desk.client.post("/api/v1/till/offline-sales", json=sale | changes)

    first = await asyncio.gather(*(send() for _ in range(5)))
    await counter.price_becomes(999)
    later = await send()
    other = await send(total=1)
    yesterday = (datetime.now(UTC) - timedelta(days=5)).isoformat()
    old = await send(id=str(uuid4()), at=yesterday)
    sums = await send(id=str(uuid4()), total=5)
    unknown = await send(id=str(uuid4()), lines=[{**sale["lines"][0], "product_id": str(uuid4())}])

    assert {answer.status_code for answer in first} == {200}
    assert {answer.json()["receipt"] for answer in (*first, later)} == {sale["id"]}
    codes = [answer.status_code for answer in (other, old, sums, unknown)]
    assert codes == [422, 400, 409, 404]
    assert {"09521234543213"} <= {code for price in prices for code in price["codes"]}
    assert tuple(await counter.in_store()) == (0, 0)
    order = await counter.order()
    assert (order["state"], order["total"]) == ("delivered", 60 * 264)
    assert await counter.pool.fetchval("SELECT count(*) FROM orders.orders") == 1
    assert await counter.faults() == []


async def test_what_was_sold_before_a_drawer_was_opened_is_sent_late_and_not_counted_twice(counter):
    desk = await counter.clerk()
    lines = [{"product_id": str(counter.products[MILK]), "quantity": 1, "price": 249}]
    at = datetime.now(UTC).isoformat()
    sale = {"id": str(uuid4()), "at": at, "lines": lines, "total": 264, "given": 300}

    async def send():
        return await desk.client.post("/api/v1/till/offline-sales", json=sale)

    closed = await desk.post("/till/close", amount="102,65")  # its coins lie there already
    shut = await send()
    await desk.post("/till/open", amount="102,65")
    taken = [await send() for _ in range(2)]

    assert (closed.status_code, shut.status_code, shut.json()["code"]) == (303, 409, "till-closed")
    assert [answer.status_code for answer in taken] == [200, 200]
    drawer = (await desk.page("/till/drawer")).replace("\xa0", " ")
    assert 'Hoort in de lade te zitten</th><td class="number right">€ 102,65' in drawer
    assert "Verkocht voordat deze lade werd geopend" in drawer
    assert await counter.faults() == []

    stranger = await counter.clerk(number=2)
    await counter.pool.execute(
        "UPDATE tills.tills SET place_id = $1 WHERE number = 2", counter.stage.place_id
    )
    for path in (closed.headers["location"], closed.headers["location"] + "/z.pdf"):
        assert (await stranger.client.get(path)).status_code == 404


async def test_two_tills_want_the_last_one_and_the_books_stay_right(counter):
    one, two = await counter.clerk(), await counter.clerk(number=2)
    await counter.pool.execute(
        """
        WITH gone AS (UPDATE stock.levels SET on_hand = 1 WHERE place_id = $1 RETURNING product_id)
        INSERT INTO stock.ledger (product_id, place_id, kind, on_hand_change)
        SELECT product_id, $1, 'written_off', -49 FROM gone
        """,
        counter.store_id,
    )
    for desk in (one, two):
        await desk.scan()

    sold = await asyncio.gather(one.pay("cash"), two.pay("cash"))

    assert sorted(answer.status_code for answer in sold) == [303, 409]
    assert tuple(await counter.in_store()) == (0, 0)
    assert await counter.faults() == []
