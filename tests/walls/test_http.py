"""Walls over HTTP: who may, what a stale view gets, and a whole print from plan to poster."""

import pytest

from app.db import begin, new_id
from tests.walls.builders import (
    change_price,
    hang_wall,
    next_month,
    plan_wall,
    put_in_catalogue,
)

WALL = {"code": "utc-1", "name": "Utrecht Centraal", "city": "Utrecht", "reading_distance_mm": 300}


@pytest.fixture
async def desk(shop):
    async with await shop.desk("merchandiser") as desk:
        yield desk


@pytest.fixture
async def products(shop):
    async with begin(shop.pool) as db:
        return [await put_in_catalogue(db, f"Product {n}") for n in range(3)]


def key():
    return {"Idempotency-Key": str(new_id())}


def seen(version):
    return {**key(), "If-Match": f'"{version}"'}


async def set_up(desk):
    return await desk.post("/api/v1/walls", json=WALL, headers=key())


def plan(*products):
    return {"panels": [{"format": "A4", "shelves": [[{"product_id": str(p)} for p in products]]}]}


async def test_a_wall_is_set_up_planned_printed_and_published(shop, desk, products):
    made = await set_up(desk)
    planned = await desk.put("/api/v1/walls/utc-1/plan", json=plan(*products[:2]), headers=seen(1))
    ordered = await desk.post(
        "/api/v1/walls/utc-1/editions",
        json={"last_day": next_month().isoformat()},
        headers=key(),
    )

    assert (made.status_code, made.headers["ETag"]) == (201, '"1"')
    assert (planned.status_code, planned.headers["ETag"]) == (200, '"2"')
    assert [len(shelf) for shelf in planned.json()["panels"][0]["shelves"]] == [2]
    assert ordered.status_code == 202
    assert ordered.json()["stage"] == "waiting"
    assert ordered.json()["edition"]["codes"] == 2

    early = await desk.get("/api/v1/walls/utc-1/editions/1/poster.pdf")
    refused = await desk.post("/api/v1/walls/utc-1/editions/1/publication", headers=key())
    assert early.status_code == 404
    assert (refused.status_code, refused.json()["code"]) == (409, "not-printed")


async def test_a_poster_is_downloaded_and_its_edition_retired(shop, desk):
    await hang_wall(shop.pool)

    pdf = await desk.get("/api/v1/walls/utc-1/editions/1/poster.pdf")
    png = await desk.get("/api/v1/walls/utc-1/editions/1/preview.png")
    sheet = await desk.get("/api/v1/walls/utc-1/editions/1/proof.pdf")
    edition = await desk.get("/api/v1/walls/utc-1/editions/1")
    retired = await desk.post("/api/v1/walls/utc-1/editions/1/retirement", headers=key())

    assert 'filename="utc-1-1-proof.pdf"' in sheet.headers["content-disposition"]
    assert pdf.headers["content-type"] == "application/pdf"
    assert 'filename="utc-1-1.pdf"' in pdf.headers["content-disposition"]
    assert png.headers["content-type"] == "image/png"
    assert edition.json()["stage"] == "printed"
    assert retired.json()["state"] == "retired"


async def test_two_people_changing_one_wall_do_not_undo_each_other(desk, products):
    await set_up(desk)
    first = await desk.put("/api/v1/walls/utc-1/plan", json=plan(products[0]), headers=seen(1))
    second = await desk.put("/api/v1/walls/utc-1/plan", json=plan(products[1]), headers=seen(1))

    assert first.status_code == 200
    assert second.status_code == 409
    assert second.json()["code"] == "wall-changed"
    assert second.json()["state"] == first.json()


async def test_the_same_change_sent_twice_acts_once(shop, desk, products):
    await set_up(desk)
    headers = seen(1)
    answers = [
        await desk.put("/api/v1/walls/utc-1/plan", json=plan(products[0]), headers=headers)
        for _ in range(2)
    ]
    other = await desk.put("/api/v1/walls/utc-1/plan", json=plan(products[1]), headers=headers)

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert other.status_code == 422
    acts = await shop.pool.fetch("SELECT act FROM staff.audit ORDER BY at")
    assert [row["act"] for row in acts] == ["set up wall", "plan wall"]


