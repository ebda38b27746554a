"""The demo is a shop one can walk through: goods, walls whose codes open, people, offers."""

import pytest

from app import db as database
from app import demo, orders
from app.db import checks
from app.demo import people
from app.orders.rules import link_token


@pytest.fixture
async def pool(demo_settings):
    pool = await database.open_pool(demo_settings.database_url)
    yield pool
    pool.terminate()


async def test_the_demo_is_a_shop_with_goods_pictures_walls_offers_and_people(pool, demo_settings):
    assert (
        await pool.fetchval("SELECT count(*) FROM catalog.products WHERE picture IS NOT NULL") > 500
    )
    assert await pool.fetchval("SELECT count(*) FROM stock.places") == 3
    assert await pool.fetchval("SELECT count(*) FROM pricing.promotions") >= 7
    assert await pool.fetchval("SELECT count(*) FROM walls.labels WHERE state = 'live'") > 60
    assert {login.login for login in people.logins(demo_settings.home)} >= {"mila", "pim", "daan"}


async def test_a_shop_with_goods_in_it_is_left_as_it_is(pool, demo_settings):
    assert not await demo.fill(pool, demo_settings)


async def test_everything_in_the_demo_adds_up(pool):
    async with pool.acquire() as connection:
        assert [check for check in await checks.run(connection) if not check.holds] == []


async def test_there_is_an_order_in_every_state(pool):
    rows = await pool.fetch("SELECT state, count(*) FROM orders.orders GROUP BY state")

    assert dict(rows) == {
        "placed": 1,
        "confirmed": 3,
        "in_fulfilment": 2,
        "packed": 3,
        "on_the_way": 2,
        "not_home": 1,
        "delivered": 2,
        "cancelled": 2,
    }
    assert await pool.fetchval("SELECT count(*) FROM fulfilment.fulfilments WHERE tote > 0") == 10
    assert await pool.fetchval("SELECT count(*) FROM fulfilment.picks WHERE short > 0") == 1


async def test_the_orders_have_offers_deposits_ages_and_printed_prices_in_them(pool):
    assert await pool.fetchval("SELECT count(*) FROM orders.orders WHERE discount > 0") >= 3
    assert await pool.fetchval("SELECT count(*) FROM orders.orders WHERE deposits > 0") >= 3
    assert await pool.fetchval("SELECT count(*) FROM orders.lines WHERE age_limit = 18") >= 2
    assert await pool.fetchval("SELECT count(*) FROM cart.lines WHERE label IS NOT NULL") >= 10


async def test_each_shopper_of_the_demo_can_follow_their_order(pool, demo_settings):
    async with pool.acquire() as connection:
        for id, number in await pool.fetch("SELECT id, number FROM orders.orders"):
            found = await orders.by_token(connection, link_token(demo_settings.secret, id))
            assert found.number == number


async def test_shoppers_were_written_to_and_nothing_is_left_to_be_done(pool):
    assert await pool.fetchval("SELECT count(*) FROM messaging.messages") >= 15
    assert await pool.fetchval("SELECT count(*) FROM jobs.backlogs") == 0
    assert await pool.fetchval("SELECT count(*) FROM payments.refunds WHERE state = 'wanted'") == 0
