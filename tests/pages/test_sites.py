"""Sites, today, walks and heat at the merchandiser's desk, in a browser without JavaScript."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from app import stock, walls
from app.db import begin, new_id
from app.scan import Counts
from tests.stock.builders import open_place
from tests.walls.builders import (
    change_price,
    hang_wall,
    label_of,
    next_month,
    plan_wall,
    print_blank,
    print_drawn,
    wrong,
)
from tests.walls.conftest import shop

__all__ = ["shop"]

HOME = "/merchandiser"
HTML = {"Accept": "text/html", "Accept-Language": "en"}


@pytest.fixture
async def desk(shop):
    async with await shop.desk("merchandiser") as desk:
        desk.headers.update(HTML)
        yield desk


def form(**fields):
    return {"command": str(new_id()), **{name: str(value) for name, value in fields.items()}}


async def shown(desk, path="", status=200):
    answer = await desk.get(f"{HOME}{path}")
    assert answer.status_code == status, answer.text
    return answer.text


async def send(desk, path, status=303, **fields):
    answer = await desk.post(f"{HOME}{path}", data=form(**fields))
    assert answer.status_code == status, answer.text
    return answer


def hidden(page, action):
    """The hidden fields of the form that sends there."""
    start = page.index(f'action="{action}"')
    part = page[start : page.index("</form>", start)]
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', part))


async def test_a_second_site_is_printed_hung_by_phone_and_opened(shop, desk):
    await hang_wall(shop.pool)
    added = await send(
        desk, "/walls/utc-1/sites", code="amf-2", name="Amersfoort", opens_at="2031-11-03T06:00"
    )
    await send(desk, "/walls/utc-1/editions", last_day=next_month(), site="amf-2")
    async with begin(shop.pool) as db:
        (edition, _) = await walls.editions(db, (await walls.wall(db, "utc-1")).id)
    await print_drawn(shop.pool, edition)
    await send(desk, "/walls/utc-1/editions/2/publication")

    token = await shop.pool.fetchval(
        "SELECT token || '/01/' || gtin FROM walls.labels WHERE edition_id = $1", edition.id
    )
    before = await shop.visitor.get(f"/{token}", headers=HTML)
    task = hidden(await shown(desk, "/sites/amf-2/hanging"), f"{HOME}/sites/amf-2/hanging/panel")
    done = await desk.post(
        f"{HOME}/sites/amf-2/hanging/panel", data=task | {"text": f"HTTP://SHOP.TEST/{token}"}
    )
    hangs = await shown(desk, "/sites/amf-2")
    await send(desk, "/sites/amf-2/opening")
    after = await shop.visitor.get(f"/{token}", headers=HTML)

    assert added.headers["Location"] == f"{HOME}/sites/amf-2"
    assert before.status_code == 404
    assert "This wall opens Monday 3 November 06:00." in before.text
    assert int(before.headers["Retry-After"]) > 86_400
    assert 'action="/basket/add"' not in before.text
    assert done.status_code == 303
    assert "Hangs, not open yet" in hangs
    assert after.status_code == 200
    assert 'action="/basket/add"' in after.text
    assert await wrong(shop.pool) == []


async def test_what_is_not_open_yet_cannot_be_added_by_scan_or_form(shop, desk):
    edition = await hang_wall(shop.pool, publish=False)
    soon = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    await send(desk, "/sites/utc-1/details", version=1, name="Utrecht", opens_at=soon)
    await send(desk, f"/walls/utc-1/editions/{edition.number}/publication")
    token = await shop.pool.fetchval("SELECT token FROM walls.labels LIMIT 1")

    scanned = await shop.visitor.post(
        "/api/v1/scans", json={"id": str(new_id()), "text": token}, headers=HTML
    )
    added = await shop.visitor.post("/basket/add", data=form(label=token), headers=HTML)
    wall = await shop.visitor.get("/w/utc-1", headers=HTML)

    assert (scanned.status_code, scanned.json()["code"]) == (409, "not-open-yet")
    assert scanned.json()["detail"].startswith("This wall opens ")
    assert "no=not-open-yet" in added.headers["Location"]
    assert (wall.status_code, "This wall opens" in wall.text) == (404, True)
    assert await shop.pool.fetchval("SELECT count(*) FROM cart.lines") == 0


async def test_a_header_code_opens_the_wall_as_a_list_in_any_case(shop):
    await hang_wall(shop.pool)
    product = await shop.pool.fetchval("SELECT id FROM catalog.products ORDER BY gtin LIMIT 1")
    in_a_week = datetime.now(UTC).date() + timedelta(days=7)
    async with begin(shop.pool) as db:
        place_id = await open_place(db, "U1")
        await stock.coming.expect(db, product, place_id, 5, in_a_week, to_order=True)

    pages = [
        await shop.visitor.get(path, headers=HTML)
        for path in ("/w/utc-1", "/W/UTC-1", "/walls/utc-1", "/w/utc-1?by=shelf")
    ]

    assert [page.status_code for page in pages] == [200] * 4
    for page in pages:
        assert page.text.count('action="/basket/add"') == 2
        assert page.text.count("Order it now, brought from") == 1
        assert page.text.count("Gone for today") == 1
    assert "Panel 1, shelf 1" in pages[3].text
    assert (await shop.visitor.get("/w/nowhere", headers=HTML)).status_code == 404


async def test_today_lists_what_changed_and_one_tap_prints_the_stickers(shop, desk):
    edition = await hang_wall(shop.pool)
    label = await label_of(shop.pool, edition)
    assert "Nothing to do here" in await shown(desk)
    await change_price(shop.pool, label.product_id, 199)

    page = await shown(desk)
    ordered = await desk.post(
        f"{HOME}/sites/utc-1/patches", data=hidden(page, f"{HOME}/sites/utc-1/patches")
    )
    again = await send(desk, "/sites/utc-1/patches", status=409)

    assert "1 label no longer says what holds" in page
    assert "1 · 1 · 1" in page
    assert ordered.headers["Location"] == f"{HOME}/walls/utc-1/editions/2"
    assert "Sticker on sheet 2" in again.text
    async with begin(shop.pool) as db:
        patch = await walls.newest_patch(db, "utc-1")
    await print_drawn(shop.pool, patch)
    await send(desk, "/walls/utc-1/editions/2/publication")
    assert "1 sticker is printed and not yet pasted" in await shown(desk)
    foreign = await send(desk, "/sites/utc-1/hanging/sticker", 404, text=label.token)
    assert "This is no sticker for this site." in foreign.text
    await send(desk, "/sites/utc-1/hanging/stickers")
    assert "Nothing to do here" in await shown(desk)
    assert await wrong(shop.pool) == []


async def test_a_spoiled_code_is_shown_with_its_place_and_looked_after(shop, desk):
    label = await label_of(shop.pool, await hang_wall(shop.pool))
    fields = {"label": label.token, "kind": "covered", "back": "/w/utc-1"}
    told = await shop.visitor.post("/reports", data=form(**fields), headers=HTML)

    page = await shown(desk)
    done = await desk.post(f"{HOME}/reports", data=hidden(page, f"{HOME}/reports"))

    assert told.headers["Location"] == "/w/utc-1?told=1"
    assert "Shoppers say that 1 code is spoiled" in page
    assert "Panel 1, shelf 1, place 1" in page
    assert done.status_code == 303
    assert "spoiled" not in await shown(desk)
    await send(desk, "/reports", status=409, label=label.token)


async def test_a_walk_shows_a_foreign_code_as_text_and_never_as_a_link(shop, desk):
    edition = await hang_wall(shop.pool)
    evil = 'https://evil.example/"><script>alert(1)</script>'
    begun = await send(desk, "/sites/utc-1/audits")
    walk = begun.headers["Location"].removeprefix(HOME)

    async def read(text):
        fields = hidden(await shown(desk, walk), f"{HOME}{walk}/scans")
        answer = await desk.post(f"{HOME}{walk}/scans", data=fields | {"text": text})
        assert answer.status_code == 303, answer.text
        return (await desk.get(answer.headers["Location"])).text

    page = await read(evil)
    right = await read((await label_of(shop.pool, edition, 2)).token)
    await send(desk, f"{walk}/end")
    report = await shown(desk, walk)

    assert "a foreign code" in page
    for one in (page, report):
        assert "&lt;script&gt;" in one
        assert "<script>alert" not in one
        assert 'href="https://evil' not in one
    assert "✓ Panel 1, shelf 1, place 2" in right
    assert "1 of 2 codes hang where they belong" in report
    late = await send(desk, f"{walk}/scans", 409, panel=1, shelf=1, place=1, text="x")
    assert "ended" in late.text or "1 of 2" in late.text


async def test_a_walk_begun_twice_by_a_double_tap_is_one(shop, desk):
    await hang_wall(shop.pool)
    same = form()

    answers = [await desk.post(f"{HOME}/sites/utc-1/audits", data=same) for _ in range(2)]

    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert await shop.pool.fetchval("SELECT count(*) FROM scan.audits") == 1


async def test_the_heat_map_says_the_same_in_its_table(shop, desk):
    label = await label_of(shop.pool, await hang_wall(shop.pool))
    counts = Counts(shop.pool)
    for _ in range(5):
        counts.looked(label.token)
    await counts.write()

    page = await shown(desk, "/sites/utc-1/heat")
    odd = await shown(desk, "/sites/utc-1/heat?first=9999-99-99&last=x&of=nothing")
    past = await shown(desk, "/sites/utc-1/heat?first=2020-01-01&last=2020-01-31")

    assert "warm-5" in page
    assert '<td class="number right">5</td>' in page
    assert "warm-5" in odd
    assert 'class="place warm-5"' not in past


async def test_somebody_who_was_slower_sees_the_site_as_it_is_now(shop, desk):
    await plan_wall(shop.pool)
    await send(desk, "/sites/utc-1/details", version=1, name="Zwolle")

    late = await send(desk, "/sites/utc-1/details", 409, version=1, name="Oud")
    odd = await send(
        desk, "/sites/utc-1/details", 422, version=2, name="Zwolle", opens_at="9999-99-99"
    )
    await send(desk, "/sites/utc-1/opening", status=409)
    await send(desk, "/sites/utc-1/down")
    down = await send(desk, "/sites/utc-1/down", status=410)

    assert "Somebody else changed this site" in late.text
    assert 'value="Zwolle"' in late.text
    assert "not a day and a time" in odd.text
    assert "This site is down." in down.text


async def test_one_print_order_makes_a_file_for_each_site_ticked(shop, desk):
    await plan_wall(shop.pool)
    await send(desk, "/walls/utc-1/sites", code="amf-2", name="Amersfoort")
    both = {"command": str(new_id()), "last_day": str(next_month()), "site": ["utc-1", "amf-2"]}

    ordered = await desk.post(f"{HOME}/walls/utc-1/editions", data=both)

    assert ordered.headers["Location"] == f"{HOME}/walls/utc-1#editions"
    rows = await shop.pool.fetch(
        "SELECT site.code FROM walls.editions AS edition "
        "JOIN walls.sites AS site ON site.id = edition.site_id ORDER BY edition.number"
    )
    assert [row["code"] for row in rows] == ["utc-1", "amf-2"]


@pytest.mark.parametrize("language", ["nl", "ko"])
async def test_every_page_is_there_in(shop, desk, language):
    await hang_wall(shop.pool)
    await print_blank(shop.pool)
    begun = await send(desk, "/sites/utc-1/audits")
    desk.headers["Accept-Language"] = language

    walk = begun.headers["Location"].removeprefix(HOME)
    for path in ("", "/sites/utc-1", "/sites/utc-1/hanging", "/sites/utc-1/heat", walk):
        page = await shown(desk, path)
        assert f'<html lang="{language}"' in page
        assert "Panel " not in page
