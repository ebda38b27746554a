"""The web process dies in the middle of 200 checkouts; the buyers' phones try again."""

import asyncio
from collections import Counter
from uuid import uuid4

import httpx
import pytest

from tests.checkout.stage import FEE, HOME, faults_in, open_place, open_slot, stock_up
from tests.shelf import put_on_shelf

BUYERS = 200
KILLS = 4
PATIENCE_S = 90
PRICE = 249

pytestmark = pytest.mark.drill


async def test_every_acknowledged_order_exists_once_after_kills_in_the_middle(served, pool):
    place_id = await open_place(pool)
    slot_id = await open_slot(pool, place_id, capacity=BUYERS)
    product_id = await put_on_shelf(pool, price=PRICE)
    await stock_up(pool, place_id, product_id, BUYERS)
    buyers = [Phone(served.url, slot_id, product_id) for _ in range(BUYERS)]
    await in_turns(buyers, Phone.fill)

    done, killed = asyncio.Event(), Counter()
    killer = asyncio.create_task(kill_now_and_then(served, pool, done, killed))
    await asyncio.gather(*(buyer.order() for buyer in buyers))
    done.set()
    await killer
    await in_turns(buyers, Phone.pay)
    await until_all_paid(pool)

    assert killed["web"] == KILLS
    numbers = Counter(row["number"] for row in await pool.fetch("SELECT number FROM orders.orders"))
    assert numbers == Counter(buyer.placed["number"] for buyer in buyers)
    states = await pool.fetch("SELECT DISTINCT state FROM orders.orders")
    assert [row["state"] for row in states] == ["confirmed"]
    mails = await pool.fetchval("SELECT count(*) FROM messaging.messages")
    assert mails == BUYERS
    assert await pool.fetchval("SELECT sum(reserved)::int FROM stock.levels") == BUYERS
    assert await faults_in(pool) == []


class Phone:
    """Sends what it has not heard an answer to again, with the same key."""

    def __init__(self, url, slot_id, product_id):
        self.client = httpx.AsyncClient(base_url=url, timeout=20)
        self.slot_id, self.product_id = slot_id, product_id
        self.key = str(uuid4())
        self.placed = None

    async def fill(self):
        command = {"do": "add", "id": str(uuid4()), "product_id": str(self.product_id)}
        self.version = (await self.again("/api/v1/cart/commands", json=command)).json()["version"]

    async def order(self):
        wish = HOME | {
            "cart_version": self.version,
            "total": PRICE + FEE,
            "slot": str(self.slot_id),
        }
        headers = {"Idempotency-Key": self.key}
        answer = await self.again("/api/v1/checkout", json=wish, headers=headers)
        assert answer.status_code == 201, answer.text
        self.placed = answer.json()

    async def pay(self):
        answer = await self.again(self.placed["pay_at"], data={"choice": "pay"})
        assert answer.status_code == 303, answer.text
        await self.client.aclose()

    async def again(self, address, **request):
        async with asyncio.timeout(PATIENCE_S):
            while True:
                try:
                    answer = await self.client.post(address, **request)
                    if answer.status_code not in (429, 500, 502, 503):
                        return answer
                    assert answer.status_code != 500, answer.text
                except httpx.TransportError:
                    pass
                await asyncio.sleep(0.3)


async def in_turns(buyers, act):
    turns = asyncio.Semaphore(20)

    async def in_turn(buyer):
        async with turns:
            await act(buyer)

    await asyncio.gather(*(in_turn(buyer) for buyer in buyers))


async def kill_now_and_then(served, pool, done, killed):
    """Each time some more orders stand: in the middle, however fast the machine is."""
    for kill in range(KILLS):
        enough = BUYERS * kill // (KILLS + 1)
        while await pool.fetchval("SELECT count(*) FROM orders.orders") <= enough:
            await asyncio.sleep(0.005)
        assert not done.is_set(), "the kill came too late to be in the middle"
        served.kill("web")
        killed["web"] += 1
        if kill == 1:
            served.kill("worker")
            await served.start("worker")
        await served.start("web")


async def until_all_paid(pool):
    async with asyncio.timeout(PATIENCE_S):
        while await pool.fetchval("SELECT count(*) FROM orders.orders WHERE state = 'placed'"):
            await asyncio.sleep(0.2)
        while await pool.fetchval("SELECT count(*) FROM messaging.messages") < BUYERS:
            await asyncio.sleep(0.2)
