"""The till: one receipt in the middle, the scan field always ready, every act one form."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromQuery
from litestar.response import Redirect, Stream
from msgspec import Meta

from app import cart, orders, tills
from app.cart.models import Handover
from app.db import Db
from app.errors import Malformed, ShopError
from app.http.bounds import Quantity
from app.http.limits import miss
from app.pages.till import drawers, giftcards, goods, inviting, paying, returning
from app.pages.till.standing import (
    AnyRequest,
    Approver,
    Code,
    Coins,
    Form,
    OnLine,
    Pin,
    Reason,
    act,
    act_if_agreed,
    coins,
    show,
    spare_cart,
    till_of,
)

URL_ENCODED = RequestEncodingType.URL_ENCODED
_PAIRING = re.compile(r"/pair/([0-9A-Za-z]{8})\Z")
"""What the code on a customer's phone says."""
Step = Annotated[int, Meta(ge=-1, le=1)]


class Scanned(Form, kw_only=True):
    code: Code
    handover: Handover = "carry-out"


class OneMoreOrLess(OnLine, kw_only=True):
    step: Step


class AnotherWay(OnLine, kw_only=True):
    to: Handover
    quantity: Quantity = 1


class TakenOut(OnLine, kw_only=True):
    reason: Reason


class AnotherPrice(OnLine, kw_only=True):
    price: Coins
    reason: Reason
    approver: Approver = ""
    pin: Pin = ""


class Resumed(Form, kw_only=True):
    receipt: UUID


class Voided(Form, kw_only=True):
    reason: Reason


@get("/till", include_in_schema=False)
async def desk(request: AnyRequest, look: FromQuery[str] = "") -> Response[Any]:
    """The receipt; `look` is a price check beside it."""
    return await show(request, look=look[:300])


@post("/till/scan", include_in_schema=False, status_code=303)
async def scan_one(
    request: AnyRequest, data: Annotated[Scanned, Body(media_type=URL_ENCODED)]
) -> Response[Any]:
    """`3*8712…` takes three at once; the code on a customer's phone brings their basket."""
    if _PAIRING.search(data.code):
        return await _attach(request, data.command, data.code)
    many, star, code = data.code.partition("*")
    spare = await spare_cart(request)
    try:
        quantity = _how_many(many) if star else 1
    except Malformed as misread:
        return await show(request, misread)
    refusal = await act(
        request,
        lambda db, till: tills.receipts.add(
            db,
            till,
            data.command,
            code if star else data.code,
            spare,
            quantity=quantity,
            handover=data.handover,
        ),
    )
    return await _back(request, refusal)


@post("/till/attach", include_in_schema=False, status_code=303)
async def attach(
    request: AnyRequest, data: Annotated[Scanned, Body(media_type=URL_ENCODED)]
) -> Response[Any]:
    """The customer's basket comes onto the receipt, by the code they show."""
    return await _attach(request, data.command, data.code)


@post("/till/detach", include_in_schema=False, status_code=303)
async def detach(
    request: AnyRequest, data: Annotated[Form, Body(media_type=URL_ENCODED)]
) -> Response[Any]:
    spare = await spare_cart(request)
    return await _back(
        request,
        await act(request, lambda db, till: tills.receipts.detach(db, till, data.command, spare)),
    )


@post("/till/step", include_in_schema=False, status_code=303)
async def step(
    request: AnyRequest, data: Annotated[OneMoreOrLess, Body(media_type=URL_ENCODED)]
) -> Response[Any]:
    return await _back(
        request,
        await act(
            request,
            lambda db, till: tills.receipts.step(db, till, data.command, data.line(), data.step),
        ),
    )


@post("/till/hand-over", include_in_schema=False, status_code=303)
async def hand_over(
    request: AnyRequest, data: Annotated[AnotherWay, Body(media_type=URL_ENCODED)]
) -> Response[Any]:
    """So many of a line are carried out, or sent home."""
    return await _back(
        request,
        await act(
            request,
            lambda db, till: tills.receipts.hand_over(
                db, till, data.command, data.line(), data.to, data.quantity
            ),
        ),
    )


@post("/till/remove", include_in_schema=False, status_code=303)
async def remove(
    request: AnyRequest, data: Annotated[TakenOut, Body(media_type=URL_ENCODED)]
) -> Response[Any]:
    return await _back(
        request,
        await act(
            request,
            lambda db, till: tills.receipts.remove(
                db, till, request.user, data.command, data.line(), data.reason
            ),
        ),
    )


