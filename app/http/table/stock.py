"""What there is of everything, and what comes."""

from app.http.permissions import EVERYONE

ROUTES = {
    "GET /api/v1/products/{id}/supply": EVERYONE,
    "GET /api/v1/products/{id}/supply/events": EVERYONE,
    "POST /api/v1/stock/counts": "merchandiser",
    "POST /api/v1/stock/corrections": "merchandiser",
    "POST /api/v1/stock/transfers": "merchandiser",
    "POST /api/v1/stock/transfers/{id}/arrival": "merchandiser",
    "GET /api/v1/products/{id}/expected": "merchandiser",
    "POST /api/v1/stock/expected": "merchandiser",
    "POST /api/v1/stock/expected/{id}/arrival": "merchandiser",
    "POST /api/v1/stock/stops": "merchandiser,operator",
    "POST /api/v1/stock/stops/{product_id}/end": "merchandiser,operator",
    "GET /merchandiser/stock": "merchandiser",
    "POST /merchandiser/stock/correction": "merchandiser",
    "POST /merchandiser/stock/kept-back": "merchandiser",
    "POST /merchandiser/stock/expected": "merchandiser",
    "POST /merchandiser/stock/expected/{id}": "merchandiser",
    "POST /merchandiser/stock/announcements": "merchandiser",
    "POST /merchandiser/stock/transfer": "merchandiser",
    "POST /merchandiser/stock/transfers/{id}": "merchandiser",
    "POST /merchandiser/stock/stop": "merchandiser",
    "POST /merchandiser/stock/resume": "merchandiser",
    "POST /merchandiser/stock/counts": "merchandiser",
    "GET /merchandiser/stock/counts/{id}": "merchandiser",
    "POST /merchandiser/stock/counts/{id}": "merchandiser",
}