async def test_positions_keep_their_ids_when_shelves_are_filled_anew(desk, products):
    await set_up(desk)
    before = await desk.put("/api/v1/walls/utc-1/plan", json=plan(*products), headers=seen(1))
    one, two, _ = before.json()["panels"][0]["shelves"][0]
    wished = {
        "panels": [
            {
                "format": "A3",
                "shelves": [
                    [{"id": two["id"], "product_id": two["product_id"], "facings": 2}],
                    [
                        {"id": one["id"], "product_id": str(products[2])},
                        {"id": one["id"], "product_id": str(products[2])},
                        {"id": str(new_id()), "product_id": str(products[2])},
                    ],
                ],
            }
        ]
    }

    after = await desk.put("/api/v1/walls/utc-1/plan", json=wished, headers=seen(2))

    ids = [place["id"] for shelf in after.json()["panels"][0]["shelves"] for place in shelf]
    assert ids[:2] == [two["id"], one["id"]]
    assert len(set(ids)) == 4


async def test_products_are_arranged_or_the_merchandiser_hears_what_would_fit(desk, products):
    await set_up(desk)
    ids = [str(product) for product in products]
    put = await desk.put(
        "/api/v1/walls/utc-1/arrangement",
        json={"product_ids": ids, "format": "A4"},
        headers=seen(1),
    )
    far = await desk.put(
        "/api/v1/walls/utc-1",
        json={"name": "Ver weg", "reading_distance_mm": 2000},
        headers=seen(2),
    )
    refused = await desk.put(
        "/api/v1/walls/utc-1/arrangement",
        json={"product_ids": ids, "format": "A4", "panels": 1},
        headers=seen(3),
    )

    assert put.status_code == 200
    assert sum(len(shelf) for shelf in put.json()["panels"][0]["shelves"]) == 3
    assert far.json()["name"] == "Ver weg"
    assert refused.status_code == 422
    assert refused.json()["detail"] == "Op A4, gelezen van 2 m, past geen enkel product."


async def test_a_hanging_position_is_pointed_elsewhere_at_once(shop, desk, products):
    await hang_wall(shop.pool)
    before = (await desk.get("/api/v1/walls/utc-1")).json()
    position = before["panels"][0]["shelves"][0][0]["id"]

    pointed = await desk.put(
        f"/api/v1/walls/utc-1/positions/{position}",
        json={"product_id": str(products[0]), "right_away": True},
        headers=seen(before["wall"]["version"]),
    )

    assert pointed.status_code == 200
    sold = await shop.pool.fetchval(
        "SELECT product_id FROM walls.labels WHERE position_id = $1", position
    )
    assert sold == products[0]


async def test_a_retired_wall_answers_gone(shop, desk, products):
    await plan_wall(shop.pool)

    retired = await desk.delete("/api/v1/walls/utc-1", headers=key())
    late = await desk.put("/api/v1/walls/utc-1/plan", json=plan(products[0]), headers=seen(2))

    assert retired.json()["retired_at"] is not None
    assert late.status_code == 410


async def test_room_is_told_for_every_size(desk):
    rooms = await desk.get("/api/v1/posters/room", params={"distance_mm": 400, "products": 200})

    a0 = next(room for room in rooms.json() if room["format"] == "A0")
    assert (a0["columns"], a0["rows"], a0["products"]) == (13, 15, 195)
    assert a0["panels_needed"] == 2
    assert a0["farthest_mm"] == 350


MALFORMED = [
    {"code": "UPPER"},
    {"code": "a/b"},
    {"name": ""},
    {"name": "x" * 81},
    {"name": "a\u0000b"},
    {"name": "a\nb"},
    {"language": "fr"},
    {"reading_distance_mm": 5},
    {"reading_distance_mm": 10**20},
    {"name": ["x"]},
]


