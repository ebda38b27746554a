"""Walls for somebody who does not stand before them."""

from itertools import groupby

import asyncpg

from app import catalog
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
    """None when no such wall sells now."""
    rows = await queries.labels_on(db, code)
    if not rows:
        return None
    ids = sorted({row["product_id"] for row in rows})
    products = await catalog.products(db, ids, language)
    return WallToRead(
        name=rows[0]["name"],
        place_hint=rows[0]["place_hint"],
        city=rows[0]["city"],
        shelves=[
            [_on_shelf(row, products[row["product_id"]]) for row in shelf]
            for _, shelf in groupby(rows, key=lambda row: (row["panel"], row["shelf"]))
        ],
    )


def _on_shelf(row: asyncpg.Record, product: Product) -> OnShelf:
    printed = row["printed_price"] if row["currency"] == product.currency else None
    return OnShelf(
        address=f"/{row['token']}/01/{row['gtin']}",
        label=row["token"],
        panel=row["panel"],
        shelf=row["shelf"],
        product=product,
        price=prices.price_now(product.price, printed, row["honoured_until"]),
        price_rose=prices.price_rose(product.price, printed, row["honoured_until"]),
    )
