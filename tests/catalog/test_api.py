"""The catalogue over the API."""

from tests.catalog.sheets import BREAD, MILK, load


async def test_products_are_listed_page_by_page_with_their_unit_price(shop, pool):
    await load(pool, MILK, BREAD, MILK | {"gtin": "9521234543237", "on_sale": "no"})

    first = (await shop.get("/api/v1/products", params={"limit": 1})).json()
    rest = (await shop.get("/api/v1/products", params={"after": first["next"]})).json()

    (milk,) = first["products"]
    assert (milk["name"], milk["price"], milk["currency"]) == ("Halfvolle melk", 129, "EUR")
    assert milk["unit_price"] == {"amount": 129, "unit": "l"}
    assert [one["name"] for one in rest["products"]] == ["Volkoren brood"]
    assert rest["next"] is None


async def test_products_are_found_by_name_and_category_in_the_readers_language(shop, pool):
    await load(pool, MILK | {"category_ko": "유제품"}, BREAD)
    korean = {"accept-language": "ko"}

    by_name = await shop.get("/api/v1/products", params={"q": "우유"}, headers=korean)
    by_category = await shop.get("/api/v1/products", params={"category": "bread"}, headers=korean)
    categories = await shop.get("/api/v1/categories", headers=korean)

    assert [one["name"] for one in by_name.json()["products"]] == ["저지방 우유"]
    assert [one["name"] for one in by_category.json()["products"]] == ["통밀 식빵"]
    assert categories.json() == [
        {"code": "bread", "name": "bread", "products": 1},
        {"code": "dairy", "name": "유제품", "products": 1},
    ]


async def test_a_product_is_found_by_any_spelling_of_any_of_its_codes(shop, pool):
    """GTIN-13 with and without zeros in front, and the GTIN-8 and GTIN-12 it also carries."""
    await load(pool, MILK | {"more_codes": "96385074 036000291452"})

    codes = ["9521234543213", "09521234543213", "96385074", "036000291452", "00000096385074"]
    found = [await shop.get(f"/api/v1/codes/{code}") for code in codes]

    assert {answer.json()["gtin"] for answer in found} == {"09521234543213"}


async def test_a_mistyped_code_says_which_digit_and_an_unknown_one_is_404(shop, pool):
    mistyped = await shop.get("/api/v1/codes/9521234543214", headers={"accept-language": "en"})
    unknown = await shop.get("/api/v1/codes/9521234543213")

    assert (mistyped.status_code, mistyped.json()["code"]) == (400, "bad-gtin")
    assert "should be 3, not 4" in mistyped.json()["detail"]
    assert unknown.status_code == 404


async def test_one_product_carries_its_version_as_etag(shop, pool):
    await load(pool, MILK)
    await load(pool, MILK | {"price": "1,39"})
    id = (await shop.get("/api/v1/codes/9521234543213")).json()["id"]

    answer = await shop.get(f"/api/v1/products/{id}")

    assert answer.headers["etag"] == '"2"'
    assert answer.json()["price"] == 139
