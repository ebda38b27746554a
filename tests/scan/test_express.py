"""Whichever way a scan takes through the door, it is answered alike."""

import httpx
import pytest

from app.db import new_id
from app.http.table import PERMISSIONS
from app.scan.express import Express
from tests.cart.builders import print_label, put_on_shelf

SCANS = "/api/v1/scans"


async def common_way(scope, receive, send):
    raise AssertionError("this scan was to take the express lane")


@pytest.fixture
async def token(shop, db):
    """Of a basket with something in it."""
    label, _ = await print_label(db, *await put_on_shelf(db))
    await shop.post(SCANS, json={"id": str(new_id()), "text": label})
    return shop.cookies["cart"]


async def test_a_scan_of_somebody_with_a_basket_takes_the_express_lane(opened, token, db):
    label, _ = await print_label(db, *await put_on_shelf(db))
    lane = Express(common_way, PERMISSIONS, "cart")

    async def door(scope, receive, send):
        await lane(scope | {"litestar_app": opened}, receive, send)

    transport = httpx.ASGITransport(door)
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as phone:
        answer = await phone.post(
            SCANS, json={"id": str(new_id()), "text": label}, headers={"Cookie": f"cart={token}"}
        )

    assert (answer.status_code, answer.json()["count"]) == (200, 2)


async def test_what_is_out_of_the_ordinary_goes_the_common_way_and_is_answered_alike(
    shop, token, db
):
    shelf = await put_on_shelf(db)
    label, retired = [
        (await print_label(db, *shelf, state=state))[0] for state in ("live", "retired")
    ]
    asked = [
        ({"text": label}, 200),
        ({"text": label, "quantity": 99}, 409),
        ({"text": retired}, 410),
        ({"text": "0000000"}, 404),
        ({"text": "https://example.com/"}, 400),
        ({"text": label, "quantity": 0}, 400),
        ({"text": label, "quantity": "2"}, 200),
    ]
    for body, status in asked:
        one = {"id": str(new_id()), **body}
        express, common = [
            await shop.post(SCANS, json=one, headers={"Cookie": cookies, "Accept-Language": "ko"})
            for cookies in (f"cart={token}", f"staff=nobody; cart={token}")
        ]
        assert express.status_code == common.status_code == status, body
        assert _lasting(express) == _lasting(common)


async def test_a_basket_that_is_not_there_any_more_is_followed_by_a_new_one(shop, db):
    label, _ = await print_label(db, *await put_on_shelf(db))

    answer = await shop.post(
        SCANS, json={"id": str(new_id()), "text": label}, headers={"Cookie": "cart=forgotten"}
    )

    assert (answer.status_code, answer.json()["count"]) == (200, 1)
    assert answer.headers["set-cookie"].startswith("cart=")


def test_a_lane_that_asks_nobody_who_they_are_is_not_opened_where_somebody_must_be_asked():
    with pytest.raises(RuntimeError):
        Express(common_way, PERMISSIONS | {f"POST {SCANS}": "staff"}, "cart")


def _lasting(answer):
    body = {name: value for name, value in answer.json().items() if name != "instance"}
    headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
    return body, headers
