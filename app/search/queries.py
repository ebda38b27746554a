from collections.abc import Sequence
from uuid import UUID

from app.db import Connection, Pool


async def with_words(
    db: Connection | Pool, patterns: Sequence[str], beginning: str, category: str | None,
    limit: int, offset: int,
) -> tuple[list[UUID], int]:  # fmt: skip
    """Products on sale that have all of it, best first, and how many there are in all."""
    rows = await db.fetch(
        """
        SELECT product.id, count(*) OVER () AS total
          FROM search.documents AS document
          JOIN catalog.products AS product ON product.id = document.product_id
         WHERE document.words LIKE $1
           AND document.words LIKE $2
           AND document.words LIKE $3
           AND document.words LIKE $4
           AND ($6::text IS NULL OR product.category = $6)
           AND product.on_sale
         ORDER BY document.names LIKE $5 DESC, product.popularity DESC, product.gtin
         LIMIT $7 OFFSET $8
        """,
        *patterns, beginning, category, limit, offset,
    )  # fmt: skip
    return [row["id"] for row in rows], rows[0]["total"] if rows else 0


async def close_to(db: Connection, words: str, limit: int) -> list[UUID]:
    """For a slip of the finger: names that look alike. Lasts for this transaction only, the index
    asks how alike is alike."""
    await db.fetchval("SELECT set_config('pg_trgm.word_similarity_threshold', '0.45', true)")
    rows = await db.fetch(
        """
        SELECT product.id
          FROM search.documents AS document
          JOIN catalog.products AS product ON product.id = document.product_id
         WHERE $1 <% document.names
           AND product.on_sale
         ORDER BY word_similarity($1, document.names) DESC, product.popularity DESC, product.gtin
         LIMIT $2
        """,
        words, limit,
    )  # fmt: skip
    return [row["id"] for row in rows]


async def best_of_each_category(db: Connection | Pool) -> dict[str, UUID]:
    """What sells best in each, to show it by."""
    rows = await db.fetch(
        """
        SELECT DISTINCT ON (product.category) product.category, product.id
          FROM catalog.products AS product
         WHERE product.on_sale
         ORDER BY product.category, product.popularity DESC, product.gtin
        """
    )
    return {row["category"]: row["id"] for row in rows}


async def forget_renamed(db: Connection) -> None:
    """Documents of products whose category has other names by now are stale."""
    await db.execute(
        """
        WITH renamed AS (
             INSERT INTO search.categories AS known (category, names)
             SELECT category, string_agg(name, ' ' ORDER BY language)
               FROM catalog.categories
              GROUP BY category
                 ON CONFLICT (category) DO UPDATE
                SET names = excluded.names
              WHERE known.names <> excluded.names
             RETURNING category)
        UPDATE search.documents AS document
           SET version = 0
          FROM renamed
          JOIN catalog.products AS product ON product.category = renamed.category
         WHERE document.product_id = product.id
        """
    )


async def write_stale(db: Connection, limit: int) -> int:
    """Documents of products that are new or have changed since; returns how many."""
    done = await db.execute(
        """
        INSERT INTO search.documents (product_id, version, names, words)
        SELECT stale.id, stale.version, search.folded(said.names),
               search.folded(concat_ws(' ', said.names, stale.brand, stale.category,
                                       kind.names, code.numbers))
          FROM (SELECT product.id, product.version, product.brand, product.category
                  FROM catalog.products AS product
                  LEFT JOIN search.documents AS document ON document.product_id = product.id
                 WHERE document.version IS DISTINCT FROM product.version
                 ORDER BY product.id
                 LIMIT $1) AS stale
         CROSS JOIN LATERAL (SELECT coalesce(string_agg(' ' || text.name, ' '), '') AS names
                               FROM catalog.texts AS text
                              WHERE text.product_id = stale.id) AS said
         CROSS JOIN LATERAL (SELECT string_agg(category.name, ' ') AS names
                               FROM catalog.categories AS category
                              WHERE category.category = stale.category) AS kind
         CROSS JOIN LATERAL (SELECT string_agg(code.gtin, ' ') AS numbers
                               FROM catalog.codes AS code
                              WHERE code.product_id = stale.id) AS code
            ON CONFLICT (product_id) DO UPDATE
           SET version = excluded.version, names = excluded.names, words = excluded.words
        """,
        limit,
    )
    return int(done.rpartition(" ")[2])
