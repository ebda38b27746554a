"""Who is asking: looked up where it matters, so that scanning pays nothing for it."""

from typing import Any

from litestar import Request
from litestar.datastructures import Cookie

from app.customers import queries, rules
from app.customers.models import Customer
from app.db import Connection, Pool
from app.settings import Settings


async def of_request(request: Request[Any, Any, Any], db: Connection | Pool) -> Customer | None:
    token = session_of(request)
    return await queries.of_session(db, rules.hash_of(token), rules.SESSION_S) if token else None


def session_of(request: Request[Any, Any, Any]) -> str | None:
    """The token this request brings, whether or not it opens anything."""
    return request.cookies.get(cookie_name(request.app.state.settings))


def cookie(settings: Settings, token: str) -> Cookie:
    """Empty to take it away."""
    return Cookie(
        cookie_name(settings),
        value=token,
        max_age=rules.SESSION_S if token else 0,
        httponly=True,
        secure=settings.secure_cookies,
        samesite="lax",
    )


def cookie_name(settings: Settings) -> str:
    """A `__Host-` cookie cannot be set by a neighbour on the same domain, but needs https."""
    return "__Host-customer" if settings.secure_cookies else "customer"
