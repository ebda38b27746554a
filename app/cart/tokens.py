"""Who has the token has the cart: 128 random bits in a cookie, of which we keep the SHA-256."""

import hashlib
import secrets
from typing import Any
from uuid import UUID

from litestar import Request
from litestar.datastructures import Cookie

from app import customers, db
from app.cart import joining, queries
from app.cart.queries import joining as joined_queries
from app.errors import Busy
from app.settings import Settings

AnyRequest = Request[Any, Any, Any]

KEPT_FOR_S = 90 * 24 * 3600
LONGEST = 100


def of_request(request: AnyRequest) -> bytes | None:
    """The hash of the token this request brings, whether or not it opens a cart."""
    return hash_of(request.cookies.get(cookie_name(request.app.state.settings)))


def hash_of(token: str | None) -> bytes | None:
    """None for what cannot be one."""
    return sha256_of(token) if token and len(token) <= LONGEST else None


async def open_new(request: AnyRequest) -> tuple[bytes, Cookie]:
    """A cart for a browser that has none: a customer's own, else an empty one.

    Never one whose token the client thought up.
    """
    async with db.begin(request.app.state.pool) as connection:
        _, token = await open_for(request, connection)
    return sha256_of(token), cookie(request.app.state.settings, token)


async def mine(request: AnyRequest, connection: db.Connection) -> tuple[UUID, Cookie | None]:
    """The cart of this request, opened for who has none: then with the cookie to be set."""
    sha256 = of_request(request)
    if sha256 is not None:
        found = (await queries.of_tokens(connection, [sha256])).get(sha256)
        if found is not None:
            return found, None
    cart_id, token = await open_for(request, connection)
    return cart_id, cookie(request.app.state.settings, token)


async def open_for(request: AnyRequest, connection: db.Connection) -> tuple[UUID, str]:
    """The same in a transaction of the caller: the id of that cart, and a token that opens it."""
    currency = request.app.state.settings.currency
    customer = await customers.of_request(request, connection)
    if customer is None:
        return await open_with(connection, currency)
    joined = await joining.join(connection, customer.id, None, currency)
    return joined.cart_id, await give(connection, joined.cart_id)


async def give(connection: db.Connection, cart_id: UUID) -> str:
    """One more token that opens this cart. Raises Busy for one that was ordered this moment: who asks
    again has the next."""
    token = secrets.token_urlsafe(16)
    if not await joined_queries.add_token(connection, sha256_of(token), cart_id):
        raise Busy("The shop is very busy. Please try again in a moment.", retry_after_s=1)
    return token


async def forget(connection: db.Connection, sha256: bytes) -> None:
    """This browser has the cart no longer; whoever else has it goes on."""
    await joined_queries.forget_token(connection, sha256)


def cookie_name(settings: Settings) -> str:
    """The prefix makes browsers insist on https, this host and the whole site."""
    return "__Host-cart" if settings.secure_cookies else "cart"


def cookie(settings: Settings, token: str) -> Cookie:
    """Empty to take it away."""
    return Cookie(
        cookie_name(settings),
        value=token,
        max_age=KEPT_FOR_S if token else 0,
        secure=settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )


async def open_empty(pool: db.Pool, currency: str) -> tuple[UUID, str]:
    """The id of a new cart, and the token that opens it."""
    async with db.begin(pool) as connection:
        return await open_with(connection, currency)


async def open_with(connection: db.Connection, currency: str) -> tuple[UUID, str]:
    """The same in a transaction of the caller."""
    id, token = db.new_id(), secrets.token_urlsafe(16)
    await queries.open_cart(connection, id, sha256_of(token), currency)
    return id, token


def sha256_of(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
