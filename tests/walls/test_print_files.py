"""What the print shop and the office printer get of an edition, besides its poster."""

import asyncio
from base64 import b64encode
from io import BytesIO

import msgspec
import pikepdf
import pypdfium2
import pytest
from asyncpg import PostgresError

from app import files, jobs, walls
from app.db import begin, new_id
from app.errors import Conflict, NotFound, Unprocessable
from app.jobs.worker import run_dry
from app.walls.jobs import register
from app.walls.press import queries, rules
from app.walls.press.models import Wishes
from tests.qr_walls.inks import profile
from tests.walls.builders import (
    SHOP,
    next_month,
    plan_wall,
    print_blank,
    put_in_catalogue,
    shelves,
)

MM = 72 / 25.4


async def worker(pool):
    crew = jobs.Register()
    register(crew)
    await run_dry(pool, crew)


async def order(pool, kind, wishes=None, *, number=1):
    async with begin(pool) as db:
        return await walls.order_file(db, "utc-1", number, kind, wishes)


async def body_of(pool, kind, *, number=1):
    async with begin(pool) as db:
        edition = await walls.edition(db, "utc-1", number)
        made = await walls.file_of(db, edition, kind)
        return made, (await files.fetch(db, made.file)).body


async def stages(pool, number=1):
    async with begin(pool) as db:
        edition = await walls.edition(db, "utc-1", number)
        return {one.kind: one.stage for one in await walls.files_of(db, edition)}


async def test_the_print_shop_gets_bleed_marks_and_its_profile_and_the_office_gets_tiles(pool):
    async with begin(pool) as db:
        known = await walls.add_profile(db, profile())
        milk = await put_in_catalogue(db, "Halfvolle melk")
    await plan_wall(pool, products=[milk, milk])
    async with begin(pool) as db:
        await walls.order_edition(db, "utc-1", base_url=SHOP, last_day=next_month())
    wishes = Wishes(bleed_mm=4, profile=known.file, job="815")

    asked = await order(pool, "print-shop", wishes)
    with pytest.raises(Conflict, match="being made already"):
        await order(pool, "print-shop")
    assert await stages(pool) == {"print-shop": "waiting", "tiles-a4": None, "tiles-a3": None}
    await worker(pool)
    # The catalogue goes on; what was printed does not.
    await pool.execute("UPDATE catalog.texts SET name = 'Karnemelk' WHERE product_id = $1", milk)
    await order(pool, "tiles-a4")
    await worker(pool)

    assert await stages(pool) == {"print-shop": "made", "tiles-a4": "made", "tiles-a3": None}
    assert (await jobs.task(pool, asked.id)).progress == 100
    made, body = await body_of(pool, "print-shop")
    assert (made.sheets, made.scale, made.wishes) == (1, 1, wishes)
    with pikepdf.open(BytesIO(body)) as file:
        page = file.pages[0]
        trim, bleed = ([float(side) / MM for side in box] for box in (page.trimbox, page.bleedbox))
        assert trim == pytest.approx([16, 16, 226, 313], abs=0.01)
        assert bleed == pytest.approx([12, 12, 230, 317], abs=0.01)
        assert file.Root.OutputIntents[0].DestOutputProfile.read_bytes() == profile()
    assert {"job 815", "utc-1 · 1", "Halfvolle melk"} <= said_on(body)
    tiles, body = await body_of(pool, "tiles-a4")
    assert tiles.sheets > 1
    assert {"Halfvolle melk", "deel A1 van"} <= said_on(body)
    with pytest.raises(PostgresError, match="stays as it was printed"):
        await pool.execute("UPDATE walls.print_files SET sheets = 7")


def said_on(body):
    """Which of the words we ask about stand on a file."""
    with pypdfium2.PdfDocument(body) as document:
        text = " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)
    words = ("job 815", "utc-1 · 1", "Halfvolle melk", "Karnemelk", "deel A1 van", "scale 1:10")
    return {word for word in words if word in text}


async def test_a_wall_of_six_metres_is_drawn_at_one_to_ten_and_not_tiled(pool):
    """Its poster is from before drawings were kept: what was ordered then is drawn again."""
    async with begin(pool) as db:
        milk = await put_in_catalogue(db)
    await plan_wall(pool, products=[milk])
    async with begin(pool) as db:
        await walls.replan(db, "utc-1", shelves([milk], format="6000x2400"), 2)
    await print_blank(pool)
    with pytest.raises(Unprocessable, match="drawn at 1:10"):
        await order(pool, "tiles-a3")
    await order(pool, "print-shop")
    await worker(pool)

    made, body = await body_of(pool, "print-shop")
    assert made.scale == 10
    assert "scale 1:10" in said_on(body)


async def test_what_fails_on_our_side_is_tried_again_and_other_wishes_make_way(pool):
    await plan_wall(pool)
    await print_blank(pool, publish=False)
    asked = await order(pool, "print-shop")
    await pool.execute("UPDATE jobs.tasks SET state = 'failed' WHERE id = $1", asked.id)
    assert (await stages(pool))["print-shop"] == "failed"

    again = await order(pool, "print-shop")
    assert (again.id, (await stages(pool))["print-shop"]) == (asked.id, "waiting")
    await pool.execute("UPDATE jobs.tasks SET state = 'failed' WHERE id = $1", asked.id)
    other = await order(pool, "print-shop", Wishes(finish="trim"))

    assert other.id != asked.id
    assert other.wishes.finish == "trim"
    assert (await stages(pool))["print-shop"] == "waiting"


