"""Shoppers say that a code is spoiled: once each, without a word about who says so."""

import asyncio
import re

import pytest

from app import scan
from app.db import begin, new_id
from app.errors import Conflict
from app.http.limits import REPORTS
from tests.walls.builders import hang_wall, label_of

HTML = {"Accept": "text/html", "Accept-Language": "en"}


@pytest.fixture
async def label(pool):
    return await label_of(pool, await hang_wall(pool))


def said(label, kind="damaged", id=None):
    return {"id": str(id or new_id()), "label": label.token, "kind": kind}


async def told_of(pool):
    async with begin(pool) as db:
        return await scan.reports.told_of(db)


async def test_reports_are_summed_by_code_and_hold_no_person(shop, pool, label):
    for kind in ("damaged", "damaged", "covered"):
        answer = await shop.post("/api/v1/reports", json=said(label, kind))
        assert answer.status_code == 200, answer.text

    (told,) = await told_of(pool)

    assert (told.label, told.times, told.kinds) == (label.token, 3, ["damaged", "covered"])
    assert (told.site_code, told.panel, told.shelf, told.place) == ("utc-1", 1, 1, 1)
    columns = await pool.fetch(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'scan' "
        "AND table_name = 'reports'"
    )
    assert {row["column_name"] for row in columns} == {
        "id", "label", "kind", "times", "first_at", "last_at", "resolved_at", "resolved_by",
    }  # fmt: skip


async def test_a_report_sent_twice_counts_once(shop, pool, label):
    same = said(label)

    answers = await asyncio.gather(*(shop.post("/api/v1/reports", json=same) for _ in range(3)))
    other = await shop.post("/api/v1/reports", json={**same, "kind": "covered"})

    assert [answer.json() for answer in answers] == [{"times": 1}] * 3
    assert other.status_code == 422
    assert (await told_of(pool))[0].times == 1


async def test_one_address_does_not_go_on_for_ever(shop, pool, label):
    answers = [await shop.post("/api/v1/reports", json=said(label)) for _ in range(8)]

    kept = int(REPORTS[0])
    assert [answer.status_code for answer in answers] == [200] * kept + [429] * (8 - kept)
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert (await told_of(pool))[0].times == kept


async def test_the_page_of_a_product_takes_a_report_without_javascript(shop, pool, label):
    page = await shop.get(f"/{label.token}/01/{label.gtin}", headers=HTML)
    form = page.text[page.text.index('action="/reports"') :]
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))

    answer = await shop.post("/reports", data=fields | {"kind": "unreadable"}, headers=HTML)
    back = await shop.get(answer.headers["location"], headers=HTML)

    assert answer.status_code == 303
    assert "Somebody will look after this code" in back.text
    assert (await told_of(pool))[0].kinds == ["unreadable"]


async def test_nonsense_is_refused_plainly(shop, pool, label):
    unknown = await shop.post(
        "/api/v1/reports", json={"id": str(new_id()), "label": "0000000", "kind": "damaged"}
    )
    odd = await shop.post("/api/v1/reports", json=said(label, "stolen"))

    assert (unknown.status_code, odd.status_code) == (404, 400)
    assert await told_of(pool) == []


async def test_what_was_looked_after_is_gone_and_a_new_report_is_a_new_one(shop, pool, label):
    await shop.post("/api/v1/reports", json=said(label))
    async with begin(pool) as db:
        await scan.reports.resolve(db, label.token, None)
    async with begin(pool) as db:
        with pytest.raises(Conflict, match="already"):
            await scan.reports.resolve(db, label.token, None)

    assert await told_of(pool) == []
    await shop.post("/api/v1/reports", json=said(label))
    assert (await told_of(pool))[0].times == 1
