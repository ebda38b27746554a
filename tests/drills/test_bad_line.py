"""Checkouts over a line that loses things, to a shop that is killed again and again."""

import asyncio
from collections import Counter
from urllib.parse import urlsplit

import pytest

from tests.checkout.stage import faults_in, open_place, open_slot, stock_up
from tests.checkout.test_kill import PRICE, Phone, in_turns
from tests.drills.faults import BadLine
from tests.shelf import put_on_shelf

pytestmark = pytest.mark.drill

BUYERS = 600
KILLS = 12
SETTLED_WITHIN_S = 60
HOW_THEY_PAY = ("pay", "twice", "shuffled", "never")


async def test_every_acknowledged_order_exists_once_and_nothing_is_left_pending(served, pool):
    place_id = await open_place(pool)
    slot_id = await open_slot(pool, place_id, capacity=BUYERS)
    product_id = await put_on_shelf(pool, price=PRICE)
    await stock_up(pool, place_id, product_id, BUYERS)
    line = await BadLine(urlsplit(served.url).port, seed=6).open()
    buyers = [Phone(line.url, slot_id, product_id) for _ in range(BUYERS)]

    done = asyncio.Event()
    killer = asyncio.create_task(kill_now_and_then(served, pool, done))
    await in_turns(list(enumerate(buyers)), buy)
    done.set()
    kills = await killer
    line.mended = True
    await until_nothing_is_pending(pool)

    assert kills == KILLS
    assert min(line.lost, line.cut, line.delayed) > 2
    numbers = Counter(row["number"] for row in await pool.fetch("SELECT number FROM orders.orders"))
    assert numbers == Counter(buyer.placed["number"] for buyer in buyers)
    states = await pool.fetch("SELECT DISTINCT state FROM orders.orders")
    assert [row["state"] for row in states] == ["confirmed"]
    assert await pool.fetchval("SELECT sum(reserved)::int FROM stock.levels") == BUYERS
    assert await faults_in(pool) == []
    line.close()


async def buy(numbered):
    number, buyer = numbered
    await buyer.fill()
    await buyer.order()
    page = urlsplit(buyer.placed["pay_at"]).path
    choice = HOW_THEY_PAY[number % len(HOW_THEY_PAY)]
    answer = await buyer.again(page, data={"choice": choice})
    assert answer.status_code == 303, answer.text
    await buyer.client.aclose()


async def kill_now_and_then(served, pool, done):
    kills = 0
    while kills < KILLS:
        enough = BUYERS * kills // (KILLS + 1)
        while await pool.fetchval("SELECT count(*) FROM orders.orders") <= enough:
            await asyncio.sleep(0.01)
        assert not done.is_set(), "the kill came too late to be in the middle"
        served.kill("web")
        kills += 1
        if kills % 4 == 0:
            served.kill("worker")
            await served.start("worker")
        await served.start("web")
    return kills


async def until_nothing_is_pending(pool):
    async with asyncio.timeout(SETTLED_WITHIN_S):
        while await pool.fetchval(
            """
            SELECT EXISTS (SELECT FROM orders.orders WHERE state = 'placed')
                OR EXISTS (SELECT FROM checkout.attempts WHERE state IN ('frozen', 'placed'))
                OR EXISTS (SELECT FROM stock.holds WHERE state = 'held')
                OR EXISTS (SELECT FROM payments.refunds WHERE state = 'wanted')
                OR EXISTS (SELECT FROM jobs.deliveries
                            WHERE delivered_at IS NULL AND parked_at IS NULL)
            """
        ):
            await asyncio.sleep(0.2)
