"""The basket's page, and every act on it as a form."""

import re
from typing import Annotated, Any, Literal
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import URLEncodedBody
from litestar.response import Redirect
from msgspec import Meta

from app import cart
from app.cart.models import (
    MOST_ON_A_LINE,
    NO_EDITION,
    Add,
    AttachCoupon,
    Command,
    DetachCoupon,
    HandOver,
    Handover,
    LineKey,
    Measured,
    Note,
    Outcome,
    Remove,
    Split,
)
from app.db import Db
from app.http.bounds import NO_CONTROLS_BUT_LINES, Amount, Quantity, Version
from app.http.limits import miss
from app.pages.rendering import render
from app.pages.shopper import again, area, showing
from app.pages.switch import own_address

AnyRequest = Request[Any, Any, Any]
Back = Annotated[str, Meta(max_length=300)]
Token = Annotated[str, Meta(max_length=7, pattern="^[0-9A-Za-z]{0,7}$")]
Step = Annotated[int, Meta(ge=-1, le=1)]
Grams = Annotated[int, Meta(ge=1, le=99_999)]
Words = Annotated[str, Meta(max_length=1000, pattern=NO_CONTROLS_BUT_LINES)]
"""A browser counts the end of a line as one letter and sends two."""
MOST_LETTERS = 500
COUPON = re.compile(r"[0-9A-Z-]{3,32}", re.ASCII)


class Addition(msgspec.Struct):
    """The form of a product: what was shown is what was tapped."""

    command: UUID
    quantity: Quantity = 1
    label: Token = ""
    product_id: UUID | None = None
    seen_product: UUID | None = None
    seen_price: Amount | None = None
    handover: Handover = "delivery"
    grams: Grams | None = None
    """Of a pack with a sticker, when it is put back."""
    back: Back = "/basket"


class OneMoreOrLess(msgspec.Struct):
    command: UUID
    product_id: UUID
    step: Step
    handover: Handover = "delivery"
    edition_id: UUID = NO_EDITION
    label: Token = ""
    grams: Grams | None = None


class Removal(msgspec.Struct):
    """With what is needed to put it back."""

    command: UUID
    product_id: UUID
    version: Version
    quantity: Quantity
    handover: Handover = "delivery"
    edition_id: UUID = NO_EDITION
    label: Token = ""
    grams: Grams | None = None


class AnotherWay(msgspec.Struct):
    """`quantity` of a line, or all of it, goes home another way."""

    command: UUID
    product_id: UUID
    version: Version
    to: Handover
    handover: Handover = "delivery"
    edition_id: UUID = NO_EDITION
    just_one: Literal["", "1"] = ""
    instead: Literal["", "collect"] = ""
    """Rather this way than `to`: the form has a button for each."""


class Noted(msgspec.Struct):
    """For whoever picks the basket; with a `product_id`, about that line."""

    command: UUID
    text: Words = ""
    product_id: UUID | None = None
    handover: Handover = "delivery"
    edition_id: UUID = NO_EDITION


class Shown(msgspec.Struct):
    """A coupon, shown or taken away, as it was typed or pasted."""

    command: UUID
    code: Annotated[str, Meta(max_length=1000)]
    away: bool = False


@get("/basket", include_in_schema=False)
async def basket(request: AnyRequest, db: Db) -> Response[str]:
    shown = await showing.basket(request, db)
    brought = await again.shown(request, db, shown["basket"])
    past = [] if shown["basket"].lines else await again.past(request, db, shown["customer"], 1)
    return render(
        request,
        "shopper/basket.html",
        **shown,
        again=brought,
        past=past,
        no_coupon=request.query_params.get("coupon", "")[:40],
    )


@post("/basket/add", include_in_schema=False, status_code=303)
async def add(request: AnyRequest, data: URLEncodedBody[Addition]) -> Response[Any]:
    outcome, answer = await _carry_out(
        request,
        Add(
            id=data.command,
            quantity=data.quantity,
            label=data.label.upper(),
            product_id=None if data.label else data.product_id,
            seen_product=data.seen_product,
            seen_price=data.seen_price,
            handover=data.handover,
            measured=Measured("g", data.grams) if data.grams else None,
            added_from="wall" if data.label else "web",
        ),
        own_address(data.back),
    )
    if outcome.refused in ("unknown-label", "unknown-product"):
        await miss(request, "code")
    if outcome.refused is None and data.label:
        request.app.state.scans.added(data.label.upper())
    return answer


