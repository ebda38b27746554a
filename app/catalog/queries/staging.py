"""Rows of files beside the catalogue: staged, completed with what they leave out, complained of."""

from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

from app.catalog.importing.columns import STAGED
from app.catalog.models import Complaint
from app.db import Connection

PATIENCE_S = 300
MOST_COMPLAINTS = 500


async def take_time(db: Connection) -> None:
    """A hundred thousand rows take longer than a request may."""
    await db.execute(
        """
        SELECT set_config('statement_timeout', '300s', true),
               set_config('lock_timeout', '15s', true),
               set_config('idle_in_transaction_session_timeout', '300s', true)
        """
    )


async def stage(db: Connection, records: AsyncIterator[tuple[Any, ...]]) -> None:
    await db.copy_records_to_table(
        "staged", schema_name="catalog", columns=STAGED, records=records, timeout=PATIENCE_S
    )


async def stage_what_was_replaced(db: Connection, import_id: UUID, undone: UUID) -> tuple[int, int]:
    """How many rows would be put back, and how many products are left because they changed again."""
    row = await db.fetchrow(
        """
        WITH staged AS (
            INSERT INTO catalog.staged (import_id, row, gtin, codes, brand, category, name_nl, name_en,
                                        name_ko, description_nl, description_en, description_ko,
                                        ingredients_nl, ingredients_en, ingredients_ko,
                                        content_quantity, content_unit, price, currency, vat, deposit,
                                        age_limit, storage, weight_g, allergens, nutrition, origin,
                                        picture, on_sale, popularity, most_per_basket, by_weight,
                                        scale_number, dated)
            SELECT $1, old.row, old.gtin, old.codes, old.brand, old.category, old.name_nl, old.name_en,
                   old.name_ko, old.description_nl, old.description_en, old.description_ko,
                   old.ingredients_nl, old.ingredients_en, old.ingredients_ko,
                   old.content_quantity, old.content_unit, old.price, old.currency, old.vat,
                   old.deposit, old.age_limit, old.storage, old.weight_g, old.allergens,
                   old.nutrition, old.origin, old.picture, old.on_sale, old.popularity,
                   old.most_per_basket, old.by_weight, old.scale_number, old.dated
              FROM catalog.replaced AS old
              JOIN catalog.products AS product
                ON product.id = old.product_id AND product.version = old.version_after
             WHERE old.import_id = $2
            RETURNING row
        )
        SELECT (SELECT count(*) FROM staged) AS put_back,
               (SELECT count(*) FROM catalog.replaced WHERE import_id = $2) AS of
        """,
        import_id, undone, timeout=PATIENCE_S,
    )  # fmt: skip
    assert row is not None
    return row["put_back"], row["of"] - row["put_back"]


async def know_sizes(db: Connection) -> None:
    """The planner must not take a hundred thousand fresh rows for a few."""
    await db.execute("ANALYZE (SKIP_LOCKED) catalog.staged", timeout=PATIENCE_S)


