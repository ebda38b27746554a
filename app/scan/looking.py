"""What a code means today. Looking changes nothing."""

import asyncpg

from app import catalog
from app.cart import rules as prices
from app.catalog.models import Product
from app.db import Connection
from app.scan import queries, rules
from app.scan.models import Code, Seen


async def look(db: Connection, code: Code, language: str) -> Seen:
    """The label decides what is sold; without one, the number."""
    row = await queries.look_up(db, code.label, code.gtin)
    sold = row["product_id"] or row["printed_product_id"]
    ids = {id for id in (sold, row["printed_product_id"]) if id is not None}
    products = await catalog.products(db, sorted(ids), language) if ids else {}
    product = products.get(sold)
    if product is None or (code.label and row["token"] is None):
        return Seen(code=code, state="unknown", product=product)
    return _on_the_label(row, code, product, products.get(row["printed_product_id"]))


async def look_for_meant(db: Connection, digits: str, language: str) -> list[Product]:
    """Products whose number is one slip away from a mistyped one; the likeliest few."""
    ids = await catalog.ids_by_codes(db, rules.meant(digits))
    return list((await catalog.products(db, sorted(set(ids.values()))[:3], language)).values())


def _on_the_label(
    row: asyncpg.Record, code: Code, product: Product, printed: Product | None
) -> Seen:
    same_money = row["currency"] == product.currency
    printed_price = row["printed_price"] if same_money else None
    until = row["honoured_until"] if same_money else None
    return Seen(
        code=Code(row["token"] or "", row["gtin"] or code.gtin),
        state=row["state"] or "live",
        product=product,
        printed_product=printed if printed is not None and printed.id != product.id else None,
        price=prices.price_now(product.price, printed_price, until),
        printed_price=printed_price,
        honoured_until=until,
        price_rose=prices.price_rose(product.price, printed_price, until),
        wall_code=row["wall_code"],
        wall_name=row["wall_name"] or "",
        place_hint=row["place_hint"] or "",
        edition_id=row["edition_id"],
        opens_at=row["opens_at"],
        time_zone=row["time_zone"],
    )
