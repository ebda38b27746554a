"""The house itself: is it well, its files, its languages, its door for staff, its papers."""

from app.http.permissions import EVERYONE

ROUTES = {
    "GET /health/live": EVERYONE,
    "GET /health/ready": EVERYONE,
    "GET /assets/{path}": EVERYONE,
    "GET /files/{name}": EVERYONE,
    "POST /language": EVERYONE,
    "GET /login": EVERYONE,
    "POST /login": EVERYONE,
    "POST /logout": EVERYONE,
    "GET /metrics": EVERYONE,
    "GET /outbox": EVERYONE,  # answers in a demo only
    "GET /schema": EVERYONE,
    "GET /schema/openapi.json": EVERYONE,
}
