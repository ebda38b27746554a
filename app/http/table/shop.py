"""The shopper's way in: walls and their codes, products, searching, the pages without a signal."""

from app.http.permissions import EVERYONE

ROUTES = {
    "GET /api/v1/search": EVERYONE,
    "GET /api/v1/products": EVERYONE,
    "GET /api/v1/products/{id}": EVERYONE,
    "GET /api/v1/codes/{code}": EVERYONE,
    "GET /api/v1/categories": EVERYONE,
    "POST /api/v1/reports": EVERYONE,
    "GET /": EVERYONE,
    "GET /{token}/01/{number}": EVERYONE,
    "GET /01/{number}": EVERYONE,
    "GET /01/{number}/{more}": EVERYONE,
    "GET /.well-known/gs1resolver": EVERYONE,
    "GET /{token}": EVERYONE,
    "GET /products/{id}": EVERYONE,
    "GET /find": EVERYONE,
    "GET /walls/{code}": EVERYONE,
    "GET /w/{code}": EVERYONE,
    "GET /W/{code}": EVERYONE,
    "POST /reports": EVERYONE,
    "GET /scan": EVERYONE,
    "GET /shop": EVERYONE,
    "GET /shop/{category}": EVERYONE,
    "GET /search": EVERYONE,
    "GET /sw.js": EVERYONE,
    "GET /manifest.webmanifest": EVERYONE,
    "GET /offline": EVERYONE,
}
