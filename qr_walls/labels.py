"""The words on a shelf label: legible, lawful, and inside their box whatever they say.

The selling price stands largest; unit price per kilogram, litre or piece beside it (Directive
98/6/EC, article 3), the lowest price of thirty days where it is reduced (article 6a), the deposit
apart from the price (Court of Justice C-543/21), and the day until which the price holds. Where
room is short, what the law does not ask for gives way first; only then is everything smaller.
"""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from qr_walls import words
from qr_walls.display import Colour, Ellipse, Ink, Item, Rect, Text
from qr_walls.gtin import shortest
from qr_walls.layout import Box, Cell
from qr_walls.model import Product, Wall
from qr_walls.scripts import isolated, unbroken
from qr_walls.typefaces import Typefaces

# Words in black ink alone: small letters mixed from four inks blur where these do not quite meet.
INK, QUIET, RED, YELLOW = Ink(0, 0, 0, 0.95), Ink(0, 0, 0, 0.78), "#c8102e", "#ffd84a"

_LINE = 1.19  # height of a line in sizes
_BASELINE = 0.92  # of the first line below the top of its box, in sizes


class _Sizes(NamedTuple):
    """Of what is said on a label, as shares of the side of the code beside it."""

    brand: float
    name: float
    name_lines: int
    price: float
    beside: float  # deposit, lowest price of 30 days
    unit: float
    small: float
    offer: float
    age: float
    wraps: int  # lines that a sentence beside the price may take


_WIDE = _Sizes(0.082, 0.118, 2, 0.34, 0.078, 0.088, 0.062, 0.12, 0.24, 1)
_MIDDLE = _Sizes(0.074, 0.1, 2, 0.28, 0.066, 0.072, 0.062, 0.1, 0.18, 2)
_SLIM = _Sizes(0.062, 0.078, 3, 0.2, 0.062, 0.064, 0.062, 0.074, 0.13, 3)


def _sizes(column: float) -> _Sizes:
    """For a column of words so wide, as a share of the side of the code beside it."""
    if column < 0.52:
        return _SLIM
    return _MIDDLE if column < 0.78 else _WIDE


class _Line(NamedTuple):
    """One sentence on a label, in its size as a share of the side of the code beside it."""

    text: str
    size: float
    fill: Colour = INK
    bold: bool = False
    lines: int = 1
    rather: int = 0  # so many lines than that it is cut
    smallest: float = 0.0  # what must be readable in full is never cut, only made smaller
    gives_way: int = 0  # 1 goes first where room is short, then 2 and 3; 0 stays


class _Block(msgspec.Struct):
    """Items painted from ``y`` = 0 downwards, and how high they are together."""

    items: list[Item] = []
    height: float = 0.0

    def add(self, items: list[Item], height: float) -> None:
        self.items += [_moved(item, 0, self.height) for item in items]
        self.height += height


class _Setter(NamedTuple):
    """All that setting the words of one label needs to know."""

    product: Product
    wall: Wall
    faces: Typefaces
    sizes: _Sizes
    width: float
    scale: float  # the side of the code, less where everything must be smaller
    below: bool  # whether the product number stands under the code, beside the address
    given_up: int = 0


def write(
    cell: Cell,
    product: Product,
    address: str,
    wall: Wall,
    faces: Typefaces,
    column: float | None = None,
) -> Iterator[Item]:
    """Everything on one ticket but the code: its card, its words, the address under the code.

    ``address`` is what a person types who cannot scan. ``column`` is the width of the narrowest
    words on the panel, as a share of the code's side, so that all its labels are alike. Every text lies within ``cell.ticket``,
    but for an offer's flag, which sticks out above it by a tenth of the code's side.
    """
    box, side = cell.text, cell.code.width
    below = cell.address.width > side
    yield from _card(cell, reduced=bool(product.offer or product.prior_price))
    if below:
        yield from _address_and_number(cell.address, address, product, wall, faces)
    else:
        yield from _address(cell.address, address, faces)
    sizes = _sizes(column or box.width / side)
    setter = _Setter(product, wall, faces, sizes, box.width, side, below)
    while True:
        top, price, bottom = _blocks(setter)
        free = box.height - top.height - price.height - bottom.height
        if free >= 0:
            break
        if setter.given_up < 3:
            setter = setter._replace(given_up=setter.given_up + 1)
        else:
            setter = setter._replace(scale=setter.scale * 0.96)
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
        x = cell.code.right + edge * 0.6
        bottom = cell.code.bottom if cell.address.width > cell.code.width else card.bottom
        yield Rect(x, card.y, card.right - x, bottom - card.y, YELLOW, radius)


