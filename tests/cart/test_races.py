"""Many hands in one basket, each on a connection of its own."""

import asyncio

import pytest

from app import cart
from app.cart import actions, coalescing
from app.db import lend, new_id
from app.errors import Busy
from app.jobs import LATER
from tests.cart.builders import add, open_cart, put_on_shelf, quantities, set_to, token_of

pytestmark = pytest.mark.usefixtures("everything_holds")


async def test_fifty_at_once_add_fifty(db, begin):
    milk, _ = await put_on_shelf(db)
    basket = await open_cart(db)

    async def one_more():
        async with begin() as connection:
            return await cart.apply(connection, [add(basket, milk)])

    await one_more()
    await asyncio.gather(*[one_more() for _ in range(50)])

    assert await quantities(db, basket) == {milk: 51}


async def test_fifty_gathered_add_fifty(db, pool):
    milk, _ = await put_on_shelf(db)
    basket = await open_cart(db)
    asks = [coalescing.submit(pool, token_of(basket), add(None, milk)) for _ in range(51)]

    outcomes = await asyncio.gather(*asks)

    assert await quantities(db, basket) == {milk: 51}
    assert [outcome.version for outcome in outcomes] == list(range(1, 52))


async def test_the_same_command_ten_times_at_once_acts_once(db, begin):
    milk, _ = await put_on_shelf(db)
    basket = await open_cart(db)
    id = new_id()

    async def send():
        async with begin() as connection:
            return await cart.apply(connection, [add(basket, milk, id=id)])

    answers = await asyncio.gather(*[send() for _ in range(10)])

    assert await quantities(db, basket) == {milk: 1}
    assert all(answer == answers[0] for answer in answers)


async def test_of_two_who_set_from_one_reading_one_wins(db, begin):
    milk, _ = await put_on_shelf(db)
    basket = await open_cart(db)
    async with begin() as connection:
        [seen] = await cart.apply(connection, [add(basket, milk)])

    async def change(quantity):
        async with begin() as connection:
            [outcome] = await cart.apply(connection, [set_to(basket, milk, quantity, seen.version)])
            return outcome

    outcomes = await asyncio.gather(change(5), change(7))

    winner = [outcome for outcome in outcomes if outcome.refused is None]
    assert sorted(str(outcome.refused) for outcome in outcomes) == ["None", "stale"]
    assert await quantities(db, basket) == {milk: winner[0].line.quantity}


async def test_batches_that_meet_the_same_baskets_in_other_orders_do_not_block(db, begin):
    milk, _ = await put_on_shelf(db)
    baskets = [await open_cart(db) for _ in range(10)]

    async def fill(order):
        async with begin() as connection:
            return await cart.apply(connection, [add(basket, milk) for basket in order])

    await asyncio.gather(*[fill(baskets[:: (1, -1)[n % 2]]) for n in range(12)])

    assert [await quantities(db, basket) for basket in baskets] == [{milk: 12}] * 10


async def test_of_two_who_read_one_basket_the_second_to_write_reads_again(db, pool, begin):
    milk, _ = await put_on_shelf(db)
    basket, alone = await open_cart(db), await open_cart(db)
    asks = [(token_of(basket), add(None, milk)), (token_of(alone), add(None, milk))]
    reading = actions.queries.facts

    async def read_and_be_overtaken(connection, wishes):
        rows = await reading(connection, wishes)
        async with begin() as another:
            await cart.apply(another, [add(basket, milk)])
        return rows

    async with lend(pool) as connection:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(actions.queries, "facts", _once(read_and_be_overtaken, reading))
            overtaken, outcome = await actions.apply_opened(connection, asks)
        again, repeated = await actions.apply_opened(connection, asks)

    assert overtaken is LATER
    assert (again.version, again.count) == (2, 2)
    assert repeated == outcome
    assert await quantities(db, alone) == {milk: 1}


def _once(first, then):
    """The first call goes one way, all others the other."""
    ways = iter([first])
    return lambda *said: next(ways, then)(*said)


async def test_batches_of_several_processes_that_meet_in_the_same_baskets_lose_nothing(db, pool):
    milk, _ = await put_on_shelf(db)
    baskets = [await open_cart(db) for _ in range(6)]

    async def process(number):
        left = [(token_of(basket), add(None, milk)) for basket in baskets[:: (1, -1)[number % 2]]]
        while left:
            async with lend(pool) as connection:
                outcomes = await actions.apply_opened(connection, left)
            left = [ask for ask, one in zip(left, outcomes, strict=True) if one is LATER]

    await asyncio.gather(*[process(number) for number in range(8)])

    assert [await quantities(db, basket) for basket in baskets] == [{milk: 8}] * 6


async def test_a_basket_at_the_checkout_keeps_no_other_waiting(db, pool, begin):
    milk, _ = await put_on_shelf(db)
    locked, free = await open_cart(db), await open_cart(db)
    async with begin() as connection:
        await connection.execute("SELECT FROM cart.carts WHERE id = $1 FOR UPDATE", locked)
        waiting = asyncio.create_task(coalescing.submit(pool, token_of(locked), add(None, milk)))
        outcome = await coalescing.submit(pool, token_of(free), add(None, milk))
        still_waiting = not waiting.done()

    assert outcome.count == 1
    assert still_waiting
    assert (await waiting).count == 1


async def test_a_scan_that_meets_the_order_lands_in_the_next_basket(db, pool, begin):
    milk, _ = await put_on_shelf(db)
    basket = await open_cart(db)
    async with begin() as connection:
        await cart.apply(connection, [add(basket, milk)])

    async with begin() as connection:
        await cart.close(connection, basket, new_id())
        scan = asyncio.create_task(coalescing.submit(pool, token_of(basket), add(None, milk)))
        await asyncio.sleep(0.05)

    assert (await scan).count == 1
    assert await quantities(db, basket) == {milk: 1}


async def test_one_basket_that_floods_the_queue_leaves_the_others_their_turn(db, pool):
    milk, _ = await put_on_shelf(db)
    flooding, other = await open_cart(db), await open_cart(db)
    flood = [
        asyncio.create_task(coalescing.submit(pool, token_of(flooding), add(None, milk, 0)))
        for _ in range(2_500)
    ]
    await asyncio.sleep(0)

    outcome = await coalescing.submit(pool, token_of(other), add(None, milk))
    answers = await asyncio.gather(*flood, return_exceptions=True)

    assert outcome.count == 1
    refused = [answer for answer in answers if isinstance(answer, Busy)]
    assert len(refused) == 2_500 - coalescing.MOST_OF_ONE_BASKET
