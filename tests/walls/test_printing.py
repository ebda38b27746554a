"""From a plan to a poster that is proven, published, hung, and taken down years later."""

import asyncio
import os
import signal
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest
from asyncpg import PostgresError

from app import files, jobs, walls
from app.db import begin
from app.errors import Conflict, Gone, Unprocessable
from app.jobs.worker import run_dry
from app.walls import proofs
from app.walls.jobs import register
from qr_walls import links
from tests.journeys.camera import codes_on
from tests.walls.builders import (
    SHOP,
    change_price,
    hang_wall,
    label_of,
    look,
    next_month,
    plan_of,
    plan_wall,
    print_blank,
    put_in_catalogue,
    today,
)


@pytest.fixture
async def hanging(pool):
    return await hang_wall(pool)


async def wrong(pool):
    return await pool.fetch("SELECT * FROM checks.walls")


async def print_really(pool, code="utc-1", products=None, **more):
    await plan_wall(pool, code, products)
    return await walls.print_wall(
        pool, code, base_url=SHOP, last_day=next_month(), publish=True, **more
    )


async def poster(pool, edition):
    async with begin(pool) as db:
        return (await files.fetch(db, edition.pdf)).body


def words_on(pdf):
    """In one line, with the kinds of spaces all the same."""
    with pypdfium2.PdfDocument(pdf) as document:
        return " ".join(document[0].get_textpage().get_text_range().split())


async def order(pool, code="utc-1", **more):
    async with begin(pool) as db:
        more.setdefault("last_day", next_month())
        return await walls.order_edition(db, code, base_url=SHOP, **more)


async def worker(pool):
    crew = jobs.Register()
    register(crew)
    await run_dry(pool, crew)


async def test_every_code_on_the_poster_opens_the_product_printed_beside_it(pool, tmp_path):
    hanging = await print_really(pool, phone="+31 30 123 45 67")
    file = tmp_path / "poster.pdf"
    file.write_bytes(await poster(pool, hanging))

    _, seen = codes_on(file, dpi=200)
    [whole] = [code.text for code in seen if "/01/" not in code.text]
    assert whole == "HTTP://SHOP.TEST/W/UTC-1"
    read = [links.read(code.text) for code in seen if code.text != whole]

    assert [code.text.startswith("HTTP://SHOP.TEST/") for code in seen] == [True] * 3
    said = words_on(file.read_bytes())
    assert "Of bel +31 30 123 45 67 en noem het productnummer." in said
    assert [f"nr. {link.gtin.lstrip('0')}" in said for link in read] == [True] * 2
    for place, link in enumerate(read, 1):
        seen = await look(pool, await label_of(pool, hanging, place))
        assert (seen.code.label, seen.code.gtin) == (link.token, link.gtin)
        assert (seen.printed_price, seen.wall_name) == (149, "Utrecht Centraal")
        assert seen.printed_product is None
        assert seen.honoured_until == hanging.valid_until


async def test_the_worker_draws_what_was_ordered_and_tells_how_far_it_is(pool):
    await plan_wall(pool)
    ordered = await order(pool)

    await worker(pool)

    async with begin(pool) as db:
        printed = await walls.edition(db, "utc-1", ordered.number)
    task = await jobs.task(pool, ordered.id)
    assert printed.ready
    assert printed.proof.codes == 3  # with that of the list
    async with begin(pool) as db:
        lights = await walls.lights(db, printed.wall_id, printed.number)
    assert [one.spot for one in lights] == [(1, 0, 0), (1, 1, 1), (1, 1, 2)]
    for one in lights:
        assert (one.read, one.quiet, one.faults) == ((True, True), True, [])
        assert one.reach_mm >= 300 > one.reach_720_mm > 150
        assert one.contrast > 0.7
    for language, said in (("nl", "Zonder"), ("en", "Without a picture"), ("ko", "")):
        [picture] = [
            one for one in proofs.in_words(printed.proof, language) if "“Product 0”" in one
        ]
        assert said in picture
    assert printed.proof.reach_mm >= 300
    assert (task.state, task.progress) == ("done", 100)


async def test_the_shop_keeps_a_sheet_with_the_light_of_every_code(pool):
    edition = await print_really(pool)

    async with begin(pool) as db:
        sheet = await files.fetch(db, edition.proof.sheet)
    with pypdfium2.PdfDocument(sheet.body) as document:
        assert len(document) == 1
        said = document[0].get_textpage().get_text_range()
    assert "Alle 3 codes gelezen, door beide lezers" in said  # in the language of the wall


