"""A wall to try things on, with defaults."""

import io
from datetime import UTC, date, datetime
from random import Random
from typing import Any

from PIL import Image, ImageDraw

from qr_walls import formats, gtin, tokens
from qr_walls.model import Panel, Position, Product, Shelf, UnitPrice, Wall
from qr_walls.words import Language

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def pack(width: int = 120, height: int = 240, colour: str = "#2d6cdf") -> bytes:
    """A carton with air around it."""
    picture = Image.new("RGBA", (width + 60, height + 60))
    ImageDraw.Draw(picture).rounded_rectangle((30, 30, 30 + width, 30 + height), 12, fill=colour)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def product(number: int = 0, **changes: Any) -> Product:
    given: dict[str, Any] = {
        "gtin": gtin.demo(number),
        "names": {"nl": "Halfvolle melk", "en": "Semi-skimmed milk", "ko": "저지방 우유"},
        "brand": "De Weide",
        "category": "Zuivel",
        "content": "1 l",
        "price": 149,
        "unit_price": UnitPrice(149, "l"),
        "picture": pack(),
    }
    return Product(**(given | changes))


def everything(number: int = 0, **changes: Any) -> Product:
    """A product about which there is as much to say as there can be."""
    return product(
        number,
        **({"prior_price": 199, "offer": "2 voor € 3", "deposit": 15, "age_limit": 18} | changes),
    )


def wall(
    products: list[Product],
    rows: int = 2,
    *,
    format: str = "A3",
    language: Language = "nl",
    seed: int = 1,
    **changes: Any,
) -> tuple[Wall, dict[str, Product]]:
    """The products in as many shelves, evenly."""
    random = Random(seed)
    columns = -(-len(products) // rows)
    shelves = tuple(
        Shelf(
            tuple(
                Position(one.gtin, tokens.new(random)) for one in products[start : start + columns]
            )
        )
        for start in range(0, len(products), columns)
    )
    given: dict[str, Any] = {
        "name": "Station Utrecht Centraal",
        "base_url": "https://perron.example",
        "language": language,
        "distance_m": 0.3,
        "valid_until": date(2026, 3, 31),
        "panels": (Panel(formats.named(format), shelves),),
    }
    return Wall(**(given | changes)), {one.gtin: one for one in products}
