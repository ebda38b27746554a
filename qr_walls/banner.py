"""The head of a poster: the wall's name, how it is used in three steps, an awning. And its foot."""

from collections.abc import Iterator

from qr_walls import words
from qr_walls.display import Ellipse, Item, Polygon, Rect, Shade, Text
from qr_walls.layout import Box, Sheet
from qr_walls.links import origin
from qr_walls.model import Wall
from qr_walls.typefaces import Typefaces

GREEN, DEEP, LEAF, CREAM = "#0f5c43", "#0a4633", "#1d7a5a", "#fff8e7"
_AWNING = 0.2  # of the header


def draw(sheet: Sheet, wall: Wall, faces: Typefaces) -> Iterator[Item]:
    """Header and foot of one panel."""
    yield Rect(0, 0, sheet.format.width_mm, sheet.format.height_mm, "#d9d4ca")
    yield from _posts(sheet)
    yield from _header(sheet.header, wall, faces)
    yield from _foot(sheet.foot, wall, faces)


def awning(sheet: Sheet) -> Iterator[Item]:
    """Striped, scalloped, and painted last: it hangs over the first shelf's back."""
    header = sheet.header
    height = header.height * _AWNING
    stripes = max(8, round(header.width / (height * 0.9) / 2) * 2 + 1)
    width = header.width / stripes
    top = header.bottom - height
    for stripe in range(stripes):
        fill = CREAM if stripe % 2 else "#e4572e"
        x = stripe * width
        yield Rect(x, top, width, height * 0.62, fill)
        yield Ellipse(x, top + height * 0.3, width, height * 0.64, fill)
    yield Rect(0, top, header.width, height * 0.07, "#000000", opacity=0.12)


def _posts(sheet: Sheet) -> Iterator[Item]:
    """The uprights that hold the shelves."""
    side = sheet.rows[0].back.x
    top, bottom = sheet.header.bottom - sheet.header.height * _AWNING / 2, sheet.foot.y
    for x in (0, sheet.format.width_mm - side):
        yield Rect(x, top, side, bottom - top, "#8d9297")
        yield Rect(x + side * 0.25, top, side * 0.3, bottom - top, "#b9bec2")
    shelves = sheet.rows[0].back
    if shelves.y > top:  # a back wall above the first shelf
        yield Shade(shelves.x, top, shelves.width, shelves.y - top, "#b9b2a6", "#cfc9bf")


def _header(box: Box, wall: Wall, faces: Typefaces) -> Iterator[Item]:
    yield Shade(0, 0, box.width, box.height * (1 - _AWNING / 2), DEEP, GREEN)
    inner = Box(
        box.width * 0.03, box.height * 0.1, box.width * 0.94, box.height * (1 - _AWNING) * 0.84
    )
    split = inner.width * 0.36
    yield from _name(Box(inner.x, inner.y, split, inner.height), wall, faces)
    steps = Box(inner.x + split * 1.06, inner.y, inner.width - split * 1.06, inner.height)
    yield from _steps(steps, wall, faces)


def _name(box: Box, wall: Wall, faces: Typefaces) -> Iterator[Item]:
    size = min(box.height * 0.44, box.width * 0.16)
    fitted = faces.fit(wall.name, box.width, size, bold=True, lines=2, smallest=0.4)
    line = fitted.size * 1.12
    top = box.y + (box.height - line * len(fitted.lines)) / 2
    for number, (text, width) in enumerate(fitted.lines):
        baseline = top + number * line + fitted.size * 0.9
        yield Text(box.x, baseline, width, fitted.size, text, "#ffffff", bold=True)


def _steps(box: Box, wall: Wall, faces: Typefaces) -> Iterator[Item]:
    titles = [words.say(wall.language, step) for step in ("point", "add", "home")]
    more = [words.say(wall.language, f"{step}, more") for step in ("point", "add", "home")]
    if wall.promise:
        titles[2] = wall.promise
    width = box.width / 3
    icon = min(box.height * 0.62, width * 0.3)
    # All three in the same size: the longest decides.
    title = min(_size(faces, text, width, icon, 0.34, bold=True) for text in titles)
    small = min(_size(faces, text, width, icon, 0.2, bold=False) for text in more)
    for number, picture in enumerate((_phone, _basket, _house)):
        x, y = box.x + number * width, box.y + (box.height - icon) / 2
        yield Ellipse(x, y, icon, icon, LEAF)
        yield from picture(x, y, icon)
        yield from _badge(number + 1, x, y, icon, faces)
        left = x + icon * 1.14
        fitted = faces.fit(titles[number], width - icon * 1.3, title, bold=True, smallest=0)
        extra = faces.fit(more[number], width - icon * 1.3, small, lines=3, smallest=0)
        height = fitted.size * 1.15 * len(fitted.lines) + extra.size * 1.22 * len(extra.lines)
        top = y + (icon - height) / 2
        for text, measured in fitted.lines:
            top += fitted.size * 1.15
            yield Text(left, top - fitted.size * 0.22, measured, fitted.size, text, "#ffffff", True)
        for text, measured in extra.lines:
            top += extra.size * 1.22
            yield Text(left, top - extra.size * 0.25, measured, extra.size, text, "#d8ebe2")


