"""The merchandiser's pages of walls, used by somebody whose browser has no JavaScript."""

import html
import re
from datetime import UTC, datetime, timedelta

import pytest

from app import pricing, walls
from app.db import begin, new_id
from app.pricing import NForM, Promotion
from app.walls.models import Fault
from tests.walls.builders import (
    change_price,
    hang_wall,
    label_of,
    light,
    next_month,
    plan_of,
    plan_wall,
    print_blank,
    put_in_catalogue,
)

WALLS = "/merchandiser/walls"


@pytest.fixture
async def desk(shop):
    async with await shop.desk("merchandiser") as desk:
        desk.headers["Accept"] = "text/html"
        desk.headers["Accept-Language"] = "en"
        yield desk


def form(**fields):
    return {"command": str(new_id()), **{name: str(value) for name, value in fields.items()}}


async def shown(desk, path=""):
    answer = await desk.get(f"{WALLS}{path}")
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_a_wall_is_made_filled_and_ordered_with_forms_alone(shop, desk):
    async with begin(shop.pool) as db:
        product = await put_in_catalogue(db, "Karnemelk")
        await db.execute("INSERT INTO catalog.categories VALUES ('dairy', 'en', 'Dairy')")

    made = await desk.post(WALLS, data=form(name="Utrecht Centraal", code="utc-1", city="Utrecht"))
    filled = await desk.post(
        f"{WALLS}/utc-1/shelves", data=form(version=1, format="A4", panels=1, category="dairy")
    )
    ordered = await desk.post(f"{WALLS}/utc-1/editions", data=form(last_day=next_month()))

    assert (made.status_code, made.headers["Location"]) == (303, f"{WALLS}/utc-1")
    assert filled.status_code == 303, filled.text
    assert [one.product_id for one in (await plan_of(shop.pool)).positions()] == [product]
    assert ordered.headers["Location"] == f"{WALLS}/utc-1/editions/1"
    waiting = await desk.get(ordered.headers["Location"])
    assert "Waiting for a free hand" in waiting.text
    assert waiting.headers["Refresh"] == "1"


async def test_the_list_shows_what_hangs_and_which_prices_are_overtaken(shop, desk):
    assert "No wall yet" in await shown(desk)
    edition = await hang_wall(shop.pool)
    label = await label_of(shop.pool, edition)
    await change_price(shop.pool, label.product_id, 199)

    page = await shown(desk)

    assert "Edition 1 hangs" in page
    assert "1 printed price is too low by now" in page
    assert "Panel 1, shelf 1, place 1" in await shown(desk, "/utc-1")


async def test_a_product_is_found_and_put_on_the_shelf(shop, desk):
    plan = await plan_wall(shop.pool)
    position = plan.positions()[0]
    async with begin(shop.pool) as db:
        other = await put_in_catalogue(db, "Karnemelk")
    here = f"/utc-1/positions/{position.id}"

    page = await shown(desk, f"{here}?words=karne")
    saved = await desk.post(
        f"{WALLS}{here}", data=form(version=2, product_id=other, act="next", facings=2)
    )

    assert re.findall(r'name="product_id" value="([^"]+)"', page) == [str(other)]
    assert saved.headers["Location"] == f"{WALLS}/utc-1"
    after = (await plan_of(shop.pool)).positions()[0]
    assert (after.id, after.product_id, after.facings) == (position.id, other, 2)


async def test_what_hangs_is_pointed_elsewhere_only_when_asked(shop, desk):
    edition = await hang_wall(shop.pool)
    position = (await label_of(shop.pool, edition)).position_id
    async with begin(shop.pool) as db:
        other = await put_in_catalogue(db, "Karnemelk")

    for version, act, sold in ((2, "next", False), (3, "now", True)):
        answer = await desk.post(
            f"{WALLS}/utc-1/positions/{position}",
            data=form(version=version, product_id=other, act=act),
        )
        assert answer.status_code == 303, answer.text
        assert ((await label_of(shop.pool, edition)).product_id == other) == sold