async def complete(db: Connection, import_id: UUID, currency: str) -> None:
    """Fill what the file leaves out from the catalogue, and note what each row would change."""
    await db.execute(
        """
        UPDATE catalog.staged AS line
           SET product_id = coalesce(present.product_id, uuidv7()),
               seen_version = present.version,
               fate = CASE WHEN present.product_id IS NULL THEN 'new'
                           WHEN change.columns = '{}' THEN 'same'
                           ELSE 'changed' END,
               changes = change.columns,
               codes = coalesce(array_remove(given.codes, given.gtin), present.codes, '{}'),
               brand = coalesce(given.brand, present.brand, ''),
               category = coalesce(given.category, present.category, ''),
               name_nl = coalesce(given.name_nl, present.name_nl, ''),
               name_en = coalesce(given.name_en, present.name_en, ''),
               name_ko = coalesce(given.name_ko, present.name_ko, ''),
               description_nl = coalesce(given.description_nl, present.description_nl, ''),
               description_en = coalesce(given.description_en, present.description_en, ''),
               description_ko = coalesce(given.description_ko, present.description_ko, ''),
               ingredients_nl = coalesce(given.ingredients_nl, present.ingredients_nl, ''),
               ingredients_en = coalesce(given.ingredients_en, present.ingredients_en, ''),
               ingredients_ko = coalesce(given.ingredients_ko, present.ingredients_ko, ''),
               content_quantity = coalesce(given.content_quantity, present.content_quantity),
               content_unit = coalesce(given.content_unit, present.content_unit),
               price = coalesce(given.price, present.price),
               currency = coalesce(given.currency, present.currency, $2),
               vat = coalesce(given.vat, present.vat),
               deposit = coalesce(given.deposit, present.deposit, 0),
               age_limit = coalesce(given.age_limit, present.age_limit, 0::smallint),
               storage = coalesce(given.storage, present.storage, 'ambient'),
               weight_g = coalesce(given.weight_g, present.weight_g, 0),
               allergens = coalesce(given.allergens, present.allergens, '{}'),
               nutrition = coalesce(given.nutrition, present.nutrition, '{}'),
               origin = coalesce(given.origin, present.origin, ''),
               picture = coalesce(given.picture, present.picture, ''),
               on_sale = coalesce(given.on_sale, present.on_sale, true),
               popularity = coalesce(given.popularity, present.popularity, 0),
               most_per_basket = coalesce(given.most_per_basket, present.most_per_basket,
                                          0::smallint),
               by_weight = coalesce(given.by_weight, present.by_weight, false),
               scale_number = coalesce(given.scale_number, present.scale_number, ''),
               dated = coalesce(given.dated, present.dated, false)
          FROM catalog.staged AS given
          LEFT JOIN catalog.sheet AS present USING (gtin)
         CROSS JOIN LATERAL (
               SELECT array_remove(ARRAY[
                      CASE WHEN array_remove(given.codes, given.gtin) <> present.codes THEN 'more_codes' END,
                      CASE WHEN given.brand <> present.brand THEN 'brand' END,
                      CASE WHEN given.name_nl <> present.name_nl THEN 'name_nl' END,
                      CASE WHEN given.name_en <> present.name_en THEN 'name_en' END,
                      CASE WHEN given.name_ko <> present.name_ko THEN 'name_ko' END,
                      CASE WHEN given.category <> present.category THEN 'category' END,
                      CASE WHEN given.content_quantity <> present.content_quantity THEN 'content' END,
                      CASE WHEN given.content_unit <> present.content_unit THEN 'unit' END,
                      CASE WHEN given.price <> present.price THEN 'price' END,
                      CASE WHEN given.currency <> present.currency THEN 'currency' END,
                      CASE WHEN given.vat <> present.vat THEN 'vat' END,
                      CASE WHEN given.deposit <> present.deposit THEN 'deposit' END,
                      CASE WHEN given.age_limit <> present.age_limit THEN 'age_limit' END,
                      CASE WHEN given.storage <> present.storage THEN 'storage' END,
                      CASE WHEN given.weight_g <> present.weight_g THEN 'weight_g' END,
                      CASE WHEN given.allergens <> present.allergens THEN 'allergens' END,
                      CASE WHEN given.nutrition::jsonb <> present.nutrition::jsonb THEN 'nutrition' END,
                      CASE WHEN given.origin <> present.origin THEN 'origin' END,
                      CASE WHEN given.description_nl <> present.description_nl THEN 'description_nl' END,
                      CASE WHEN given.description_en <> present.description_en THEN 'description_en' END,
                      CASE WHEN given.description_ko <> present.description_ko THEN 'description_ko' END,
                      CASE WHEN given.ingredients_nl <> present.ingredients_nl THEN 'ingredients_nl' END,
                      CASE WHEN given.ingredients_en <> present.ingredients_en THEN 'ingredients_en' END,
                      CASE WHEN given.ingredients_ko <> present.ingredients_ko THEN 'ingredients_ko' END,
                      CASE WHEN given.picture <> present.picture THEN 'picture' END,
                      CASE WHEN given.on_sale <> present.on_sale THEN 'on_sale' END,
                      CASE WHEN given.popularity <> present.popularity THEN 'popularity' END,
                      CASE WHEN given.most_per_basket <> present.most_per_basket
                           THEN 'most_per_basket' END,
                      CASE WHEN given.by_weight <> present.by_weight THEN 'by_weight' END,
                      CASE WHEN given.scale_number <> present.scale_number THEN 'scale_number' END,
                      CASE WHEN given.dated <> present.dated THEN 'dated' END
                      ], NULL) AS columns) AS change
         WHERE given.import_id = $1
           AND line.import_id = $1
           AND line.row = given.row
        """,
        import_id, currency, timeout=PATIENCE_S,
    )  # fmt: skip


