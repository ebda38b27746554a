"""Names and pictures for the answer to a scan. Prices and what is sold are never taken from here."""

import time
from uuid import UUID

from app import catalog
from app.catalog.models import Product
from app.db import Pool

FRESH_FOR_S = 30.0
MOST = 5_000

_known: dict[tuple[UUID, str], tuple[float, Product | None]] = {}


async def product(pool: Pool, id: UUID, language: str) -> Product | None:
    at, known = _known.get((id, language), (0.0, None))
    if known is not None and time.monotonic() - at < FRESH_FOR_S:
        return known
    found = await catalog.product(pool, id, language)
    if len(_known) >= MOST:
        _known.clear()
    _known[id, language] = (time.monotonic(), found)
    return found
