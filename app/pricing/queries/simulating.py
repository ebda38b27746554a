from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from app.db import Connection, Pool


async def past_orders(db: Connection | Pool, since: datetime, limit: int) -> list[asyncpg.Record]:
    """What was sold since then and is not off, the newest first: receipts as they were."""
    return await db.fetch(
        """
        SELECT sold.id, sold.number, sold.placed_at, sold.currency, sold.receipt
          FROM orders.orders AS sold
         WHERE sold.placed_at >= $1 AND sold.state <> 'cancelled'
         ORDER BY sold.placed_at DESC
         LIMIT $2
        """,
        since, limit,
    )  # fmt: skip


async def about_products(
    db: Connection | Pool, product_ids: Sequence[UUID]
) -> list[asyncpg.Record]:
    """What conditions ask of products, and their names for whoever looks at a preview."""
    return await db.fetch(
        """
        SELECT product.id, product.gtin, product.brand, product.category, product.price,
               product.currency, product.vat, product.deposit, product.age_limit, product.on_sale
          FROM catalog.products AS product
         WHERE product.id = ANY ($1::uuid[])
         ORDER BY product.price DESC, product.gtin
        """,
        list(product_ids),
    )


async def products_for(
    db: Connection | Pool,
    product_ids: Sequence[UUID],
    brands: Sequence[str],
    categories: Sequence[str],
    limit: int,
) -> list[asyncpg.Record]:
    """Some products a promotion is for, the most popular first; empty lists say nothing."""
    return await db.fetch(
        """
        SELECT product.id, product.gtin, product.brand, product.category, product.price,
               product.currency, product.vat, product.deposit, product.age_limit, product.on_sale
          FROM catalog.products AS product
         WHERE product.on_sale
           AND ($1::uuid[] = '{}' OR product.id = ANY ($1))
           AND ($2::text[] = '{}' OR product.brand = ANY ($2))
           AND ($3::text[] = '{}' OR product.category = ANY ($3))
         ORDER BY product.popularity DESC, product.gtin
         LIMIT $4
        """,
        list(product_ids), list(brands), list(categories), limit,
    )  # fmt: skip
