"""Handing a basket over, over the API: codes to show or to type, looks, copies (DESIGN 1.3)."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Request, Response, delete, get, post
from litestar.params import FromPath, JSONBody
from litestar.response import Stream
from msgspec import Meta

from app.cart import arriving, pairing, reading, refusals, tokens
from app.cart.models import NO_EDITION, Add, Cart, Handover, Outcome, Role, SharedLine
from app.db import Connection, Db, begin
from app.errors import NotFound
from app.http.limits import miss
from app.http.problems import language_of

AnyRequest = Request[Any, Any, Any]
Code = Annotated[str, Meta(max_length=20, pattern=r"^[0-9A-Za-z -]{1,20}$", examples=["7Q2MKX9D"])]
Token = Annotated[str, Meta(max_length=60)]
More = Annotated[int, Meta(ge=-99, le=99)]
What = Literal["look", "help", "own"]


class Offered(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`look` or `help` for somebody else's screen, `own` for another browser of one's own."""

    role: What = "look"


class CodeToShow(msgspec.Struct, frozen=True, kw_only=True):
    """To be shown as a QR code of `address`, or to be typed: once, and only for so long. `view` is
    the token of the look that waits, where a screen asks for a basket."""

    code: str
    address: str
    holds_s: int
    view: str | None = None


class Meaning(msgspec.Struct, frozen=True):
    """What a code is for: `asked` lets another screen see one's own basket."""

    what: Literal["look", "help", "own", "asked"]


class Entered(msgspec.Struct, frozen=True, kw_only=True):
    """`view` is the token of a look at the basket that was offered; None where it is one's own by
    now, or where another screen sees ours."""

    what: Literal["look", "help", "own", "asked"]
    view: str | None = None


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """The basket is None while nobody has answered the code."""

    role: Role
    until_at: datetime
    cart: Cart | None


