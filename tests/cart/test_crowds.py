"""A train arrives; and somebody on it guesses codes."""

import asyncio
import random
import time
from collections import Counter

import httpx
import msgspec
import pytest

from app.db import new_id
from app.http import limits
from app.serving.network import free_port
from tests.benchmarks import load
from tests.cart.builders import print_label, put_on_shelf
from tests.served import Served

PHONES = 300
SCANS = "/api/v1/scans"


@pytest.fixture
async def settings(database_url, settings):
    """Without Redis: what this file does is not held against anybody else."""
    return msgspec.structs.replace(settings, redis_url="")


@pytest.fixture
async def served(settings):
    shop = Served(settings, free_port("127.0.0.1", random.randrange(20_000, 32_000)))
    try:
        await shop.start("web")
        yield shop
    finally:
        shop.stop()


async def wall(db, codes=12):
    shelf = [await put_on_shelf(db) for _ in range(codes)]
    return [(await print_label(db, milk, number))[0] for milk, number in shelf]


async def scan(client, text, **more):
    return await client.post(SCANS, json={"id": str(new_id()), "text": text} | more)


async def test_three_hundred_phones_behind_one_address_all_get_what_they_scan(served, db):
    labels = await wall(db)
    port = served.settings.port

    async def phone(number):
        statuses, cookie = [], ""
        for text in (labels[number % len(labels)], labels[0]):
            body = msgspec.json.encode({"id": str(new_id()), "text": text})
            status, headers, _ = await load.ask(
                port, load.request("POST", SCANS, body, cookie=cookie)
            )
            statuses.append(status)
            cookie = cookie or headers["set-cookie"].split(";")[0]
        return statuses

    answers = await asyncio.gather(*(phone(number) for number in range(PHONES)))

    assert Counter(status for both in answers for status in both) == {200: 2 * PHONES}
    assert await db.fetchval("SELECT count(*) FROM cart.carts") == PHONES
    assert await db.fetchval("SELECT sum(items) FROM cart.carts") == 2 * PHONES
    assert await db.fetch("SELECT * FROM checks.cart_commands") == []


async def test_who_guesses_is_slowed_down_and_the_phone_beside_goes_on(served, db, request):
    guesses = 5_000 if request.config.getoption("--drills") else 300
    [label] = await wall(db, 1)
    statuses, good, began = Counter(), [], time.monotonic()
    async with (
        httpx.AsyncClient(base_url=served.url, timeout=30) as guesser,
        httpx.AsyncClient(base_url=served.url, timeout=30) as phone,
    ):
        await scan(phone, label)
        for n in range(0, guesses, 50):
            codes = [f"{n + place:07}" for place in range(50)]
            answers = await asyncio.gather(*(scan(guesser, code) for code in codes))
            statuses.update(answer.status_code for answer in answers)
            good.append((await scan(phone, label)).status_code)

    assert statuses.keys() == {404, 429}
    took_s = time.monotonic() - began
    assert statuses[404] <= limits.BURST + limits.PER_S * took_s + 1
    assert set(good) <= {200, 409}
    assert good.count(200) == min(98, len(good))
    assert await db.fetchval("SELECT count(*) FROM cart.carts WHERE items > 0") >= 1


@pytest.mark.drill
async def test_two_hundred_posts_of_fifty_scans_with_a_kill_in_the_middle_are_fifty(served, db):
    [label] = await wall(db, 1)
    async with httpx.AsyncClient(base_url=served.url, timeout=10) as phone:
        await scan(phone, label)
        posts = [{"id": str(new_id()), "text": label} for _ in range(50)] * 4
        random.shuffle(posts)
        answered = []

        async def post(body):
            answer = await phone.post(SCANS, json=body)
            answered.append(answer.status_code)

        sending = [asyncio.create_task(post(body)) for body in posts]
        while len(answered) < 60:
            await asyncio.sleep(0.001)
        served.kill("web")
        lost = await asyncio.gather(*sending, return_exceptions=True)
        await served.start("web")
        again = [(await phone.post(SCANS, json=body)).status_code for body in posts]
        read = (await phone.get("/api/v1/cart")).json()

    assert any(isinstance(one, httpx.TransportError) for one in lost), "it was killed too late"
    assert set(again) == {200}
    assert (read["count"], read["version"]) == (51, 51)
    for view in ("carts", "cart_commands"):
        assert await db.fetch(f"SELECT * FROM checks.{view}") == []  # noqa: S608
