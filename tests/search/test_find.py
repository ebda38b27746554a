"""Finding what somebody asks for, as they type it, in any of three languages."""

import pytest

from app import search
from app.db import begin
from tests.shelf import put_on_shelf
from tests.staff_desk import open_shop

SHELF = {
    "09521234543213": ("Volkorenbrood heel", "Whole wheat bread", "통밀빵", "Bakkerij Molen"),
    "09521234543220": ("Halfvolle melk", "Semi-skimmed milk", "저지방 우유", "Weide"),
    "09521234543237": ("Crème fraîche", "Sour cream", "크렘 프레슈", "Weide"),
    "09521234543244": ("Chocolademelk 100%", "Chocolate milk", "초코우유", "Weide"),
}


@pytest.fixture
async def shelf(pool):
    for number, (nl, en, ko, brand) in SHELF.items():
        id = await put_on_shelf(pool, number, name=nl, category="dairy")
        for language, name in (("nl", nl), ("en", en), ("ko", ko)):
            await pool.execute(
                "UPDATE catalog.texts SET name = $3 WHERE product_id = $1 AND language = $2",
                id, language, name,
            )  # fmt: skip
        await pool.execute(
            "UPDATE catalog.products SET brand = $2, popularity = $3 WHERE id = $1",
            id, brand, 9 if "Choco" in nl else 1,
        )  # fmt: skip
    await search.refresh(pool)
    return pool


async def names(pool, words, language="nl", **more):
    async with begin(pool) as db:
        found = await search.find(db, words, language, **more)
    return [product.name for product in found.products]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("brood", {"Volkorenbrood heel"}),  # inside a compound
        ("volk", {"Volkorenbrood heel"}),  # as it is being typed
        ("우유", {"Halfvolle melk", "Chocolademelk 100%"}),  # inside a word without blanks
        ("통밀", {"Volkorenbrood heel"}),
        ("creme FRAICHE", {"Crème fraîche"}),
        ("weide melk", {"Halfvolle melk", "Chocolademelk 100%"}),  # brand and name
        ("9521234543237", {"Crème fraîche"}),  # as the till reads it, without its zero
        ("100%", {"Chocolademelk 100%"}),
        ("%", {"Chocolademelk 100%"}),  # a sign like any other
        ("_", set()),
        ("melk weide halfvolle semi onzin", {"Halfvolle melk"}),  # a fifth word is not asked for
    ],
)
async def test_words_are_found_in_any_language_also_inside_others(shelf, words, expected):
    found = set(await names(shelf, words))

    assert found == expected


async def test_a_name_that_begins_so_comes_before_what_sells_better(shelf):
    assert await names(shelf, "halfv") == ["Halfvolle melk"]
    assert (await names(shelf, "mel"))[0] == "Halfvolle melk"
    assert (await names(shelf, ""))[0] == "Chocolademelk 100%"


async def test_a_slip_of_the_finger_finds_what_comes_close_and_says_so(shelf):
    async with begin(shelf) as db:
        found = await search.find(db, "chocolademlek", "en")

    assert found.close
    assert found.products[0].name == "Chocolate milk"


async def test_what_is_not_for_sale_or_renamed_is_found_no_more(shelf):
    await shelf.execute("UPDATE catalog.products SET on_sale = false WHERE brand LIKE 'Bakkerij%'")
    await shelf.execute("UPDATE catalog.texts SET name = 'Karnemelk' WHERE name = 'Halfvolle melk'")
    await shelf.execute("UPDATE catalog.products SET version = version + 1")
    await search.refresh(shelf)

    assert await names(shelf, "brood") == []
    assert await names(shelf, "halfvolle") == []
    assert await names(shelf, "karne") == ["Karnemelk"]


async def test_a_category_that_is_renamed_is_found_by_its_new_name(shelf):
    category = await shelf.fetchval("SELECT category FROM catalog.products LIMIT 1")
    rename = """
        INSERT INTO catalog.categories (category, language, name) VALUES ($1, 'nl', $2)
            ON CONFLICT (category, language) DO UPDATE SET name = excluded.name
    """
    await shelf.execute(rename, category, "Zuivelhoek")
    await search.refresh(shelf)
    assert len(await names(shelf, "zuivelhoek")) == 4

    await shelf.execute(rename, category, "Koelvers")
    await search.refresh(shelf)
    written = "SELECT xmin::text FROM search.documents ORDER BY product_id"
    before = await shelf.fetch(written)
    await search.refresh(shelf)

    assert await names(shelf, "zuivelhoek") == []
    assert len(await names(shelf, "koelvers")) == 4
    assert await shelf.fetch(written) == before, "what has not changed is not written again"


async def test_typing_asks_an_index_not_every_product(shelf):
    async with begin(shelf) as db:
        await db.execute("SET LOCAL enable_seqscan = off")
        plan = await db.fetch("EXPLAIN SELECT FROM search.documents WHERE words LIKE '%chocol%'")

    assert "documents_by_words" in str(plan)


async def test_the_pages_show_departments_results_and_add_without_a_script(database_url, shelf):
    async with open_shop(database_url) as shop:
        home = await shop.visitor.get("/shop")
        assert "/shop/dairy" in home.text
        assert "Volkorenbrood" in (await shop.visitor.get("/shop/dairy")).text
        assert (await shop.visitor.get("/shop/none")).status_code == 404
        page = await shop.visitor.get("/search?q=brood")
        assert "Volkorenbrood" in page.text
        form = dict(_hidden(page.text))

        added = await shop.visitor.post("/basket/add", data=form)
        assert added.headers["location"] == "/search?q=brood&added=1"
        found = (await shop.visitor.get("/api/v1/search?q=brood")).json()
        basket = (await shop.visitor.get("/api/v1/cart")).json()

    assert [line["product_id"] for line in basket["lines"]] == [found["products"][0]["id"]]


def _hidden(html):
    import re

    start = html.index('action="/basket/add"')
    return re.findall(r'name="(\w+)" value="([^"]*)"', html[start : html.index("</form>", start)])