class OpenView(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    role: Role
    opened_at: datetime
    until_at: datetime


class Help(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many more of a line, or below zero fewer."""

    id: UUID
    product_id: UUID
    quantity: More = 1
    handover: Handover = "delivery"
    edition_id: UUID = NO_EDITION


class Share(msgspec.Struct, frozen=True):
    """Behind this address lies a copy, for thirty days."""

    address: str
    token: str


@post("/api/v1/cart/pairings", status_code=201, tags=["hand-over"])
async def offer(request: AnyRequest, data: JSONBody[Offered], db: Db) -> CodeToShow:
    """A code for one's own basket, which works once: two minutes for another screen, ten for another
    browser of one's own."""
    cart_id = await _own(request, db)
    if data.role == "own":
        code = await pairing.offer_to_bring(db, cart_id)
        return _shown(request, code, pairing.BRINGING_HOLDS_S)
    return _shown(request, await pairing.offer(db, cart_id, data.role), pairing.CODE_HOLDS_S)


@post("/api/v1/pairings", status_code=201, tags=["hand-over"])
async def ask(request: AnyRequest, db: Db) -> CodeToShow:
    """A till, or whoever helps, shows a code and waits for a phone to let it see."""
    code, view = await pairing.ask_for_one(db, "help")
    return _shown(request, code, pairing.CODE_HOLDS_S, view)


@get("/api/v1/pairings/{code:str}", tags=["hand-over"])
async def what_for(request: AnyRequest, code: FromPath[Code], db: Db) -> Meaning:
    """What a code is for. Looking uses nothing up. 410 `code-used` for one that holds no more."""
    what = await pairing.what_for(db, code)
    if what is None:
        await miss(request, "pairing")
        raise pairing.used_up()
    return msgspec.convert({"what": what}, Meaning)


@post("/api/v1/pairings/{code:str}", status_code=200, tags=["hand-over"])
async def enter(request: AnyRequest, code: FromPath[Code]) -> Response[Entered]:
    """Use a code: look at the basket that was offered, bring one's own here (sets its cookie), or let
    the screen that asked see ours. 410 `code-used` for whoever comes second."""
    async with begin(request.app.state.pool) as db:
        what = await pairing.what_for(db, code)
        if what == "asked":
            cookie = await arriving.let_see(request, db, code)
            return Response(Entered(what="asked"), cookies=[cookie] if cookie else None)
        if what == "own":
            brought = await arriving.bring(request, db, code)
            return Response(Entered(what="own"), cookies=[brought])
        if what is not None:
            role: Role = "help" if what == "help" else "look"
            return Response(Entered(what=role, view=await pairing.enter(db, code)))
    await miss(request, "pairing")
    raise pairing.used_up()


@get("/api/v1/views/{token:str}", tags=["hand-over"])
async def look(request: AnyRequest, token: FromPath[Token], db: Db) -> Looked:
    """The basket somebody shows us, as it is now. 404 `view-ended` once they end that."""
    view = await pairing.view(db, token)
    if view is None:
        raise _ended()
    seen = await reading.read(db, view.cart_id, language_of(request)) if view.cart_id else None
    return Looked(role=view.role, until_at=view.until_at, cart=seen)


@get("/api/v1/views/{token:str}/events", tags=["hand-over"], media_type="text/event-stream")
async def follow(request: AnyRequest, token: FromPath[Token]) -> Response[Any]:
    """Server-sent events: `version` each time the basket that is looked at has changed, `ended` when
    it is shown no more. 404 `view-ended` where there is nothing to look at."""
    state = request.app.state
    if await pairing.view(state.pool, token) is None:
        raise _ended()
    return Stream(
        pairing.follow(state.pool, state.hub, token),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no", "Cache-Control": "no-store"},
    )


@post("/api/v1/views/{token:str}/commands", status_code=200, tags=["hand-over"])
async def help_along(request: AnyRequest, token: FromPath[Token], data: JSONBody[Help]) -> Outcome:
    """One more or fewer, by somebody who was asked to help (404 for who may only look). The same id
    again does nothing and gives the same answer."""
    command = Add(
        id=data.id,
        quantity=data.quantity,
        product_id=data.product_id,
        handover=data.handover,
        edition_id=data.edition_id,
        added_from="till",
    )
    outcome = await pairing.help_with(request.app.state.pool, token, command)
    if outcome.refused:
        raise refusals.in_words(outcome.refused, outcome.differs)
    return outcome


@get("/api/v1/cart/views", tags=["hand-over"])
async def views(request: AnyRequest, db: Db) -> list[OpenView]:
    """Who sees this browser's basket now."""
    return [
        OpenView(id=one.id, role=one.role, opened_at=one.opened_at, until_at=one.until_at)
        for one in await pairing.views_of(db, await _own(request, db))
    ]


@delete("/api/v1/cart/views/{id:uuid}", status_code=204, tags=["hand-over"])
async def end(request: AnyRequest, id: FromPath[UUID], db: Db) -> None:
    """They see it no more, from this moment. Ending one that has ended changes nothing."""
    await pairing.end_view(db, await _own(request, db), id)


@post("/api/v1/cart/shares", status_code=201, tags=["hand-over"])
async def share(request: AnyRequest, db: Db) -> Share:
    """A link to a copy of this basket as it is now; it says nothing of whose it was."""
    seen = await reading.read(db, await _own(request, db), language_of(request))
    assert seen is not None, "it is there, it is ours"
    lines = [SharedLine(line.product_id, line.handover, line.quantity) for line in seen.lines]
    token = await pairing.share(db, lines, seen.currency)
    return Share(f"{request.app.state.settings.base_url}/shared/{token}", token)


@get("/api/v1/shares/{token:str}", tags=["hand-over"])
async def shared(token: FromPath[Token], db: Db) -> list[SharedLine]:
    """What lies in a copy; to be added to one's own basket by commands. 410 `not-shared`."""
    return await pairing.shared(db, token)


def _shown(request: AnyRequest, code: str, holds_s: int, view: str | None = None) -> CodeToShow:
    address = f"{request.app.state.settings.base_url}/pair/{code}"
    return CodeToShow(code=code, address=address, holds_s=holds_s, view=view)


async def _own(request: AnyRequest, db: Connection) -> UUID:
    cart_id = await reading.of_token(db, tokens.of_request(request))
    if cart_id is None:
        raise NotFound("You have no basket yet.")
    return cart_id


def _ended() -> NotFound:
    return NotFound("This basket is not shown here any more.", code="view-ended")


routes: list[Any] = [
    offer,
    ask,
    what_for,
    enter,
    look,
    follow,
    help_along,
    views,
    end,
    share,
    shared,
]
