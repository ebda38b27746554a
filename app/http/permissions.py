"""Who may do what: one table. A route that is not in it keeps the app from starting."""

from collections.abc import Mapping
from typing import Any, cast

from litestar import Litestar
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.types import HTTPScope

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


def check(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """A guard on every route: default deny."""
    table: Mapping[str, str] = connection.app.state["permissions"]
    method = cast("HTTPScope", connection.scope)["method"]  # we speak no WebSocket
    if method == "OPTIONS":  # says which methods there are, and nothing else
        return
    path = connection.scope["path_template"]
    needed = table.get(f"{'GET' if method == 'HEAD' else method} {path}")
    if needed == EVERYONE:
        return
    person = connection.scope.get("user")
    if person is None:
        raise NotSignedIn("Please sign in first.")
    roles = set((needed or "nobody").split(","))
    if "staff" not in roles and not roles & set(person.roles):
        raise NotAllowed("Your role may not do this. Ask an operator to change it.")
