"""The words on a shelf label: legible, lawful, and inside their box whatever they say.

The selling price stands largest; unit price per kilogram, litre or piece beside it (Directive
98/6/EC, article 3), the lowest price of thirty days where it is reduced (article 6a), the deposit
apart from the price (Court of Justice C-543/21), and the day until which the price holds.
"""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from qr_walls import words
from qr_walls.display import Colour, Ellipse, Item, Rect, Text
from qr_walls.gtin import shortest
from qr_walls.layout import Box, Cell
from qr_walls.model import Product, Wall
from qr_walls.typefaces import Typefaces

INK, QUIET, RED, YELLOW = "#16201c", "#5b6661", "#c8102e", "#ffd84a"

_LINE = 1.19  # height of a line in sizes
_BASELINE = 0.92  # of the first line below the top of its box, in sizes


class _Line(NamedTuple):
    """One sentence on a label. ``size`` is a share of the side of the code beside it."""

    text: str
    size: float
    fill: Colour = INK
    bold: bool = False
    lines: int = 1
    smallest: float = 0.0  # what must be readable in full is never cut, only made smaller


class _Block(msgspec.Struct):
    """Items painted from ``y`` = 0 downwards, and how high they are together."""

    items: list[Item] = []
    height: float = 0.0

    def add(self, items: list[Item], height: float) -> None:
        self.items += [_moved(item, 0, self.height) for item in items]
        self.height += height


def write(
    cell: Cell, product: Product, address: str, wall: Wall, faces: Typefaces
) -> Iterator[Item]:
    """Everything on one ticket but the code: its card, its words, the address under the code.

    ``address`` is what a person types who cannot scan. Every text lies within ``cell.ticket``.
    """
    yield from _card(cell, reduced=bool(product.offer or product.prior_price))
    yield from _address(cell.address, address, faces)
    box = cell.text
    scale = cell.code.width
    while True:
        top, price, bottom = _blocks(box.width, scale, product, wall, faces)
        free = box.height - top.height - price.height - bottom.height
        if free >= 0:
            break
        scale *= 0.96
    yield from (_moved(item, box.x, box.y) for item in top.items)
    # The price stands nearer to its unit price than to the name.
    yield from (_moved(item, box.x, box.y + top.height + free * 0.5) for item in price.items)
    yield from (_moved(item, box.x, box.bottom - bottom.height) for item in bottom.items)


def _card(cell: Cell, *, reduced: bool) -> Iterator[Item]:
    card, edge = cell.ticket, cell.code.width * 0.012
    radius = cell.code.width * 0.04
    yield Rect(card.x + edge, card.y + 2 * edge, card.width, card.height, "#000000", radius, 0.14)
    yield Rect(*card, fill="#ffffff", radius=radius)
    if reduced:
        # Colour stays clear of the code's quiet zone, which ends where the text column begins.
        x = cell.code.right + edge
        yield Rect(x, card.y, card.right - x, card.height, YELLOW, radius)


def _address(box: Box, address: str, faces: Typefaces) -> Iterator[Item]:
    fitted = faces.fit(address, box.width, box.height * 0.62, smallest=0)
    for text, width in fitted.lines:
        x = box.x + (box.width - width) / 2
        yield Text(x, box.y + box.height * 0.5, width, fitted.size, text, QUIET)


def _blocks(
    width: float, scale: float, product: Product, wall: Wall, faces: Typefaces
) -> tuple[_Block, _Block, _Block]:
    top, price, bottom = _Block(), _Block(), _Block()
    if product.offer:
        top.add(*_flag(product.offer, width, scale, faces))
    for line in _naming(product, wall):
        top.add(*_set(line, width, scale, faces))
    price.add(*_price(product, wall, width, scale, faces))
    for line in _beside_the_price(product, wall):
        price.add(*_set(line, width, scale, faces))
    for line in _small_print(product, wall):
        bottom.add(*_set(line, width, scale, faces))
    return top, price, bottom


def _naming(product: Product, wall: Wall) -> Iterator[_Line]:
    if product.brand:
        yield _Line(product.brand, 0.082, QUIET, smallest=0.6)
    yield _Line(product.name(wall.language), 0.118, INK, bold=True, lines=2, smallest=0.6)


def _beside_the_price(product: Product, wall: Wall) -> Iterator[_Line]:
    language, currency = wall.language, wall.currency
    yield from _unit_price(product, wall)
    if product.deposit:
        amount = words.money(language, product.deposit, currency)
        yield _Line(words.say(language, "deposit", price=amount), 0.078)
    if product.prior_price is not None:
        amount = words.money(language, product.prior_price, currency)
        yield _Line(words.say(language, "prior", price=amount), 0.078)


