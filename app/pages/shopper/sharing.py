"""A basket is shown to a till, brought to another browser, or given to a friend as a copy."""

from typing import Annotated, Any, Literal
from uuid import UUID, uuid5

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Stream
from msgspec import Meta

from app import cart, catalog
from app.cart import pairing
from app.cart.models import NO_EDITION, Add, Handover, SharedLine, View
from app.db import Connection, Db, begin
from app.errors import NotFound
from app.http.limits import miss
from app.http.problems import language_of
from app.pages.rendering import render
from app.pages.shopper import showing
from app.pages.shopper.drawing import code_as_svg
from app.settings import Settings

AnyRequest = Request[Any, Any, Any]
Code = Annotated[str, Meta(max_length=20, pattern=r"^[0-9A-Za-z -]{0,20}$")]
Token = Annotated[str, Meta(max_length=40)]
Step = Annotated[int, Meta(ge=-1, le=1)]


class Offered(msgspec.Struct):
    role: Literal["look", "help", "own"] = "look"


class Entered(msgspec.Struct):
    code: Annotated[str, Meta(max_length=1000)]
    """As it was typed."""


class Ended(msgspec.Struct):
    view: UUID


class Taken(msgspec.Struct):
    command: UUID


class Helped(msgspec.Struct):
    command: UUID
    product_id: UUID
    step: Step
    handover: Handover = "delivery"
    edition_id: UUID = NO_EDITION


@post("/basket/pairing", include_in_schema=False, status_code=200)
async def offer(request: AnyRequest, db: Db, data: URLEncodedBody[Offered]) -> Response[str]:
    """A code, shown once: for a till to look or help, or for another browser of one's own."""
    cart_id = await _own(request, db)
    if data.role == "own":
        code = await pairing.offer_to_bring(db, cart_id)
    else:
        code = await pairing.offer(db, cart_id, data.role)
    return await _show_code(request, db, code, data.role)


@get("/pair", include_in_schema=False)
async def enter_form(request: AnyRequest, db: Db) -> Response[str]:
    return await _page(request, db, "shopper/pair.html", what="form", code="", refusal=None)


@get("/pair/{code:str}", include_in_schema=False)
async def entered(request: AnyRequest, code: FromPath[Code], db: Db) -> Response[str]:
    """What the code is for. Looking uses nothing up, so a camera may fetch it first."""
    kind = await pairing.what_for(db, code)
    if kind is None:
        await miss(request, "pairing")
        raise pairing.used_up()
    return await _page(
        request, db, "shopper/pair.html", what=kind, code=pairing.tidy(code), refusal=None
    )


@post("/pair", include_in_schema=False, status_code=303)
async def enter(request: AnyRequest, data: URLEncodedBody[Entered]) -> Response[Any]:
    """Where it is no code, or not any more, it can be typed once more."""
    async with begin(request.app.state.pool) as db:
        kind = await pairing.what_for(db, data.code)
        if kind == "asked":
            cookie = await cart.arriving.let_see(request, db, data.code)
            return Redirect("/basket", status_code=303, cookies=[cookie] if cookie else None)
        if kind == "own":
            brought = await cart.arriving.bring(request, db, data.code)
            return Redirect("/basket", status_code=303, cookies=[brought])
        if kind is not None:
            token = await pairing.enter(db, data.code)
            return Redirect("/looking", status_code=303, cookies=[_cookie(request, token)])
    await miss(request, "pairing")
    refusal = pairing.used_up()
    async with begin(request.app.state.pool) as db:
        return await _page(
            request, db, "shopper/pair.html", status=refusal.status, what="form",
            code=data.code.strip()[:20], refusal=refusal,
        )  # fmt: skip


@post("/pair/ask", include_in_schema=False, status_code=200)
async def ask(request: AnyRequest, db: Db) -> Response[str]:
    """A till shows a code and waits for a phone to let it see."""
    code, token = await pairing.ask_for_one(db, "help")
    page = await _show_code(request, db, code, "asked")
    page.set_cookie(_cookie(request, token))
    return page


@get("/looking", include_in_schema=False)
async def looking(request: AnyRequest, db: Db) -> Response[str]:
    view = await _view(request, db)
    seen = await cart.read(db, view.cart_id, language_of(request)) if view.cart_id else None
    receipt = await showing.priced(db, seen) if seen else None
    return render(request, "shopper/looking.html", view=view, basket=seen, receipt=receipt)


