"""The basket as its shopper sees it: lines with names, pictures and what one costs now."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

import asyncpg
import msgspec

from app import catalog, pricing
from app.cart import queries, rules
from app.cart.models import NO_EDITION, Cart, Line, LineKey, Measured
from app.cart.queries import joining
from app.catalog.models import Product
from app.db import Connection
from app.money import Money
from app.pricing.models import Receipt


async def read(
    db: Connection, cart_id: UUID, language: str, *, place_id: UUID | None = None
) -> Cart | None:
    """None when there is no such cart. Prices are those of now, in this place where one is known, for
    whoever owns the cart; checkout freezes them."""
    rows = await queries.lines(db, cart_id)
    if not rows:
        return None
    ids = [row["product_id"] for row in rows if row["product_id"] is not None]
    products = await catalog.products(db, ids, language) if ids else {}
    first = rows[0]
    aside = await joining.saved(db, cart_id)
    more = [row["product_id"] for row in aside if row["product_id"] not in products]
    products |= await catalog.products(db, more, language) if more else {}
    now = datetime.now(UTC)
    bought_from = [(row["product_id"], row["added_from"]) for row in rows if row["product_id"]]
    listed = await pricing.listed(
        db, bought_from, first["currency"], now, place_id=place_id, cart_id=cart_id
    )
    return Cart(
        id=cart_id,
        version=first["version"],
        state=first["state"],
        count=first["items"],
        currency=first["currency"],
        lines=[
            _line(
                row,
                products.get(row["product_id"]),
                listed.get((row["product_id"], row["added_from"])),
                first["currency"],
            )
            for row in rows
            if row["product_id"]
        ],
        coupons=first["coupons"],
        note=first["note"],
        saved=[
            _line(row, products.get(row["product_id"]), None, first["currency"]) for row in aside
        ],
        age_limit=max((products[id].age_limit or 0 for id in ids if id in products), default=0)
        or None,
    )


async def receipt(
    db: Connection,
    basket: Cart,
    at: datetime,
    *,
    setting: pricing.Setting | None = None,
    coupons: Sequence[pricing.Coupon] = (),
    customer: bytes | None = None,
    orders: int = 0,
    offers: bool = True,
    free_from: Money | None = None,
) -> Receipt:
    """What it costs at that time. What is not for sale any more costs nothing. `customer`: the key
    of who buys it, where that is known, and how many `orders` they placed before. `offers` False
    leaves out what is on offer. Goods of `free_from` or more, after advantages, are brought for
    nothing; what is collected or taken along does not count for that."""
    sold = [(line, line.product) for line in basket.lines if line.for_sale and line.product]
    ids = [line.product_id for line, _ in sold]
    running = await pricing.promotions_running(db, at, ids) if offers else []
    labels = [line.label for line, _ in sold if line.label]
    somewhere = any(promotion.where.walls for promotion in running)
    walls = await pricing.walls_of_labels(db, labels) if somewhere and labels else {}
    setting = setting or pricing.Setting(currency=basket.currency)
    if any(pricing.by_the_clock(promotion) for promotion in running):
        zone = await pricing.time_zone(db, setting.place_id)
        setting = msgspec.structs.replace(setting, time_zone=zone or setting.time_zone)
    known = any(pricing.asks_who(promotion) for promotion in running)
    groups = await queries.groups_of_owner(db, basket.id) if known else frozenset()
    price = partial(
        pricing.price,
        [_priced(line, product, walls.get(line.label or "", "")) for line, product in sold],
        running,
        coupons,
        await pricing.customer(db, customer, running, groups=groups, orders=orders),
        at=at,
    )
    found = price(setting=setting)
    reached = free_from is not None and worth_brought(sold, found) >= free_from
    if not setting.delivery_fee or not reached:
        return found
    return _brought_free(price(setting=msgspec.structs.replace(setting, delivery_fee=0)))


def worth_brought(sold: Sequence[tuple[Line, Product]], receipt: Receipt) -> Money:
    """What is paid for the goods that are brought home, after advantages."""
    return sum(
        share.paid
        for (line, _), share in zip(sold, receipt.lines, strict=True)
        if line.handover == "delivery"
    )


def _brought_free(receipt: Receipt) -> Receipt:
    """Nothing is missing any more for a delivery that is free already."""
    wished = [hint for hint in receipt.hints if not hint.delivery]
    return msgspec.structs.replace(receipt, hints=wished)


def key_of(line: Line) -> str:
    """How a line is called on its receipt."""
    return f"{line.product_id}/{line.handover}/{line.edition_id}"


def line_key(line: Line) -> LineKey:
    """How commands name a line."""
    return LineKey(line.product_id, line.handover, line.edition_id)


def wanted(lines: Sequence[Line]) -> dict[UUID, int]:
    """Product → pieces that have to be sent or kept ready; what is taken along lies in a hand."""
    pieces: dict[UUID, int] = {}
    for line in lines:
        if line.handover != "carry-out":
            pieces[line.product_id] = pieces.get(line.product_id, 0) + line.quantity
    return pieces


def to_collect(lines: Sequence[Line]) -> dict[UUID, int]:
    """Product → pieces that are collected; while nothing is yet, what could be."""
    collected = [line for line in lines if line.handover == "collect"]
    return wanted(collected or lines)


def _priced(line: Line, product: Product, wall: str) -> pricing.Line:
    return pricing.Line(
        key=key_of(line),
        product_id=line.product_id,
        quantity=line.quantity,
        unit_price=line.price,
        vat=product.vat,
        deposit=product.deposit,
        handover=line.handover,
        printed=line.honoured_until is not None,
        brand=product.brand,
        category=product.category,
        wall=wall,
        channel=line.added_from,
        most_percent=pricing.most_percent(product.category, product.age_limit),
    )


async def of_token(db: Connection, sha256: bytes | None) -> UUID | None:
    """The cart this token opens (`cart.of_request` gives its hash)."""
    if sha256 is None:
        return None
    return (await queries.of_tokens(db, [sha256])).get(sha256)


def nothing(currency: str) -> Cart:
    """The basket of somebody who has none yet."""
    return Cart(id=NO_EDITION, version=0, state="open", count=0, currency=currency, lines=[])


def _line(
    row: asyncpg.Record, product: Product | None, listed: Money | None, currency: str
) -> Line:
    """A product that has left the catalogue still has its line, so that the shopper hears of it; so
    has one that has no price in the money of this basket."""
    current = product.price if product else row["printed_price"] or 0
    current = current if listed is None or product is None else listed
    printed, until = row["printed_price"], row["honoured_until"]
    return Line(
        product_id=row["product_id"],
        handover=row["handover"],
        edition_id=row["edition_id"],
        quantity=row["quantity"],
        price=_price(row, product, current, rules.price_now(current, printed, until)),
        measured_g=row["measured_g"],
        note=row["line_note"],
        current_price=current,
        printed_price=printed,
        honoured_until=until,
        added_from=row["added_from"],
        label=row["label"],
        version=row["line_version"],
        for_sale=product is not None
        and product.on_sale
        and (listed is not None or product.currency == currency),
        price_rose=rules.price_rose(current, printed, until),
        product=product,
    )


def _price(row: asyncpg.Record, product: Product | None, current: Money, otherwise: Money) -> Money:
    """A pack with a sticker of its own costs what that says, by weight at the price of now."""
    if row["measured_price"] is not None:
        return int(row["measured_price"])
    if row["measured_g"] is None or product is None:
        return otherwise
    per_g = product.content_quantity if product.content_unit == "g" else None
    sticker = Measured("g", row["measured_g"])
    return rules.measured_price(sticker, current, per_g) or otherwise
