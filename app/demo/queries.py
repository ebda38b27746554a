"""Rows of the demo shop that no desk makes yet."""

from collections.abc import Sequence
from uuid import UUID

from app.db import Connection, new_id
from app.demo.goods import LANGUAGES, Goods


async def is_empty(db: Connection) -> bool:
    return not await db.fetchval("SELECT EXISTS (SELECT FROM catalog.products)")


async def ids_by_gtin(db: Connection) -> dict[str, UUID]:
    rows = await db.fetch("SELECT gtin, id FROM catalog.products")
    return {row["gtin"]: row["id"] for row in rows}


async def write_goods(
    db: Connection, goods: Sequence[Goods], pictures: Sequence[str], currency: str
) -> None:
    """Products with their number as code, their words and their first price."""
    rows = [
        (
            new_id(), one.gtin, one.brand, one.shelf, one.content_quantity, one.content_unit,
            one.price, currency, one.vat, one.deposit, one.age_limit or None, one.storage,
            one.weight_g, one.allergens, one.nutrition or None, one.origin,
            bytes.fromhex(picture), one.popularity,
        )
        for one, picture in zip(goods, pictures, strict=True)
    ]  # fmt: skip
    await db.executemany(
        """
        INSERT INTO catalog.products (id, gtin, brand, category, content_quantity, content_unit,
                                      price, currency, vat, deposit, age_limit, storage, weight_g,
                                      allergens, nutrition, origin, picture, popularity)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
        """,
        rows,
    )
    await db.executemany(
        "INSERT INTO catalog.codes (gtin, product_id) VALUES ($2, $1)",
        [(row[0], row[1]) for row in rows],
    )
    await db.executemany(
        "INSERT INTO catalog.prices (product_id, amount) VALUES ($1, $2)",
        [(row[0], row[6]) for row in rows],
    )
    await db.executemany(
        """
        INSERT INTO catalog.texts (product_id, language, name, description, ingredients)
        VALUES ($1, $2, $3, $4, $5)
        """,
        [
            (
                row[0],
                language,
                one.names[language],
                one.descriptions.get(language, ""),
                one.ingredients.get(language, ""),
            )
            for one, row in zip(goods, rows, strict=True)
            for language in LANGUAGES
        ],
    )


async def write_shelves(db: Connection, goods: Sequence[Goods]) -> None:
    await db.executemany(
        """
        INSERT INTO catalog.categories (category, language, name)
        VALUES ($1, $2, $3)
            ON CONFLICT DO NOTHING
        """,
        sorted(
            {
                (one.shelf, language, name)
                for one in goods
                for language, name in one.shelf_names.items()
            }
        ),
    )


async def live_labels(db: Connection) -> dict[UUID, str]:
    """One printed code for each product that hangs on a wall."""
    rows = await db.fetch(
        """
        SELECT product_id, min(token) AS token
          FROM walls.labels
         WHERE state = 'live'
         GROUP BY product_id
        """
    )
    return {row["product_id"]: row["token"] for row in rows}
