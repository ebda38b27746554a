"""How the desk of the contact centre and the page of a call are drawn."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response

from app import (
    cart,
    cases,
    checkout,
    collecting,
    contact,
    fulfilment,
    loyalty,
    orders,
    payments,
    search,
    slots,
    staff,
)
from app.cart.models import Cart
from app.collecting.models import Point
from app.contact.models import Call, Match
from app.db import Connection, begin
from app.errors import Conflict, NotFound, ShopError, Unprocessable
from app.http.limits import slow_down
from app.http.problems import language_of
from app.orders.models import Order
from app.pages.checkout import changing
from app.pages.checkout import collecting as at_desk
from app.pages.checkout.delivery import delivery_for
from app.pages.contact.words import in_words
from app.pages.naming import in_my_language, order_in_my_language
from app.pages.rendering import render

AnyRequest = Request[staff.Person, Any, Any]


async def show_desk(
    request: AnyRequest,
    db: Connection,
    *,
    found: list[Match] | None = None,
    asked: dict[str, str] | None = None,
    reason: str = "",
    basket: dict[str, str] | None = None,
    refusal: ShopError | None = None,
) -> Response[Any]:
    """`basket` is what was typed to begin one."""
    by = next((kind for kind, text in (asked or {}).items() if _leads(kind, text)), "")
    return render(
        request,
        "contact/desk.html",
        status=refusal.status if refusal else 200,
        found=found,
        found_by=by if by != "name" else "",
        asked=asked or {},
        reason=reason,
        basket=basket or {},
        refusal=refusal,
        calls=await contact.calls_of(db, request.user.id),
    )


def _leads(kind: str, text: str) -> bool:
    """Whether `contact.find` goes by it: half a phone number does not count as one."""
    if kind == "phone":
        return sum(letter in "0123456789" for letter in text) >= 9
    return bool(text.strip())


async def show_call(
    request: AnyRequest,
    id: UUID,
    written: dict[str, str],
    slot_text: str,
    *,
    wrong: dict[str, str] | None = None,
    refusal: ShopError | None = None,
    wish: changing.Seen | None = None,
    reason: str = "",
    gifts: Sequence[str] = (),
    given_points: dict[str, str] | None = None,
) -> Response[Any]:
    """What is personal is shown as long as a verified caller is on the line."""
    language = language_of(request)
    async with begin(request.app.state.pool) as db:
        found = await contact.read(db, request.user, id)
        known = found.verified_at is not None and found.ended_at is None
        sold = await orders.read(db, found.order_id) if found.order_id else None
        happened = await _timeline(db, found, language) if known else []
        offers = await fulfilment.substituting.of_order(db, sold.id) if sold and known else []
        return render(
            request,
            "contact/call.html",
            status=refusal.status if refusal else 422 if wrong else 200,
            call=found,
            order=await order_in_my_language(request, db, sold) if sold else None,
            happened=[(one, in_words(one.kind, language)) for one in happened],
            said=await orders.line_notes(db, sold.id) if sold and known else {},
            cases=await cases.of_order(db, sold.id) if sold and known else [],
            offers=await in_my_language(request, db, offers),
            ways=await fulfilment.delivery.door.ways(db, sold) if sold and known else None,
            refusal=refusal,
            written=written,
            wrong=wrong or {},
            points=await _points(request, db, sold) if sold and known else None,
            given_points=given_points or {},
            change=await _change(db, sold, wish) if known and sold else None,
            change_reason=reason or found.reason,
            **(await at_desk.shown(request, db, sold) if sold and known else {"both": False}),
            **await _basket(request, db, found, written, slot_text, gifts),
        )


async def _timeline(db: Connection, call: Call, language: str) -> list[contact.Happening]:
    return await contact.timeline(db, call.order_id, call.cart_id, language)


async def _points(request: AnyRequest, db: Connection, sold: Order) -> loyalty.Account | None:
    """What who ordered it has, where this shop gives points."""
    theirs = await loyalty.of_order(db, sold.id)
    if theirs is None or not (request.app.state.settings.points or theirs[1].entries):
        return None
    return theirs[1]


async def _change(db: Connection, sold: Order, wish: changing.Seen | None) -> dict[str, Any] | None:
    """The form to change the order, while nobody picks it; `waits` for one that is to be paid."""
    if sold.state != "confirmed":
        return None
    waits = await checkout.changing.waiting(db, sold.id)
    shown = await changing.shown(db, sold, wish or await changing.seen(db, sold, {}))
    return shown | {"waits": waits, "open": wish is not None}


async def _basket(
    request: AnyRequest,
    db: Connection,
    call: Call,
    written: dict[str, str],
    slot_text: str,
    gifts: Sequence[str],
) -> dict[str, Any]:
    language = language_of(request)
    shown: dict[str, Any] = dict.fromkeys(
        (
            "basket",
            "priced",
            "delivery",
            "slot",
            "quote",
            "bad_postcode",
            "cards",
            "desks",
            "collects",
            "point",
            "named",
        )
    )
    if call.cart_id is None or call.ended_at is not None:
        return shown
    if not await contact.is_shown(db, call):
        return shown
    shown["basket"] = await cart.read(db, call.cart_id, language)
    if words := written.get("q", "").replace("\0", "").strip():
        shown["named"] = await search.find(db, words, language, limit=8)
    try:
        slot = await slots.find(db, UUID(slot_text)) if slot_text else None
    except ValueError as error:
        raise NotFound("There is nothing here.") from error
    shown["desks"] = await _desks(db, shown["basket"])
    if at_desk.ways_of(shown["basket"]) == {"collect"}:
        shown["collects"], slot = True, None
        place = written.get("at_desk", "").partition(" ")[0]
        shown["point"] = next((one for one in shown["desks"] if str(one.place_id) == place), None)
    source = slot or shown["point"]
    try:
        shown["quote"] = await checkout.quote(
            db,
            call.cart_id,
            language,
            delivery=slot.fee if slot else 0,
            free_from=slot.free_from if slot else None,
            place_id=source.place_id if source else None,
        )
        shown["priced"] = shown["quote"].receipt
    except Conflict:
        return shown
    shown["slot"] = slot
    quote = shown["quote"]
    shown["cards"] = await checkout.see_cards(db, quote.receipt.total, quote.currency, gifts)
    if any(one.worth == "unknown" for one in shown["cards"].seen):
        await slow_down(request, "gift cards", payments.giftcards.GUESSES)
    if written.get("postcode") and slot is None:
        try:
            shown["delivery"] = await delivery_for(db, call.cart_id, written["postcode"], language)
        except Unprocessable:
            shown["bad_postcode"] = True
    return shown


async def _desks(db: Connection, basket: Cart) -> list[Point]:
    """Where the lines can be collected that are not brought, if there are any."""
    if all(line.handover != "collect" for line in basket.lines):
        return []
    points = await collecting.points(db, cart.to_collect(basket.lines), datetime.now(UTC))
    return [point for point in points if not point.missing]