@post("/basket/step", include_in_schema=False, status_code=303)
async def step(request: AnyRequest, data: URLEncodedBody[OneMoreOrLess]) -> Response[Any]:
    command = Add(
        id=data.command,
        quantity=data.step,
        product_id=data.product_id,
        handover=data.handover,
        edition_id=data.edition_id,
    )
    outcome, answer = await _carry_out(request, command, "/basket")
    if data.step < 0 and outcome.line is not None and outcome.line.quantity == 0:
        return Redirect(_gone(data, 1), status_code=303)
    return answer


@post("/basket/remove", include_in_schema=False, status_code=303)
async def remove(request: AnyRequest, data: URLEncodedBody[Removal]) -> Response[Any]:
    line = LineKey(data.product_id, data.handover, data.edition_id)
    command = Remove(id=data.command, line=line, version=data.version)
    _, answer = await _carry_out(request, command, _gone(data, data.quantity))
    return answer


@post("/basket/hand-over", include_in_schema=False, status_code=303)
async def hand_over(request: AnyRequest, data: URLEncodedBody[AnotherWay]) -> Response[Any]:
    """Taken along from the store, collected, or brought home: a line, or one of it."""
    line = LineKey(data.product_id, data.handover, data.edition_id)
    way = data.instead or data.to
    command: Command = HandOver(id=data.command, line=line, version=data.version, handover=way)
    if data.just_one:
        command = Split(id=data.command, line=line, version=data.version, handover=way, quantity=1)
    _, answer = await _carry_out(request, command, "/basket")
    return answer


@post("/basket/note", include_in_schema=False, status_code=303)
async def note(request: AnyRequest, data: URLEncodedBody[Noted]) -> Response[Any]:
    """A word that goes with the order; an empty one takes it away."""
    text = data.text.replace("\r\n", "\n").strip()[:MOST_LETTERS]
    line = None
    if data.product_id is not None:
        line = LineKey(data.product_id, data.handover, data.edition_id)
        text = " ".join(text.split())[:MOST_ON_A_LINE]
    _, answer = await _carry_out(request, Note(id=data.command, text=text, line=line), "/basket")
    return answer


@post("/basket/coupon", include_in_schema=False, status_code=303)
async def coupon(request: AnyRequest, data: URLEncodedBody[Shown]) -> Response[Any]:
    """Shown, or taken away again. Whether it counts, the receipt says."""
    code = data.code.strip().upper()
    if not COUPON.fullmatch(code):
        typed = urlencode({"coupon": data.code.strip()[:40]}, errors="replace")
        return Redirect(f"/basket?{typed}#coupon", status_code=303)
    attach = AttachCoupon(id=data.command, code=code)
    command = DetachCoupon(id=data.command, code=code) if data.away else attach
    _, answer = await _carry_out(request, command, "/basket")
    return answer


def _gone(data: OneMoreOrLess | Removal, quantity: int) -> str:
    """The basket, which offers to put back what was taken out (not a pack with a price of its own:
    only its sticker knows that)."""
    if data.edition_id != NO_EDITION and not data.label and not data.grams:
        return "/basket"
    gone = {
        "gone": data.product_id,
        "quantity": quantity,
        "label": data.label,
        "handover": data.handover,
        "grams": data.grams or "",
    }
    return f"/basket?{urlencode(gone)}"


async def _carry_out(
    request: AnyRequest, command: Command, back: str
) -> tuple[Outcome, Response[Any]]:
    """Back to where it was sent from, which says that it is done, or why it is not."""
    [outcome], cookie = await cart.submit(request, [command])
    mark = f"no={outcome.refused}" if outcome.refused else "added=1"
    address = back.partition("?")[0] if outcome.refused else back
    answer: Response[Any] = Redirect(
        f"{address}{'&' if '?' in address else '?'}{mark}", status_code=303
    )
    if cookie is not None:
        answer.set_cookie(cookie)
    return outcome, answer


routes: list[Any] = [basket, add, step, remove, hand_over, note, coupon, *area.routes]
