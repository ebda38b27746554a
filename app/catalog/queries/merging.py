"""Taking over what was staged: each statement for all rows at once."""

from uuid import UUID

from app.catalog.queries.staging import PATIENCE_S, affected
from app.db import Connection


async def one_at_a_time(db: Connection) -> None:
    """Imports wait for each other; nothing else waits for them."""
    await db.execute("SELECT pg_advisory_xact_lock(hashtext('catalog.imports'))")


async def stale_rows(db: Connection, import_id: UUID) -> int:
    """Rows whose product is not any more what they were compared with."""
    stale: int = await db.fetchval(
        """
        SELECT count(*)
          FROM catalog.staged AS line
          LEFT JOIN catalog.products AS product USING (gtin)
         WHERE line.import_id = $1
           AND product.version IS DISTINCT FROM line.seen_version
        """,
        import_id, timeout=PATIENCE_S,
    )  # fmt: skip
    return stale


async def keep_what_is_replaced(db: Connection, import_id: UUID) -> None:
    """New products have nothing to go back to: undone, they are off sale and give up the codes
    they took beside their own."""
    await db.execute("DELETE FROM catalog.replaced", timeout=PATIENCE_S)
    await db.execute(
        """
        INSERT INTO catalog.replaced (import_id, row, product_id, gtin, codes, on_sale, version_after)
        SELECT $1, line.row, line.product_id, line.gtin, '{}', false, 1
          FROM catalog.staged AS line
         WHERE line.import_id = $1
           AND line.fate = 'new'
        """,
        import_id, timeout=PATIENCE_S,
    )  # fmt: skip
    await db.execute(
        """
        INSERT INTO catalog.replaced (import_id, row, product_id, version_after, gtin, codes, brand,
                                      category, name_nl, name_en, name_ko, description_nl,
                                      description_en, description_ko, ingredients_nl,
                                      ingredients_en, ingredients_ko, content_quantity,
                                      content_unit, price, currency, vat, deposit, age_limit,
                                      storage, weight_g, allergens, nutrition, origin, picture,
                                      on_sale, popularity, most_per_basket, by_weight,
                                      scale_number, dated)
        SELECT $1, line.row, line.product_id, present.version + 1, present.gtin, present.codes,
               present.brand, present.category, present.name_nl, present.name_en, present.name_ko,
               present.description_nl, present.description_en, present.description_ko,
               present.ingredients_nl, present.ingredients_en, present.ingredients_ko,
               present.content_quantity, present.content_unit, present.price, present.currency,
               present.vat, present.deposit, present.age_limit, present.storage, present.weight_g,
               present.allergens, present.nutrition, present.origin, present.picture,
               present.on_sale, present.popularity, present.most_per_basket, present.by_weight,
               present.scale_number, present.dated
          FROM catalog.staged AS line
          JOIN catalog.sheet AS present ON present.product_id = line.product_id
         WHERE line.import_id = $1
           AND line.fate = 'changed'
        """,
        import_id, timeout=PATIENCE_S,
    )  # fmt: skip


async def add_products(db: Connection, import_id: UUID) -> int:
    return affected(await db.execute(
        """
        INSERT INTO catalog.products (id, gtin, brand, category, content_quantity, content_unit, price,
                                      currency, vat, deposit, age_limit, storage, weight_g,
                                      allergens, nutrition, origin, picture, on_sale, popularity,
                                      most_per_basket, by_weight, scale_number, dated)
        SELECT line.product_id, line.gtin, line.brand, line.category, line.content_quantity,
               line.content_unit, line.price, line.currency, line.vat, line.deposit,
               nullif(line.age_limit, 0), line.storage, nullif(line.weight_g, 0), line.allergens,
               nullif(line.nutrition::jsonb, '{}'), line.origin, nullif(line.picture, ''),
               line.on_sale, line.popularity, nullif(line.most_per_basket, 0), line.by_weight,
               nullif(line.scale_number, ''), line.dated
          FROM catalog.staged AS line
         WHERE line.import_id = $1
           AND line.fate = 'new'
         ORDER BY line.row
        """,
        import_id, timeout=PATIENCE_S,
    ))  # fmt: skip


async def change_products(db: Connection, import_id: UUID) -> int:
    return affected(await db.execute(
        """
        UPDATE catalog.products AS product
           SET brand = line.brand, category = line.category,
               content_quantity = line.content_quantity, content_unit = line.content_unit,
               price = line.price, currency = line.currency, vat = line.vat,
               deposit = line.deposit, age_limit = nullif(line.age_limit, 0),
               storage = line.storage, weight_g = nullif(line.weight_g, 0),
               allergens = line.allergens, nutrition = nullif(line.nutrition::jsonb, '{}'),
               origin = line.origin, picture = nullif(line.picture, ''), on_sale = line.on_sale,
               popularity = line.popularity, most_per_basket = nullif(line.most_per_basket, 0),
               by_weight = line.by_weight, scale_number = nullif(line.scale_number, ''),
               dated = line.dated,
               version = product.version + 1, changed_at = now()
          FROM catalog.staged AS line
         WHERE line.import_id = $1
           AND line.fate = 'changed'
           AND product.id = line.product_id
           AND product.version = line.seen_version
        """,
        import_id, timeout=PATIENCE_S,
    ))  # fmt: skip


