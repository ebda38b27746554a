"""Which till this is, and how its page is drawn."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from litestar import Request, Response
from msgspec import Meta

from app import cart, pricing, scan, staff, stock, tills
from app.cart.models import NO_EDITION, Cart, Handover, Line, LineKey
from app.catalog.models import Product
from app.checkout.models import Quote
from app.db import Connection, begin
from app.errors import Conflict, Malformed, NotFound, ShopError
from app.http.address import address_of
from app.http.problems import language_of
from app.money import Money, minor_units
from app.pages.rendering import render
from app.stock.coming.models import Due
from app.tills import Till

AnyRequest = Request[staff.Person, Any, Any]
Code = Annotated[str, Meta(max_length=300, pattern=r"^[^\x00]*$")]
Reason = Annotated[str, Meta(min_length=3, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Coins = Annotated[str, Meta(max_length=20)]


Approver = Annotated[str, Meta(max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""A supervisor came to the clerk's screen: a badge, or a name beside a `Pin`."""
Pin = Annotated[str, Meta(max_length=20)]


class Form(msgspec.Struct, kw_only=True):
    command: UUID
    at: Annotated[str, Meta(max_length=40)] = ""


AGREED = ("needs-supervisor", "not-approved")
"""What is refused until a supervisor agrees."""


class OnLine(Form, kw_only=True):
    product_id: UUID
    handover: Handover = "carry-out"
    edition_id: UUID = NO_EDITION

    def line(self) -> LineKey:
        return LineKey(self.product_id, self.handover, self.edition_id)


class Asking(msgspec.Struct, frozen=True):
    """A form that is sent again with a supervisor's badge or name: where to, with what, and what it
    is about (a sentence, and a figure where it has one)."""

    path: str
    fields: Mapping[str, object]
    about: str
    figure: str = ""


class Found(msgspec.Struct, frozen=True):
    """A price check: what it is, what it costs, and where there is some."""

    product: Product
    price: Money
    code: str
    here: int
    places: list[tuple[str, int]]
    due: Due | None = None
    """When some of it comes in, where there is none."""


async def till_of(request: AnyRequest, db: Connection) -> Till | None:
    sha256 = tills.device_of(request)
    return await tills.of_device(db, sha256) if sha256 else None


async def the_till(request: AnyRequest, db: Connection) -> Till:
    """Raises Conflict on a device that is no till."""
    till = await till_of(request, db)
    if till is None:
        raise Conflict("This device is no till yet. Choose a store and a number first.")
    return till


async def act(
    request: AnyRequest, do: Callable[[Connection, Till], Awaitable[Any]]
) -> ShopError | None:
    """In a transaction of its own, so that a refusal can be shown beside the receipt."""
    try:
        async with begin(request.app.state.pool) as db:
            await do(db, await the_till(request, db))
    except ShopError as refusal:
        return refusal
    return None


async def act_if_agreed(
    request: AnyRequest,
    who: str,
    pin: str,
    do: Callable[[Connection, Till, staff.Person | None], Awaitable[Any]],
) -> ShopError | None:
    """`act`, told which supervisor agreed to it, if one was asked."""
    state = request.app.state
    try:
        agreed = None
        if who or pin:
            address = address_of(request.scope, state.proxies)
            agreed = await staff.approve(state.pool, "supervisor", who, pin, address)
    except ShopError as refusal:
        return refusal
    return await act(request, lambda db, till: do(db, till, agreed))


async def spare_cart(request: AnyRequest) -> UUID:
    """An empty cart, should one be needed: nothing is lost when it is not."""
    state = request.app.state
    id, _ = await cart.open_empty(state.pool, state.settings.currency)
    return id