async def complain(db: Connection, import_id: UUID, complaints: Sequence[Complaint]) -> None:
    await db.executemany(
        """
        INSERT INTO catalog.complaints (import_id, row, "column", sentence, "values", level)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        [
            (import_id, one.row, one.column, one.sentence, one.values, one.level)
            for one in complaints
        ],
    )


async def same_gtin_twice(db: Connection, import_id: UUID, sentence: str) -> int:
    return affected(await db.execute(
        """
        INSERT INTO catalog.complaints (import_id, row, "column", sentence, "values", level)
        SELECT $1, line.row, 'gtin', $2, jsonb_build_object('other', line.first_row::text), 'error'
          FROM (SELECT row, min(row) OVER (PARTITION BY gtin) AS first_row
                  FROM catalog.staged
                 WHERE import_id = $1) AS line
         WHERE line.row <> line.first_row
         ORDER BY line.row
         LIMIT $3
        """,
        import_id, sentence, MOST_COMPLAINTS, timeout=PATIENCE_S,
    ))  # fmt: skip


async def same_code_twice(db: Connection, import_id: UUID, sentence: str) -> int:
    return affected(await db.execute(
        """
        INSERT INTO catalog.complaints (import_id, row, "column", sentence, "values", level)
        SELECT $1, line.row, 'more_codes', $2,
               jsonb_build_object('code', line.code, 'other', line.first_row::text), 'error'
          FROM (SELECT staged.row, code, staged.gtin, min(staged.row) OVER (PARTITION BY code) AS first_row,
                       count(*) FILTER (WHERE code <> staged.gtin) OVER (PARTITION BY code) AS further
                  FROM catalog.staged AS staged
                 CROSS JOIN LATERAL unnest(staged.gtin || staged.codes) AS code
                 WHERE staged.import_id = $1) AS line
         WHERE line.row <> line.first_row
           AND line.further > 0
         ORDER BY line.row
         LIMIT $3
        """,
        import_id, sentence, MOST_COMPLAINTS, timeout=PATIENCE_S,
    ))  # fmt: skip


async def codes_of_others(db: Connection, import_id: UUID, sentence: str) -> int:
    """A code may move between two products only when the file names both."""
    return affected(await db.execute(
        """
        INSERT INTO catalog.complaints (import_id, row, "column", sentence, "values", level)
        SELECT $1, line.row, CASE WHEN code.gtin = line.gtin THEN 'gtin' ELSE 'more_codes' END, $2,
               jsonb_build_object('code', code.gtin, 'gtin', owner.gtin), 'error'
          FROM catalog.staged AS line
         CROSS JOIN LATERAL unnest(line.gtin || line.codes) AS wanted
          JOIN catalog.codes AS code ON code.gtin = wanted AND code.product_id <> line.product_id
          JOIN catalog.products AS owner ON owner.id = code.product_id
         WHERE line.import_id = $1
           AND NOT EXISTS (SELECT
                             FROM catalog.staged AS other
                            WHERE other.import_id = $1
                              AND other.gtin = owner.gtin)
         ORDER BY line.row
         LIMIT $3
        """,
        import_id, sentence, MOST_COMPLAINTS, timeout=PATIENCE_S,
    ))  # fmt: skip


async def weighed_wrongly(
    db: Connection, import_id: UUID, in_grams: str, without_weight: str
) -> int:
    return affected(await db.execute(
        """
        INSERT INTO catalog.complaints (import_id, row, "column", sentence, "values", level)
        SELECT $1, line.row, wrong."column", wrong.sentence, '{}', 'error'
          FROM catalog.staged AS line
         CROSS JOIN LATERAL (VALUES
               ('by_weight', $2, line.by_weight AND line.content_unit <> 'g'),
               ('scale_number', $3, line.scale_number <> '' AND NOT line.by_weight)
               ) AS wrong ("column", sentence, it_is_so)
         WHERE line.import_id = $1
           AND wrong.it_is_so
         ORDER BY line.row
         LIMIT $4
        """,
        import_id, in_grams, without_weight, MOST_COMPLAINTS, timeout=PATIENCE_S,
    ))  # fmt: skip


async def scale_numbers_of_others(db: Connection, import_id: UUID, taken: str, twice: str) -> int:
    """A number may move between two products only when the file names both."""
    return affected(await db.execute(
        """
        INSERT INTO catalog.complaints (import_id, row, "column", sentence, "values", level)
        SELECT $1, line.row, 'scale_number', $2,
               jsonb_build_object('number', line.scale_number, 'gtin', owner.gtin), 'error'
          FROM catalog.staged AS line
          JOIN catalog.products AS owner
            ON owner.scale_number = line.scale_number AND owner.id <> line.product_id
         WHERE line.import_id = $1
           AND NOT EXISTS (SELECT
                             FROM catalog.staged AS other
                            WHERE other.import_id = $1
                              AND other.gtin = owner.gtin)
         UNION ALL
        SELECT $1, line.row, 'scale_number', $3,
               jsonb_build_object('number', line.scale_number, 'other', line.first_row::text), 'error'
          FROM (SELECT row, scale_number, min(row) OVER (PARTITION BY scale_number) AS first_row
                  FROM catalog.staged
                 WHERE import_id = $1
                   AND scale_number <> '') AS line
         WHERE line.row <> line.first_row
         LIMIT $4
        """,
        import_id, taken, twice, MOST_COMPLAINTS, timeout=PATIENCE_S,
    ))  # fmt: skip


async def what_is_missing(db: Connection, import_id: UUID, new: str, name: str, words: str) -> int:
    return affected(await db.execute(
        """
        INSERT INTO catalog.complaints (import_id, row, "column", sentence, "values", level)
        SELECT $1, line.row, lack."column", lack.sentence, '{}', 'error'
          FROM catalog.staged AS line
         CROSS JOIN LATERAL (VALUES
               ('name_nl', $3, line.name_nl || line.name_en || line.name_ko = ''),
               ('category', $2, line.category = ''),
               ('content', $2, line.content_quantity IS NULL),
               ('price', $2, line.price IS NULL),
               ('vat', $2, line.vat IS NULL),
               ('name_nl', $4, line.name_nl = '' AND line.description_nl || line.ingredients_nl <> ''
                               AND line.name_en || line.name_ko <> ''),
               ('name_en', $4, line.name_en = '' AND line.description_en || line.ingredients_en <> ''
                               AND line.name_nl || line.name_ko <> ''),
               ('name_ko', $4, line.name_ko = '' AND line.description_ko || line.ingredients_ko <> ''
                               AND line.name_nl || line.name_en <> '')
               ) AS lack ("column", sentence, it_is_so)
         WHERE line.import_id = $1
           AND lack.it_is_so
         ORDER BY line.row
         LIMIT $5
        """,
        import_id, new, name, words, MOST_COMPLAINTS, timeout=PATIENCE_S,
    ))  # fmt: skip


async def pictures_not_there(db: Connection, import_id: UUID, sentence: str) -> int:
    return affected(await db.execute(
        """
        INSERT INTO catalog.complaints (import_id, row, "column", sentence, "values", level)
        SELECT $1, line.row, 'picture', $2, '{}', 'error'
          FROM catalog.staged AS line
          LEFT JOIN files.files AS file ON file.sha256 = line.picture
         WHERE line.import_id = $1
           AND line.picture <> ''
           AND file.sha256 IS NULL
         ORDER BY line.row
         LIMIT $3
        """,
        import_id, sentence, MOST_COMPLAINTS, timeout=PATIENCE_S,
    ))  # fmt: skip


async def categories_with_two_names(db: Connection, import_id: UUID, sentence: str) -> int:
    return affected(await db.execute(
        """
        INSERT INTO catalog.complaints (import_id, row, "column", sentence, "values", level)
        SELECT $1, max(line.row), 'category_' || named.language, $2,
               jsonb_build_object('category', line.category, 'one', min(named.name),
                                  'other', max(named.name)), 'error'
          FROM catalog.staged AS line
         CROSS JOIN LATERAL (VALUES ('nl', line.category_nl), ('en', line.category_en),
                                    ('ko', line.category_ko)) AS named (language, name)
         WHERE line.import_id = $1
           AND named.name <> ''
         GROUP BY line.category, named.language
        HAVING min(named.name) <> max(named.name)
         LIMIT $3
        """,
        import_id, sentence, MOST_COMPLAINTS, timeout=PATIENCE_S,
    ))  # fmt: skip


async def forget(db: Connection, import_id: UUID) -> None:
    await db.execute(
        "DELETE FROM catalog.staged WHERE import_id = $1", import_id, timeout=PATIENCE_S
    )


async def forget_old(db: Connection) -> None:
    """What was checked and never imported; after a day somebody would upload it again."""
    await db.execute(
        """
        WITH old AS (
            DELETE FROM catalog.imports
             WHERE state <> 'imported'
               AND created_at < now() - interval '1 day'
            RETURNING id
        ), staged AS (
            DELETE FROM catalog.staged USING old WHERE staged.import_id = old.id
        )
        DELETE FROM catalog.complaints USING old WHERE complaints.import_id = old.id
        """,
        timeout=PATIENCE_S,
    )


def affected(status: str) -> int:
    """PostgreSQL answers `INSERT 0 17`."""
    return int(status.rsplit(" ", 1)[1])
