"""One design hangs at many sites, and each opens only when all of it hangs and its hour has come."""

from datetime import UTC, datetime, timedelta

import pytest

from app import walls
from app.db import begin
from app.errors import Conflict, Gone, NotFound, Unprocessable
from app.walls.sites.models import SiteDetails
from tests.walls.builders import (
    DETAILS,
    hang_wall,
    plan_wall,
    print_blank,
    put_in_catalogue,
    shelves,
    wrong,
)

MONDAY = SiteDetails(name="Amersfoort", place_hint="Perron 2")


@pytest.fixture
async def two_panels(pool):
    """A design of two panels with two products each, and a second site for it."""
    async with begin(pool) as db:
        products = [await put_in_catalogue(db, f"Product {n}") for n in range(4)]
        await walls.set_up(db, "utc-1", DETAILS, currency="EUR", time_zone="Europe/Amsterdam")
        panels = shelves(products[:2]) + shelves(products[2:])
        await walls.replan(db, "utc-1", panels, 1)
        await walls.add_site(db, "utc-1", "amf-2", MONDAY)
    return products


async def tokens(pool, edition, panel):
    rows = await pool.fetch(
        "SELECT token FROM walls.labels WHERE edition_id = $1 AND panel = $2 ORDER BY place",
        edition.id, panel,
    )  # fmt: skip
    return [row["token"] for row in rows]


async def do(pool, act, *words):
    async with begin(pool) as db:
        return await act(db, *words)


async def states(pool, site):
    rows = await pool.fetch(
        """SELECT DISTINCT label.state FROM walls.labels AS label
             JOIN walls.editions AS edition ON edition.id = label.edition_id
             JOIN walls.sites AS site ON site.id = edition.site_id WHERE site.code = $1""",
        site,
    )
    return {row["state"] for row in rows}


async def test_each_site_gets_codes_of_its_own_from_one_design(pool, two_panels):
    here = await print_blank(pool, site="utc-1")
    there = await print_blank(pool, site="amf-2")

    assert (here.site, there.site) == ("utc-1", "amf-2")
    assert not set(await tokens(pool, here, 1)) & set(await tokens(pool, there, 1))
    assert await wrong(pool) == []


async def test_a_site_goes_from_planned_to_open_panel_by_panel(pool, two_panels):
    edition = await print_blank(pool, site="amf-2", publish=False)
    told = [(await do(pool, walls.site, "amf-2")).state]

    await do(pool, walls.publish, "utc-1", edition.number)
    told.append((await do(pool, walls.site, "amf-2")).state)
    for panel in (2, 1):
        code = (await tokens(pool, edition, panel))[1]
        told.append((await do(pool, walls.hang_panel, "amf-2", panel, code)).state)
    assert await states(pool, "amf-2") == {"waiting"}
    told.append((await do(pool, walls.open_site, "amf-2")).state)

    assert told == ["planned", "printed", "printed", "hung", "open"]
    assert await states(pool, "amf-2") == {"live"}
    assert await wrong(pool) == []


async def test_the_crew_hears_where_a_poster_belongs(pool, two_panels):
    here = await print_blank(pool, site="utc-1", publish=False)
    there = await print_blank(pool, site="amf-2", publish=False)
    for edition in (here, there):
        await do(pool, walls.publish, "utc-1", edition.number)
    one, two = (await tokens(pool, here, 1))[0], (await tokens(pool, here, 2))[0]

    with pytest.raises(Conflict, match="for Utrecht Centraal, not for here"):
        await do(pool, walls.hang_panel, "amf-2", 1, one)
    with pytest.raises(Conflict, match="This is panel 2. Here hangs panel 1"):
        await do(pool, walls.hang_panel, "utc-1", 1, two)
    with pytest.raises(NotFound):
        await do(pool, walls.hang_panel, "utc-1", 1, "0000000")
    reprint = await print_blank(pool, site="utc-1", publish=False)
    await do(pool, walls.publish, "utc-1", reprint.number)
    with pytest.raises(Conflict, match="This is edition 1; edition 3 is to hang"):
        await do(pool, walls.hang_panel, "utc-1", 1, one)


async def test_a_panel_said_to_hang_twice_is_said_once(pool, two_panels):
    edition = await print_blank(pool, site="utc-1", publish=False)
    await do(pool, walls.publish, "utc-1", edition.number)
    code = (await tokens(pool, edition, 1))[0]

    first = await do(pool, walls.hang_panel, "utc-1", 1, code)
    second = await do(pool, walls.hang_panel, "utc-1", 1, code)

    assert (first.hung, second.version) == (1, first.version)


