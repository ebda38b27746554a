"""The table of route → who may use it. `everyone`, `staff` (any), or roles joined by commas."""

from app.http.permissions import EVERYONE

PERMISSIONS: dict[str, str] = {
    "GET /health/live": EVERYONE,
    "GET /health/ready": EVERYONE,
    "GET /assets/{path}": EVERYONE,
    "GET /files/{name}": EVERYONE,
    "POST /language": EVERYONE,
    # signing in
    "GET /login": EVERYONE,
    "POST /login": EVERYONE,
    "POST /logout": EVERYONE,
    # the basket
    "POST /api/v1/cart/commands": EVERYONE,
    "GET /api/v1/cart": EVERYONE,
    "GET /api/v1/cart/events": EVERYONE,
    # operators
    "GET /metrics": EVERYONE,
    "GET /state": "operator",
    "GET /state/checks": "operator",
    "POST /state/events": "operator",
    "POST /state/steps": "operator",
    # delivery slots
    "GET /api/v1/slots": EVERYONE,
    "GET /schema": EVERYONE,
    "GET /schema/openapi.json": EVERYONE,
}