def _size(
    faces: Typefaces, text: str, width: float, icon: float, share: float, *, bold: bool
) -> float:
    lines = 1 if bold else 3
    return faces.fit(
        text, width - icon * 1.3, icon * share, bold=bold, lines=lines, smallest=0
    ).size


def _badge(number: int, x: float, y: float, icon: float, faces: Typefaces) -> Iterator[Item]:
    side = icon * 0.3
    size = side * 0.62
    text = str(number)
    width = faces.width(text, size, bold=True)
    yield Ellipse(x, y, side, side, "#ffd84a")
    yield Text(x + (side - width) / 2, y + side / 2 + size * 0.357, width, size, text, DEEP, True)


def _phone(x: float, y: float, side: float) -> Iterator[Item]:
    left, top, width, height = x + side * 0.35, y + side * 0.2, side * 0.3, side * 0.6
    yield Rect(left, top, width, height, "#ffffff", radius=side * 0.05)
    yield Rect(left + width * 0.1, top + height * 0.1, width * 0.8, height * 0.76, DEEP)
    cell = width * 0.8 / 7
    for column, row in ((1, 2), (4, 2), (1, 5), (4, 5)):
        yield Rect(
            left + width * 0.1 + column * cell,
            top + height * 0.1 + row * cell,
            cell * 2,
            cell * 2,
            "#ffffff",
        )
    yield Ellipse(left + width * 0.43, top + height * 0.89, width * 0.14, width * 0.14, DEEP)


def _basket(x: float, y: float, side: float) -> Iterator[Item]:
    yield Ellipse(x + side * 0.32, y + side * 0.2, side * 0.36, side * 0.5, "#ffffff")
    yield Ellipse(x + side * 0.37, y + side * 0.26, side * 0.26, side * 0.4, LEAF)
    rim = y + side * 0.42
    yield Rect(x + side * 0.2, rim, side * 0.6, side * 0.09, "#ffffff", radius=side * 0.03)
    body = ((0.25, 0.53), (0.75, 0.53), (0.69, 0.79), (0.31, 0.79))
    yield Polygon(tuple((x + side * px, y + side * py) for px, py in body), "#ffffff")
    for place in range(3):
        yield Rect(
            x + side * (0.355 + place * 0.115),
            y + side * 0.58,
            side * 0.05,
            side * 0.15,
            LEAF,
            radius=side * 0.02,
        )


def _house(x: float, y: float, side: float) -> Iterator[Item]:
    roof = ((0.5, 0.24), (0.8, 0.5), (0.2, 0.5))
    yield Polygon(tuple((x + side * px, y + side * py) for px, py in roof), "#ffffff")
    yield Rect(x + side * 0.28, y + side * 0.48, side * 0.44, side * 0.3, "#ffffff")
    yield Rect(x + side * 0.45, y + side * 0.57, side * 0.12, side * 0.21, LEAF)
    yield Ellipse(x + side * 0.7, y + side * 0.13, side * 0.17, side * 0.17, "#ffd84a")
    yield Ellipse(x + side * 0.66, y + side * 0.12, side * 0.15, side * 0.15, LEAF)


def _foot(box: Box, wall: Wall, faces: Typefaces) -> Iterator[Item]:
    yield Shade(0, box.y, box.width, box.height, GREEN, DEEP)
    size = min(box.height * 0.34, box.width * 0.02)
    baseline = box.y + box.height / 2 + size * 0.357
    right = " · ".join(
        part for part in (origin(wall.base_url).partition("://")[2].lower(), wall.edition) if part
    )
    for said, share, fill in (
        (words.say(wall.language, "foot"), 0.66, CREAM),
        (right, 0.28, "#d8ebe2"),
    ):
        fitted = faces.fit(said, box.width * share, size, smallest=0)
        for text, width in fitted.lines:
            x = box.width * 0.03 if said != right else box.width * 0.97 - width
            yield Text(x, baseline, width, fitted.size, text, fill)
