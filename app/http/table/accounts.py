"""Shoppers who sign in, and what we know about anybody."""

from app.http.permissions import EVERYONE

ROUTES = {
    "GET /api/v1/customer": EVERYONE,
    "POST /api/v1/sign-in": EVERYONE,
    "POST /api/v1/sign-in/{token}": EVERYONE,
    "POST /api/v1/sign-out": EVERYONE,
    "GET /sign-in": EVERYONE,
    "POST /sign-in": EVERYONE,
    "GET /sign-in/{token}": EVERYONE,
    "POST /sign-in/{token}": EVERYONE,
    "POST /sign-out": EVERYONE,
    "GET /points": EVERYONE,
    "POST /points": EVERYONE,
    "GET /my-data": EVERYONE,
    "GET /my-data/all.json": EVERYONE,
    "POST /my-data/forget": EVERYONE,
}
