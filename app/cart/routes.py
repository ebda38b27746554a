"""The basket over the API: commands in, the cart and its changes out."""

from typing import Annotated, Any, TypeAlias
from uuid import UUID

import msgspec
from litestar import Request, Response, delete, get, post
from litestar.params import FromPath, JSONBody
from litestar.response import Stream
from msgspec import Meta

from app.cart import again, reading, refusals, streaming, tokens
from app.cart.customer_routes import routes as customer_routes
from app.cart.models import (
    MOST_ON_A_LINE,
    NO_EDITION,
    Add,
    AttachCoupon,
    Cart,
    Command,
    DetachCoupon,
    HandOver,
    Handover,
    LineKey,
    Merge,
    Note,
    Outcome,
    Remove,
    Set,
    Split,
)
from app.cart.pairing_routes import routes as pairing_routes
from app.cart.submitting import submit
from app.db import Connection, Db, begin
from app.errors import Malformed, NotFound
from app.http.bounds import (
    NO_CONTROLS_BUT_LINES,
    Amount,
    Gtin,
    Quantity,
    QuantityOrNone,
    Version,
    Word,
)
from app.http.limits import miss
from app.http.problems import language_of

More: TypeAlias = Annotated[int, Meta(ge=-99, le=99)]
"""So many more, or below zero fewer."""

CouponCode: TypeAlias = Annotated[
    str, Meta(max_length=32, pattern=r"^[A-Za-z0-9-]{3,32}$", examples=["SPRING-10"])
]
NoteText: TypeAlias = Annotated[
    str, Meta(max_length=500, pattern=NO_CONTROLS_BUT_LINES, examples=["Green bananas, please."])
]


class AskToAdd(msgspec.Struct, tag="add", tag_field="do"):
    """So many more of a product; of a poster's line when `edition_id` names it or `label` the code."""

    id: UUID
    quantity: More = 1
    product_id: UUID | None = None
    gtin: Gtin = ""
    label: Word | None = None
    handover: Handover = "delivery"
    edition_id: UUID = NO_EDITION
    seen_product: UUID | None = None
    seen_price: Amount | None = None

    def command(self) -> Command:
        return Add(
            id=self.id,
            quantity=self.quantity,
            product_id=self.product_id,
            gtin=self.gtin.rjust(14, "0") if self.gtin else "",
            label=(self.label or "").upper(),
            handover=self.handover,
            edition_id=self.edition_id,
            seen_product=self.seen_product,
            seen_price=self.seen_price,
            added_from="wall" if self.label else "web",
        )


class AskToSet(msgspec.Struct, tag="set", tag_field="do"):
    """Exactly so many on a line; stale when it changed after `version`. Zero takes it out."""

    id: UUID
    product_id: UUID
    quantity: QuantityOrNone
    version: Version
    handover: Handover = "delivery"
    edition_id: UUID = NO_EDITION

    def command(self) -> Command:
        line = LineKey(self.product_id, self.handover, self.edition_id)
        return Set(id=self.id, line=line, version=self.version, quantity=self.quantity)


class AskToRemove(msgspec.Struct, tag="remove", tag_field="do"):
    id: UUID
    product_id: UUID
    version: Version
    handover: Handover = "delivery"
    edition_id: UUID = NO_EDITION

    def command(self) -> Command:
        line = LineKey(self.product_id, self.handover, self.edition_id)
        return Remove(id=self.id, line=line, version=self.version)


class AskToHandOver(msgspec.Struct, tag="hand-over", tag_field="do"):
    """A whole line goes another way home (`to`), and becomes one with what goes that way already."""

    id: UUID
    product_id: UUID
    version: Version
    to: Handover
    handover: Handover = "delivery"
    edition_id: UUID = NO_EDITION

    def command(self) -> Command:
        line = LineKey(self.product_id, self.handover, self.edition_id)
        return HandOver(id=self.id, line=line, version=self.version, handover=self.to)


class AskToSplit(msgspec.Struct, tag="split", tag_field="do"):
    """So many of a line go another way: two carried out, one sent home."""

    id: UUID
    product_id: UUID
    version: Version
    to: Handover
    quantity: Quantity
    handover: Handover = "delivery"
    edition_id: UUID = NO_EDITION

    def command(self) -> Command:
        line = LineKey(self.product_id, self.handover, self.edition_id)
        return Split(
            id=self.id,
            line=line,
            version=self.version,
            handover=self.to,
            quantity=self.quantity,
        )


class AskToMerge(msgspec.Struct, tag="merge", tag_field="do"):
    """All of a product at one price go one way (`to`): its lines become one."""

    id: UUID
    product_id: UUID
    version: Version
    to: Handover
    edition_id: UUID = NO_EDITION

    def command(self) -> Command:
        return Merge(
            id=self.id,
            product_id=self.product_id,
            version=self.version,
            handover=self.to,
            edition_id=self.edition_id,
        )


class AskToAttachCoupon(msgspec.Struct, tag="attach-coupon", tag_field="do"):
    """Show a coupon. The receipt says whether it counts."""

    id: UUID
    code: CouponCode

    def command(self) -> Command:
        return AttachCoupon(id=self.id, code=self.code.upper())