def _unit_price(product: Product, wall: Wall) -> Iterator[_Line]:
    """‘500 g · € 4,98 per kg’, or as much of it as is known."""
    parts = [product.content] if product.content else []
    if product.unit_price:
        unit = words.say(wall.language, product.unit_price.unit)
        amount = words.money(wall.language, product.unit_price.amount, wall.currency)
        parts.append(words.say(wall.language, "unit", price=amount, unit=unit))
    if parts:
        yield _Line(" · ".join(parts), 0.088)


def _small_print(product: Product, wall: Wall) -> Iterator[_Line]:
    if wall.valid_until:
        day = words.day(wall.language, wall.valid_until)
        yield _Line(words.say(wall.language, "valid", day=day), 0.06, QUIET)
    number = shortest(product.gtin)
    yield _Line(words.say(wall.language, "number", gtin=number), 0.06, QUIET)


def _set(line: _Line, width: float, scale: float, faces: Typefaces) -> tuple[list[Item], float]:
    fitted = faces.fit(
        line.text,
        width,
        line.size * scale,
        bold=line.bold,
        lines=line.lines,
        smallest=line.smallest,
    )
    items: list[Item] = [
        Text(
            0,
            (number * _LINE + _BASELINE) * fitted.size,
            measured,
            fitted.size,
            text,
            line.fill,
            line.bold,
        )
        for number, (text, measured) in enumerate(fitted.lines)
    ]
    return items, len(fitted.lines) * _LINE * fitted.size


def _flag(text: str, width: float, scale: float, faces: Typefaces) -> tuple[list[Item], float]:
    """White on red, as wide as its words, sticking out above the ticket."""
    size, pad = 0.12 * scale, 0.035 * scale
    fitted = faces.fit(text, width - 2 * pad, size, bold=True, smallest=0)
    ((said, measured),) = fitted.lines or (("", 0.0),)
    height = fitted.size * 1.34
    top = -0.1 * scale
    items: list[Item] = [
        Rect(0, top, measured + 2 * pad, height, RED, radius=height * 0.2),
        Text(pad, top + fitted.size * 1.02, measured, fitted.size, said, "#ffffff", bold=True),
    ]
    return items, top + height + 0.02 * scale


def _price(
    product: Product, wall: Wall, width: float, scale: float, faces: Typefaces
) -> tuple[list[Item], float]:
    """A small sign, a large number, raised cents, and the age in a ring where there is one."""
    parts = words.price(wall.language, product.price, wall.currency)
    age = 0.24 * scale if product.age_limit else 0.0
    size = 0.34 * scale
    pieces = [(parts.before, 0.5), (parts.whole, 1.0), (parts.cents, 0.58), (parts.after, 0.5)]
    widths = [faces.width(text, size * share, bold=True) for text, share in pieces]
    gap = size * 0.06
    shrink = min(1.0, (width - age - 2 * gap) / sum(widths))
    size *= shrink
    fill = RED if product.offer or product.prior_price is not None else INK
    items: list[Item] = []
    x = 0.0
    for (text, share), measured in zip(pieces, widths, strict=True):
        if not text:
            continue
        # Capitals and figures are 0.714 of the size high: tops of large and small are level.
        raised = 0.714 * size * (1 - share)
        items.append(
            Text(x, 0.82 * size - raised, measured * shrink, size * share, text, fill, True)
        )
        x += measured * shrink + (gap if text == parts.before else 0)
    if product.age_limit:
        items += _age(product.age_limit, width - age, age * 0.86, faces)
    return items, max(size * 0.98, age * 0.9)


def _age(years: int, x: float, side: float, faces: Typefaces) -> list[Item]:
    size = side * 0.4
    text = f"{years}+"
    width = faces.width(text, size, bold=True)
    return [
        Ellipse(x, 0, side, side, RED),
        Ellipse(x + side * 0.09, side * 0.09, side * 0.82, side * 0.82, "#ffffff"),
        Text(x + (side - width) / 2, side / 2 + size * 0.357, width, size, text, RED, True),
    ]


def _moved(item: Item, x: float, y: float) -> Item:
    assert not hasattr(item, "points"), "labels draw no polygons"
    return msgspec.structs.replace(item, x=item.x + x, y=item.y + y)
