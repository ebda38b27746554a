"""The merchandiser's catalogue: a file is looked at first; one product is changed by hand."""

import asyncio
import re
from io import BytesIO

import pytest
from PIL import Image

from app import catalog, db, staff
from app.jobs import registered
from app.jobs.worker import run_dry
from tests.catalog.sheets import BREAD, MILK, as_csv, load
from tests.staff_desk import open_shop

HOME = "/merchandiser/catalogue"


@pytest.fixture
async def shop(database_url, redis_url):
    """Open in a task of its own: what it opened must be closed where it was opened."""
    opened, closing = asyncio.get_running_loop().create_future(), asyncio.Event()

    async def keep_open():
        async with open_shop(database_url, redis_url=redis_url) as shop:
            opened.set_result(shop)
            await closing.wait()

    task = asyncio.create_task(keep_open())
    await asyncio.wait({task, opened}, return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        await task
    yield opened.result()
    closing.set()
    await task


@pytest.fixture
async def desk(shop):
    desk = await shop.desk("merchandiser")
    desk.headers["accept-language"] = "en"
    return desk


async def upload(desk, body, name="goods.csv"):
    answer = await desk.post(
        f"{HOME}/import",
        data={"command": str(db.new_id())},
        files={"file": (name, body, "text/csv")},
    )
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def press(desk, address, **fields):
    return await desk.post(address, data={"command": str(db.new_id()), **fields})


async def milk_of(shop):
    return await catalog.by_code(shop.pool, "09521234543213", "en")


async def test_a_file_is_shown_first_and_imported_only_when_somebody_says_so(shop, desk):
    await load(shop.pool, MILK)
    address = await upload(desk, as_csv(MILK | {"price": "1,49"}, BREAD))

    waiting = await desk.get(address)
    await run_dry(shop.pool, registered)
    checked = await desk.get(address)
    before = await milk_of(shop)
    done = await press(desk, address)
    after = await desk.get(address)

    assert 'http-equiv="refresh"' in waiting.text
    assert "Import 2 products" in checked.text
    assert re.search(r"<s[^>]*>€1\.29</s> €1\.49", checked.text)
    assert before.price == 129
    assert done.status_code == 303
    assert "Undo" in after.text
    assert (await milk_of(shop)).price == 149


async def test_problems_come_first_and_there_is_no_button_to_import(shop, desk):
    address = await upload(desk, as_csv(MILK | {"price": "free"}, BREAD))
    await run_dry(shop.pool, registered)

    page = (await desk.get(address)).text
    refused = await press(desk, address)

    assert "1 problem" in page
    assert "“free” is not a number." in page
    assert "Import 1 product" not in page
    assert refused.status_code == 422
    assert await milk_of(shop) is None


async def test_a_long_list_is_left_to_a_worker(shop, desk, monkeypatch):
    from app.catalog.importing import actions

    monkeypatch.setattr(actions, "AT_ONCE", 1)
    address = await upload(desk, as_csv(MILK, BREAD))
    await run_dry(shop.pool, registered)

    await press(desk, address)
    meanwhile = (await desk.get(address)).text
    await run_dry(shop.pool, registered)

    assert "Importing …" in meanwhile
    assert (await milk_of(shop)).price == 129
    assert "Done." in (await desk.get(address)).text


async def test_the_last_import_is_undone_with_one_press(shop, desk):
    await load(shop.pool, MILK)
    await load(shop.pool, MILK | {"price": "1,99"})

    last = {"import": str(await catalog.undoable(shop.pool))}

    undone = await press(desk, f"{HOME}/undo", **last)
    again = await press(desk, f"{HOME}/undo", **last)

    assert undone.status_code == 303
    assert (await milk_of(shop)).price == 129
    assert again.status_code == 409


async def test_products_are_found_and_paged(shop, desk):
    rows = [
        MILK | {"gtin": number, "name_en": f"Milk {number}"}
        for number in ("9521234543213", "9521234543220", "9521234543237")
    ]
    await load(shop.pool, *rows, BREAD | {"gtin": "9521234543244"})

    found = await desk.get(HOME, params={"q": "milk"})
    bread = await desk.get(HOME, params={"category": "bread"})
    nothing = await desk.get(HOME, params={"q": "zzz"})

    assert found.text.count('class="goods"') == 1
    assert found.text.count("Milk 95") == 3
    assert "Wholemeal bread" in bread.text
    assert "Milk 95" not in bread.text
    assert "Nothing is called like that" in nothing.text


async def test_a_price_changed_by_hand_is_kept_in_the_history(shop, desk):
    await load(shop.pool, MILK)
    milk = await milk_of(shop)
    address = f"{HOME}/products/{milk.id}"

    saved = await press(desk, address, version=milk.version, price="1,39", name_en="Milk, half")
    page = await desk.get(saved.headers["location"])

    changed = await milk_of(shop)
    assert (changed.price, changed.name, changed.version) == (139, "Milk, half", 2)
    assert changed.brand == "Dauwwei"
    assert "Saved." in page.text
    assert [one.amount for one in await catalog.price_history(shop.pool, milk.id, 9)] == [139, 129]
    async with db.begin(shop.pool) as connection:
        acts = [row["act"] for row in await connection.fetch("SELECT act FROM staff.audit")]
    assert acts == ["change product"]
    assert staff.ROLES


async def test_a_wrong_field_is_named_beside_it_and_nothing_is_saved(shop, desk):
    await load(shop.pool, MILK)
    milk = await milk_of(shop)

    answer = await press(
        desk, f"{HOME}/products/{milk.id}", version=milk.version, price="-3", name_en="New name"
    )

    assert answer.status_code == 422
    assert "This must not be below zero." in answer.text
    assert 'value="New name"' in answer.text
    assert await milk_of(shop) == milk


async def test_somebody_elses_change_is_not_overwritten(shop, desk):
    await load(shop.pool, MILK)
    milk = await milk_of(shop)
    await load(shop.pool, MILK | {"price": "1,59"})

    answer = await press(desk, f"{HOME}/products/{milk.id}", version=milk.version, price="1,39")

    assert answer.status_code == 409
    assert "Somebody changed this product meanwhile." in answer.text
    assert (await milk_of(shop)).price == 159


async def test_a_form_sent_twice_changes_once(shop, desk):
    await load(shop.pool, MILK)
    milk = await milk_of(shop)
    fields = {"command": str(db.new_id()), "version": milk.version, "price": "1,39"}

    answers = [await desk.post(f"{HOME}/products/{milk.id}", data=fields) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert (await milk_of(shop)).version == 2


async def test_a_picture_is_drawn_anew_and_shown(shop, desk):
    await load(shop.pool, MILK)
    milk = await milk_of(shop)
    photo = BytesIO()
    Image.new("RGB", (3000, 2000), (200, 30, 30)).save(photo, "JPEG")

    answer = await desk.post(
        f"{HOME}/products/{milk.id}/picture",
        data={"command": str(db.new_id()), "version": milk.version},
        files={"file": ("milk.jpg", photo.getvalue(), "image/jpeg")},
    )

    assert answer.status_code == 303, answer.text
    kept = await shop.visitor.get(f"/files/{(await milk_of(shop)).picture}")
    assert kept.headers["content-type"] == "image/png"
    assert Image.open(BytesIO(kept.content)).size == (1000, 667)


@pytest.mark.parametrize("body", [b"", b"<svg onload=alert(1)>", b"\x89PNG\r\n\x1a\n" + b"x" * 99])
async def test_what_is_no_picture_is_refused(shop, desk, body):
    await load(shop.pool, MILK)
    milk = await milk_of(shop)

    answer = await desk.post(
        f"{HOME}/products/{milk.id}/picture",
        data={"command": str(db.new_id()), "version": milk.version},
        files={"file": ("milk.png", body, "image/png")},
    )

    assert answer.status_code in (400, 422)
    assert (await milk_of(shop)).picture is None


async def test_what_is_exported_is_a_file_to_keep(shop, desk):
    await load(shop.pool, MILK)

    text = await desk.get(f"{HOME}/export.csv")
    sheet = await desk.get(f"{HOME}/export.xlsx")

    assert text.headers["content-disposition"] == 'attachment; filename="catalogue.csv"'
    assert text.content.startswith(b"\xef\xbb\xbf")
    assert sheet.content.startswith(b"PK")


async def test_the_catalogue_desk_is_for_merchandisers(shop, desk):
    page = {"Accept": "text/html", "Accept-Language": "en"}
    async with await shop.desk("picker") as picker:
        assert (await picker.get(HOME)).status_code == 403
        told = await picker.get(HOME, headers=page)
        assert (await picker.get(f"{HOME}/export.csv")).status_code == 403
    lost = await desk.get(f"{HOME}/products/{db.new_id()}", headers=page)

    assert (told.status_code, lost.status_code) == (403, 404)
    assert "Your desks" in told.text
    assert 'href="/picking"' in told.text, "on to one's own"
    assert "Back to the desk" in lost.text
    assert 'href="/merchandiser/walls"' in lost.text


async def test_files_are_larger_than_forms_and_still_bounded(shop, desk):
    await load(shop.pool, MILK)
    milk = await milk_of(shop)
    rows = [MILK | {"description_nl": "Lekker. " * 200}] * 200
    large = await upload(desk, as_csv(*rows))
    too_large = await desk.post(
        f"{HOME}/products/{milk.id}/picture",
        data={"command": str(db.new_id()), "version": milk.version},
        files={"file": ("milk.png", b"x" * 13 * 1024 * 1024, "image/png")},
    )

    assert large.startswith(f"{HOME}/imports/")
    assert too_large.status_code == 413


async def test_how_a_product_is_handled_while_picking_is_set_on_its_page_and_undone(shop, desk):
    cheese = MILK | {"name_en": "Cheese", "content": "500", "unit": "g"}
    await load(shop.pool, cheese, BREAD)
    milk = await milk_of(shop)
    address = f"{HOME}/products/{milk.id}"
    wish = {"by_weight": "yes", "scale_number": "2812345", "dated": "yes", "version": milk.version}

    form = await desk.get(address)
    in_pieces = await press(desk, address, **wish | {"unit": "piece", "content": "1"})
    no_number = await press(desk, address, **wish | {"scale_number": "12"})
    saved = await press(desk, address, **wish)
    shown = await desk.get(saved.headers["location"])
    kept = await shop.pool.fetchrow(
        "SELECT by_weight, scale_number, dated FROM catalog.products WHERE id = $1", milk.id
    )
    last = await catalog.undoable(shop.pool)
    undone = await press(desk, f"{HOME}/undo", **{"import": str(last)})
    back = await shop.pool.fetchrow(
        "SELECT by_weight, scale_number, dated FROM catalog.products WHERE id = $1", milk.id
    )

    assert "Sold by weight" in form.text
    assert (in_pieces.status_code, no_number.status_code, saved.status_code) == (422, 422, 303)
    assert "What is sold by weight has its content in grams" in in_pieces.text
    assert "“12” is no number of the scale" in no_number.text
    assert 'value="2812345"' in shown.text
    assert tuple(kept) == (True, "2812345", True)
    assert (undone.status_code, tuple(back)) == (303, (False, None, False))
