"""A walk along a wall: what is read where somebody stands, and what was missing at the end."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import scan, walls
from app.db import begin
from app.errors import Conflict, Malformed, NotFound
from app.scan import rules as reading
from app.scan.audits import rules
from app.scan.audits.models import Expected, Known, Scan, Spot
from app.walls.sites.models import SiteDetails
from tests.walls.builders import SHOP, hang_wall, print_blank, put_in_catalogue

SITE = uuid4()
AT = Spot(1, 1, 1)


def known(**changed):
    fields = {
        "label": "KK56AR7", "site_id": SITE, "site_name": "Utrecht", "base_url": SHOP,
        "state": "live", "covered": False, "panel": 1, "shelf": 1, "place": 1,
    }  # fmt: skip
    return Known(**fields | changed)


def outcome(text="KK56AR7", found=None, ours=True):
    return rules.outcome(text, found, site_id=SITE, at=AT, ours=ours, base_url=SHOP)


def test_every_kind_of_code_is_told_from_the_others():
    code = "HTTP://SHOP.TEST/KK56AR7/01/09521234543213"

    assert outcome(code, known()) == "right"
    assert outcome(code, known(place=2)) == "wrong-place"
    assert outcome(code, known(site_id=uuid4())) == "other-site"
    assert outcome(code, known(state="retired")) == "retired"
    assert outcome(code, known(covered=True)) == "covered"
    assert outcome(code, None) == "unknown"
    assert outcome("javascript:alert(1)", None, ours=False) == "foreign"


def test_a_copy_of_our_code_that_opens_another_address_is_foreign():
    copied = "https://evil.example/KK56AR7/01/09521234543213"

    assert outcome(copied, known()) == "foreign"
    assert outcome(copied, None) == "foreign"
    assert outcome("https://[/KK56AR7", None) == "foreign"


def test_the_sign_of_the_list_is_no_label_and_another_pasted_over_it_is_foreign():
    def sign(text):
        return rules.outcome_of_list(
            text, reading.wall_list(text), site_code="utc-1", base_url=SHOP
        )

    assert sign("https://evil.example/w/utc-1") == "foreign"
    assert sign("HTTP://SHOP.TEST/W/AMF-2") == "other-site"
    with pytest.raises(Malformed, match="Scan the code beside a product"):
        sign("HTTP://SHOP.TEST/W/UTC-1")


@given(st.text(max_size=600))
def test_what_a_foreign_code_says_is_kept_short_and_harmless(text):
    kept = rules.said(text)

    assert len(kept) <= 200
    assert kept.isprintable()


def expected(place):
    return Expected(1, 1, place, f"LABEL0{place}", "09521234543213", uuid4())


def read(number, place, outcome="right", text=None):
    return Scan(number, outcome, 1, 1, place, None, text)


def test_the_last_that_was_read_at_a_place_counts():
    wall = [expected(place) for place in (1, 2, 3, 4)]
    scans = [
        read(1, 1),
        read(2, 2, "wrong-place"),
        read(3, 2),
        read(4, 3, "foreign", "https://x.example"),
        read(5, 3),
    ]

    report = rules.report(wall, scans)

    assert report.right == 3
    assert [one.place for one in report.missing] == [4]
    assert [one.text for one in report.wrong] == ["https://x.example"]
    assert rules.next_spot(wall, scans) == wall[3]
    assert rules.next_spot(wall, scans[:1], after=Spot(1, 1, 3)) == wall[3]
    assert rules.next_spot(wall, scans[:1], after=Spot(1, 1, 4)) == wall[1]


@pytest.fixture
async def hanging(pool):
    """A wall of two products that hangs at two sites; the labels of the first."""
    await hang_wall(pool)
    async with begin(pool) as db:
        await walls.add_site(db, "utc-1", "amf-2", SiteDetails(name="Amersfoort"))
    await print_blank(pool, site="amf-2")
    return await labels(pool, "utc-1")


async def labels(pool, site):
    async with begin(pool) as db:
        return await walls.hanging(db, (await walls.site(db, site)).id)


async def check(pool, walk, text, place):
    async with begin(pool) as db:
        scan_ = await scan.audits.check(db, walk, text, Spot(1, 1, place), base_url=SHOP)
    return scan_.outcome


async def start(pool):
    async with begin(pool) as db:
        return await scan.audits.start(db, "utc-1", None)


async def test_a_whole_walk_is_kept_as_it_was(pool, hanging):
    one, two = hanging
    stranger = (await labels(pool, "amf-2"))[0]
    walk = await start(pool)

    found = [
        await check(pool, walk, f"{SHOP}/{two.token}/01/{two.gtin}".upper(), 1),
        await check(pool, walk, f"http://shop.test/{stranger.token}/01/{stranger.gtin}", 1),
        await check(pool, walk, "WIFI:S:free;P:secret;;", 1),
        await check(pool, walk, one.gtin, 1),
    ]
    with pytest.raises(Malformed, match="opens the whole wall"):
        await check(pool, walk, "HTTP://SHOP.TEST/W/UTC-1", 2)
    async with begin(pool) as db:
        ended = await scan.audits.end(db, walk)
    async with begin(pool) as db:
        await walls.take_down(db, "utc-1")
        kept = (await scan.audits.audit(db, walk)).audit

    assert found == ["wrong-place", "other-site", "foreign", "right"]
    assert ended.report == kept.report
    assert (kept.report.right, [one.place for one in kept.report.missing]) == (1, [2])
    assert [one.text for one in kept.report.wrong] == ["WIFI:S:free;P:secret;;"]
    assert await pool.fetch("SELECT * FROM checks.outbox") == []


async def test_what_has_ended_is_not_gone_on_with(pool, hanging):
    walk = await start(pool)
    async with begin(pool) as db:
        await scan.audits.end(db, walk)

    with pytest.raises(Conflict, match="ended"):
        await check(pool, walk, hanging[0].token, 1)
    async with begin(pool) as db:
        with pytest.raises(Conflict, match="ended"):
            await scan.audits.end(db, walk)


async def test_where_nothing_hangs_there_is_nothing_to_walk_along(pool, hanging):
    walk = await start(pool)
    with pytest.raises(NotFound, match="no such place"):
        await check(pool, walk, hanging[0].token, 9)
    async with begin(pool) as db:
        product = await put_in_catalogue(db)
        assert product
        await walls.add_site(db, "utc-1", "ah-1", SiteDetails(name="Arnhem"))
        with pytest.raises(Conflict, match="Nothing hangs"):
            await scan.audits.start(db, "ah-1", None)
