"""What the shopper's templates need to know."""

from collections.abc import Collection
from datetime import UTC, date, datetime
from typing import Any, get_args
from uuid import UUID

import msgspec
from babel.dates import format_date

from app import cart, catalog, customers, pricing, slots, stock
from app.cart.models import Cart, Handover, Refusal
from app.catalog.models import Product
from app.db import Connection
from app.http.problems import AnyRequest, language_of
from app.languages import Language, translate
from app.money import LOCALES, Money
from app.pages.shopper import area
from app.pricing.models import Receipt
from app.scan.models import Code, Seen

REFUSALS: tuple[Refusal, ...] = get_args(Refusal)


class Bar(msgspec.Struct):
    """The basket at the foot of every page. `asks` where it shall come; `told` is what became of
    the answer: wrong, comes, outside."""

    version: int
    count: int
    total: Money
    asks: bool = False
    told: str = ""


class Gone(msgspec.Struct):
    """What was just taken out, to be put back."""

    product_id: UUID
    name: str
    quantity: int
    label: str
    handover: Handover = "delivery"
    grams: int | None = None


class Coming(msgspec.Struct):
    """Where the basket shall come, and until when to order for the soonest time with room."""

    postcode: str
    comes: bool
    promise: str = ""


async def product(
    request: AnyRequest, db: Connection, seen: Seen, shown: Product
) -> dict[str, Any]:
    language = language_of(request)
    available = (await stock.available(db, [shown.id]))[shown.id]
    today = datetime.now(request.app.state.settings.zone).date()
    due = (await stock.coming.due(db, [shown.id], today)).get(shown.id) if available <= 0 else None
    promotions = await pricing.promotions_running(db, datetime.now(UTC), [shown.id])
    return {
        "seen": seen,
        "unit_price": catalog.unit_price(shown, seen.price),
        "content": content(shown),
        "supply": stock.supply(available),
        "supply_words": translate(language, stock.in_words(available), count=available),
        "coming": _day(due.due_on, language) if due else "",
        "brought_from": _day(due.brought_from, language) if due and due.brought_from else "",
        "offers": [
            one.name.get(language) or one.name.get("en", "")
            for one in promotions
            if pricing.for_everybody(one) and shown.id in one.product_ids
        ],
        "added": "added" in request.query_params,
        "told": "told" in request.query_params,
        "problem": problem(request),
        "home": await _home(request, db, shown.id) if shown.on_sale and available > 0 else None,
        "bar": await bar(request, db),
    }


async def _home(request: AnyRequest, db: Connection, product_id: UUID) -> Coming | None:
    """How soon this is at a door whose postcode is known: from a place that has it, at a time with
    room. Nothing for who has not said where, and where nothing can be promised."""
    postcode = area.area_of(request)
    if not postcode:
        return None
    serving = [one.place_id for one in await slots.places_for(db, postcode)]
    if not serving:
        return Coming(postcode, comes=False)
    having = [id for id in serving if (await stock.available(db, [product_id], [id]))[product_id]]
    promise = await _soonest(request, db, postcode, having) if having else ""
    return Coming(postcode, comes=True, promise=promise) if promise else None


async def _soonest(
    request: AnyRequest, db: Connection, postcode: str, place_ids: list[UUID] | None = None
) -> str:
    now = datetime.now(UTC)
    offers = await slots.offered(db, postcode, now, place_ids=place_ids)
    soonest = next((offer for offer in offers if offer.fullness != "full"), None)
    return slots.promise(soonest, now, language_of(request)) if soonest else ""


class OnWall(msgspec.Struct):
    """What the list of a wall says of a product there is little or nothing of."""

    supply: stock.Supply
    words: str
    coming: str = ""
    brought_from: str = ""


async def scarce(
    request: AnyRequest, db: Connection, product_ids: Collection[UUID]
) -> dict[UUID, OnWall]:
    """Of these, what is not there in plenty."""
    language = language_of(request)
    available = await stock.available(db, sorted(product_ids)) if product_ids else {}
    few = {id: left for id, left in available.items() if stock.supply(left) != "plenty"}
    today = datetime.now(request.app.state.settings.zone).date()
    gone = [id for id, left in few.items() if left <= 0]
    due = await stock.coming.due(db, gone, today) if gone else {}
    found = {}
    for id, left in few.items():
        one = OnWall(stock.supply(left), translate(language, stock.in_words(left), count=left))
        if comes := due.get(id):
            one.coming = _day(comes.due_on, language)
            one.brought_from = _day(comes.brought_from, language) if comes.brought_from else ""
        found[id] = one
    return found


def _day(day: date, language: Language) -> str:
    form = "M월 d일 EEEE" if language == "ko" else "EEEE d MMMM"
    return format_date(day, form, locale=LOCALES[language])