async def test_a_place_is_added_and_another_taken_away(shop, desk):
    first, second = (await plan_wall(shop.pool)).positions()

    added = await desk.post(
        f"{WALLS}/utc-1/positions/{first.id}",
        data=form(version=2, product_id=second.product_id, act="beside"),
    )
    gone = await desk.post(f"{WALLS}/utc-1/positions/{first.id}/removal", data=form(version=3))

    assert (added.status_code, gone.status_code) == (303, 303)
    left = (await plan_of(shop.pool)).positions()
    assert [one.product_id for one in left] == [second.product_id] * 2
    assert left[1].id == second.id


async def test_somebody_who_was_slower_sees_the_wall_as_it_is_now(shop, desk):
    await plan_wall(shop.pool)

    late = await desk.post(f"{WALLS}/utc-1/details", data=form(version=1, name="Oude naam"))

    assert late.status_code == 409
    assert "Somebody else changed this wall" in late.text
    assert 'name="version" value="2"' in late.text
    assert "Oude naam" not in late.text


async def test_a_form_sent_twice_acts_once(shop, desk):
    await plan_wall(shop.pool)
    same = form(version=2, name="Nieuwe naam")

    answers = [await desk.post(f"{WALLS}/utc-1/details", data=same) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    async with begin(shop.pool) as db:
        assert (await walls.wall(db, "utc-1")).version == 3


async def test_a_refusal_is_shown_where_the_form_was_and_leaves_no_trace(shop, desk):
    await plan_wall(shop.pool)

    answer = await desk.post(f"{WALLS}/utc-1/editions", data=form(last_day="2020-01-01"))

    assert answer.status_code == 422
    assert "must hold at least until today" in answer.text
    assert await shop.pool.fetchval("SELECT count(*) FROM commands.done") == 0


async def test_an_edition_is_published_compared_and_taken_down(shop, desk):
    await hang_wall(shop.pool)
    position = (await plan_of(shop.pool)).positions()[1]
    async with begin(shop.pool) as db:
        other = await put_in_catalogue(db, "Karnemelk")
        await walls.put(db, "utc-1", position.id, other, 0, 2)
    await print_blank(shop.pool, publish=False)

    compared = await shown(desk, "/utc-1/comparison?left=1&right=2")
    assert "Ready to publish" in await shown(desk, "/utc-1/editions/2")
    published = await desk.post(f"{WALLS}/utc-1/editions/2/publication", data=form())
    again = await desk.post(f"{WALLS}/utc-1/editions/2/publication", data=form())
    down = await desk.post(f"{WALLS}/utc-1/editions/1/retirement", data=form())

    assert "1 place differs" in compared
    assert "Karnemelk" in compared
    assert published.status_code == 303
    assert again.status_code == 409
    assert down.status_code == 303
    assert "Taken down" in await shown(desk, "/utc-1/editions/1")
    assert "Published" in await shown(desk, "/utc-1/editions/2")


async def test_a_failed_proof_names_every_code_and_nothing_of_it_is_published(shop, desk):
    await plan_wall(shop.pool)
    await print_blank(
        shop.pool,
        publish=False,
        failures=[Fault("crowded", 1, "Melk", "x")],
        lights=[
            light(shelf=0, place=0),
            light(1, faults=["crowded"], quiet=False),
            light(2, within_reach=False, above_floor_mm=1910, read=(True, False)),
        ],
    )

    page = await shown(desk, "/utc-1/editions/1")
    forced = await desk.post(f"{WALLS}/utc-1/editions/1/publication", data=form())
    by_program = await desk.post(
        "/api/v1/walls/utc-1/editions/1/publication", headers={"Idempotency-Key": str(new_id())}
    )

    assert "in the quiet zone around the code of “Melk” on panel 1" in page
    assert "1 of 2 codes read" in page
    assert 'action="/merchandiser/walls/utc-1/editions/1/publication"' not in page
    assert (forced.status_code, by_program.status_code) == (409, 409)
    assert "Not every code on this edition can be read" in forced.text
    assert by_program.json()["code"] == "proof-failed"
    assert await shop.pool.fetchval("SELECT count(*) FROM walls.labels") == 0


async def test_every_code_has_a_light_with_a_sign_and_its_values_in_words(shop, desk):
    await plan_wall(shop.pool)
    await print_blank(
        shop.pool,
        lights=[
            light(shelf=0, place=0, within_reach=False, above_floor_mm=1740),
            light(1),
            light(2, within_reach=False, above_floor_mm=1910),
        ],
    )

    page = await shown(desk, "/utc-1/editions/1")
    told = (await desk.get("/api/v1/walls/utc-1/editions/1/lights")).json()

    rows = {
        spot: " ".join(re.sub("<[^>]+>", " ", row).split())
        for spot, row in re.findall(r'<tr id="code-([\d-]+)">(.*?)</tr>', page, re.DOTALL)
    }
    assert list(rows) == ["1-0-0", "1-1-1", "1-1-2"]
    assert rows["1-1-1"] == (
        "1 · 1 · 1 Product 0 ✓ Reads well both readers 0.41 m 0.27 m blank 91 % 1.32 m"
    )
    assert "Code of the list ! Look at it first not at 0.9 to 1.2 m" in rows["1-0-0"]
    assert "! Look at it first outside arm's reach" in html.unescape(rows["1-1-2"])
    for spot in rows:  # without a script a tap leads to the row, and the row leads back
        assert f'href="#code-{spot}"' in page
        assert f'href="#at-{spot}"' in page
    assert [(one["shelf"], one["contrast"]) for one in told] == [(0, 0.91), (1, 0.91), (1, 0.91)]


async def test_the_slider_works_without_javascript(shop, desk):
    await plan_wall(shop.pool)

    near, far, odd = [
        await shown(desk, f"/utc-1?distance={asked}") for asked in ("400", "1200", "x" * 50)
    ]

    assert "15 × 13" in near
    assert "15 × 13" not in far
    assert 'value="300"' in odd


@pytest.mark.parametrize("language", ["nl", "en", "ko"])
async def test_every_page_is_there_in(shop, desk, language):
    await plan_wall(shop.pool)
    await print_blank(shop.pool, lights=[light(1), light(2, safe=False)])
    position = (await plan_of(shop.pool)).positions()[0]
    desk.headers["Accept-Language"] = language

    for path in ("", "/utc-1", f"/utc-1/positions/{position.id}", "/utc-1/editions/1"):
        assert f'<html lang="{language}"' in await shown(desk, path)


async def test_pages_are_for_merchandisers(shop, desk):
    await plan_wall(shop.pool)

    async with await shop.desk("driver") as driver:
        assert (await driver.get(f"{WALLS}/utc-1")).status_code == 403
    assert (await desk.get(f"{WALLS}/nowhere")).status_code == 404
    assert (await desk.get(f"{WALLS}/utc-1/positions/{new_id()}")).status_code == 200
    assert (await desk.get("/merchandiser")).status_code == 200


async def test_an_offer_stands_on_the_poster_with_its_own_last_day_if_that_is_sooner(shop, desk):
    plan = await plan_wall(shop.pool)
    one, other = [position.product_id for position in plan.positions()]
    now = datetime.now(UTC)
    async with begin(shop.pool) as db:
        for product, days in ((one, 365), (other, 3)):
            await pricing.write_promotion(
                db,
                Promotion(
                    new_id(), {"nl": "3 halen 2 betalen"}, NForM(3, 2), frozenset({product}),
                    now - timedelta(days=1), now + timedelta(days=days),
                ),
            )  # fmt: skip

    await desk.post(f"{WALLS}/utc-1/editions", data=form(last_day=next_month()))

    async with begin(shop.pool) as db:
        (panel,) = await walls.printed_plan(db, plan.wall.id, 1)
    offers = [label.offer for label in panel.shelves[0]]
    assert offers[0] == "3 halen 2 betalen"
    assert offers[1].startswith("3 halen 2 betalen, t/m ")
