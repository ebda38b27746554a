"""Signing in by a mailed link, and the baskets that meet when somebody does."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect
from msgspec import Meta

from app import cart, customers
from app.cart.models import NO_EDITION, Handover, LineKey
from app.db import Connection, Db
from app.errors import NotFound, ShopError, TooMany
from app.http.address import address_of
from app.http.bounds import Email
from app.http.problems import language_of
from app.languages import translate
from app.pages.rendering import render
from app.pages.shopper import again, showing

AnyRequest = Request[Any, Any, Any]
Token = Annotated[str, Meta(max_length=100)]
At = Annotated[str, Meta(pattern="^(checkout)?$", max_length=8)]
"""Whether somebody was on the way to the checkout."""
MOST_ORDERS = 10


class Asked(msgspec.Struct):
    email: Annotated[str, Meta(max_length=1000)]
    at: At = ""


class Used(msgspec.Struct):
    command: UUID
    at: At = ""


class Apart(msgspec.Struct):
    merge: UUID


class Back(msgspec.Struct):
    command: UUID
    product_id: UUID
    handover: Handover = "delivery"
    edition_id: UUID = NO_EDITION


@get("/sign-in", include_in_schema=False)
async def form(request: AnyRequest, db: Db, at: FromQuery[At] = "") -> Response[str]:
    customer = await customers.of_request(request, db)
    orders = await again.past(request, db, customer, MOST_ORDERS)
    return await _page(request, db, "form", customer=customer, past=orders, at=at, email="")


@post("/sign-in", include_in_schema=False, status_code=200)
async def ask(request: AnyRequest, db: Db, data: URLEncodedBody[Asked]) -> Response[str]:
    """The same answer for every address, known or not."""
    try:
        email = msgspec.convert(data.email.strip(), Email)
    except msgspec.ValidationError:
        sentence = translate(
            language_of(request), "Please write an e-mail address like name@example.nl."
        )
        return await _page(
            request, db, "form", status=400, problem=sentence, at=data.at, email=data.email[:254]
        )
    state = request.app.state
    wait_s = await state.misses.count("sign-in", address_of(request.scope, state.proxies))
    if wait_s:
        raise TooMany("Too many mails at once. Please wait a moment.", retry_after_s=wait_s)
    goes_to = "?at=checkout" if data.at else ""
    await customers.ask(db, state.settings, email, language_of(request), goes_to)
    return await _page(request, db, "sent", email=email, at=data.at)


@get("/sign-in/{token:str}", include_in_schema=False)
async def link(
    request: AnyRequest, token: FromPath[Token], db: Db, at: FromQuery[At] = ""
) -> Response[str]:
    """Opened by a person, a mail program or a virus scanner: it uses nothing up."""
    try:
        email = await customers.find_link(db, token)
    except ShopError as refusal:
        sentence = translate(language_of(request), refusal.sentence)
        return await _page(
            request, db, "form", status=refusal.status, problem=sentence, at=at, email=""
        )
    return await _page(request, db, "link", token=token, email=email, at=at)


@post("/sign-in/{token:str}", include_in_schema=False, status_code=303)
async def use(
    request: AnyRequest, token: FromPath[Token], db: Db, data: URLEncodedBody[Used]
) -> Redirect:
    """Signed in, with one basket. All in one transaction, and once however often it is sent."""
    occasion: cart.Occasion = "checkout" if data.at else "browsing"
    arrived = await cart.arriving.sign_in(request, db, token, data.command, occasion)
    joined = arrived.joined
    address = "/checkout" if data.at and not joined.merged else "/basket"
    return Redirect(
        f"{address}?{'apart=' + joined.apart if joined.apart else 'in=1'}",
        status_code=303,
        cookies=arrived.cookies,
    )


@post("/sign-out", include_in_schema=False, status_code=303)
async def sign_out(request: AnyRequest, db: Db) -> Redirect:
    """The basket stays with its owner, and leaves this browser."""
    return Redirect("/", status_code=303, cookies=await cart.arriving.sign_out(request, db))


@post("/basket/apart", include_in_schema=False, status_code=303)
async def apart(request: AnyRequest, db: Db, data: URLEncodedBody[Apart]) -> Redirect:
    """The baskets that became one at login are two again. Only of one's own."""
    await cart.undo(db, data.merge, await _own(request, db))
    return Redirect("/basket?apart=yes", status_code=303)


@post("/basket/put-back", include_in_schema=False, status_code=303)
async def put_back(request: AnyRequest, db: Db, data: URLEncodedBody[Back]) -> Redirect:
    line = LineKey(data.product_id, data.handover, data.edition_id)
    await cart.put_back(db, await _own(request, db), data.command, line)
    return Redirect("/basket", status_code=303)


async def _own(request: AnyRequest, db: Connection) -> UUID:
    cart_id = await cart.of_token(db, cart.of_request(request))
    if cart_id is None:
        raise NotFound("You have no basket yet.")
    return cart_id


async def _page(
    request: AnyRequest, db: Connection, what: str, *, status: int = 200, **context: Any
) -> Response[str]:
    context = {"problem": "", "customer": None, "past": [], "token": ""} | context
    bar = await showing.bar(request, db)
    return render(request, "shopper/sign_in.html", status=status, what=what, bar=bar, **context)


routes: list[Any] = [form, ask, link, use, sign_out, apart, put_back]
