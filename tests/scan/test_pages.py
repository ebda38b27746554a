"""A code opened with the phone's own camera, without any JavaScript."""

import re

from app.db import new_id
from tests.cart.builders import print_label, put_on_shelf

HTML = {"Accept": "text/html", "Accept-Language": "en"}

FIELD = re.compile(r'type="hidden" name="(\w+)" value="([^"]*)"')


async def label_on_the_wall(db, **more):
    milk, number = await put_on_shelf(db, price=250)
    token, _ = await print_label(db, milk, number, **more)
    return milk, number, token


async def test_a_code_shows_its_product_in_any_case_and_changes_nothing(shop, db):
    _, number, token = await label_on_the_wall(db)

    upper = await shop.get(f"/{token}/01/{number}", headers=HTML)
    lower = await shop.get(f"/{token.lower()}/01/{number}", headers=HTML)
    head = await shop.head(f"/{token}/01/{number}", headers=HTML)

    assert upper.status_code == lower.status_code == head.status_code == 200
    assert f"Milk {number}" in upper.text
    assert "set-cookie" not in upper.headers
    assert await db.fetchval("SELECT count(*) FROM cart.carts") == 0


async def test_what_is_sold_by_weight_says_about_how_much_and_what_that_may_cost(shop, db):
    cheese, number, token = await label_on_the_wall(db)
    address = f"/{token}/01/{number}"
    before = await shop.get(address, headers=HTML)
    await db.execute(
        """
        UPDATE catalog.products
           SET content_quantity = 500, content_unit = 'g', by_weight = true
         WHERE id = $1
        """,
        cheese,
    )
    page = await shop.get(address, headers=HTML)

    said = "About 500 g: you pay what it weighs, and never more than this price."
    assert said in page.text
    assert "you pay what it weighs" not in before.text


async def test_the_form_adds_the_product_once_and_says_so(shop, db):
    _, number, token = await label_on_the_wall(db)
    page = await shop.get(f"/{token}/01/{number}", headers=HTML)
    form = dict(FIELD.findall(page.text))
    form.pop("language", None)
    form["quantity"] = "2"

    answer = await shop.post("/basket/add", data=form, headers=HTML)
    await shop.post("/basket/add", data=form, headers=HTML)
    back = await shop.get(answer.headers["location"], headers=HTML)
    basket = await shop.get("/api/v1/cart")

    assert answer.status_code == 303
    assert "In your basket" in back.text
    assert basket.json()["count"] == 2


async def test_unknown_mistyped_and_retired_codes_get_help_with_the_right_status(shop, db):
    _, number, retired = await label_on_the_wall(db, state="retired")
    mistyped = number[:-1] + str((int(number[-1]) + 1) % 10)

    unknown = await shop.get(f"/0000000/01/{number}", headers=HTML)
    wrong = await shop.get(f"/0000000/01/{mistyped}", headers=HTML)
    gone = await shop.get(f"/{retired}/01/{number}", headers=HTML)

    assert (unknown.status_code, wrong.status_code, gone.status_code) == (404, 400, 410)
    for page in (unknown, wrong, gone):
        assert 'action="/find"' in page.text
        assert f"Milk {number}" in page.text


async def test_a_typed_number_leads_to_its_product(shop, db):
    _, number, token = await label_on_the_wall(db)

    by_number = await shop.get("/find", params={"number": number}, headers=HTML)
    by_label = await shop.get("/find", params={"number": token.lower()}, headers=HTML)

    assert by_number.headers["location"] == f"/01/{number}"
    assert by_label.headers["location"] == f"/{token}"


async def test_what_the_poster_promised_too_low_is_added_by_the_tap_on_the_page(shop, db):
    _, number, token = await label_on_the_wall(db, price=200, days=-1, since_days=9)
    page = await shop.get(f"/{token}/01/{number}", headers=HTML)
    form = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    form.pop("language", None)

    await shop.post("/basket/add", data=form, headers=HTML)

    assert "that price has ended" in page.text
    assert (await shop.get("/api/v1/cart")).json()["lines"][0]["price"] == 250


