"""The contact centre: find for a reason, verify, see everything that happened, act in place."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery
from litestar.response import Redirect

from app import cart, checkout, contact, fulfilment, orders, staff
from app.cart.models import LineKey
from app.contact.models import Proof
from app.db import Connection, Db, begin
from app.errors import Busy, Conflict, Malformed, NotFound, ShopError, Unprocessable
from app.http.problems import language_of
from app.languages import LANGUAGES, Language
from app.orders.rules import link_token
from app.pages.checkout import arriving, changing, forms
from app.pages.contact import giftcards, points
from app.pages.contact.asking import (
    Added,
    Answered,
    Begun,
    ForAReason,
    Form,
    Noted,
    OneMoreOrLess,
    Said,
    Search,
)
from app.pages.contact.calling import AnyRequest, show_call, show_desk
from app.pages.following import follow

URL_ENCODED = RequestEncodingType.URL_ENCODED
Fields = Annotated[dict[str, str], Body(media_type=URL_ENCODED)]
SAID: tuple[Proof, ...] = ("name", "postcode", "house_number", "email", "phone")


@get("/contact", include_in_schema=False)
async def desk(request: AnyRequest, db: Db) -> Response[Any]:
    return await show_desk(request, db)


@post("/contact/find", include_in_schema=False, status_code=200)
async def find(
    request: AnyRequest, data: Annotated[Search, Body(media_type=URL_ENCODED)]
) -> Response[Any]:
    """The search is written down with its reason; what was found shows nothing personal."""
    asked = {
        "number": data.number,
        "email": data.email,
        "phone": data.phone,
        "postcode": data.postcode,
        "name": data.name,
    }
    state = request.app.state
    try:
        async with begin(state.pool) as db:
            found = await contact.find(db, request.user, data.reason, **asked)
            return await show_desk(request, db, found=found, asked=asked, reason=data.reason)
    except ShopError as refusal:
        async with begin(state.pool) as db:
            return await show_desk(request, db, refusal=refusal, asked=asked, reason=data.reason)


@post("/contact/calls", include_in_schema=False, status_code=303)
async def begin_call(
    request: AnyRequest, data: Annotated[Begun, Body(media_type=URL_ENCODED)]
) -> Response[Any]:
    pool = request.app.state.pool
    try:
        async with begin(pool) as db:
            id = await contact.begin(
                db, request.user, data.command, data.order, data.reason, data.found_by
            )
    except Malformed as refusal:
        async with begin(pool) as db:
            return await show_desk(request, db, refusal=refusal, reason=data.reason)
    return Redirect(f"/contact/calls/{id}", status_code=303)


@post("/contact/baskets", include_in_schema=False, status_code=303)
async def start_basket(
    request: AnyRequest, data: Annotated[ForAReason, Body(media_type=URL_ENCODED)]
) -> Response[Any]:
    """An order on the phone, for somebody without a basket."""
    state = request.app.state
    cart_id, _ = await cart.open_empty(state.pool, state.settings.currency)
    try:
        async with begin(state.pool) as db:
            id = await contact.start_basket(
                db, request.user, data.command, cart_id, data.reason, data.code.strip()
            )
    except ShopError as refusal:
        async with begin(state.pool) as db:
            typed = {"reason": data.reason, "code": data.code}
            return await show_desk(request, db, refusal=refusal, basket=typed)
    return Redirect(f"/contact/calls/{id}", status_code=303)


@get("/contact/calls/{id:uuid}", include_in_schema=False)
async def call(
    request: AnyRequest,
    id: FromPath[UUID],
    postcode: FromQuery[str] = "",
    slot: FromQuery[str] = "",
    at_desk: FromQuery[str] = "",
    q: FromQuery[str] = "",
) -> Response[Any]:
    """Everything about it; for an order on the phone also times at a postcode, or where it is
    collected, and the products that have the words somebody says."""
    written = {"postcode": postcode[:12], "at_desk": at_desk, "q": q[:80]}
    return await show_call(request, id, written, slot)


@post("/contact/calls/{id:uuid}/verify", include_in_schema=False, status_code=303)
async def verify(
    request: AnyRequest, id: FromPath[UUID], data: Annotated[Said, Body(media_type=URL_ENCODED)]
) -> Response[Any]:
    """What the caller says is compared; what is right is not told."""

    async def do(db: Connection) -> None:
        said: dict[Proof, str] = {
            "email": data.email,
            "phone": data.phone,
            "postcode": data.postcode,
            "house_number": data.house_number,
            "name": data.name,
        }
        if not await contact.verify(db, request.user, id, said):
            refusal = Conflict(
                "That is not enough to be sure. Ask for something else.", code="not-enough"
            )
            refusal.recorded = True
            raise refusal

    typed = {f"said_{kind}": getattr(data, kind) for kind in SAID}
    return await _act(request, id, do, typed)


@post("/contact/calls/{id:uuid}/add", include_in_schema=False, status_code=303)
async def add(
    request: AnyRequest, id: FromPath[UUID], data: Annotated[Added, Body(media_type=URL_ENCODED)]
) -> Response[Any]:
    """By the number on the wall or on the pack."""
    return await _act(
        request,
        id,
        lambda db: contact.add(
            db, request.user, id, data.command, data.code, data.quantity, data.handover
        ),
    )


@post("/contact/calls/{id:uuid}/step", include_in_schema=False, status_code=303)
async def step(
    request: AnyRequest,
    id: FromPath[UUID],
    data: Annotated[OneMoreOrLess, Body(media_type=URL_ENCODED)],
) -> Response[Any]:
    line = LineKey(data.product_id, data.handover, data.edition_id)
    return await _act(
        request,
        id,
        lambda db: contact.step(db, request.user, id, data.command, line, data.step),
    )


@post("/contact/calls/{id:uuid}/note", include_in_schema=False, status_code=303)
async def note(
    request: AnyRequest, id: FromPath[UUID], data: Annotated[Noted, Body(media_type=URL_ENCODED)]
) -> Response[Any]:
    return await _act(
        request,
        id,
        lambda db: contact.note(db, request.user, id, data.command, data.text),
        {"note_text": data.text},
    )


@post("/contact/calls/{id:uuid}/cancel", include_in_schema=False, status_code=303)
async def cancel(
    request: AnyRequest,
    id: FromPath[UUID],
    data: Annotated[ForAReason, Body(media_type=URL_ENCODED)],
) -> Response[Any]:
    """At the customer's wish, while nobody picks it."""
    return await _act(
        request,
        id,
        lambda db: contact.call_off(db, request.user, id, data.command, data.reason),
        {"why_cancel": data.reason},
    )


