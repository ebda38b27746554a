"""Who has the token has the cart: 128 random bits in a cookie, of which we keep the SHA-256."""

import hashlib
import secrets
from typing import Any, Literal
from uuid import UUID

from litestar import Request
from litestar.datastructures import Cookie, State

from app import db
from app.cart import queries

AnyRequest = Request[Any, Any, Any]

KEPT_FOR_S = 90 * 24 * 3600


def of_request(request: AnyRequest) -> bytes | None:
    """The hash of the token this request brings, whether or not it opens a cart."""
    token = request.cookies.get(_name(request.app.state))
    return None if not token or len(token) > 100 else sha256_of(token)


async def open_new(request: AnyRequest) -> tuple[bytes, Cookie]:
    """An empty cart for somebody who has none; never one whose token the client thought up."""
    settings = request.app.state.settings
    _, token = await open_empty(request.app.state.pool, settings.currency)
    samesite: Literal["lax"] = "lax"
    cookie = Cookie(
        _name(request.app.state),
        value=token,
        max_age=KEPT_FOR_S,
        secure=settings.secure_cookies,
        httponly=True,
        samesite=samesite,
    )
    return sha256_of(token), cookie


async def open_empty(pool: db.Pool, currency: str) -> tuple[UUID, str]:
    """The id of a new cart, and the token that opens it."""
    id, token = db.new_id(), secrets.token_urlsafe(16)
    async with db.begin(pool) as connection:
        await queries.open_cart(connection, id, sha256_of(token), currency)
    return id, token


def sha256_of(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _name(state: State) -> str:
    """The prefix makes browsers insist on https, this host and the whole site."""
    return "__Host-cart" if state.settings.secure_cookies else "cart"
