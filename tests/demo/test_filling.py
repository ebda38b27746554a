"""The demo is a shop one can walk through: goods, walls whose codes open, people, offers."""

import pytest

from app import db as database
from app import demo
from app.db import checks
from app.demo import people


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
    assert await pool.fetchval("SELECT count(*) FROM pricing.promotions") >= 4
    assert await pool.fetchval("SELECT count(*) FROM walls.labels WHERE state = 'live'") > 60
    assert {login.login for login in people.logins(demo_settings.home)} >= {"mila", "pim", "daan"}


async def test_a_shop_with_goods_in_it_is_left_as_it_is(pool, demo_settings):
    assert not await demo.fill(pool, demo_settings)


async def test_everything_in_the_demo_adds_up(db):
    assert [check for check in await checks.run(db) if not check.holds] == []