async def show(
    request: AnyRequest,
    refusal: ShopError | None = None,
    look: str = "",
    asking: Asking | None = None,
    written: str = "",
) -> Response[Any]:
    """The page of the till as it stands: to be set up, to be opened, or a receipt. `asking` is the
    form to be sent again once a supervisor agrees, `written` the float as it was typed."""
    state, language = request.app.state, language_of(request)
    async with begin(state.pool) as db:
        till = await till_of(request, db)
        if till is None:
            places = [place for place in await stock.places(db) if place.kind == "store"]
            return _page(request, "till/set_up.html", refusal, places=places)
        if till.shift_id is None:
            return _page(
                request,
                "till/open.html",
                refusal,
                till=till,
                written=written,
                counted=await tills.drawers.counted_last(db, till),
                money_is=state.settings.currency,
            )
        receipt = await tills.receipts.current(db, till)
        seen = await tills.baskets.seen(db, receipt) if receipt else None
        basket, quote, instead = await _basket(db, till, seen, language)
        priced = quote.receipt if quote else None
        today = datetime.now(ZoneInfo(till.time_zone)).date()
        found = await look_up(db, till, look, language, today) if look else None
        waiting = await tills.receipts.waiting(db, till)
        home = {one.product_id for one in _sent_home(basket)}
        return _page(
            request,
            "till/receipt.html",
            refusal or (found if isinstance(found, ShopError) else None),
            till=till,
            receipt=receipt,
            basket=basket,
            priced=priced,
            shares={share.key: share for share in priced.lines} if priced else {},
            keys=[cart.key_of(line) for line in basket.lines] if basket else [],
            instead=instead,
            coupons=list(zip(basket.coupons, quote.coupons, strict=True))
            if basket and quote
            else [],
            worth={one.promotion_id for one in priced.advantages} if priced else set(),
            waiting=waiting,
            things=await tills.receipts.things_on(db, waiting),
            found=found if isinstance(found, Found) else None,
            look=look,
            due=await _due(db, home, today),
            coin=pricing.smallest_coin(till.currency or state.settings.currency, till.country),
            exchange=await tills.exchanging.on(db, receipt) if receipt else None,
            asking=asking if refusal and refusal.code in AGREED else None,
        )


async def _due(db: Connection, product_ids: set[UUID], today: date) -> dict[UUID, Due]:
    """Of what is to be sent home and is nowhere: when it comes in, and from when it can be brought."""
    if not product_ids:
        return {}
    available = await stock.available(db, sorted(product_ids))
    gone = [id for id, left in available.items() if left <= 0]
    return await stock.coming.due(db, gone, today) if gone else {}


def _sent_home(basket: Cart | None) -> list[Line]:
    return [line for line in (basket.lines if basket else []) if line.handover != "carry-out"]


def _page(
    request: AnyRequest, template: str, refusal: ShopError | None, **context: Any
) -> Response[str]:
    status = refusal.status if refusal else 200
    return render(request, template, status=status, refusal=refusal, **context)


async def _basket(
    db: Connection, till: Till, receipt: tills.Receipt | None, language: Any
) -> tuple[Cart | None, Quote | None, Any]:
    if receipt is None:
        return None, None, {}
    basket = await cart.read(db, receipt.cart_id, language, place_id=till.place_id)
    instead = await tills.receipts.overridden(db, receipt)
    if basket is None or not basket.lines:
        return basket, None, instead
    try:
        return basket, await tills.receipts.quote(db, till, receipt, language), instead
    except Conflict:  # something is not sold any more: the page says which line
        return basket, None, instead


async def look_up(
    db: Connection, till: Till, text: str, language: str, today: date
) -> Found | ShopError:
    """Beside an open receipt, which does not change."""
    try:
        code = scan.read(text)
    except Malformed as refusal:
        return refusal
    seen = await scan.look(db, code, language)
    if seen.product is None:
        return NotFound("We do not know a product with this number.", code="unknown-product")
    levels = await stock.levels(db, [seen.product.id])
    names = {place.id: place.name for place in await stock.places(db)}
    elsewhere = [
        (names[id], there[seen.product.id])
        for id, there in levels.items()
        if id != till.place_id and there.get(seen.product.id, 0) > 0
    ]
    here = levels.get(till.place_id, {}).get(seen.product.id, 0)
    price = await _price_here(db, till, seen.product)
    if seen.honoured_until and seen.printed_price is not None:
        price = min(price, seen.printed_price)  # what its poster promises, or less
    due = None
    if not here and not elsewhere:
        due = (await stock.coming.due(db, [seen.product.id], today)).get(seen.product.id)
    return Found(seen.product, price, text, here, sorted(elsewhere), due)


async def _price_here(db: Connection, till: Till, product: Product) -> Money:
    """What a till of this shop asks for it now."""
    key = (product.id, "till")
    listed = await pricing.listed(
        db, [key], product.currency, datetime.now(UTC), place_id=till.place_id
    )
    return listed.get(key, product.price)


def coins(text: str, currency: str) -> Money:
    """`12,50` as a clerk types it. Raises Malformed."""
    try:
        amount = Decimal(text.strip().replace(",", ".") or "0")
        if not amount.is_finite() or not 0 <= amount <= 100_000:
            raise ValueError
        return minor_units(amount, currency)
    except (InvalidOperation, ValueError) as error:
        raise Malformed("Please write an amount like 12,50.", code="no-amount") from error
