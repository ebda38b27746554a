"""From the basket to the front door: choose a time, order and pay, follow the order."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID, uuid5

import msgspec
from litestar import Request, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery
from litestar.response import Redirect

from app import (
    cart,
    checkout,
    commands,
    contact,
    fulfilment,
    orders,
    payments,
    pricing,
    returns,
    slots,
    tills,
)
from app.cart.models import DetachCoupon
from app.checkout.models import Quote
from app.checkout.rules import age_of
from app.collecting import desks
from app.collecting.models import Spot
from app.db import Connection, Db, begin
from app.errors import Busy, Conflict, Malformed, NotFound, ShopError, Unprocessable
from app.http.limits import slow_down
from app.http.problems import language_of
from app.orders.models import Order
from app.orders.rules import link_token, why_kept
from app.pages.checkout import arriving, changing, collecting, forms
from app.pages.checkout.delivery import delivery_for
from app.pages.checkout.leaving import leave_for, own
from app.pages.checkout.parts import parts_of
from app.pages.rendering import render
from app.pages.shopper.area import area_of
from app.slots.models import Slot

AnyRequest = Request[Any, Any, Any]
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]

BASKET = "/basket"
STEPS = ("confirmed", "packed", "on_the_way", "delivered")
"""The line of steps; an order stands at the last one it has reached."""
REACHED = {
    "placed": 0,
    "confirmed": 1,
    "in_fulfilment": 1,
    "packed": 2,
    "on_the_way": 3,
    "not_home": 3,
    "delivered": 4,
    "part_delivered": 4,
    "cancelled": 0,
}


@get("/checkout", include_in_schema=False)
async def choose_time(request: AnyRequest, db: Db, postcode: FromQuery[str] = "") -> Response[Any]:
    """Postcode first, then the times of the place that can send everything."""
    basket = await _basket(request, db)
    if basket is None:
        return Redirect(BASKET)
    waiting = await checkout.waiting_order(db, basket)
    if waiting is not None:
        return Redirect(f"/orders/{link_token(request.app.state.settings.secret, waiting)}")
    found = await cart.read(db, basket, language_of(request))
    ways = collecting.ways_of(found)
    if ways == {"collect"}:
        return Redirect("/checkout/collect")
    delivery = None
    asked = "postcode" in request.query_params
    postcode = postcode if asked else area_of(request)
    if postcode:
        with suppress(Unprocessable):
            delivery = await delivery_for(db, basket, postcode, language_of(request))
    return render(
        request,
        "checkout/delivery.html",
        postcode=postcode[:12],
        delivery=delivery,
        wrong_postcode=bool(postcode) and delivery is None,
        mixed=len(ways) > 1,
        collected=[line for line in found.lines if line.handover == "collect"] if found else [],
        can_collect=bool(await desks(db)),
    )


@get("/checkout/pay", include_in_schema=False)
async def pay_page(
    request: AnyRequest,
    db: Db,
    slot: FromQuery[str] = "",
    postcode: FromQuery[str] = "",
    collect: FromQuery[str] = "",
) -> Response[Any]:
    """Everything on one page: who, where, when, what it costs."""
    basket = await _basket(request, db)
    if basket is None:
        return Redirect(BASKET)
    found = await cart.read(db, basket, language_of(request))
    written = {"postcode": postcode[:12], "substitution": "similar"}
    written["note"] = found.note if found else ""
    return await _pay_page(request, db, basket, slot, written, place=collect)


@post("/checkout/pay", include_in_schema=False, status_code=303)
async def order_and_pay(request: AnyRequest, data: Form) -> Response[Any]:
    """Order with obligation to pay, then on to the payment page."""
    state = request.app.state
    command = _id(data.get("command", ""))
    slot, place = data.get("slot", ""), data.get("collect", "")
    try:
        wanted, written, wrong = forms.read(data)
    except msgspec.ValidationError as error:
        raise Malformed("We could not read this request.") from error
    async with begin(state.pool) as db:
        cart_id = await _basket(request, db, ordered=True)
        if cart_id is None:
            return Redirect(BASKET, status_code=303)
        show = partial(_pay_page, request, db, cart_id, slot, place=place)
        gifts = forms.gift_cards(data)
        if data.get("do") == "without":
            await _go_on_without(request, db, cart_id, command, written["email"])
            return await show(written | {"coupon": ""}, gifts)
        if data.get("do"):  # a coupon or a gift card is looked at
            return await show(written, gifts)
        if wanted is None:
            return await show(written, gifts, wrong=wrong, status=422)
    try:
        shop = checkout.Shop.at(state.pool, state.settings)
        placed = await checkout.place(shop, cart_id, command, wanted, language_of(request))
    except (Conflict, Busy, Unprocessable) as refusal:
        if isinstance(refusal, Unprocessable) and refusal.code != "unknown-gift-card":
            raise
        async with begin(state.pool) as db:
            return await _pay_page(
                request,
                db,
                cart_id,
                slot,
                written,
                forms.gift_cards(data),
                place=place,
                refusal=refusal,
                status=refusal.status,
                again=command if isinstance(refusal, Busy) else None,
            )
    return leave_for(request, placed.pay_at)


@get("/orders/{token:str}", include_in_schema=False)
async def follow(request: AnyRequest, db: Db, token: FromPath[str]) -> Response[Any]:
    """Where the order is now, in one sentence; it follows by itself."""
    return await _order_page(request, db, token)


@post(
    "/orders/{token:str}/substitutes/{substitute_id:uuid}",
    include_in_schema=False,
    status_code=303,
)
async def answer(
    request: AnyRequest, token: FromPath[str], substitute_id: FromPath[UUID], data: Form
) -> Response[Any]:
    """Yes or no to what the picker offers instead; when it is too late, what was decided."""
    word = data.get("answer")
    if word not in ("yes", "no"):
        raise Malformed("We could not read this request.")
    command, state = _id(data.get("command", "")), request.app.state
    try:
        async with begin(state.pool) as db:
            order = await orders.by_token(db, token)
            await fulfilment.substituting.answer(
                db, order.id, command, substitute_id, yes=word == "yes"
            )
    except Conflict as refusal:
        async with begin(state.pool) as db:
            return await _order_page(request, db, token, refusal)
    return Redirect(f"/orders/{token}", status_code=303)


@get("/orders/{token:str}/papers/{id:uuid}/paper.pdf", include_in_schema=False)
async def paper(request: AnyRequest, token: FromPath[str], id: FromPath[UUID]) -> Response[bytes]:
    """An invoice or a credit note, in the language the order was placed in."""
    async with begin(request.app.state.pool) as db:
        order = await orders.by_token(db, token)
        papers = {one.id: one for one in await orders.invoicing.documents_of(db, order.id)}
        if id not in papers:
            raise NotFound("There is nothing here.")
        document = papers[id]
        tenders = (
            await payments.tenders(
                db, order.id, [one.id for one in papers.values() if one.kind == "credit"]
            )
            if document.kind == "invoice"
            else []
        )
    credits = papers[document.credits].name if document.credits else ""
    pdf = await asyncio.to_thread(orders.invoicing.as_pdf, document, order, credits, tenders)
    return Response(
        pdf,
        media_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{document.name}.pdf"',
            "Cache-Control": "private, no-store",
        },
    )


@post("/orders/{token:str}/ask", include_in_schema=False, status_code=303)
async def ask(request: AnyRequest, token: FromPath[str]) -> Redirect:
    """Has the payment come in? Asks the provider now."""
    state = request.app.state
    async with begin(state.pool) as db:
        order = await orders.by_token(db, token)
    await checkout.ask(checkout.Shop.at(state.pool, state.settings), order.id)
    return Redirect(f"/orders/{token}", status_code=303)


@post("/orders/{token:str}/cancel", include_in_schema=False, status_code=303)
async def cancel(db: Db, token: FromPath[str], data: Form) -> Redirect:
    """Call it off, while nobody picks it."""
    order: Order = await orders.by_token(db, token)

    async def act() -> dict[str, str]:
        await checkout.call_off(db, order.id)
        return {"cancelled": str(order.id)}

    await commands.once(db, order.id, _id(data.get("command", "")), {"do": "cancel"}, act)
    return Redirect(f"/orders/{token}", status_code=303)


async def _order_page(
    request: AnyRequest, db: Connection, token: str, too_late: ShopError | None = None
) -> Response[Any]:
    order = await orders.by_token(db, token)
    intent = await payments.open_intent_of_order(db, order.id)
    desk = await collecting.shown(request, db, order)
    return render(
        request,
        "checkout/order.html",
        status=too_late.status if too_late else 200,
        token=token,
        order=order,
        reached=3 if desk["code"] else REACHED[order.state],
        steps=STEPS,
        happened={one.kind: one.at for one in await orders.timeline(db, order.id)},
        pay_at=own(request, intent.address) if intent and intent.address else None,
        comes_back_from=await returns.exchange_of(db, order.id),
        why_kept=why_kept(order),
        change_waits=await checkout.changing.waiting(db, order.id),
        kept_until=intent.expires_at if intent else None,
        lines=order.lines,
        parts=await parts_of(db, order),
        said=await orders.line_notes(db, order.id),
        tenders=await payments.tenders(db, order.id),
        looked=await contact.who_looked(db, order.id),
        papers=await orders.invoicing.documents_of(db, order.id),
        sold_at_till=await tills.by_order(db, order.id) is not None,
        came=await returns.came(db, order.id),
        asked=await returns.requests(db, order.id),
        can_come_back=any(line.delivered_quantity for line in order.lines),
        may_withdraw=await _may_withdraw(db, order),
        offers=await fulfilment.substituting.of_order(db, order.id),
        too_late=too_late,
        parcels=await fulfilment.carriers.of_order(db, order.id),
        **await arriving.arrival(request, db, order),
        **desk,
    )


async def _may_withdraw(db: Connection, order: Order) -> bool:
    """Said as long as it lasts (2011/83/EU, art. 11a)."""
    if order.delivered_at is None:
        return False
    now = datetime.now(UTC)
    return any(
        one.left > 0 and one.withdrawal_until is not None and now < one.withdrawal_until
        for one in await returns.lines(db, order)
    )


async def _pay_page(
    request: AnyRequest,
    db: Connection,
    cart_id: UUID,
    slot_id: str,
    written: dict[str, str],
    gift_cards: Sequence[str] = (),
    *,
    place: str = "",
    wrong: dict[str, str] | None = None,
    refusal: ShopError | None = None,
    status: int = 200,
    again: UUID | None = None,
) -> Response[Any]:
    spot: Spot | None = None
    desk = await collecting.promised(db, place) if place else None
    slot: Slot | None = await slots.find(db, _id(slot_id)) if slot_id else None
    if desk is not None and not slot_id:
        (slot, spot), desk = desk, None  # all of it is collected
    if slot is None or (place and slot_id and desk is None):
        where = f"/checkout{'/collect' if place else ''}"
        chosen = _time(written, slot_id if slot else "")
        return Redirect(f"{where}?{urlencode(chosen)}", status_code=303)
    try:
        quote: Quote = await checkout.quote(
            db,
            cart_id,
            language_of(request),
            delivery=slot.fee,
            free_from=slot.free_from,
            place_id=slot.place_id,
            coupon=written.get("coupon", "")[:60],
            **await _who(request, db, written.get("email", "")),
        )
    except Conflict:
        return Redirect(BASKET, status_code=303)
    ways = {one.handover for one in quote.bought}
    if spot is None and "collect" in ways and desk is None:
        return Redirect(f"/checkout/collect?{urlencode(_time(written, slot_id))}", status_code=303)
    if spot is not None and "delivery" in ways:
        return Redirect("/checkout", status_code=303)
    cards = await checkout.see_cards(db, quote.receipt.total, quote.currency, gift_cards)
    if any(one.worth == "unknown" for one in cards.seen):
        await slow_down(request, "gift cards", payments.giftcards.GUESSES)
    return render(
        request,
        "checkout/pay.html",
        status=status,
        quote=quote,
        age=age_of(quote),
        cards=cards,
        by_points=sum(part.amount for part in cards.parts if part.why == "points"),
        slot=slot,
        spot=spot,
        desk=desk if "collect" in ways else None,
        part_of={way: _part(quote, way) for way in ways},
        closed=spot is None and slot.cutoff_at <= datetime.now(UTC),
        written=written,
        wrong=wrong or {},
        refusal=refusal,
        again=again,
        basket=BASKET,
    )


def _time(written: Mapping[str, str], slot: str) -> dict[str, str]:
    """What was chosen already, for the page where the rest is chosen."""
    return {"postcode": written.get("postcode", ""), "slot": slot}


def _part(quote: Quote, way: str) -> list[tuple[int, str]]:
    """How many of what go home this way."""
    return [
        (share.quantity, bought.product.name)
        for share, bought in zip(quote.receipt.lines, quote.bought, strict=True)
        if bought.handover == way
    ]


async def _go_on_without(
    request: AnyRequest, db: Connection, cart_id: UUID, command: UUID, email: str
) -> None:
    """Codes that count no more leave the basket, at its shopper's wish."""
    basket = await cart.read(db, cart_id, language_of(request))
    given = basket.coupons if basket else []
    customer = (await _who(request, db, email)).get("customer")
    seen = await pricing.see_coupons(db, given, customer)
    gone = [code for code, one in zip(given, seen, strict=True) if one.state != "fits"]
    detach = [DetachCoupon(id=uuid5(command, code), cart_id=cart_id, code=code) for code in gone]
    await cart.apply(db, detach)


async def _who(request: AnyRequest, db: Connection, email: str) -> dict[str, Any]:
    """What limited offers have to know, once somebody has said who they are."""
    if "@" not in email:
        return {}
    key = pricing.customer_key(request.app.state.settings.secret, email)
    return {"customer": key, "orders": await checkout.orders_before(db, email)}


async def _basket(request: AnyRequest, db: Connection, *, ordered: bool = False) -> UUID | None:
    """The basket of this browser, when there is something in it."""
    cart_id = await cart.of_token(db, cart.of_request(request))
    if cart_id is None or ordered:
        return cart_id
    basket = await cart.read(db, cart_id, language_of(request))
    return cart_id if basket is not None and basket.lines else None


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound("There is nothing here.") from error


routes: list[Any] = [
    choose_time,
    pay_page,
    order_and_pay,
    follow,
    answer,
    paper,
    ask,
    cancel,
    *changing.routes,
    *collecting.routes,
    *arriving.routes,
]
