"""Whoever watches an order hears of each step at once, and of what was missed when coming back."""

import asyncio

from app import orders
from app.db import begin
from app.orders.streaming import stream, version_in
from tests.orders.test_advance import SECRET, an_order


async def test_a_step_is_heard_at_once(shop):
    state, new = shop.app.state, an_order()
    async with begin(state.pool) as db:
        await orders.place(db, new, secret=SECRET)
    news = stream(state.pool, state.hub, new.id, seen=1)
    assert (await anext(news)).startswith("retry:")
    hearing = asyncio.ensure_future(anext(news))
    await asyncio.sleep(0.05)

    async with begin(state.pool) as db:
        await orders.confirm(db, new.id)

    assert "data: 2" in await asyncio.wait_for(hearing, 10)
    await news.aclose()


async def test_who_comes_back_hears_what_was_missed(shop):
    state, new = shop.app.state, an_order()
    async with begin(state.pool) as db:
        await orders.place(db, new, secret=SECRET)
        await orders.confirm(db, new.id)

    news = stream(state.pool, state.hub, new.id, seen=version_in("1"))
    await anext(news)

    assert "data: 2" in await asyncio.wait_for(anext(news), 10)
    await news.aclose()


def test_a_strange_last_event_id_is_as_if_nothing_was_seen():
    assert [version_in(id) for id in (None, "", "-1", "²", "1" * 30, "7")] == [0, 0, 0, 0, 0, 7]
