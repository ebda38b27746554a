"""Walls for somebody who does not stand before them."""

import asyncpg

from app import catalog, walls
from app.cart import rules as prices
from app.catalog.models import Product
from app.db import Connection
from app.scan import queries
from app.scan.models import Hanging, OnShelf, WallToRead


async def hanging(db: Connection, language: str) -> list[Hanging]:
    rows = await queries.hanging(db)
    ids = sorted({id for row in rows for id in row["product_ids"]})
    products = await catalog.products(db, ids, language) if ids else {}
    return [
        Hanging(
            code=row["code"],
            name=row["name"],
            place_hint=row["place_hint"],
            city=row["city"],
            codes=row["codes"],
            products=[products[id] for id in row["product_ids"] if id in products],
        )
        for row in rows
    ]


async def wall(db: Connection, code: str, language: str) -> WallToRead | None:
    """A site and what hangs there; None when there is none, or nothing hangs there any more."""
    site = await walls.hung_site(db, code.lower())
    if site is None:
        return None
    rows = await queries.labels_on(db, site.code) if site.state == "open" else []
    products = await catalog.products(db, sorted({row["product_id"] for row in rows}), language)
    return WallToRead(
        code=site.code,
        name=site.name,
        place_hint=site.place_hint,
        city=site.city,
        open=site.state == "open",
        opens_at=site.opens_at,
        time_zone=site.time_zone,
        labels=[_on_shelf(row, products[row["product_id"]]) for row in rows],
    )


def _on_shelf(row: asyncpg.Record, product: Product) -> OnShelf:
    printed = row["printed_price"] if row["currency"] == product.currency else None
    return OnShelf(
        address=f"/{row['token']}/01/{row['gtin']}",
        label=row["token"],
        panel=row["panel"],
        shelf=row["shelf"],
        place=row["place"],
        product=product,
        price=prices.price_now(product.price, printed, row["honoured_until"]),
        price_rose=prices.price_rose(product.price, printed, row["honoured_until"]),
    )
