"""Prices for a channel, a place, a group or a time; and the lowest of thirty days."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from app import pricing
from app.db import new_id
from app.errors import Conflict
from tests.pricing.builders import NOON
from tests.shelf import put_on_shelf

SHOP = UUID(int=70)
DAY = timedelta(days=1)


async def put_up(
    db, product, amount, *, currency="EUR", from_at=NOON - DAY, until_at=None, **about
):
    about = {"channel": None, "place_id": None, "customer_group": None, **about}
    await pricing.write_list(
        db, id := new_id(), "List", currency, from_at, until_at, **about,
        prices=[(product, amount)], person_id=None,
    )  # fmt: skip
    return id


async def asked(db, product, channel="web", *, at=NOON, currency="EUR", **more):
    prices = await pricing.listed(db, [(product, channel)], currency, at, **more)
    return prices.get((product, channel))


async def test_the_list_that_says_the_most_about_the_sale_wins(db):
    milk = await put_on_shelf(db, price=149)
    assert await asked(db, milk) is None

    await put_up(db, milk, 139)
    await put_up(db, milk, 129, channel="wall")
    await put_up(db, milk, 119, channel="wall", place_id=SHOP)
    await put_up(db, milk, 109, customer_group="members", channel="wall", place_id=SHOP)

    assert await asked(db, milk) == 139
    assert await asked(db, milk, "wall") == 129
    assert await asked(db, milk, "wall", place_id=SHOP) == 119
    assert await asked(db, milk, "wall", place_id=SHOP, groups=["members"]) == 109
    assert await asked(db, milk, currency="KRW") is None


async def test_a_price_is_written_ahead_and_holds_from_its_moment_to_its_end(db):
    milk = await put_on_shelf(db, price=149)
    await put_up(db, milk, 99, from_at=NOON, until_at=NOON + DAY)

    moments = [NOON - timedelta(seconds=1), NOON, NOON + DAY]

    assert [await asked(db, milk, at=at) for at in moments] == [None, 99, None]


async def test_of_two_lists_alike_the_one_that_began_last_holds_until_it_is_ended(db):
    milk = await put_on_shelf(db, price=149)
    await put_up(db, milk, 139, from_at=NOON - 9 * DAY)
    week = await put_up(db, milk, 119)
    assert await asked(db, milk) == 119

    assert await pricing.end_list(db, week, NOON)

    assert await asked(db, milk) == 139
    assert not await pricing.end_list(db, week, NOON)


async def test_the_lowest_of_thirty_days_counts_what_everybody_was_asked(db):
    milk = await put_on_shelf(db, price=149)
    await db.execute("UPDATE catalog.prices SET from_at = $1", NOON - 90 * DAY)
    await put_up(db, milk, 99, from_at=NOON - 60 * DAY, until_at=NOON - 40 * DAY)
    await put_up(db, milk, 129, from_at=NOON - 20 * DAY, until_at=NOON - 10 * DAY)
    await put_up(db, milk, 59, from_at=NOON - 20 * DAY, customer_group="members")

    assert [await lowest(db, milk, NOON - n * DAY) for n in (0, 35, 75)] == [129, 99, 149]


async def test_neither_another_currency_nor_a_list_that_never_began_was_asked(db):
    milk = await put_on_shelf(db, price=149)
    await db.execute("UPDATE catalog.prices SET from_at = $1", NOON - 90 * DAY)
    await put_up(db, milk, 9, currency="KRW", from_at=NOON - 9 * DAY, until_at=NOON)
    soon = datetime.now(UTC) + 2 * DAY
    dropped = await put_up(db, milk, 1, from_at=soon, until_at=soon + DAY)
    await pricing.take_down(db, dropped, soon - DAY)
    await catalog_price(db, milk, 139)

    assert await lowest(db, milk, NOON) == 149
    assert await lowest(db, milk, soon + DAY) == 139
    assert await pricing.lowest_before(db, milk) == 149


async def test_a_list_that_was_taken_back_before_it_began_stands_in_nobodys_way(db):
    milk, now = await put_on_shelf(db, price=149), datetime.now(UTC)
    period = (now + DAY, now + 2 * DAY)
    wrong, right = new_id(), new_id()
    async with db.transaction():
        await pricing.put_up(db, wrong, "Week", "EUR", *period, {milk: 99}, now=now)
        with pytest.raises(Conflict):
            await pricing.put_up(db, right, "Week", "EUR", *period, {milk: 98}, now=now)

        await pricing.take_down(db, wrong, now)
        await pricing.put_up(db, right, "Week", "EUR", *period, {milk: 98}, now=now)

    assert await asked(db, milk, at=period[0]) == 98


async def catalog_price(db, product, amount):
    await db.execute("UPDATE catalog.prices SET until_at = now() WHERE product_id = $1", product)
    await db.execute("INSERT INTO catalog.prices VALUES ($1, $2)", product, amount)


async def lowest(db, product, at):
    return await db.fetchval("SELECT pricing.lowest_of_30_days($1, $2)", product, at)


async def test_what_was_asked_is_never_rewritten(db):
    milk = await put_on_shelf(db)
    await put_up(db, milk, 99)

    with pytest.raises(asyncpg.RaiseError, match="What was asked stays known"):
        await db.execute("UPDATE pricing.list_prices SET amount = 1")


@pytest.mark.parametrize(
    ("total", "currency", "country", "paid"),
    [
        (1002, "EUR", "NL", 1000),
        (1003, "EUR", "NL", 1005),
        (1007, "EUR", "NL", 1005),
        (1008, "EUR", "NL", 1010),
        (1, "EUR", "NL", 0),
        (1003, "EUR", "DE", 1003),
        (1003, "EUR", "LT", 1005),
        (12345, "KRW", "KR", 12350),
        (1233, "KWD", "KW", 1233),
        (0, "EUR", "NL", 0),
    ],
)
def test_cash_is_rounded_to_the_nearest_coin(total, currency, country, paid):
    assert pricing.in_cash(total, currency, country) == paid


@pytest.mark.parametrize(
    ("category", "age_limit", "percent"),
    [("dairy", None, 100), ("beer-wine", 18, 25), ("tobacco", 18, 0), ("infant-formula", None, 0)],
)
def test_the_law_says_how_much_may_be_taken_off(category, age_limit, percent):
    assert pricing.most_percent(category, age_limit) == percent
