"""Who may do what: one table. A route that is not in it keeps the app from starting."""

from collections.abc import Mapping
from typing import cast

from litestar import Litestar
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from app.errors import NotAllowed, NotSignedIn

EVERYONE = "everyone"
"""Also: whose cart or order it is, is part of the SQL, by the token in the cookie or address."""


def check_complete(app: Litestar, table: Mapping[str, str]) -> None:
    """Raises RuntimeError naming every route without a permission, and every row without a route."""
    routes = {
        f"{method} {route.path_format}"
        for route in app.routes
        for method in getattr(route, "methods", ())
        if method not in ("OPTIONS", "HEAD")
    }
    missing, left_over = sorted(routes - table.keys()), sorted(table.keys() - routes)
    if missing or left_over:
        raise RuntimeError(
            f"The permission table is not complete. Routes without a row: {missing}; "
            f"rows without a route: {left_over}."
        )


class Permission:
    """Before every route: default deny. Not a guard of the framework, which copies the route's
    handler for each request and, where it does not wait, starts a thread for it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        check(scope)
        await self._app(scope, receive, send)


def check(scope: Scope) -> None:
    """Raises NotSignedIn or NotAllowed."""
    table: Mapping[str, str] = scope["litestar_app"].state["permissions"]
    method = cast("HTTPScope", scope)["method"]  # we speak no WebSocket
    if method == "OPTIONS":  # says which methods there are, and nothing else
        return
    path = scope["path_template"]
    needed = table.get(f"{'GET' if method == 'HEAD' else method} {path}")
    if needed == EVERYONE:
        return
    person = scope.get("user")
    if person is None:
        raise NotSignedIn("Please sign in first.")
    roles = set((needed or "nobody").split(","))
    if "staff" not in roles and not roles & set(person.roles):
        raise NotAllowed("Your role may not do this. Ask an operator to change it.")