async def test_it_opens_at_its_hour_and_not_before(pool, two_panels):
    edition = await print_blank(pool, site="utc-1", publish=False)
    await do(pool, walls.publish, "utc-1", edition.number)
    version = (await do(pool, walls.site, "utc-1")).version
    soon = datetime.now(UTC) + timedelta(seconds=1)
    await do(pool, walls.change_site, "utc-1", SiteDetails(name="Utrecht", opens_at=soon), version)

    hung = await do(pool, walls.hang_all, "utc-1")
    await walls.open_due(pool)
    early = await do(pool, walls.site, "utc-1")
    await pool.execute("UPDATE walls.sites SET opens_at = now() WHERE code = 'utc-1'")
    await walls.open_due(pool)

    assert (hung.state, early.state) == ("hung", "hung")
    assert (await do(pool, walls.site, "utc-1")).state == "open"
    assert await states(pool, "utc-1") == {"live"}


async def test_one_hung_after_its_hour_opens_at_once(pool, two_panels):
    edition = await print_blank(pool, site="utc-1", publish=False)
    past = datetime.now(UTC) - timedelta(hours=1)
    await do(pool, walls.change_site, "utc-1", SiteDetails(name="Utrecht", opens_at=past), 1)
    await do(pool, walls.publish, "utc-1", edition.number)

    assert (await do(pool, walls.hang_all, "utc-1")).state == "open"


async def test_no_step_is_skipped_or_taken_back(pool, two_panels):
    with pytest.raises(Conflict, match="panels all hang"):
        await do(pool, walls.open_site, "utc-1")
    with pytest.raises(Conflict, match="Nothing is printed"):
        await do(pool, walls.hang_all, "utc-1")
    await print_blank(pool, site="utc-1")
    with pytest.raises(Conflict, match="open already"):
        await do(pool, walls.open_site, "utc-1")
    draft = await print_blank(pool, site="utc-1", publish=False)

    down = await do(pool, walls.take_down, "utc-1")

    assert down.state == "down"
    assert await states(pool, "utc-1") == {"retired"}
    for act in (walls.take_down, walls.hang_all):
        with pytest.raises(Gone):
            await do(pool, act, "utc-1")
    with pytest.raises(Gone):
        await do(pool, walls.publish, "utc-1", draft.number)
    with pytest.raises(Gone):
        await do(pool, walls.change_site, "utc-1", MONDAY, down.version)
    assert await wrong(pool) == []


async def test_a_retired_wall_is_down_everywhere(pool, two_panels):
    for site in ("utc-1", "amf-2"):
        await print_blank(pool, site=site)

    await do(pool, walls.retire, "utc-1")

    assert {site.state for site in await do(pool, walls.sites_of)} == {"down"}
    assert await states(pool, "amf-2") == {"retired"}
    with pytest.raises(Gone):
        await do(pool, walls.add_site, "utc-1", "ah-1", MONDAY)
    assert await wrong(pool) == []


async def test_a_reprint_covers_what_hung_before_panel_by_panel(pool, two_panels):
    old = await print_blank(pool, site="utc-1")
    new = await print_blank(pool, site="utc-1", publish=False)
    await do(pool, walls.publish, "utc-1", new.number)
    site = await do(pool, walls.site, "utc-1")

    await do(pool, walls.hang_panel, "utc-1", 1, (await tokens(pool, new, 1))[0])

    hangs = {(one.panel, one.edition) for one in await do(pool, walls.hanging, site.id)}
    assert hangs == {(1, new.number), (2, old.number)}
    assert await states(pool, "utc-1") == {"live"}


async def test_a_site_changed_by_somebody_else_is_not_overwritten(pool):
    await plan_wall(pool)
    await do(pool, walls.change_site, "utc-1", MONDAY, 1)

    with pytest.raises(Conflict, match="Somebody else changed this site"):
        await do(pool, walls.change_site, "utc-1", SiteDetails(name="Zwolle"), 1)
    with pytest.raises(Conflict, match="a site “utc-1” already"):
        await do(pool, walls.add_site, "utc-1", "utc-1", MONDAY)
    with pytest.raises(Unprocessable, match="no|not a time zone"):
        await do(pool, walls.add_site, "utc-1", "mars", SiteDetails(name="x", time_zone="Mars/One"))


async def test_a_wall_from_before_there_were_sites_hangs_on(pool):
    """What an old process publishes during an upgrade has no site, and sells all the same."""
    draft = await hang_wall(pool, publish=False)
    await pool.execute("UPDATE walls.editions SET site_id = NULL")

    published = await do(pool, walls.publish, "utc-1", draft.number)

    assert published.site == ""
    assert await pool.fetchval("SELECT count(*) FROM walls.labels WHERE state = 'live'") == 2
    assert await pool.fetch("SELECT * FROM checks.walls") == []