async def test_two_who_order_the_same_file_at_once_get_one(pool):
    await plan_wall(pool)
    await print_blank(pool)

    done = await asyncio.gather(
        *(order(pool, "tiles-a4") for _ in range(4)), return_exceptions=True
    )

    assert [type(one) for one in done].count(Conflict) == 3
    assert await pool.fetchval("SELECT count(*) FROM walls.print_files") == 1


async def test_a_file_without_sense_is_refused_in_words(pool):
    await plan_wall(pool)
    edition = await print_blank(pool)
    with pytest.raises(NotFound, match="no such profile"):
        await order(pool, "print-shop", Wishes(profile="0" * 64))
    for spoilt, why in (
        (b"", "is none, or not whole"),
        (profile()[:-9], "is none, or not whole"),
        (profile(b"RGB "), "is for RGB, but a press prints CMYK"),
    ):
        async with begin(pool) as db:
            with pytest.raises(Unprocessable, match=why):
                await walls.add_profile(db, spoilt)
    async with begin(pool) as db:
        assert await queries.profiles(db) == []
        assert (await walls.add_profile(db, profile(name="Pr\0e\x07ss"))).name == "Pr"
        assert (await walls.add_profile(db, profile(name="\x07"))).name == "ICC"
    stickers = msgspec.structs.replace(edition, kind="patch")
    with pytest.raises(Unprocessable, match="printed as they are"):
        rules.check(stickers, [], "print-shop")


async def test_over_http_a_profile_is_added_a_file_ordered_and_fetched(shop):
    await plan_wall(shop.pool)
    await print_blank(shop.pool)
    here = "/api/v1/walls/utc-1/editions/1/files"
    async with await shop.desk("merchandiser") as desk:
        desk.headers["Accept-Language"] = "en"

        async def post(path, body):
            return await desk.post(path, json=body, headers={"Idempotency-Key": str(new_id())})

        added = await post("/api/v1/posters/profiles", {"icc": b64encode(profile()).decode()})
        refused = await post("/api/v1/posters/profiles", {"icc": b64encode(b"no").decode()})
        name = added.json()[0]["file"]
        ordered = await post(here, {"kind": "print-shop", "press": {"profile": name}})
        again = await post(here, {"kind": "print-shop"})
        too_wide = await post(here, {"kind": "print-shop", "press": {"bleed_mm": 51}})
        missing = await desk.get(f"{here}/print-shop")
        id = ordered.json()[0]["asked"]["id"]
        async with begin(shop.pool) as db:
            file = await files.keep(db, b"%PDF-press", "application/pdf")
            await queries.keep_file(db, id, file, 1, 10)
        fetched = await desk.get(f"{here}/print-shop")

    assert (added.status_code, added.json()[0]["name"]) == (200, "Test press, coated")
    assert (refused.status_code, "not whole" in refused.json()["detail"]) == (422, True)
    assert (ordered.status_code, ordered.json()[0]["stage"]) == (202, "waiting")
    assert (again.status_code, again.json()["code"]) == (409, "being-made")
    assert (too_wide.status_code, missing.status_code) == (400, 404)
    assert (fetched.status_code, fetched.content) == (200, b"%PDF-press")
    assert "utc-1-1-print-shop-1-to-10.pdf" in fetched.headers["Content-Disposition"]


async def test_with_forms_alone_an_edition_and_its_print_file_are_ordered(shop):
    await plan_wall(shop.pool)
    async with await shop.desk("merchandiser") as desk:
        desk.headers["Accept"] = "text/html"
        desk.headers["Accept-Language"] = "en"
        wall = "/merchandiser/walls/utc-1"

        async def send(path, **fields):
            given = {"command": str(new_id()), **fields}
            upload = given.pop("file", None)
            sent = {"file": ("press.icc", upload)} if upload is not None else None
            return await desk.post(f"{wall}{path}", data=given, files=sent)

        bad = await send("/profiles", file=b"%PDF-1.7")
        added = await send("/profiles", file=profile())
        page = await desk.get(wall)
        async with begin(shop.pool) as db:
            [known] = await walls.profiles(db)
        ordered = await send(
            "/editions", last_day=next_month().isoformat(), print_shop="true", finish="marks",
            bleed_mm="3.5", scale="usual", profile=known.file, job="815",
        )  # fmt: skip
        edition = await desk.get(f"{wall}/editions/1")
        await print_blank(shop.pool)
        tiles = await send("/editions/2/files", kind="tiles-a4")
        again = await send("/editions/2/files", kind="tiles-a4")
        shown = await desk.get(f"{wall}/editions/2")

    assert (bad.status_code, "is none, or not whole" in bad.text) == (422, True)
    assert (added.status_code, "Test press, coated" in page.text) == (303, True)
    assert ordered.status_code == 303, ordered.text
    assert "Waiting for a free hand" in edition.text
    async with begin(shop.pool) as db:
        [file, *_] = await walls.files_of(db, await walls.edition(db, "utc-1", 1))
    assert file.asked.wishes == Wishes(bleed_mm=3.5, profile=known.file, job="815")
    assert (tiles.status_code, again.status_code) == (303, 409)
    assert "This file is being made already." in again.text
    assert shown.headers["Refresh"] == "1"
