"""Who is asking: puts a `Person` (or None) into the scope as `user`, for guards and handlers."""

from litestar.connection import ASGIConnection
from litestar.types import ASGIApp, Receive, Scope, Send

from app.settings import Settings
from app.staff import queries, rules


def cookie_name(settings: Settings) -> str:
    """A `__Host-` cookie cannot be set by a neighbour on the same domain, but needs https."""
    return "__Host-staff" if settings.secure_cookies else "staff"


class Recognition:
    """The database is asked only when the cookie is there: shoppers pay nothing for it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["user"] = None
        state = scope["litestar_app"].state
        token = ASGIConnection(scope).cookies.get(cookie_name(state.settings))
        if token:
            token_sha256 = rules.hash_of(token)
            found = await queries.person_of_session(state.pool, token_sha256)
            if found is not None:
                scope["user"], stale = found
                if stale:
                    await queries.touch_session(state.pool, token_sha256)
        await self._app(scope, receive, send)
