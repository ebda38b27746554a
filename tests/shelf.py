"""Puts products on the shelf, with defaults, for tests of every feature."""

from uuid import UUID

from app.db import Connection, Pool, new_id

MILK, SHIRT, BEER = "09521234543213", "09521234543220", "09521234543237"


async def put_on_shelf(
    db: Connection | Pool,
    gtin: str = MILK,
    *,
    name: str = "Halfvolle melk",
    price: int = 149,
    vat: str = "low",
    deposit: int = 0,
    age_limit: int | None = None,
    storage: str = "ambient",
    category: str = "dairy",
    on_sale: bool = True,
    content_quantity: int = 1000,
    content_unit: str = "ml",
    currency: str = "EUR",
) -> UUID:
    """One product with its code, its Dutch, English and Korean name and its first price."""
    id = new_id()
    await db.execute(
        """
        INSERT INTO catalog.products (id, gtin, category, content_quantity, content_unit, price,
                                      currency, vat, deposit, age_limit, storage, on_sale)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        """,
        id, gtin, category, content_quantity, content_unit, price,
        currency, vat, deposit, age_limit, storage, on_sale,
    )  # fmt: skip
    await db.execute("INSERT INTO catalog.codes (gtin, product_id) VALUES ($1, $2)", gtin, id)
    await db.execute(
        """
        INSERT INTO catalog.texts (product_id, language, name)
        VALUES ($1, 'nl', $2), ($1, 'en', $2 || ' (en)'), ($1, 'ko', $2 || ' (ko)')
        """,
        id, name,
    )  # fmt: skip
    await db.execute("INSERT INTO catalog.prices (product_id, amount) VALUES ($1, $2)", id, price)
    return id