@post("/contact/calls/{id:uuid}/offer", include_in_schema=False, status_code=303)
async def offer(
    request: AnyRequest, id: FromPath[UUID], data: Annotated[Answered, Body(media_type=URL_ENCODED)]
) -> Response[Any]:
    """What the caller says to what is offered instead; when the customer was faster, what they said."""
    return await _act(
        request,
        id,
        lambda db: contact.answer_offer(
            db,
            request.user,
            id,
            data.command,
            data.substitute,
            yes=data.answer == "yes",
            reason=data.reason,
        ),
    )


@post("/contact/calls/{id:uuid}/second-try", include_in_schema=False, status_code=303)
async def second_try(request: AnyRequest, id: FromPath[UUID], data: Fields) -> Response[Any]:
    """Nobody was home: what the customer wants done, on the phone."""
    command, slot_id, collect, part_id = arriving.choice(data)

    async def choose(db: Connection) -> None:
        order_id = await contact.order_on(db, request.user, id)
        await fulfilment.delivery.door.choose(
            db, order_id, command, slot_id, collect=collect, part_id=part_id
        )
        await staff.note(db, request.user, "second-try.choose", str(order_id))

    return await _act(request, id, choose)


@post("/contact/calls/{id:uuid}/change", include_in_schema=False, status_code=303)
async def change(request: AnyRequest, id: FromPath[UUID], data: Fields) -> Response[Any]:
    """More or fewer goods or another time, at the customer's wish: looked at first, then made. What
    is more is paid by the link in their mail."""
    state, reason = request.app.state, data.get("reason", "").strip()[:200]
    async with begin(state.pool) as db:
        sold = await orders.read(db, await contact.order_on(db, request.user, id))
        assert sold is not None, "it is on the call"
        wish = await changing.seen(db, sold, data)
    if data.get("do") in changing.LOOKS or wish.refusal is not None or len(reason) < 3:
        return await show_call(request, id, {}, "", wish=wish, reason=reason)
    try:
        shop = checkout.Shop.at(state.pool, state.settings)
        track_at = f"{state.settings.base_url}/orders/{link_token(state.settings.secret, sold.id)}"
        pay_at = await changing.carry_out(
            shop,
            sold,
            data,
            wish,
            track_at,
            by="agent",
            reason=reason,
            also=lambda db: contact.note_change(db, request.user, id, reason),
        )
        if pay_at:
            async with begin(state.pool) as db:
                command = UUID(data["command"])
                await contact.mail_pay_link(db, state.settings, sold.id, command)
    except (Conflict, Busy) as refusal:
        return await show_call(request, id, {}, "", wish=wish, reason=reason, refusal=refusal)
    return Redirect(f"/contact/calls/{id}", status_code=303)


