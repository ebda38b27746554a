"""Signing in by a mailed link, over the API. Guests never need it."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from app import customers
from app.cart import arriving
from app.cart.joining import Occasion
from app.customers.rules import LINK_HOLDS_S
from app.db import Db
from app.errors import TooMany
from app.http.address import address_of
from app.http.bounds import Email
from app.http.idempotency import idempotency_key
from app.http.problems import language_of

AnyRequest = Request[Any, Any, Any]
Token = Annotated[str, Meta(max_length=100)]


class AskedToSignIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    email: Email


class Sent(msgspec.Struct, frozen=True):
    """The same for every address, known or not."""

    holds_s: int = LINK_HOLDS_S


class Coming(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`checkout`: on the way to paying, where the guest's lines come first and what the customer had
    is laid aside."""

    occasion: Occasion = "browsing"


class SignedIn(msgspec.Struct, frozen=True, kw_only=True):
    """`merged` can be undone for ten minutes; `apart` says why two baskets stayed two."""

    email: str
    merged: UUID | None = None
    apart: str = ""


class Who(msgspec.Struct, frozen=True):
    """Empty for a guest."""

    email: str = ""


@get("/api/v1/customer", tags=["customers"])
async def who(request: AnyRequest, db: Db) -> Who:
    """Who is signed in with this browser."""
    customer = await customers.of_request(request, db)
    return Who(customer.email if customer else "")


@post("/api/v1/sign-in", status_code=202, tags=["customers"])
async def ask(request: AnyRequest, data: JSONBody[AskedToSignIn], db: Db) -> Sent:
    """Mail a link that signs in: once, within fifteen minutes, the newest only. 429 for too many."""
    state = request.app.state
    wait_s = await state.misses.count("sign-in", address_of(request.scope, state.proxies))
    if wait_s:
        raise TooMany("Too many mails at once. Please wait a moment.", retry_after_s=wait_s)
    await customers.ask(db, state.settings, data.email, language_of(request), "")
    return Sent()


@post("/api/v1/sign-in/{token:str}", status_code=200, tags=["customers"])
async def use(
    request: AnyRequest, token: FromPath[Token], data: JSONBody[Coming], db: Db
) -> Response[SignedIn]:
    """Sign in with the token of the mailed link; sets the session's cookie. The basket of this
    browser and the customer's become one. Sent again with the same Idempotency-Key it is the same
    session; 410 `link-used` for any other use."""
    command = idempotency_key(request)
    arrived = await arriving.sign_in(request, db, token, command, data.occasion)
    joined = arrived.joined
    answer = SignedIn(email=arrived.customer.email, merged=joined.merged, apart=joined.apart)
    return Response(answer, cookies=arrived.cookies)


@post("/api/v1/sign-out", status_code=200, tags=["customers"])
async def sign_out(request: AnyRequest, db: Db) -> Response[Who]:
    """The basket stays with its owner, and leaves this browser."""
    return Response(Who(), cookies=await arriving.sign_out(request, db))


routes: list[Any] = [who, ask, use, sign_out]
