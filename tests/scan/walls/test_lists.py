"""The code of a whole wall, scanned where a product was expected, leads to the wall's list."""

import pytest

from app import walls
from app.db import begin, new_id
from tests.walls.builders import hang_wall, plan_wall


async def scan(shop, text, path=""):
    one = {"id": str(new_id()), "text": text}
    return await shop.post(
        f"/api/v1/scans{path}", json={"scans": [one]} if path else one, headers={"Accept-Language": "en"}
    )  # fmt: skip


@pytest.mark.parametrize("host", ["HTTP://SHOP.TEST", "https://where-we-were.example"])
async def test_the_code_of_a_wall_is_answered_with_its_list_and_fills_no_basket(shop, pool, host):
    edition = await hang_wall(pool)
    assert edition.list_url == "HTTP://SHOP.TEST/W/UTC-1"
    text = edition.list_url.replace("HTTP://SHOP.TEST", host)

    answer = await scan(shop, text)
    [kept] = (await scan(shop, text, "/replay")).json()["results"]

    listed = answer.json()
    assert (answer.status_code, listed["kind"], listed["address"]) == (200, "list", "/w/utc-1")
    assert listed["name"] == "Utrecht Centraal"
    assert kept["listed"] == {**listed, "id": kept["id"]}
    assert "set-cookie" not in answer.headers
    page = await shop.get(listed["address"], headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert (await pool.fetchval("SELECT count(*) FROM cart.carts")) == 0


async def test_a_wall_that_does_not_hang_or_not_any_more_is_said_to_be_none(shop, pool):
    await plan_wall(pool)
    planned = await scan(shop, "HTTP://SHOP.TEST/W/UTC-1")
    async with begin(pool) as db:
        await walls.take_down(db, "utc-1")

    for answer in (planned, await scan(shop, "HTTP://SHOP.TEST/W/UTC-1")):
        assert answer.status_code == 404
        assert answer.json()["detail"] == "There is no such wall."
    [kept] = (await scan(shop, "HTTP://SHOP.TEST/W/NOWHERE", "/replay")).json()["results"]
    assert kept["problem"]["status"] == 404
