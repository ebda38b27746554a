"""Which times can be offered for a basket at a postcode: those of the place that can send it all,
else those of the places that can do it together, or will once what is missing came in."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from app import cart, checkout, slots, sourcing, stock
from app.cart.models import Cart, Line
from app.checkout.rules import need_of
from app.db import Connection
from app.languages import Language
from app.slots.models import Offer

DAYS_AHEAD = 14


class Lack(msgspec.Struct, frozen=True):
    product_id: UUID
    name: str
    wanted: int
    available: int


class Day(msgspec.Struct, frozen=True):
    at: datetime
    offers: list[Offer]


class Delivery(msgspec.Struct, frozen=True):
    """`promise` is the nearest cut-off in words; empty `days` means that nobody comes there these
    days, `outside` that nobody ever does. `leaves` says whether this cart is shown when a van is
    near anyway."""

    postcode: str
    days: list[Day]
    missing: list[Lack]
    promise: str
    outside: bool = False
    places: int = 1
    """So many send a part of it, each with a van of its own, in the same window."""
    leaves: bool = False


async def delivery_for(
    db: Connection, cart_id: UUID, postcode: str, language: Language
) -> Delivery:
    """Raises Unprocessable when it is no postcode."""
    text = slots.read_postcode(postcode).text
    now = datetime.now(UTC)
    serving = [one.place_id for one in await slots.places_for(db, postcode)]
    if not serving:
        return Delivery(text, [], [], "", outside=True)
    basket = await cart.read(db, cart_id, language)
    lines = _brought(basket)
    names, wanted = _wanted(lines)
    products = [line.product for line in lines if line.product]
    asked = await sourcing.ask(
        db,
        wanted,
        serving,
        point=await slots.locate(db, postcode),
        loads=await slots.loads(db, serving),
        cold=[one.id for one in products if one.storage != "ambient"],
        age_limited=[one.id for one in products if one.age_limit is not None],
    )
    able, _ = await sourcing.able(db, asked)
    need = need_of(products, wanted, None)
    if able:
        offers = await _while_open(
            db, await slots.offered(db, postcode, now, place_ids=able, need=need)
        )
        return Delivery(
            text,
            days_of(offers),
            [],
            _promise(offers, now, language),
            leaves=slots.arm(cart_id) == "leaf",
        )
    choice = await sourcing.choice_for(db, asked)
    if choice.possible:
        needs = {part.place_id: need_of(products, part.lines, None) for part in choice.parts}
        if offers := await _while_open(db, await checkout.times(db, postcode, now, needs)):
            promise = _promise(offers, now, language)
            return Delivery(text, days_of(offers), [], promise, places=len(needs))
    offers = await _after_it_came_in(db, asked, postcode, now, need)
    if choice.missing and not offers:
        lacks = [
            Lack(one.product_id, names[one.product_id], one.wanted, one.available)
            for one in choice.missing
        ]
        return Delivery(text, [], lacks, "")
    return Delivery(text, days_of(offers), [], _promise(offers, now, language))


async def _while_open(db: Connection, offers: list[Offer]) -> list[Offer]:
    """Goods leave a place only while the rules say that it is open."""
    _, weights = await sourcing.weights(db)
    return [
        one
        for one in offers
        if sourcing.is_open(weights, one.place_id, one.starts_at.astimezone(_zone(one)).time())
    ]


async def _after_it_came_in(
    db: Connection, asked: sourcing.Asked, postcode: str, now: datetime, need: slots.Need
) -> list[Offer]:
    """Nobody has it all now: times of places where what is missing comes in before, and can be
    ordered already."""
    there = {source.place_id: source.stock for source in asked.sources}
    coming = await stock.coming.to_order(db, list(asked.wanted), list(there), now)
    first_days = stock.coming.first_days(asked.wanted, there, coming)
    if not first_days:
        return []
    soonest_first = sorted(first_days, key=first_days.__getitem__)
    offers = await slots.offered(
        db, postcode, now, days=DAYS_AHEAD, place_ids=soonest_first, need=need
    )
    return [one for one in offers if _date(one) >= first_days[one.place_id]]


def _brought(basket: Cart | None) -> list[Line]:
    """What a van brings; where nothing is brought yet, what could be."""
    lines = [line for line in basket.lines if line.handover != "carry-out"] if basket else []
    return [line for line in lines if line.handover == "delivery"] or lines


def _wanted(lines: Sequence[Line]) -> tuple[dict[UUID, str], dict[UUID, int]]:
    names: dict[UUID, str] = {}
    wanted: dict[UUID, int] = {}
    for line in lines:
        names[line.product_id] = line.product.name if line.product else ""
        wanted[line.product_id] = wanted.get(line.product_id, 0) + line.quantity
    return names, wanted


def days_of(offers: Sequence[Offer]) -> list[Day]:
    days = groupby(offers, key=_date)
    return [Day(found[0].starts_at, found) for _, day in days if (found := list(day))]


def _promise(offers: Sequence[Offer], now: datetime, language: Language) -> str:
    """The cut-off in words, of the soonest time that still has room."""
    soonest = next((offer for offer in offers if offer.fullness != "full"), None)
    return slots.promise(soonest, now, language) if soonest else ""


def _date(offer: Offer) -> date:
    return offer.starts_at.astimezone(_zone(offer)).date()


def _zone(offer: Offer) -> ZoneInfo:
    return ZoneInfo(offer.time_zone)