async def test_a_drawing_process_that_is_killed_is_told_and_tried_again_and_keeps_nothing(pool):
    await plan_wall(pool)
    ordered = await order(pool)
    before = await pool.fetchval("SELECT count(*) FROM files.files")

    killer = asyncio.create_task(kill_the_drawing())
    await worker(pool)
    await killer

    async with begin(pool) as db:
        assert (await walls.edition(db, "utc-1", ordered.number)).pdf is None
    task = await jobs.task(pool, ordered.id)
    assert task.state == "waiting"
    assert "ended before it was done" in task.note
    assert await pool.fetchval("SELECT count(*) FROM files.files") == before

    await pool.execute("UPDATE jobs.tasks SET due_at = now() WHERE id = $1", ordered.id)
    await worker(pool)

    async with begin(pool) as db:
        assert (await walls.edition(db, "utc-1", ordered.number)).ready
    assert (await jobs.task(pool, ordered.id)).state == "done"


async def kill_the_drawing():
    while True:
        for pid in Path("/proc/self/task").glob("*/children"):
            for child in pid.read_text().split():
                with suppress(OSError):  # one that has just gone
                    if b"qr_walls.apart" in Path(f"/proc/{child}/cmdline").read_bytes():
                        os.kill(int(child), signal.SIGKILL)
                        return
        await asyncio.sleep(0.01)


async def test_a_step_taken_twice_prints_once(pool, hanging):
    before = await pool.fetchval("SELECT count(*) FROM files.files")

    await walls.draw(pool, hanging.id)

    assert await pool.fetchval("SELECT count(*) FROM files.files") == before


async def test_nothing_opens_before_it_is_published_and_its_site_is_open(pool):
    draft = await hang_wall(pool, publish=False)

    assert await pool.fetchval("SELECT count(*) FROM walls.labels") == 0
    async with begin(pool) as db:
        await walls.publish(db, "utc-1", draft.number)
    assert await pool.fetchval("SELECT count(*) FROM walls.labels WHERE state = 'waiting'") == 2
    async with begin(pool) as db:
        await walls.hang_all(db, "utc-1")
        await walls.open_site(db, "utc-1")
    assert await pool.fetchval("SELECT count(*) FROM walls.labels WHERE state = 'live'") == 2
    assert await wrong(pool) == []


async def test_an_edition_is_published_once(pool, hanging):
    async with begin(pool) as db:
        with pytest.raises(Conflict, match="before"):
            await walls.publish(db, "utc-1", hanging.number)


async def test_an_edition_is_not_published_before_it_is_printed(pool, hanging):
    ordered = await order(pool)

    async with begin(pool) as db:
        with pytest.raises(Conflict, match="not printed yet"):
            await walls.publish(db, "utc-1", ordered.number)


async def test_an_edition_with_a_code_that_does_not_read_is_never_published(pool):
    draft = await hang_wall(pool, publish=False)
    failed = {"fault": "unreadable", "panel": 1, "product": "Melk", "sentence": "x"}
    await pool.execute(
        "UPDATE walls.editions SET proof = jsonb_set(proof, '{failures}', $1)", [failed]
    )

    async with begin(pool) as db:
        with pytest.raises(Conflict, match="can be read"):
            await walls.publish(db, "utc-1", draft.number)
    assert await pool.fetchval("SELECT count(*) FROM walls.labels") == 0


async def test_a_reprint_gets_new_codes_and_the_old_ones_go_on_working(pool, hanging):
    await print_blank(pool)

    labels = await pool.fetch("SELECT token, state FROM walls.labels")
    assert len({label["token"] for label in labels}) == 4
    assert {label["state"] for label in labels} == {"live"}


async def test_the_printed_price_stays_what_was_printed(pool, hanging):
    label = await label_of(pool, hanging)
    await change_price(pool, label.product_id, 199)

    assert (await label_of(pool, hanging)).printed_price == 149
    async with begin(pool) as db:
        (listed,) = await walls.walls(db)
    assert listed.stale == 1


async def test_a_reduced_price_names_the_lowest_of_thirty_days(pool):
    async with begin(pool) as db:
        product = await put_in_catalogue(db, price=299)
    await pool.execute(
        "UPDATE catalog.prices SET from_at = now() - interval '60 days' WHERE product_id = $1",
        product,
    )
    await change_price(pool, product, 199)

    edition = await print_really(pool, products=[product])

    said = words_on(await poster(pool, edition))
    assert "laagste in 30 dagen: € 2,99" in said
    assert "1 l · € 1,99 per l" in said
    assert "bel" not in said  # the shop has no phone number


async def test_a_label_can_be_pointed_elsewhere_without_reprinting(pool, hanging):
    before = await label_of(pool, hanging)
    async with begin(pool) as db:
        other = await put_in_catalogue(db, "Karnemelk")
        version = (await walls.wall(db, "utc-1")).version
        pointed = await walls.put(
            db, "utc-1", before.position_id, other, 0, version, right_away=True
        )

    after = await label_of(pool, hanging)
    assert pointed == 1
    assert after.product_id == other
    assert after.gtin == before.gtin
    seen = await look(pool, after)
    assert (seen.product.id, seen.printed_product.id) == (other, before.product_id)


