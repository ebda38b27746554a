"""A shop that says "in a moment", a phone that was tidied up, a code from another world: nothing is lost,
nothing acts twice, and nobody asks again before the time that was told."""

import time

import pytest

from app.db import new_id
from tests.cart.builders import put_on_shelf

pytestmark = [pytest.mark.browser, pytest.mark.drill]

REPLAY = "**/api/v1/scans/replay"
OUTBOX = """async () => {
  const { Outbox } = await import("/assets/shopper/outbox.js");
  window.heard = [];
  const hear = (what) => (scan) => window.heard.push([what, scan.text]);
  window.outbox = new Outbox(Object.fromEntries(
    ["answered", "listed", "refused", "waiting", "retried"].map((what) => [what, hear(what)])));
}"""
PUT = "(scan) => { window.outbox.put(scan); }"
HEARD = "() => window.heard.filter(([what]) => !['waiting', 'retried'].includes(what))"


@pytest.fixture
async def page(served, browser):
    context = await browser.new_context(base_url=served.url, locale="en")
    page = await context.new_page()
    await page.goto("/basket")
    await page.evaluate(OUTBOX)
    yield page
    await context.close()


async def put(page, *texts):
    for text in texts:
        await page.evaluate(PUT, {"id": str(new_id()), "text": text, "quantity": 1})


async def heard(page, count):
    await page.wait_for_function(f"() => ({HEARD})().length >= {count}", timeout=30_000)
    return [tuple(one) for one in await page.evaluate(HEARD)]


async def test_what_is_scanned_while_the_shop_is_busy_waits_as_long_as_it_says(page, db):
    numbers = [(await put_on_shelf(db))[1] for _ in range(3)]
    asked = []

    async def busy_once(route):
        asked.append((time.monotonic(), len(route.request.post_data_json["scans"])))
        if len(asked) > 1:
            return await route.continue_()
        return await route.fulfill(status=503, headers={"Retry-After": "2"}, body="{}")

    await page.route(REPLAY, busy_once)
    await put(page, *numbers)

    assert await heard(page, 3) == [("answered", number) for number in numbers]
    (first, _), (second, together) = asked
    assert second - first >= 1.9
    assert together == 3


async def test_one_bad_line_is_one_attempt_after_the_other_however_much_was_scanned(page, db):
    numbers = [(await put_on_shelf(db))[1] for _ in range(6)]
    asked = []

    async def cut(route):
        asked.append(route)
        await route.abort()

    await page.route(REPLAY, cut)
    await put(page, *numbers)
    await page.wait_for_timeout(1_000)
    at_once = len(asked)
    await page.wait_for_timeout(7_000)

    assert len(asked) - at_once <= 3, "every three seconds, not every three seconds for each"
    await page.unroute(REPLAY)
    assert await heard(page, 6) == [("answered", number) for number in numbers]


async def test_what_a_shop_does_not_understand_is_told_and_keeps_no_other_waiting(page, db):
    number = (await put_on_shelf(db))[1]

    async def strict(route):
        texts = [scan["text"] for scan in route.request.post_data_json["scans"]]
        if "strange" not in texts:
            return await route.continue_()
        return await route.fulfill(
            status=400, content_type="application/problem+json",
            body='{"status": 400, "code": "malformed", "detail": "We could not read this."}',
        )  # fmt: skip

    await page.route(REPLAY, strict)
    await put(page, number, "strange", "BEGIN:VCARD\nEND:VCARD", number)

    assert await heard(page, 4) == [
        ("answered", number),
        ("refused", "strange"),
        ("refused", "BEGIN:VCARD\nEND:VCARD"),
        ("answered", number),
    ]


async def test_what_a_closed_scanner_has_left_is_told_in_the_basket_and_sent_from_there(page, db):
    number = (await put_on_shelf(db))[1]

    async def cut(route):
        await route.abort()

    await page.route(REPLAY, cut)
    await put(page, number)
    await page.wait_for_function("() => window.heard.length")
    await page.unroute(REPLAY)
    await page.goto("/basket")
    await page.locator("#kept-scans a").click()
    await page.locator("#scanned li.good").wait_for()

    await page.goto("/basket")
    await page.locator(".quantity", has_text="1").wait_for()
    assert not await page.locator("#kept-scans").is_visible()


async def test_a_phone_that_was_tidied_up_meanwhile_still_scans(page, db, served):
    number = (await put_on_shelf(db))[1]
    await page.evaluate("() => window.outbox.resume()")
    phone = await page.context.new_cdp_session(page)
    tidied = {"origin": served.url, "storageTypes": "indexeddb"}
    await phone.send("Storage.clearDataForOrigin", tidied)

    await put(page, number)

    assert await heard(page, 1) == [("answered", number)]


async def test_who_was_sent_away_once_hears_of_changes_again(page, db, served):
    milk, _ = await put_on_shelf(db)
    refused = []

    async def busy_once(route):
        if not refused:
            refused.append(route)
            return await route.fulfill(status=503, headers={"Retry-After": "1"}, body="{}")
        return await route.continue_()

    await page.route("**/api/v1/cart/events", busy_once)
    add = {"do": "add", "id": str(new_id()), "product_id": str(milk)}
    await page.request.post("/api/v1/cart/commands", data=add)
    await page.goto("/basket")
    await page.wait_for_function("() => performance.now() > 4000")
    await page.request.post("/api/v1/cart/commands", data=add | {"id": str(new_id())})

    await page.locator(".quantity", has_text="2").wait_for(timeout=10_000)
    assert refused