async def change_texts(db: Connection, import_id: UUID) -> None:
    await db.execute(
        """
        DELETE FROM catalog.texts AS text
         USING catalog.staged AS line,
               LATERAL (VALUES ('nl', line.name_nl), ('en', line.name_en),
                               ('ko', line.name_ko)) AS words (language, name)
         WHERE line.import_id = $1
           AND line.fate = 'changed'
           AND text.product_id = line.product_id
           AND text.language = words.language
           AND words.name = ''
        """,
        import_id, timeout=PATIENCE_S,
    )  # fmt: skip
    await db.execute(
        """
        INSERT INTO catalog.texts AS text (product_id, language, name, description, ingredients)
        SELECT line.product_id, words.language, words.name, words.description, words.ingredients
          FROM catalog.staged AS line
         CROSS JOIN LATERAL (VALUES
               ('nl', line.name_nl, line.description_nl, line.ingredients_nl),
               ('en', line.name_en, line.description_en, line.ingredients_en),
               ('ko', line.name_ko, line.description_ko, line.ingredients_ko)
               ) AS words (language, name, description, ingredients)
         WHERE line.import_id = $1
           AND line.fate IN ('new', 'changed')
           AND words.name <> ''
            ON CONFLICT (product_id, language)
            DO UPDATE SET name = excluded.name, description = excluded.description,
                          ingredients = excluded.ingredients
         WHERE (text.name, text.description, text.ingredients)
               <> (excluded.name, excluded.description, excluded.ingredients)
        """,
        import_id, timeout=PATIENCE_S,
    )  # fmt: skip


async def change_codes(db: Connection, import_id: UUID) -> None:
    """First all that go, then all that come: a code may move from one product to another."""
    await db.execute(
        """
        DELETE FROM catalog.codes AS code
         USING catalog.staged AS line
         WHERE line.import_id = $1
           AND line.fate = 'changed'
           AND code.product_id = line.product_id
           AND code.gtin <> line.gtin
           AND code.gtin <> ALL (line.codes)
        """,
        import_id, timeout=PATIENCE_S,
    )  # fmt: skip
    await db.execute(
        """
        INSERT INTO catalog.codes (gtin, product_id)
        SELECT wanted.gtin, line.product_id
          FROM catalog.staged AS line
         CROSS JOIN LATERAL unnest(line.gtin || line.codes) AS wanted (gtin)
          LEFT JOIN catalog.codes AS code
            ON code.gtin = wanted.gtin AND code.product_id = line.product_id
         WHERE line.import_id = $1
           AND line.fate IN ('new', 'changed')
           AND code.gtin IS NULL
        """,
        import_id, timeout=PATIENCE_S,
    )  # fmt: skip


async def change_prices(db: Connection, import_id: UUID) -> None:
    await db.execute(
        """
        UPDATE catalog.prices AS history
           SET until_at = now()
          FROM catalog.staged AS line
         WHERE line.import_id = $1
           AND 'price' = ANY (line.changes)
           AND history.product_id = line.product_id
           AND history.until_at IS NULL
        """,
        import_id, timeout=PATIENCE_S,
    )  # fmt: skip
    await db.execute(
        """
        INSERT INTO catalog.prices (product_id, amount)
        SELECT line.product_id, line.price
          FROM catalog.staged AS line
         WHERE line.import_id = $1
           AND (line.fate = 'new' OR 'price' = ANY (line.changes))
        """,
        import_id, timeout=PATIENCE_S,
    )  # fmt: skip


async def name_categories(db: Connection, import_id: UUID) -> int:
    return affected(await db.execute(
        """
        INSERT INTO catalog.categories AS category (category, language, name)
        SELECT DISTINCT line.category, named.language, named.name
          FROM catalog.staged AS line
         CROSS JOIN LATERAL (VALUES ('nl', line.category_nl), ('en', line.category_en),
                                    ('ko', line.category_ko)) AS named (language, name)
         WHERE line.import_id = $1
           AND named.name <> ''
            ON CONFLICT (category, language) DO UPDATE SET name = excluded.name
         WHERE category.name <> excluded.name
        """,
        import_id, timeout=PATIENCE_S,
    ))  # fmt: skip
