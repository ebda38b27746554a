"""What walls sell, by place and by morning, as sums in which nobody can be found."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app import scan, walls
from app.db import begin, new_id
from app.scan import Counts
from app.scan.figures import queries
from app.walls.sites.models import SiteDetails
from tests.walls.builders import change_price, hang_wall, label_of, print_blank

ZONE = ZoneInfo("Europe/Amsterdam")
"""Where the wall hangs, and whose days are counted."""


@pytest.fixture
async def edition(pool):
    return await hang_wall(pool)


async def site_of(pool, code="utc-1"):
    async with begin(pool) as db:
        return await walls.site(db, code)


async def scanned(pool, label, *, opens=0, adds=0, days_ago=0):
    counts = Counts(pool)
    for _ in range(opens):
        counts.looked(label.token)
    for _ in range(adds):
        counts.added(label.token)
    await counts.write()
    await pool.execute(
        "UPDATE scan.counts SET hour = hour - make_interval(days => $2) WHERE label = $1",
        label.token, days_ago,
    )  # fmt: skip


async def sold(pool, label, quantity, state="confirmed"):
    """An order of one line, at the price printed on this label."""
    order, paid = new_id(), label.printed_price * quantity
    await pool.execute(
        """INSERT INTO orders.orders (id, number, token_hash, cart_id, state, place_id, slot_id,
                  starts_at, ends_at, name, email, phone, street, house_number, postcode, city,
                  language, currency, subtotal, discount, deposits, delivery, total, receipt)
           VALUES ($1, $4::text, sha256(convert_to($4::text, 'UTF8')), $1, $2, $1, $1, now(), now() + interval '1 hour',
                   'Kim', 'kim@example.org', '', 'Plein', '1', '3511AB', 'Utrecht', 'nl', 'EUR',
                   $3, 0, 0, 0, $3, '{}')""",
        order, state, paid, f"P-{order.hex[-8:-4]}-{order.hex[-4:]}".upper(),
    )  # fmt: skip
    await pool.execute(
        """INSERT INTO orders.lines (order_id, line_no, product_id, edition_id, gtin, name,
                  handover, quantity, unit_price, paid, vat)
           VALUES ($1, 1, $2, $3, $4, 'x', 'delivery', $5, $6, $7, 'low')""",
        order, label.product_id, label.edition_id, label.gtin, quantity, label.printed_price, paid,
    )  # fmt: skip


async def heat(pool, days=7):
    site, today = await site_of(pool), datetime.now(ZONE).date()
    async with begin(pool) as db:
        found = await scan.figures.heat(db, site, today - timedelta(days=days), today)
    return [(one.place, one.opens, one.adds, one.sold) for one in found]


async def test_scans_additions_and_sales_are_summed_by_place(pool, edition):
    one, two = await label_of(pool, edition, 1), await label_of(pool, edition, 2)
    await scanned(pool, one, opens=5, adds=2)
    await scanned(pool, two, opens=3, days_ago=20)
    await sold(pool, one, 2)
    await sold(pool, one, 1)
    await sold(pool, two, 4, state="cancelled")

    assert await heat(pool) == [(1, 5, 2, 3), (2, 0, 0, 0)]
    assert await heat(pool, days=30) == [(1, 5, 2, 3), (2, 3, 0, 0)]


async def test_a_place_keeps_its_sums_over_reprints(pool, edition):
    await scanned(pool, await label_of(pool, edition, 1), opens=5)
    reprint = await print_blank(pool)
    await scanned(pool, await label_of(pool, reprint, 1), opens=2)

    assert (await heat(pool))[0] == (1, 7, 0, 0)


async def test_today_counts_from_scans_to_orders(pool, edition):
    one = await label_of(pool, edition)
    await scanned(pool, one, opens=4, adds=1)
    await sold(pool, one, 2)
    site = await site_of(pool)

    async with begin(pool) as db:
        traffic = (await scan.figures.traffic(db, [site]))[site.id]

    assert (traffic.opens, traffic.adds, traffic.orders) == (4, 1, 1)


async def test_what_keeping_printed_prices_cost_is_summed_by_product(pool, edition):
    one, two = await label_of(pool, edition, 1), await label_of(pool, edition, 2)
    await sold(pool, one, 5)
    await change_price(pool, one.product_id, one.printed_price + 30)
    await change_price(pool, two.product_id, two.printed_price - 10)
    for label, quantity in ((one, 2), (one, 1), (two, 1)):
        await sold(pool, label, quantity)
    await sold(pool, one, 7, state="cancelled")
    # One of them had a price list of its own, which promised less than the poster.
    await pool.execute("UPDATE orders.lines SET unit_price = 120 WHERE quantity = 1")
    site = await site_of(pool)

    async with begin(pool) as db:
        cost = await scan.figures.honoured(db, [site])

    assert [(found.product_id, found.sold, found.cost) for found in cost] == [
        (one.product_id, 2, 60)
    ]


async def test_a_code_nobody_scans_for_days_is_silent(pool, edition):
    one, two = await label_of(pool, edition, 1), await label_of(pool, edition, 2)
    site = await site_of(pool)

    async def silent():
        async with begin(pool) as db:
            return [found.label for found in await scan.figures.silent(db, [site])]

    assert await silent() == []
    await pool.execute("UPDATE walls.labels SET hung_at = now() - interval '5 days'")
    await pool.execute("UPDATE walls.sites SET opened_at = now() - interval '4 days'")
    await scanned(pool, one, opens=1)
    await scanned(pool, two, opens=1, days_ago=4)
    assert await silent() == [two.token]


async def test_every_morning_begins_with_a_list_on_the_clock_of_the_site(pool, edition):
    label = await label_of(pool, edition)
    await change_price(pool, label.product_id, 199)
    async with begin(pool) as db:
        await walls.add_site(db, "utc-1", "amf-2", SiteDetails(name="Not printed yet"))
    # A zone in which it is between five in the morning and midnight, whenever this test runs.
    hour = datetime.now(UTC).hour
    zone = "UTC" if hour >= 5 else "Asia/Seoul"
    await pool.execute("UPDATE walls.sites SET time_zone = $1", zone)

    await scan.figures.begin_mornings(pool)
    await change_price(pool, label.product_id, 249)
    await scan.figures.begin_mornings(pool)

    assert await pool.fetchval("SELECT count(*) FROM scan.mornings") == 1
    site = await site_of(pool)
    async with begin(pool) as db:
        kept = await scan.figures.morning(db, site.id)
        live = await walls.overtaken(db, site.id)
    assert [one.price for one in kept.list.overtaken] == [199]
    assert [one.price for one in live] == [249]
    async with begin(pool) as db:
        assert await queries.mornings_to_begin(db, 24) == []
