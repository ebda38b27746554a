"""A basket that is watched: every change is heard once, also after the signal was gone."""

import asyncio

import msgspec
import pytest

from app import cart
from app import db as database
from app.cart import streaming
from app.db import new_id
from app.live import Hub
from tests.cart.builders import add, open_cart, put_on_shelf, token_of


@pytest.fixture
async def hub(pool):
    hub = Hub(pool, None, {"cart": cart.versions})
    await hub.open()
    yield hub
    await hub.close()


@pytest.fixture
def apply(pool):
    async def apply(*commands):
        async with database.begin(pool) as db:
            return await cart.apply(db, commands)

    return apply


@pytest.fixture
async def basket(db):
    milk, _ = await put_on_shelf(db)
    return await open_cart(db), milk


async def hear(pool, hub, basket, seen, count):
    """The next `count` events as (kind, version)."""
    heard = []
    stream = streaming.stream(pool, hub, token_of(basket), basket, seen)
    async with asyncio.timeout(20):
        async for text in stream:
            for event in text.split("\n\n"):
                if "event: " not in event:
                    continue
                lines = dict(line.split(": ", 1) for line in event.splitlines())
                heard.append((lines["event"], int(lines["id"]), msgspec.json.decode(lines["data"])))
            if len(heard) >= count:
                break
    await stream.aclose()
    return heard


async def test_who_comes_anew_gets_the_whole_basket(pool, hub, basket, apply):
    id, milk = basket
    await apply(add(id, milk, 3))

    [(kind, version, snapshot)] = await hear(pool, hub, id, None, 1)

    assert (kind, version) == ("snapshot", 1)
    assert [(line["product_id"], line["quantity"]) for line in snapshot["lines"]] == [
        (str(milk), 3)
    ]


async def test_who_was_away_hears_exactly_what_was_missed(pool, hub, basket, apply):
    id, milk = basket
    for _ in range(6):
        await apply(add(id, milk))

    heard = await hear(pool, hub, id, 2, 4)

    assert [(kind, version) for kind, version, _ in heard] == [
        ("change", version) for version in (3, 4, 5, 6)
    ]
    assert [change["body"]["quantity"] for _, _, change in heard] == [3, 4, 5, 6]


async def test_a_change_is_heard_while_watching(pool, hub, basket, apply):
    id, milk = basket
    await apply(add(id, milk))
    watching = asyncio.create_task(hear(pool, hub, id, 1, 2))
    await asyncio.sleep(0.05)

    await apply(add(id, milk))
    await apply(add(id, milk))

    assert [version for _, version, _ in await watching] == [2, 3]


async def test_steps_that_are_forgotten_are_told_as_a_whole_basket(pool, hub, basket, apply, db):
    id, milk = basket
    for _ in range(3):
        await apply(add(id, milk))
    await db.execute("DELETE FROM cart.changes WHERE cart_id = $1 AND version < 3", id)

    [(kind, version, _)] = await hear(pool, hub, id, 1, 1)

    assert (kind, version) == ("snapshot", 3)


async def test_after_the_order_the_empty_basket_is_told_and_the_stream_ends(
    pool, hub, basket, apply
):
    id, milk = basket
    await apply(add(id, milk))
    watching = asyncio.create_task(hear(pool, hub, id, 1, 99))
    await asyncio.sleep(0.05)

    async with database.begin(pool) as connection:
        await cart.close(connection, id, new_id())

    [(kind, version, snapshot)] = await watching
    assert (kind, snapshot["count"]) == ("snapshot", 0)
    assert version > 1


async def test_streams_end_when_the_shop_closes(pool, hub, basket, apply):
    id, milk = basket
    await apply(add(id, milk))
    watching = asyncio.create_task(hear(pool, hub, id, 1, 99))
    await asyncio.sleep(0.05)

    hub.end_streams()

    assert await asyncio.wait_for(watching, 2) == []


@pytest.mark.parametrize(
    ("sent", "seen"),
    [("7", 7), ("", None), ("-1", None), ("é", None), ("9" * 30, None), (None, None)],
)
def test_a_strange_last_event_id_is_as_if_nothing_was_seen(sent, seen):
    assert streaming.version_in(sent) == seen