@get("/looking/events", include_in_schema=False, media_type="text/event-stream")
async def looking_events(request: AnyRequest) -> Response[Any]:
    """`version` whenever the basket that is looked at has changed, `ended` when it is shown no more.
    204 for who sees none."""
    state, token = request.app.state, _brought(request)
    if await pairing.view(state.pool, token) is None:
        return Response(None, status_code=204)
    return Stream(
        pairing.follow(state.pool, state.hub, token),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no", "Cache-Control": "no-store"},
    )


@post("/looking/step", include_in_schema=False, status_code=303)
async def help_along(request: AnyRequest, data: URLEncodedBody[Helped]) -> Redirect:
    """One more or one less, by somebody who was asked to help."""
    command = Add(
        id=data.command,
        quantity=data.step,
        product_id=data.product_id,
        handover=data.handover,
        edition_id=data.edition_id,
        added_from="till",
    )
    outcome = await pairing.help_with(request.app.state.pool, _brought(request), command)
    return Redirect(f"/looking?no={outcome.refused or ''}", status_code=303)


@post("/basket/views/end", include_in_schema=False, status_code=303)
async def end_view(request: AnyRequest, db: Db, data: URLEncodedBody[Ended]) -> Redirect:
    await pairing.end_view(db, await _own(request, db), data.view)
    return Redirect("/basket", status_code=303)


@post("/basket/share", include_in_schema=False, status_code=200)
async def share(request: AnyRequest, db: Db) -> Response[str]:
    """A link to a copy of this basket as it is now."""
    seen = await cart.read(db, await _own(request, db), language_of(request))
    assert seen is not None, "it is there, it is ours"
    lines = [SharedLine(line.product_id, line.handover, line.quantity) for line in seen.lines]
    token = await pairing.share(db, lines, seen.currency)
    address = f"{_settings(request).base_url}/shared/{token}"
    return await _page(request, db, "shopper/shared.html", address=address, goods=[], token="")


@get("/shared/{token:str}", include_in_schema=False)
async def shared(request: AnyRequest, token: FromPath[Token], db: Db) -> Response[str]:
    lines = await pairing.shared(db, token)
    products = await catalog.products(db, [line.product_id for line in lines], language_of(request))
    goods = [(line, products[line.product_id]) for line in lines if line.product_id in products]
    return await _page(request, db, "shopper/shared.html", address="", goods=goods, token=token)


@post("/shared/{token:str}", include_in_schema=False, status_code=303)
async def take(
    request: AnyRequest, token: FromPath[Token], data: URLEncodedBody[Taken]
) -> Redirect:
    """Each of its lines is added to one's own basket, once per command."""
    async with begin(request.app.state.pool) as db:
        lines = await pairing.shared(db, token)
    wanted = [
        Add(
            id=uuid5(data.command, str(place)),
            product_id=line.product_id,
            quantity=line.quantity,
            handover=line.handover,
        )
        for place, line in enumerate(lines)
    ]
    outcomes, cookie = await cart.submit(request, list(wanted))
    refused = [outcome.refused for outcome in outcomes if outcome.refused]
    mark = f"?no={refused[0]}" if refused else ""
    return Redirect(f"/basket{mark}", status_code=303, cookies=[cookie] if cookie else None)


async def _show_code(request: AnyRequest, db: Connection, code: str, what: str) -> Response[str]:
    address = f"{_settings(request).base_url}/pair/{code}"
    return await _page(
        request, db, "shopper/code.html", code=code, what=what, address=address,
        picture=code_as_svg(address),
    )  # fmt: skip


async def _own(request: AnyRequest, db: Connection) -> UUID:
    cart_id = await cart.of_token(db, cart.of_request(request))
    if cart_id is None:
        raise NotFound("You have no basket yet.")
    return cart_id


async def _view(request: AnyRequest, db: Connection) -> View:
    view = await pairing.view(db, _brought(request))
    if view is None:
        raise NotFound("This basket is not shown here any more.", code="view-ended")
    return view


def _brought(request: AnyRequest) -> str:
    return request.cookies.get(_name(_settings(request)), "")[:100]


def _cookie(request: AnyRequest, token: str) -> Cookie:
    settings = _settings(request)
    return Cookie(
        _name(settings),
        value=token,
        max_age=pairing.VIEW_HOLDS_S,
        secure=settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )


def _name(settings: Settings) -> str:
    return "__Host-view" if settings.secure_cookies else "view"


def _settings(request: AnyRequest) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


async def _page(
    request: AnyRequest, db: Connection, template: str, **context: Any
) -> Response[str]:
    return render(request, template, bar=await showing.bar(request, db), **context)


routes: list[Any] = [
    offer,
    enter_form,
    entered,
    enter,
    ask,
    looking,
    looking_events,
    help_along,
    end_view,
    share,
    shared,
    take,
]