@post("/till/price", include_in_schema=False, status_code=303)
async def price(
    request: AnyRequest, data: Annotated[AnotherPrice, Body(media_type=URL_ENCODED)]
) -> Response[Any]:
    """Another price for one of this line, for a reason."""
    currency = request.app.state.settings.currency
    try:
        amount = coins(data.price, currency)
    except Malformed as refusal:
        return await show(request, refusal)
    refused = await act_if_agreed(
        request,
        data.approver,
        data.pin,
        lambda db, till, agreed: tills.receipts.ask_for(
            db, till, request.user, data.command, data.line(), amount, data.reason, agreed=agreed
        ),
    )
    if refused is not None:
        return await show(request, refused, asking=data)
    return Redirect("/till", status_code=303)


@post("/till/park", include_in_schema=False, status_code=303)
async def park(
    request: AnyRequest, data: Annotated[Form, Body(media_type=URL_ENCODED)]
) -> Response[Any]:
    return await _back(
        request, await act(request, lambda db, till: tills.receipts.park(db, till, data.command))
    )


@post("/till/resume", include_in_schema=False, status_code=303)
async def resume(
    request: AnyRequest, data: Annotated[Resumed, Body(media_type=URL_ENCODED)]
) -> Response[Any]:
    return await _back(
        request,
        await act(
            request,
            lambda db, till: tills.receipts.resume(db, till, data.command, data.receipt),
        ),
    )


@post("/till/void", include_in_schema=False, status_code=303)
async def void(
    request: AnyRequest, data: Annotated[Voided, Body(media_type=URL_ENCODED)]
) -> Response[Any]:
    """The whole open receipt, for a reason."""
    return await _back(
        request,
        await act(
            request,
            lambda db, till: tills.receipts.void(db, till, request.user, data.command, data.reason),
        ),
    )


@get("/till/events", include_in_schema=False, media_type="text/event-stream")
async def events(
    request: AnyRequest, db: Db, receipt: FromQuery[UUID | None] = None
) -> Response[Any]:
    """`version` whenever the open receipt's basket, or the order of a sold one, has changed."""
    till = await till_of(request, db)
    shown = None
    if till is not None:
        shown = (
            (await tills.paying.read(db, till, receipt))[0]
            if receipt
            else await tills.receipts.current(db, till)
        )
    shown = await tills.receipts.seen(db, shown) if shown else None
    if shown is None:
        return Response(None, status_code=204)
    topic = f"order:{shown.order_id}" if shown.order_id else f"cart:{shown.cart_id}"
    return Stream(
        _follow(request.app.state, topic),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no", "Cache-Control": "no-store"},
    )


async def _follow(state: Any, topic: str) -> AsyncIterator[str]:
    """What the page shows it reads again; the stream only says when."""
    read = cart.versions if topic.startswith("cart:") else orders.versions
    id, seen = topic.partition(":")[2], -1
    yield "retry: 2000\n\n"
    async for changed in state.hub.wakes(topic):
        if changed is None:
            yield ": still here\n\n"
            continue
        version = (await read(state.pool, [id])).get(id, 0)
        if version > seen:
            seen = version
            yield f"id: {version}\nevent: version\ndata: {version}\n\n"
        await asyncio.sleep(0)


async def _attach(request: AnyRequest, command: UUID, text: str) -> Response[Any]:
    shown = _PAIRING.search(text)
    code = shown[1] if shown else text[:20]
    spare = await spare_cart(request)
    refusal = await act(
        request,
        lambda db, till: tills.receipts.attach(db, till, request.user, command, code, spare),
    )
    if refusal is not None and refusal.code == "code-used":
        await miss(request, "pairing")
    return await _back(request, refusal)


async def _back(request: AnyRequest, refusal: ShopError | None) -> Response[Any]:
    """A refusal is shown beside the receipt as it is now."""
    return await show(request, refusal) if refusal else Redirect("/till", status_code=303)


def _how_many(text: str) -> int:
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and 1 <= len(digits) <= 2 and int(digits)):
        raise Malformed("Please write how many as a number up to 99, like 3*.", code="how-many")
    return int(digits)


routes: list[Any] = [
    desk,
    scan_one,
    attach,
    detach,
    step,
    hand_over,
    remove,
    price,
    park,
    resume,
    void,
    events,
    *inviting.routes,
    *paying.routes,
    *drawers.routes,
    *returning.routes,
    *goods.routes,
    *giftcards.routes,
]