def _address(box: Box, address: str, faces: Typefaces) -> Iterator[Item]:
    fitted = faces.fit(address, box.width, box.height * 0.62, smallest=0)
    for text, width in fitted.lines:
        x = box.x + (box.width - width) / 2
        yield Text(x, box.y + box.height * 0.5, width, fitted.size, text, QUIET)


def _address_and_number(
    box: Box, address: str, product: Product, wall: Wall, faces: Typefaces
) -> Iterator[Item]:
    """Both on one line under code and words: the address to the left, the number to the right."""
    address = faces.known(address)
    number = words.say(wall.language, "number", gtin=shortest(product.gtin))
    size = box.height * 0.8
    both = faces.width(f"{address}  {number}", size)
    size *= min(1.0, box.width / both)
    y = box.y + box.height / 2 + size * 0.26
    width = faces.width(number, size)
    yield Text(box.x, y, faces.width(address, size), size, address, QUIET)
    yield Text(box.right - width, y, width, size, number, QUIET)


def _blocks(setter: _Setter) -> tuple[_Block, _Block, _Block]:
    top, price, bottom = _Block(), _Block(), _Block()
    if setter.product.offer:
        top.add(*_flag(setter))
    _set_all(top, _naming(setter), setter)
    price.add(*_price(setter))
    _set_all(price, _beside_the_price(setter), setter)
    _set_all(bottom, _small_print(setter), setter)
    return top, price, bottom


def _set_all(block: _Block, lines: Iterator[_Line], setter: _Setter) -> None:
    for line in lines:
        if not line.gives_way or line.gives_way > setter.given_up:
            block.add(*_set(line, setter))


def _naming(setter: _Setter) -> Iterator[_Line]:
    product, sizes = setter.product, setter.sizes
    if product.brand:
        lines = 2 if sizes is _SLIM else 1
        yield _Line(product.brand, sizes.brand, QUIET, lines=lines, smallest=0.9, gives_way=3)
    name = product.name(setter.wall.language)
    yield _Line(name, sizes.name, INK, bold=True, lines=sizes.name_lines, rather=3, smallest=0.76)


def _beside_the_price(setter: _Setter) -> Iterator[_Line]:
    product, sizes = setter.product, setter.sizes
    language = setter.wall.language
    yield from _unit_price(setter)
    if product.deposit:
        amount = _amount(setter, product.deposit)
        said = words.say(language, "deposit", price=amount)
        yield _Line(said, sizes.beside, lines=sizes.wraps)
    if product.prior_price is not None:
        amount = _amount(setter, product.prior_price)
        said = words.say(language, "prior", price=amount)
        yield _Line(said, sizes.beside, lines=sizes.wraps)


def _amount(setter: _Setter, amount: int) -> str:
    said = words.money(setter.wall.language, amount, setter.wall.currency)
    return unbroken(said) if setter.sizes.wraps > 1 else said


def _unit_price(setter: _Setter) -> Iterator[_Line]:
    """‘500 g · € 4,98 per kg’, or as much of it as is known; one below the other where narrow."""
    product, wall, sizes = setter.product, setter.wall, setter.sizes
    parts = [isolated(product.content)] if product.content else []
    if product.unit_price:
        unit = words.say(wall.language, product.unit_price.unit)
        amount = words.money(wall.language, product.unit_price.amount, wall.currency)
        sentence = "unit, short" if sizes is _SLIM else "unit"
        parts.append(words.say(wall.language, sentence, price=amount, unit=unit))
    on_one_line = " · ".join(parts)
    fits = setter.faces.width(on_one_line, sizes.unit * setter.scale) <= setter.width
    for said in [on_one_line] if parts and fits else parts:
        yield _Line(said, sizes.unit)


