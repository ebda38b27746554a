"""The till: one receipt in the middle, the scan field always ready, every act one form."""

import re
from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromQuery
from litestar.response import Redirect
from msgspec import Meta

from app import staff, tills
from app.cart.models import Handover
from app.db import Connection, Db
from app.errors import Malformed, ShopError
from app.http.bounds import Quantity
from app.http.limits import miss
from app.pages.following import follow
from app.pages.till import drawers, giftcards, goods, inviting, papers, paying, returning
from app.pages.till.standing import (
    AnyRequest,
    Approver,
    Asking,
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
    approver: Approver = ""
    pin: Pin = ""


class AnotherPrice(TakenOut, kw_only=True):
    price: Coins


class Resumed(Form, kw_only=True):
    receipt: UUID


class Voided(Form, kw_only=True):
    reason: Reason
    approver: Approver = ""
    pin: Pin = ""


class Coupon(Form, kw_only=True):
    """Shown by the customer, or wanted back."""

    code: Annotated[str, Meta(max_length=34, pattern=r"^ ?[0-9A-Za-z-]{3,32} ?$")]
    away: bool = False


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
        await act(request, lambda db, till: tills.guests.detach(db, till, data.command, spare)),
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
    """A line that was scanned by mistake, for a reason; a dear one only with a supervisor."""
    return await _agreed(
        request,
        data,
        Asking("/till/remove", _line(data), "Take off the receipt"),
        lambda db, till, agreed: tills.receipts.remove(
            db, till, request.user, data.command, data.line(), data.reason, agreed=agreed
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
    fields = _line(data) | {"price": data.price}
    return await _agreed(
        request,
        data,
        Asking("/till/price", fields, "Price for one", data.price),
        lambda db, till, agreed: tills.receipts.ask_for(
            db, till, request.user, data.command, data.line(), amount, data.reason, agreed=agreed
        ),
    )


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
    """The whole open receipt, for a reason; a dear one only with a supervisor."""
    return await _agreed(
        request,
        data,
        Asking("/till/void", {}, "Void the receipt"),
        lambda db, till, agreed: tills.receipts.void(
            db, till, request.user, data.command, data.reason, agreed=agreed
        ),
    )


@post("/till/coupon", include_in_schema=False, status_code=303)
async def coupon(
    request: AnyRequest, data: Annotated[Coupon, Body(media_type=URL_ENCODED)]
) -> Response[Any]:
    """One that the customer shows on paper, or takes back. Whether it counts, the receipt says."""
    code = data.code.strip().upper()
    spare = await spare_cart(request)
    return await _back(
        request,
        await act(
            request,
            lambda db, till: tills.receipts.show_coupon(
                db, till, data.command, code, spare, away=data.away
            ),
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
    shown = await tills.baskets.seen(db, shown) if shown else None
    if shown is None:
        return Response(None, status_code=204)
    return follow(request.app.state, shown.cart_id, shown.order_id)


async def _attach(request: AnyRequest, command: UUID, text: str) -> Response[Any]:
    shown = _PAIRING.search(text)
    code = shown[1] if shown else text[:20]
    spare = await spare_cart(request)
    refusal = await act(
        request,
        lambda db, till: tills.guests.attach(db, till, request.user, command, code, spare),
    )
    if refusal is not None and refusal.code == "code-used":
        await miss(request, "pairing")
    return await _back(request, refusal)


async def _agreed(
    request: AnyRequest,
    data: TakenOut | Voided,
    asking: Asking,
    do: Callable[[Connection, tills.Till, staff.Person | None], Awaitable[Any]],
) -> Response[Any]:
    """Where a supervisor has to agree, the page asks for one and the form is sent once more."""
    refusal = await act_if_agreed(request, data.approver, data.pin, do)
    if refusal is None:
        return Redirect("/till", status_code=303)
    fields = {**asking.fields, "reason": data.reason}
    return await show(request, refusal, asking=msgspec.structs.replace(asking, fields=fields))


def _line(data: OnLine) -> dict[str, object]:
    return {
        "product_id": data.product_id,
        "handover": data.handover,
        "edition_id": data.edition_id,
    }


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
    coupon,
    events,
    *inviting.routes,
    *paying.routes,
    *papers.routes,
    *drawers.routes,
    *returning.routes,
    *goods.routes,
    *giftcards.routes,
]