class AskToDetachCoupon(msgspec.Struct, tag="detach-coupon", tag_field="do"):
    id: UUID
    code: CouponCode

    def command(self) -> Command:
        return DetachCoupon(id=self.id, code=self.code.upper())


class AskToNote(msgspec.Struct, tag="note", tag_field="do"):
    """A word for whoever picks the basket, or about one line where its `product_id` is given (at
    most 200 letters then); an empty one takes it away."""

    id: UUID
    text: NoteText
    product_id: UUID | None = None
    handover: Handover = "delivery"
    edition_id: UUID = NO_EDITION

    def command(self) -> Command:
        text = self.text.strip()
        if self.product_id is None:
            return Note(id=self.id, text=text)
        if len(text) > MOST_ON_A_LINE:
            raise Malformed("A word about one product has at most 200 letters.")
        line = LineKey(self.product_id, self.handover, self.edition_id)
        return Note(id=self.id, text=text, line=line)


Asked: TypeAlias = (
    AskToAdd
    | AskToSet
    | AskToRemove
    | AskToHandOver
    | AskToSplit
    | AskToMerge
    | AskToAttachCoupon
    | AskToDetachCoupon
    | AskToNote
)
MOST_AT_ONCE = 100
UNKNOWN = ("unknown-label", "unknown-product")
Several: TypeAlias = Annotated[list[Asked], Meta(min_length=1, max_length=MOST_AT_ONCE)]


class Done(msgspec.Struct):
    """Where the cart is now, and what became of each command, in their order."""

    version: int
    count: int
    outcomes: list[Outcome]


@post("/api/v1/cart/commands", status_code=200, tags=["basket"])
async def commands(
    request: Request[Any, Any, Any], data: JSONBody[Asked | Several]
) -> Response[Done]:
    """Change the basket by one command or up to a hundred, each with an id of its own.

    Sent again, a command gives the same answer and does nothing. One that is refused alone is a
    problem document with the cart as it is now; among several its outcome says `refused`. The
    first addition of somebody without a basket opens one and sets its cookie.
    """
    asked = data if isinstance(data, list) else [data]
    if not 1 <= len(asked) <= MOST_AT_ONCE:  # the framework drops the bound of a list in a union
        raise Malformed("Send between one and a hundred commands at once.")
    outcomes, cookie = await submit(request, [one.command() for one in asked])
    for outcome in outcomes:
        if outcome.refused in UNKNOWN:
            await miss(request, "code")
    if not isinstance(data, list) and outcomes[0].refused:
        cart = await _current(request)
        raise refusals.in_words(outcomes[0].refused, outcomes[0].differs or cart)
    newest = max(outcomes, key=lambda outcome: outcome.version)
    return Response(
        Done(newest.version, newest.count, outcomes), cookies=[cookie] if cookie else None
    )


@get("/api/v1/cart", tags=["basket"])
async def cart(request: Request[Any, Any, Any], db: Db) -> Response[Cart | None]:
    """The basket as it is now; an empty one for somebody without. Its ETag is of this basket and its
    version."""
    found = await _read(request, db)
    tag = f'"{found.version}-{found.id.hex[-12:]}"'
    if tag in request.headers.get("if-none-match", ""):
        return Response(None, status_code=304, headers={"ETag": tag})
    return Response(found, headers={"ETag": tag})


@get("/api/v1/cart/events", tags=["basket"], media_type="text/event-stream")
async def events(request: Request[Any, Any, Any]) -> Response[Any]:
    """Server-sent events: `change` per version, `snapshot` where steps are not known any more.

    The id of an event is the version; a browser that connects again sends it as Last-Event-ID and
    hears what it missed. 204 for somebody without a basket, which tells a browser to stop asking.
    """
    state = request.app.state
    token = tokens.of_request(request)
    async with begin(state.pool) as db:
        cart_id = await reading.of_token(db, token)
    if token is None or cart_id is None:
        return Response(None, status_code=204)
    seen = streaming.version_in(request.headers.get("last-event-id"))
    return Stream(
        streaming.stream(state.pool, state.hub, token, cart_id, seen),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no", "Cache-Control": "no-store"},
    )


@delete("/api/v1/cart/again/{id:uuid}", status_code=204, tags=["basket"])
async def not_again(request: Request[Any, Any, Any], id: FromPath[UUID], db: Db) -> None:
    """What this command brought of an order is out of the basket again, as far as it is still there.
    Sent twice it is the same; 404 for a command that brought nothing, 409 after ten minutes."""
    cart_id = await reading.of_token(db, tokens.of_request(request))
    if cart_id is None:
        raise NotFound("You have no basket yet.")
    await again.undo(db, cart_id, id)


async def _current(request: Request[Any, Any, Any]) -> Cart:
    async with begin(request.app.state.pool) as db:
        return await _read(request, db)


async def _read(request: Request[Any, Any, Any], db: Connection) -> Cart:
    cart_id = await reading.of_token(db, tokens.of_request(request))
    found = await reading.read(db, cart_id, language_of(request)) if cart_id else None
    return found or reading.nothing(request.app.state.settings.currency)


routes: list[Any] = [commands, cart, events, not_again, *customer_routes, *pairing_routes]