def _small_print(setter: _Setter) -> Iterator[_Line]:
    product, wall, size = setter.product, setter.wall, setter.sizes.small
    if product.allergens:
        said = words.allergens(wall.language, product.allergens)
        yield _Line(said, size, INK, lines=2, smallest=0.9, gives_way=2)
    if wall.valid_until and setter.sizes is not _SLIM:  # it stands at the poster's foot too
        day = words.day(wall.language, wall.valid_until)
        day = unbroken(day) if setter.sizes.wraps > 1 else day
        said = words.say(wall.language, "valid", day=day)
        lines, way = setter.sizes.wraps, 1 if setter.below else 0
        yield _Line(said, size, QUIET, lines=lines, gives_way=way)
    if not setter.below:
        number = shortest(product.gtin)
        yield _Line(words.say(wall.language, "number", gtin=number), size, QUIET)


def _set(line: _Line, setter: _Setter) -> tuple[list[Item], float]:
    size = line.size * setter.scale
    for lines in (line.lines, line.rather):
        fitted = setter.faces.fit(
            line.text, setter.width, size, bold=line.bold, lines=lines, smallest=line.smallest
        )
        if not fitted.cut or lines >= line.rather:
            break
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


def _flag(setter: _Setter) -> tuple[list[Item], float]:
    """White on red, as wide as its words, sticking out above the ticket."""
    size, pad = setter.sizes.offer * setter.scale, 0.3 * setter.sizes.offer * setter.scale
    lines = 2 if setter.sizes is _SLIM else 1
    fitted = setter.faces.fit(
        setter.product.offer, setter.width - 2 * pad, size, bold=True, lines=lines, smallest=0
    )
    if not fitted.lines:
        return [], 0.0
    height = fitted.size * (0.15 + _LINE * len(fitted.lines))
    top = -0.8 * setter.sizes.offer * setter.scale
    widest = max(measured for _, measured in fitted.lines)
    items: list[Item] = [Rect(0, top, widest + 2 * pad, height, RED, radius=fitted.size * 0.27)]
    for number, (said, measured) in enumerate(fitted.lines):
        y = top + fitted.size * (1.02 + number * _LINE)
        items.append(Text(pad, y, measured, fitted.size, said, "#ffffff", bold=True))
    return items, top + height + 0.02 * setter.scale


def _price(setter: _Setter) -> tuple[list[Item], float]:
    """A small sign, a large number, raised cents, and the age in a ring where there is one."""
    product, wall, faces = setter.product, setter.wall, setter.faces
    parts = words.price(wall.language, product.price, wall.currency)
    age = setter.sizes.age * setter.scale if product.age_limit else 0.0
    size = setter.sizes.price * setter.scale
    pieces = [(parts.before, 0.5), (parts.whole, 1.0), (parts.cents, 0.58), (parts.after, 0.5)]
    widths = [faces.width(text, size * share, bold=True) for text, share in pieces]
    gap = size * 0.06
    shrink = min(1.0, (setter.width - age - 2 * gap) / sum(widths))
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
        items += _age(product.age_limit, setter.width - age * 0.86, age * 0.86, faces)
    return items, max(size * 0.98, age * 0.9)


def _age(years: int, x: float, side: float, faces: Typefaces) -> list[Item]:
    size = side * 0.4
    text = f"{years}+"
    width = faces.width(text, size, bold=True)
    size *= min(1.0, side * 0.7 / width)
    width = min(width, side * 0.7)
    return [
        Ellipse(x, 0, side, side, RED),
        Ellipse(x + side * 0.09, side * 0.09, side * 0.82, side * 0.82, "#ffffff"),
        Text(x + (side - width) / 2, side / 2 + size * 0.357, width, size, text, RED, True),
    ]


def _moved(item: Item, x: float, y: float) -> Item:
    assert not hasattr(item, "points"), "labels draw no polygons"
    return msgspec.structs.replace(item, x=item.x + x, y=item.y + y)
