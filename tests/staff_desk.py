"""A shop that is open inside a test, and people who are signed in at their desks."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import msgspec
from litestar import Litestar

from app import db, staff
from app.main import routed, set_up
from app.settings import Settings
from app.staff import ROLES, Person, Role, queries, rules

SECRET = "not a secret, but thirty-two characters long"
UNUSED_HASH = "$argon2id$v=19$m=19456,t=2,p=1$unused$unused"


class OpenShop(msgspec.Struct):
    app: Litestar
    visitor: httpx.AsyncClient
    """Somebody without any cookie."""
    pool: Any

    def guest(self, **headers: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(
            transport=transport, base_url="http://shop.test", headers=headers, timeout=10
        )

    async def desk(self, *roles: Role) -> httpx.AsyncClient:
        """A browser in which somebody with these roles has signed in."""
        client = self.guest()
        token, _ = await employ(self.pool, *roles)
        client.cookies.set(staff.cookie_name(self.app.state.settings), token)
        return client


@asynccontextmanager
async def open_shop(database_url: str, **changed: Any) -> AsyncIterator[OpenShop]:
    settings = Settings(
        **{
            "home": Path("/nonexistent"),
            "secret": SECRET,
            "base_url": "http://shop.test",
            "database_url": database_url,
            **changed,
        }
    )
    app, answer = _routes()
    set_up(app, answer, settings)
    async with app.lifespan():
        shop = OpenShop(app, None, app.state.pool)  # type: ignore[arg-type]
        async with shop.guest() as shop.visitor:
            yield shop


@cache
def _routes() -> tuple[Litestar, Any]:
    """Made once: it takes half a second. One shop at a time is open with them."""
    app = routed()
    return app, app.asgi_handler


async def employ(pool: Any, *roles: Role) -> tuple[str, Person]:
    """A session token and whose it is, without the time a password takes."""
    id, token = db.new_id(), rules.new_token()
    async with db.begin(pool) as connection:
        await queries.write_person(
            connection, id, "Robin", f"robin-{id}", UNUSED_HASH, roles or ROLES
        )
        await queries.start_session(connection, rules.hash_of(token), id)
    return token, Person(id, "Robin", list(roles or ROLES))
