"""What a person should know about a wall before it is printed, none of it an error.

Every kind is said once, with the first products it is about.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from qr_walls.display import Item, Page, Picture, Text
from qr_walls.layout import Sheet
from qr_walls.model import Product, Wall
from qr_walls.pictures import Sizes
from qr_walls.scripts import isolated
from qr_walls.sentences import Note, Values, note
from qr_walls.typefaces import Typefaces

# Print is read fluently when a small letter is seen under 0.2° or more (Legge and Bigelow 2011,
# “Does print size matter for reading?”): 3.5 mm at one metre. A tenth less is let pass.
LETTER_MM_AT_1_M = 3.5 * 0.9
SMALL_LETTER, FIGURE = 0.536, 0.714  # heights in sizes, of Noto Sans and most others

LEAST_DPI = 100  # at arm's length nobody sees more than 150

_NAMED = 3  # products in one note
# Nobody needs to be told what one kilogram costs when that is what is sold (98/6/EC, article 3.1).
_ONE = re.compile(r"1\s*(kg|l|st|stuks?|pieces?|개)", re.IGNORECASE)


def about(wall: Wall, products: Mapping[str, Product], faces: Typefaces) -> Iterator[Note]:
    """What the law asks and the plan does not give, and what cannot be shown."""
    shown = [products[gtin] for gtin in dict.fromkeys(one.gtin for one in wall.positions())]
    if them := [one for one in shown if _lacks_unit_price(one)]:
        yield note(
            "No unit price, which the law asks for (98/6/EC, article 3): {products}{and_more}.",
            **_named(them, wall),
        )
    if them := [one for one in shown if one.prior_price and one.prior_price <= one.price]:
        yield note(
            "Printed as reduced, though the lowest price of 30 days is not above the price "
            "(98/6/EC, article 6a): {products}{and_more}.",
            **_named(them, wall),
        )
    if them := [one for one in shown if one.picture is None]:
        yield note("Without a picture: {products}{and_more}.", **_named(them, wall))
    lost = {one.gtin: faces.unknown(_words(one, wall)) for one in shown}
    if them := [one for one in shown if lost[one.gtin]]:
        characters = " ".join(dict.fromkeys("".join(lost.values())))[:24]
        yield note(
            "Characters that no typeface here has are left out ({characters}): "
            "{products}{and_more}.",
            characters=characters,
            **_named(them, wall),
        )


def too_small(
    sheet: Sheet, number: int, items: Sequence[Item], wall: Wall, products: Mapping[str, Product]
) -> Iterator[Note]:
    """Labels whose words cannot be read from where their codes can. Panels count from 1."""
    small = [item for item in items if isinstance(item, Text) and not readable(item, wall)]
    if not small:
        return
    crowded = {
        cell.position.gtin: products[cell.position.gtin]
        for row in sheet.rows
        for cell in row.cells
        for text in small
        if cell.ticket.x <= text.x < cell.ticket.right
        and cell.ticket.y <= text.y <= cell.ticket.bottom
    }
    if crowded:
        yield note(
            "Panel {panel}: too much to say to be read from {distance:g} m: {products}{and_more}. "
            "Shorter words or more room would help.",
            panel=number,
            distance=wall.distance_m,
            **_named(crowded.values(), wall),
        )


def coarse(
    pages: Sequence[Page],
    pictures: Mapping[str, Sizes],
    wall: Wall,
    products: Mapping[str, Product],
) -> Iterator[Note]:
    """Pictures with too few dots for the size at which they are printed."""
    dots = resolutions(pages, pictures)
    if them := [products[key] for key, dpi in dots.items() if round(dpi) < LEAST_DPI]:
        worst = min(dots.values())
        yield note(
            "Pictures of fewer than {least} dots per inch at this size ({worst:.0f} at worst): "
            "{products}{and_more}.",
            least=LEAST_DPI,
            worst=worst,
            **_named(them, wall),
        )


def resolutions(pages: Sequence[Page], pictures: Mapping[str, Sizes]) -> dict[str, float]:
    """Dots per inch of every picture where it is largest, by key."""
    widest: dict[str, float] = {}
    for page in pages:
        for item in page.items:
            if isinstance(item, Picture):
                widest[item.key] = max(widest.get(item.key, 0), item.width)
    return {key: pictures[key].width / width * 25.4 for key, width in widest.items()}


def readable(text: Text, wall: Wall) -> bool:
    """Whether its letters are large enough for the reading distance of the wall."""
    height = SMALL_LETTER if any(map(str.islower, text.text)) else FIGURE
    return text.size * height >= LETTER_MM_AT_1_M * wall.distance_m


def _lacks_unit_price(product: Product) -> bool:
    content = product.content.strip()
    return product.unit_price is None and bool(content) and not _ONE.fullmatch(content)


def _words(product: Product, wall: Wall) -> str:
    said = f"{product.name(wall.language)} {product.brand} {product.offer} {product.category}"
    return "" if said.isascii() else said


def _named(products: Iterable[Product], wall: Wall) -> Values:
    them = [f"“{isolated(one.name(wall.language)[:60])}” ({one.gtin})" for one in products]
    return {"products": ", ".join(them[:_NAMED]), "more": max(0, len(them) - _NAMED)}
