from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.catalog.importing.columns import NUTRIENTS
from app.catalog.models import Category, PastPrice, Product
from app.db import Connection, Pool


async def products(
    db: Connection | Pool, ids: Sequence[UUID], language: str
) -> dict[UUID, Product]:
    """Those that exist, in the language asked for, else in English, else in whatever there is."""
    rows = await db.fetch(
        """
        SELECT product.id, product.gtin, words.name, words.description, words.ingredients,
               product.brand, product.category, product.content_quantity, product.content_unit,
               product.price, product.currency, product.vat, product.deposit, product.age_limit,
               product.storage, product.weight_g, product.allergens, product.nutrition,
               product.origin, encode(product.picture, 'hex') AS picture,
               product.on_sale AND NOT product.stopped AS on_sale,
               product.by_weight, product.version
          FROM catalog.products AS product
         CROSS JOIN LATERAL (SELECT text.name, text.description, text.ingredients
                               FROM catalog.texts AS text
                              WHERE text.product_id = product.id
                              ORDER BY text.language = $2 DESC, text.language = 'en' DESC,
                                       text.language
                              LIMIT 1) AS words
         WHERE product.id = ANY ($1::uuid[])
        """,
        list(ids), language,
    )  # fmt: skip
    return {row["id"]: Product(**{**row, "nutrition": _ordered(row["nutrition"])}) for row in rows}


def _ordered(nutrition: dict[str, Any] | None) -> dict[str, Any] | None:
    """In the order of the law (EU 1169/2011, annex XV), which jsonb does not keep."""
    if nutrition is None:
        return None
    return {key: nutrition[key] for key in NUTRIENTS.values() if key in nutrition}


async def product(db: Connection | Pool, id: UUID, language: str) -> Product | None:
    return (await products(db, [id], language)).get(id)


async def by_code(db: Connection | Pool, gtin14: str, language: str) -> Product | None:
    """The product that is found by this code of 14 digits; it may be another than its own GTIN."""
    id = await db.fetchval("SELECT product_id FROM catalog.codes WHERE gtin = $1", gtin14)
    return await product(db, id, language) if id else None


async def ids_by_codes(db: Connection | Pool, gtins: Sequence[str]) -> dict[str, UUID]:
    rows = await db.fetch(
        "SELECT gtin, product_id FROM catalog.codes WHERE gtin = ANY ($1::text[])", list(gtins)
    )
    return {row["gtin"]: row["product_id"] for row in rows}


async def names_by_code(
    db: Connection | Pool, gtins: Sequence[str], language: str
) -> dict[str, str]:
    """What these codes of 14 digits are called in exactly this language; those without a name in it
    are left out."""
    rows = await db.fetch(
        """
        SELECT code.gtin, text.name
          FROM catalog.codes AS code
          JOIN catalog.texts AS text ON text.product_id = code.product_id
         WHERE code.gtin = ANY ($1::text[])
           AND text.language = $2
        """,
        list(gtins), language,
    )  # fmt: skip
    return {row["gtin"]: row["name"] for row in rows}


async def categories(db: Connection | Pool, language: str) -> list[Category]:
    """All that products stand in, by name; one without a name in this language keeps its own."""
    rows = await db.fetch(
        """
        SELECT product.category AS code, coalesce(named.name, product.category) AS name,
               count(*) AS products
          FROM catalog.products AS product
          LEFT JOIN catalog.categories AS named
            ON named.category = product.category AND named.language = $1
         GROUP BY product.category, named.name
         ORDER BY name, code
        """,
        language,
    )
    return [Category(**row) for row in rows]


async def category_names(db: Connection | Pool, language: str) -> dict[str, str]:
    rows = await db.fetch(
        "SELECT category, name FROM catalog.categories WHERE language = $1 ORDER BY name", language
    )
    return {row["category"]: row["name"] for row in rows}


async def ids_after(
    db: Connection | Pool,
    category: str | None,
    words: str,
    after: str,
    limit: int,
    *,
    on_sale: bool = False,
) -> list[dict[str, Any]]:
    """A page of the catalogue in order of GTIN: ids with their GTIN, beginning after `after`;
    `on_sale` leaves out what is not sold now."""
    rows = await db.fetch(
        """
        SELECT product.id, product.gtin
          FROM catalog.products AS product
         WHERE product.gtin > $3
           AND ($1::text IS NULL OR product.category = $1)
           AND (product.on_sale AND NOT product.stopped OR NOT $5)
           AND ($2 = '' OR EXISTS (SELECT
                                     FROM catalog.texts AS text
                                    WHERE text.product_id = product.id
                                      AND strpos(lower(text.name || ' ' || product.brand),
                                                 lower($2)) > 0))
         ORDER BY product.gtin
         LIMIT $4
        """,
        category, words, after, limit, on_sale,
    )  # fmt: skip
    return [dict(row) for row in rows]


async def price_history(db: Connection | Pool, product_id: UUID, limit: int) -> list[PastPrice]:
    """Every price it had, the present one first."""
    rows = await db.fetch(
        """
        SELECT amount, from_at, until_at
          FROM catalog.prices
         WHERE product_id = $1
         ORDER BY from_at DESC
         LIMIT $2
        """,
        product_id, limit,
    )  # fmt: skip
    return [PastPrice(**row) for row in rows]