async def test_a_line_is_stepped_taken_out_and_put_back(shop, db):
    milk, _ = await put_on_shelf(db)
    line = {"product_id": str(milk)}
    await shop.post("/basket/add", data={"command": str(new_id()), "product_id": str(milk)})

    await shop.post("/basket/step", data=line | {"command": str(new_id()), "step": "1"})
    removed = await shop.post(
        "/basket/remove",
        data=line | {"command": str(new_id()), "version": "2", "quantity": "2"},
    )
    page = await shop.get(removed.headers["location"], headers=HTML)

    assert (await shop.get("/api/v1/cart")).json()["count"] == 0
    assert "Put it back" in page.text

    again = r'action="/basket/add".*?</form>'
    form = dict(FIELD.findall(re.search(again, page.text, re.DOTALL)[0]))
    await shop.post("/basket/add", data=form | {"quantity": "1"})
    emptied = await shop.post("/basket/step", data=line | {"command": str(new_id()), "step": "-1"})
    assert "gone=" in emptied.headers["location"]


async def test_one_of_two_is_taken_along_from_the_store_and_a_word_goes_with_the_rest(shop, db):
    milk, _ = await put_on_shelf(db)
    form = {"command": str(new_id()), "product_id": str(milk), "quantity": "2"}
    await shop.post("/basket/add", data=form)
    page = (await shop.get("/basket", headers=HTML)).text
    way = dict(
        FIELD.findall(re.search(r'action="/basket/hand-over".*?</form>', page, re.DOTALL)[0])
    )

    await shop.post("/basket/hand-over", data=way | {"just_one": "1"})
    stale = await shop.post("/basket/hand-over", data=way | {"command": str(new_id())})
    await shop.post("/basket/note", data={"command": str(new_id()), "text": " Rijpe bananen\r\n"})

    basket = (await shop.get("/api/v1/cart")).json()
    lines = {line["handover"]: line["quantity"] for line in basket["lines"]}
    assert lines == {"delivery": 1, "carry-out": 1}
    assert stale.headers["location"] == "/basket?no=stale"
    assert basket["note"] == "Rijpe bananen"
    page = (await shop.get("/basket", headers=HTML)).text
    assert "show your basket at the till" in page
    assert "Rijpe bananen</textarea>" in page


async def test_a_postcode_is_asked_once_at_the_first_thing_and_may_be_left_out(shop, db):
    milk, _ = await put_on_shelf(db)
    question = "Where shall it come?"
    empty = await shop.get("/scan", headers=HTML)
    await shop.post("/basket/add", data={"command": str(new_id()), "product_id": str(milk)})
    asked = await shop.get("/scan", headers=HTML)

    wrong = await shop.post("/basket/area", data={"postcode": "nowhere", "back": "/scan"})
    outside = await shop.post("/basket/area", data={"postcode": "9999zz", "back": "/scan"})

    assert question not in empty.text
    assert question in asked.text
    assert question in (await shop.get(wrong.headers["location"], headers=HTML)).text
    assert "outside the areas" in (await shop.get(outside.headers["location"], headers=HTML)).text
    assert question not in (await shop.get("/scan", headers=HTML)).text
    assert "9999 ZZ: it is outside" in (await shop.get("/basket", headers=HTML)).text
    assert "9999 ZZ: it is outside" in (await shop.get("/checkout", headers=HTML)).text
    await shop.post("/basket/area", data={"do": "skip", "back": "https://evil.example/"})
    assert question not in (await shop.get("/basket", headers=HTML)).text


async def test_a_refused_tap_says_why_in_the_readers_language(shop, db):
    milk, _ = await put_on_shelf(db, on_sale=False)

    answer = await shop.post(
        "/basket/add", data={"command": str(new_id()), "product_id": str(milk), "back": "/basket"}
    )
    page = await shop.get(answer.headers["location"], headers=HTML | {"Accept-Language": "ko"})

    assert "이 상품은 지금 판매하지 않습니다." in page.text


async def test_after_adding_nobody_is_sent_to_another_site(shop, db):
    milk, _ = await put_on_shelf(db)

    answer = await shop.post(
        "/basket/add",
        data={"command": str(new_id()), "product_id": str(milk), "back": "//evil.example/"},
    )

    assert answer.headers["location"].startswith("/?")