@post("/contact/calls/{id:uuid}/pay-link", include_in_schema=False, status_code=303)
async def pay_link(
    request: AnyRequest, id: FromPath[UUID], data: Annotated[Form, Body(media_type=URL_ENCODED)]
) -> Response[Any]:
    settings = request.app.state.settings
    return await _act(
        request,
        id,
        lambda db: contact.send_pay_link(db, request.user, id, data.command, settings),
    )


@post("/contact/calls/{id:uuid}/order", include_in_schema=False, status_code=303)
async def order(request: AnyRequest, id: FromPath[UUID], data: Fields) -> Response[Any]:
    """The basket becomes an order, and the customer gets a link to pay it."""
    state = request.app.state
    slot = data.get("slot", "")
    if data.get("at_desk"):
        place, _, ready_by = data["at_desk"].partition(" ")
        data = {**data, "collect": place, "ready_by": ready_by}
    try:
        wanted, written, wrong = forms.read(data)
        written["at_desk"] = data.get("at_desk", "")
        command = UUID(data.get("command", ""))
    except (msgspec.ValidationError, ValueError) as error:
        raise Malformed("We could not read this request.") from error
    gifts = forms.gift_cards(data)
    if wanted is None or data.get("do"):  # a gift card is looked at
        wrong = {} if data.get("do") else wrong
        return await show_call(request, id, written, slot, wrong=wrong, gifts=gifts)
    language: Language = next(
        (one for one in LANGUAGES if one == data.get("language")), language_of(request)
    )
    try:
        shop = checkout.Shop.at(state.pool, state.settings)
        await contact.order(shop, request.user, id, command, wanted, language)
    except (Conflict, Busy, Malformed, Unprocessable) as refusal:
        return await show_call(request, id, written, slot, refusal=refusal, gifts=gifts)
    return Redirect(f"/contact/calls/{id}", status_code=303)


@post("/contact/calls/{id:uuid}/end", include_in_schema=False, status_code=303)
async def end(request: AnyRequest, id: FromPath[UUID]) -> Response[Any]:
    async with begin(request.app.state.pool) as db:
        await contact.end(db, request.user, id)
    return Redirect("/contact", status_code=303)


@get("/contact/calls/{id:uuid}/events", include_in_schema=False, media_type="text/event-stream")
async def events(request: AnyRequest, db: Db, id: FromPath[UUID]) -> Response[Any]:
    """`version` whenever the basket or the order on the line has changed, whoever did it."""
    found = await contact.read(db, request.user, id)
    return follow(request.app.state, found.cart_id, found.order_id)


async def _act(
    request: AnyRequest,
    id: UUID,
    do: Callable[[Connection], Awaitable[Any]],
    typed: dict[str, str] | None = None,
) -> Response[Any]:
    """In a transaction of its own; a refusal is shown on the page of the call, beside what was typed."""
    try:
        async with begin(request.app.state.pool) as db:
            await do(db)
    except NotFound as missing:
        if missing.code == "not-found":
            raise
        return await show_call(request, id, typed or {}, "", refusal=missing)
    except ShopError as refusal:
        return await show_call(request, id, typed or {}, "", refusal=refusal)
    return Redirect(f"/contact/calls/{id}", status_code=303)


routes: list[Any] = [
    desk,
    find,
    begin_call,
    start_basket,
    call,
    verify,
    add,
    step,
    note,
    cancel,
    offer,
    second_try,
    change,
    pay_link,
    order,
    end,
    events,
    *giftcards.routes,
    *points.routes,
]
