"""The desk of sourcing, and the page of an order from several places, are usable by everybody."""

import os
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from app.staff import cookie_name
from tests.checkout.several import TwoStores, parts_of, split_order
from tests.journeys.test_accessible import broken_rules
from tests.staff_desk import employ

pytestmark = [pytest.mark.browser, pytest.mark.drill]
URL = "http://shop.test"


async def look_through(browser, stores, language, scheme, wide):
    """A browser whose requests are answered by the shop of this test."""
    context = await browser.new_context(
        viewport={"width": wide, "height": 900}, color_scheme=scheme, locale=language
    )
    token, _ = await employ(stores.pool, "dispatcher", "operator")
    name = cookie_name(stores.settings)
    client = stores.browser()
    client.cookies.set(name, token)
    client.headers["Accept-Language"] = language

    async def answer(route):
        request = route.request
        got = await client.request(
            request.method, request.url, content=request.post_data_buffer,
            headers={"Content-Type": request.headers.get("content-type", "")},
        )  # fmt: skip
        await route.fulfill(status=got.status_code, headers=dict(got.headers), body=got.content)

    await context.route("**/*", answer)
    return await context.new_page()


@pytest.mark.parametrize(
    ("language", "scheme", "wide"),
    [("nl", "light", 360), ("ko", "dark", 360), ("en", "light", 1440)],
)
async def test_axe_finds_nothing_where_orders_come_from(browser, shop, language, scheme, wide):
    stores = await TwoStores.set_up(shop, here=3, there=3)
    for name, place in (
        ("Perron Lombok", stores.place_id),
        ("Perron Kanaalstraat", stores.other_place),
    ):
        await stores.pool.execute("UPDATE stock.places SET name = $2 WHERE id = $1", place, name)
    for _ in range(2):
        await split_order(stores, quantity=1)
    _, placed = await split_order(stores, quantity=4)
    page = await look_through(browser, stores, language, scheme, wide)
    faults = []

    async def see(path, name):
        await page.goto(URL + path)
        if os.environ.get("LOOK"):
            shot = Path(os.environ["LOOK"]) / f"{name}-{language}-{wide}.png"
            await page.screenshot(path=shot, full_page=True)
        faults.extend(f"{name}: {one}" for one in await broken_rules(page))
        over = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0, f"{name} is wider than the screen"

    await see(placed["track_at"].removeprefix(URL), "order")
    part = (await parts_of(stores, placed))[stores.place_id][0]
    dispatcher = await stores.staff("dispatcher")
    await dispatcher.post(
        f"/api/v1/fulfilments/{part}/refuse", json={"reason": "Flooded"},
        headers={"Idempotency-Key": str(uuid4())},
    )  # fmt: skip
    await see("/sourcing", "unfilled")
    await see(f"/sourcing/orders/{placed['order_id']}", "why")
    rules = {"groups": [{"name": "Lombok", "place_ids": [str(stores.place_id)], "surcharge": 900}]}
    tried = str(uuid4())
    await dispatcher.post(
        "/api/v1/sourcing/tries", json={"seen": 0, "weights": rules},
        headers={"Idempotency-Key": tried},
    )  # fmt: skip
    await stores.work()
    await see(f"/sourcing/rules/tries/{tried}", "try")
    await dispatcher.post(
        f"/api/v1/sourcing/tries/{tried}/publish", headers={"Idempotency-Key": str(uuid4())}
    )
    await see("/sourcing/rules", "rules")
    assert faults == []
    assert UUID(tried)
