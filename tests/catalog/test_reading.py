import pytest

from app import catalog, pricing
from tests.shelf import MILK, put_on_shelf


async def test_a_product_is_found_by_each_of_its_codes_in_the_readers_language(db):
    milk = await put_on_shelf(db, name="Halfvolle melk")
    await db.execute("INSERT INTO catalog.codes VALUES ('09521234543305', $1)", milk)

    by_own = await catalog.by_code(db, MILK, "nl")
    by_other = await catalog.by_code(db, "09521234543305", "ko")

    assert by_own.name == "Halfvolle melk"
    assert by_other.name == "Halfvolle melk (ko)"
    assert await catalog.by_code(db, "09521234543312", "nl") is None


async def test_a_product_without_words_in_a_language_is_shown_in_english(db):
    milk = await put_on_shelf(db)
    await db.execute("DELETE FROM catalog.texts WHERE language = 'ko'")

    assert (await catalog.product(db, milk, "ko")).name == "Halfvolle melk (en)"


@pytest.mark.parametrize(
    ("price", "quantity", "unit", "shown"),
    [
        (149, 1000, "ml", (149, "l")),
        (289, 330, "ml", (876, "l")),
        (199, 250, "g", (796, "kg")),
        (100, 3, "piece", (33, "piece")),
        (250, 4, "piece", (63, "piece")),
    ],
)
async def test_the_unit_price_is_per_kilogram_litre_or_piece(db, price, quantity, unit, shown):
    id = await put_on_shelf(db, price=price, content_quantity=quantity, content_unit=unit)

    unit_price = catalog.unit_price(await catalog.product(db, id, "nl"))

    assert (unit_price.amount, unit_price.unit) == shown


async def test_a_reduction_knows_the_lowest_price_of_the_30_days_before(db):
    id = await put_on_shelf(db, price=300)
    await db.execute(
        """
        WITH past AS (
            UPDATE catalog.prices SET until_at = now(), from_at = now() - interval '10 days'
             WHERE product_id = $1
        ), long_past AS (
            INSERT INTO catalog.prices VALUES ($1, 100, now() - interval '90 days',
                                               now() - interval '60 days')
        )
        SELECT 1
        """,
        id,
    )
    await db.execute("INSERT INTO catalog.prices VALUES ($1, 250)", id)

    assert await pricing.lowest_before(db, id) == 300


async def test_a_page_of_the_catalogue_goes_on_where_the_last_ended(db):
    gtins = ["09521234543213", "09521234543220", "09521234543237"]
    for gtin in gtins:
        await put_on_shelf(db, gtin, name=f"Melk {gtin[-2:]}")

    first = await catalog.ids_after(db, None, "melk", "", 2)
    rest = await catalog.ids_after(db, None, "melk", first[-1]["gtin"], 2)

    assert [row["gtin"] for row in [*first, *rest]] == gtins
    assert await catalog.ids_after(db, None, "100%", "", 2) == []
