"""Two web processes and a Redis that is stopped, frozen, flushed and started again."""

import asyncio
import random
import time

import httpx
import msgspec
import pytest

from app.db import new_id
from app.serving.network import free_port
from tests.live.listening import Listener
from tests.live.valkey import Valkey
from tests.served import Served
from tests.shelf import put_on_shelf

BACK_WITHIN_S = 5


@pytest.fixture
def valkey(tmp_path):
    valkey = Valkey(tmp_path)
    valkey.start()
    yield valkey
    valkey.stop()


@pytest.fixture
async def two_shops(settings, valkey, tmp_path):
    """Two web processes of one shop: one database, one Redis."""
    opened = []
    try:
        for name in ("one", "other"):
            home = tmp_path / name
            home.mkdir()
            own = msgspec.structs.replace(settings, home=home, redis_url=valkey.url)
            shop = Served(own, free_port("127.0.0.1", random.randrange(20_000, 32_000)))
            opened.append(shop)
        await asyncio.gather(*(shop.start("web") for shop in opened))
        yield opened
    finally:
        for shop in opened:
            shop.stop()


async def test_whatever_happens_to_redis_the_basket_is_right_and_soon_heard_of_everywhere(
    two_shops, valkey, db
):
    milk = await put_on_shelf(db)
    one, other = two_shops
    took_s = {}
    async with httpx.AsyncClient(base_url=one.url, timeout=10) as phone:
        first = await add(phone, milk)
        cookie = f"cart={first.cookies['cart']}"
        listener = Listener(other.url, cookie, seen=1).start()

        for trouble, act in (
            ("none", lambda: None),
            ("frozen", valkey.freeze),
            ("still frozen", lambda: None),
            ("thawed", valkey.thaw),
            ("stopped", valkey.kill),
            ("still stopped", lambda: None),
            ("started", valkey.start),
            ("flushed", valkey.flush),
        ):
            act()
            started = time.monotonic()
            answer = await add(phone, milk)
            version = answer.json()["version"]
            took_s[trouble] = await listener.hears(version, BACK_WITHIN_S) - started

        read = (await phone.get("/api/v1/cart")).json()
        await listener.stop()

    assert listener.heard == list(range(2, 10))
    assert (read["version"], read["count"]) == (9, 9)
    assert max(took_s.values()) < BACK_WITHIN_S, took_s


async def test_a_shop_with_open_streams_closes_within_five_seconds(two_shops, db):
    milk = await put_on_shelf(db)
    one, _ = two_shops
    async with httpx.AsyncClient(base_url=one.url, timeout=10) as phone:
        first = await add(phone, milk)
        cookie = f"cart={first.cookies['cart']}"
        listeners = [Listener(one.url, cookie).start() for _ in range(5)]
        for listener in listeners:
            await listener.hears(1, 20)

        started = time.monotonic()
        await asyncio.to_thread(one.stop)
        took_s = time.monotonic() - started

    for listener in listeners:
        await listener.stop()
    assert took_s <= 5


async def add(phone, product_id):
    body = {"do": "add", "id": str(new_id()), "product_id": str(product_id)}
    answer = await phone.post("/api/v1/cart/commands", json=body)
    assert answer.status_code == 200, answer.text
    return answer