async def test_a_malformed_wall_is_refused(desk):
    for change in MALFORMED:
        answer = await desk.post("/api/v1/walls", json=WALL | change, headers=key())

        assert answer.status_code == 400, (change, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"


HOSTILE = [
    ("GET", "/api/v1/walls/nowhere", None, {}, 404),
    ("GET", "/api/v1/walls/%C3%A9", None, {}, 404),
    ("GET", "/api/v1/walls/utc-1/editions/99", None, {}, 404),
    ("GET", "/api/v1/walls/utc-1/editions/99999999999999999999", None, {}, 400),
    ("GET", "/api/v1/posters/room?distance_mm=1", None, {}, 400),
    ("PUT", "/api/v1/walls/utc-1/plan", {"panels": []}, {"Idempotency-Key": str(new_id())}, 400),
    ("PUT", "/api/v1/walls/utc-1/plan", {"panels": []}, {"If-Match": '"2"'}, 400),
    ("PUT", "/api/v1/walls/utc-1/plan", {"panels": [{"format": "A4", "shelves": []}]}, None, 400),
    ("PUT", "/api/v1/walls/utc-1/plan", plan(new_id()), None, 422),
    ("PUT", f"/api/v1/walls/utc-1/positions/{new_id()}", {"product_id": str(new_id())}, None, 422),
    ("POST", "/api/v1/walls/utc-1/editions", {"last_day": "2020-01-01"}, None, 422),
    ("POST", "/api/v1/walls/utc-1/editions", {"last_day": "9999-12-31"}, None, 422),
    ("POST", "/api/v1/walls/utc-1/editions", {"last_day": "x"}, None, 400),
]


async def test_nothing_a_client_sends_is_a_bug(shop, desk):
    await plan_wall(shop.pool)

    for method, path, body, headers, status in HOSTILE:
        given = seen(2) if headers is None else headers
        answer = await desk.request(method, path, json=body, headers=given)

        assert answer.status_code == status, (method, path, body, answer.text)


async def test_only_merchandisers_plan_and_print(shop):
    async with await shop.desk("picker") as picker:
        assert (await picker.get("/api/v1/walls")).status_code == 403
        assert (await picker.post("/api/v1/walls", json=WALL, headers=key())).status_code == 403
    assert (await shop.visitor.get("/api/v1/walls")).status_code == 401


async def test_a_site_goes_its_way_over_the_api(shop, desk, products):
    draft = await hang_wall(shop.pool, publish=False)
    new = {"code": "amf-2", "name": "Amersfoort", "opens_at": "2031-11-03T06:00:00+01:00"}
    added = await desk.post("/api/v1/walls/utc-1/sites", json=new, headers=key())
    early = await desk.post("/api/v1/sites/amf-2/opening", headers=key())
    late = await desk.put("/api/v1/sites/amf-2", json={"name": "x"}, headers=seen(7))
    await desk.post(f"/api/v1/walls/utc-1/editions/{draft.number}/publication", headers=key())
    code = await shop.pool.fetchval("SELECT min(token) FROM walls.labels")
    here = "/api/v1/sites/utc-1"

    wrong_panel = await desk.post(f"{here}/panels/2", json={"text": code}, headers=key())
    same = key()
    hung = [
        await desk.post(f"{here}/panels/1", json={"text": code.lower()}, headers=same)
        for _ in range(2)
    ]
    opened = await desk.post(f"{here}/opening", headers=key())
    product = await shop.pool.fetchval("SELECT product_id FROM walls.labels WHERE token = $1", code)
    await change_price(shop.pool, product, 199)
    overtaken = await desk.get(f"{here}/overtaken")
    patch = await desk.post(f"{here}/patches", headers=key())
    nothing = await desk.post(f"{here}/patches", headers=key())
    down = await desk.delete(here, headers=key())

    assert (added.status_code, added.headers["ETag"]) == (201, '"1"')
    assert added.json()["time_zone"] == "Europe/Amsterdam"
    assert (early.status_code, early.json()["code"]) == (409, "cannot-open")
    assert (late.status_code, late.json()["state"]["name"]) == (409, "Amersfoort")
    assert (wrong_panel.status_code, wrong_panel.json()["code"]) == (409, "wrong-panel")
    assert [answer.json()["state"] for answer in hung] == ["hung", "hung"]
    assert opened.json()["state"] == "open"
    assert [one["why"] for one in overtaken.json()] == ["dearer"]
    assert (patch.status_code, patch.json()["kind"], patch.json()["codes"]) == (202, "patch", 1)
    assert (nothing.status_code, nothing.json()["code"]) == (409, "nothing-changed")
    assert down.json()["state"] == "down"
    assert (await desk.get(f"{here}/stickers")).json() == []
    assert len((await desk.get("/api/v1/sites")).json()) == 2
    odd = await desk.post(f"{here}/panels/1", json={"text": "javascript:x"}, headers=key())
    assert odd.status_code == 400