async def test_a_change_for_the_next_print_leaves_what_hangs_alone(pool, hanging):
    before = await label_of(pool, hanging)
    async with begin(pool) as db:
        other = await put_in_catalogue(db, "Karnemelk")
        version = (await walls.wall(db, "utc-1")).version
        await walls.put(db, "utc-1", before.position_id, other, 0, version)

    assert await label_of(pool, hanging) == before
    assert (await plan_of(pool)).positions()[0].product_id == other


async def test_a_retired_edition_says_so_and_the_other_goes_on(pool, hanging):
    second = await print_blank(pool)
    async with begin(pool) as db:
        await walls.retire_edition(db, "utc-1", hanging.number)

    assert (await label_of(pool, hanging)).state == "retired"
    assert (await label_of(pool, second)).state == "live"
    assert await wrong(pool) == []


async def test_a_retired_wall_takes_all_its_labels_down(pool, hanging):
    async with begin(pool) as db:
        await walls.retire(db, "utc-1")

    assert (await label_of(pool, hanging)).state == "retired"
    assert await wrong(pool) == []
    with pytest.raises(Gone):
        await order(pool)


async def test_codes_that_hang_or_wait_elsewhere_are_not_used_again(pool, hanging):
    from random import Random

    first = await order(pool, random=Random(5))
    second = await order(pool, random=Random(5))

    plans = await pool.fetch(
        """SELECT jsonb_path_query_array(plan, '$[*].shelves[*][*].token') AS tokens
             FROM walls.editions WHERE id = ANY ($1)""",
        [first.id, second.id],
    )
    assert len({token for row in plans for token in row["tokens"]}) == 4


@pytest.mark.parametrize("days", [-1, 400])
async def test_a_promise_lasts_from_today_to_a_year(pool, hanging, days):
    with pytest.raises(Unprocessable):
        await order(pool, last_day=today() + timedelta(days=days))


async def test_what_is_not_on_sale_is_not_printed(pool):
    async with begin(pool) as db:
        gone = await put_in_catalogue(db, "Uitverkocht", on_sale=False)

    with pytest.raises(Unprocessable, match="“Uitverkocht” is not on sale"):
        await hang_wall(pool, products=[gone])


async def test_a_wall_in_another_currency_is_not_printed(pool):
    async with begin(pool) as db:
        product = await put_in_catalogue(db, currency="KRW")

    with pytest.raises(Unprocessable, match="KRW"):
        await hang_wall(pool, products=[product])


async def test_posters_of_another_address_are_named(pool, hanging):
    async with begin(pool) as db:
        assert await walls.printed_elsewhere(db, SHOP) == []
        (elsewhere,) = await walls.printed_elsewhere(db, "https://new.example")

    assert (elsewhere.wall_code, elsewhere.edition, elsewhere.base_url) == ("utc-1", 1, SHOP)


async def test_what_happened_is_told_in_order(pool, hanging):
    async with begin(pool) as db:
        await walls.retire(db, "utc-1")

    told = await pool.fetch(
        "SELECT kind FROM jobs.events WHERE aggregate_kind = 'edition' ORDER BY number"
    )
    assert [row["kind"] for row in told] == [
        "EditionOrdered", "EditionPrinted", "EditionPublished", "EditionRetired",
    ]  # fmt: skip
    assert await pool.fetch("SELECT * FROM checks.outbox") == []


async def test_a_broken_picture_is_said_by_the_name_of_its_product(pool):
    async with begin(pool) as db:
        product = await put_in_catalogue(db, "Karnemelk")
        name = await files.keep(db, b"no picture at all", "image/png")
        await db.execute(
            "UPDATE catalog.products SET picture = decode($2, 'hex') WHERE id = $1", product, name
        )

    with pytest.raises(Unprocessable, match="“Karnemelk”"):
        await print_really(pool, products=[product])
    async with begin(pool) as db:
        edition = await walls.edition(db, "utc-1", 1)
    assert edition.refusal is not None
    assert edition.pdf is None


async def test_what_was_printed_cannot_be_rewritten_even_by_hand(pool, hanging):
    for change in (
        "UPDATE walls.labels SET printed_price = 1",
        "UPDATE walls.labels SET gtin = '09521234543213'",
        "UPDATE walls.editions SET plan = '[]'",
        "UPDATE walls.editions SET valid_until = now()",
        "UPDATE walls.editions SET list_url = '', phone = '030 123'",
        "UPDATE walls.editions SET reading_distance_mm = 900",
        "UPDATE walls.editions SET lights = '[{}]'",
        "UPDATE walls.editions SET pdf = NULL, png = NULL, proof = NULL, printed_at = NULL",
    ):
        with pytest.raises(PostgresError, match="stays as it was printed"):
            await pool.execute(change)

    assert (await label_of(pool, hanging)).printed_price == 149