async def basket(request: AnyRequest, db: Connection) -> dict[str, Any]:
    found = await _read(request, db)
    customer = await customers.of_request(request, db)
    key = customer and pricing.customer_key(request.app.state.settings.secret, customer.email)
    seen = await pricing.see_coupons(db, found.coupons, key or None)
    receipt = await cart.receipt(db, found, datetime.now(UTC), coupons=pricing.usable(seen))
    merge = await cart.undoable(db, found.id)
    today = datetime.now(request.app.state.settings.zone).date()
    return {
        "basket": found,
        "receipt": receipt,
        "shares": {share.key: share for share in receipt.lines},
        "keys": [cart.key_of(line) for line in found.lines],
        "supplies": await _supplies(db, found, today, language_of(request)),
        "gone": await _gone(request, db),
        "problem": problem(request),
        "customer": customer,
        "coupons": list(zip(found.coupons, seen, strict=True)),
        "worth": {one.promotion_id for one in receipt.advantages},
        "here": [line for line in found.lines if line.handover == "carry-out"],
        "coming": await _coming(request, db) if found.lines else None,
        "asks_area": bool(found.lines) and area.is_open(request),
        "told_area": _told(request),
        "merge": merge,
        "apart": request.query_params.get("apart", ""),
        "views": await cart.pairing.views_of(db, found.id) if found.version else [],
        "bar": Bar(found.version, found.count, receipt.total),
    }


class Scarce(msgspec.Struct):
    """What a line of the basket says of a product there is too little of."""

    available: int
    brought_from: str


async def _supplies(
    db: Connection, found: Cart, today: date, language: Language
) -> dict[UUID, Scarce]:
    """Of what there is not enough for this basket; nothing is held while it is only in there."""
    wanted: dict[UUID, int] = {}
    for line in found.lines:
        wanted[line.product_id] = wanted.get(line.product_id, 0) + line.quantity
    available = await stock.available(db, list(wanted))
    lacking = [id for id, quantity in wanted.items() if available[id] < quantity]
    due = await stock.coming.due(db, lacking, today) if lacking else {}
    from_days = {id: one.brought_from for id, one in due.items()}
    return {
        id: Scarce(max(available[id], 0), _day(day, language) if (day := from_days.get(id)) else "")
        for id in lacking
    }


async def priced(db: Connection, found: Cart) -> Receipt:
    seen = await pricing.see_coupons(db, found.coupons)
    return await cart.receipt(db, found, datetime.now(UTC), coupons=pricing.usable(seen))


async def bar(request: AnyRequest, db: Connection) -> Bar:
    found = await _read(request, db)
    receipt: Receipt | None = await priced(db, found) if found.lines else None
    asks = bool(found.lines) and area.is_open(request)
    told = _told(request) if found.lines else ""
    return Bar(found.version, found.count, receipt.total if receipt else 0, asks, told)


def _told(request: AnyRequest) -> str:
    told = request.query_params.get("area", "")
    return told if told in ("wrong", "comes", "outside") else ""


async def _coming(request: AnyRequest, db: Connection) -> Coming | None:
    postcode = area.area_of(request)
    if not postcode:
        return None
    if not await slots.places_for(db, postcode):
        return Coming(postcode, comes=False)
    return Coming(postcode, comes=True, promise=await _soonest(request, db, postcode))


def content(product: Product) -> str:
    """`1,5 l` is written as the pack says it: 1500 ml is 1.5 l, 1000 g is 1 kg."""
    quantity, unit = product.content_quantity, product.content_unit
    if unit == "piece":
        return f"{quantity} ×"
    if quantity >= 1000:
        return f"{quantity / 1000:g} {'kg' if unit == 'g' else 'l'}"
    return f"{quantity} {unit}"


def address_of(code: Code) -> str:
    if code.label and code.gtin:
        return f"/{code.label}/01/{code.gtin}"
    return f"/{code.label}" if code.label else f"/01/{code.gtin}"


async def _read(request: AnyRequest, db: Connection) -> Cart:
    cart_id = await cart.of_token(db, cart.of_request(request))
    found = await cart.read(db, cart_id, language_of(request)) if cart_id else None
    return found or cart.nothing(request.app.state.settings.currency)


async def _gone(request: AnyRequest, db: Connection) -> Gone | None:
    asked = request.query_params
    try:
        id, quantity = UUID(asked.get("gone", "")), int(asked.get("quantity", "")[:3])
    except ValueError:
        return None
    product = await catalog.product(db, id, language_of(request))
    if product is None:
        return None
    ways: dict[str, Handover] = {"carry-out": "carry-out", "collect": "collect"}
    way = ways.get(asked.get("handover", ""), "delivery")
    grams = asked.get("grams", "")[:5]
    weight = int(grams) if grams.isascii() and grams.isdigit() else None
    label = asked.get("label", "")[:7]
    return Gone(id, product.name, max(1, min(quantity, 99)), label, way, weight)


def problem(request: AnyRequest) -> str:
    """Why the last tap changed nothing. Only what we can say ourselves is ever shown."""
    refused = request.query_params.get("no", "")
    for known in REFUSALS:
        if known == refused:
            return translate(language_of(request), cart.in_words(known).sentence)
    return ""
