"""The head of a poster: the wall's name, how it is used in three steps, an awning. And its foot,
and the sign whose code opens the whole wall as a list."""

from collections.abc import Iterator

from qr_walls import words
from qr_walls.display import Code, Ellipse, Item, Polygon, Rect, Shade, Text
from qr_walls.layout import Box, HeaderCode, Sheet
from qr_walls.links import origin
from qr_walls.model import QUIET_ZONE, Wall
from qr_walls.scripts import isolated, unbroken
from qr_walls.typefaces import Typefaces

GREEN, DEEP, LEAF, CREAM = "#0f5c43", "#0a4633", "#1d7a5a", "#fff8e7"
_AWNING = 0.2  # of the header
_LEAST = 0.5  # of the size that words on the list's sign should have
_LINE = 1.19  # height of a line in sizes


def draw(sheet: Sheet, wall: Wall, faces: Typefaces) -> Iterator[Item]:
    """Header and foot of one panel."""
    yield Rect(0, 0, sheet.format.width_mm, sheet.format.height_mm, "#d9d4ca")
    yield from _posts(sheet)
    yield from _header(sheet, wall, faces)
    yield from _foot(sheet.foot, wall, faces)


def list_sign(sign: HeaderCode, wall: Wall, faces: Typefaces) -> Iterator[Item]:
    """For who cannot read, reach or aim at so many small things: one code for all of them."""
    side = sign.code.width
    yield Rect(*sign.sign, fill=DEEP, radius=side * 0.05)
    yield from _centred(sign.above, words.say(wall.language, "list"), side * 0.13, True, faces)
    inset = QUIET_ZONE * sign.module_mm
    yield Code(sign.code.x + inset, sign.code.y + inset, sign.module_mm, sign.text)
    said = [words.say(wall.language, "list, more")]
    if wall.phone:
        said.append(words.say(wall.language, "call, short", phone=isolated(unbroken(wall.phone))))
    for number, sentence in enumerate(said):
        height = sign.below.height / len(said)
        box = Box(sign.below.x, sign.below.y + number * height, sign.below.width, height)
        yield from _centred(box, sentence, side * 0.085, False, faces)


def _centred(box: Box, text: str, size: float, bold: bool, faces: Typefaces) -> Iterator[Item]:
    """As large as the box allows, up to ``size``; nothing where the box is none."""
    lines = max(1, min(5, int(box.height / (size * 0.7 * _LINE))))
    fitted = faces.fit(text, box.width, size, bold=bold, lines=lines, smallest=0)
    shrink = min(1.0, box.height * 0.94 / max(fitted.size * _LINE * len(fitted.lines), 1e-9))
    if fitted.size * shrink < _LEAST * size:
        return  # too small a place to be read in
    line = fitted.size * shrink * _LINE
    top = box.y + (box.height - line * len(fitted.lines)) / 2
    for number, (said, width) in enumerate(fitted.lines):
        x = box.x + (box.width - width * shrink) / 2
        y = top + number * line + fitted.size * shrink * 0.92
        yield Text(x, y, width * shrink, fitted.size * shrink, said, "#ffffff", bold)


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
    # On the left the sign of the list may stand between post and shelf.
    side = sheet.format.width_mm - sheet.rows[0].back.right
    top, bottom = sheet.header.bottom - sheet.header.height * _AWNING / 2, sheet.foot.y
    for x in (0, sheet.format.width_mm - side):
        yield Rect(x, top, side, bottom - top, "#8d9297")
        yield Rect(x + side * 0.25, top, side * 0.3, bottom - top, "#b9bec2")
    shelves = sheet.rows[0].back
    if shelves.y > top:  # a back wall above the first shelf
        width = sheet.format.width_mm - 2 * side
        yield Shade(side, top, width, shelves.y - top, "#b9b2a6", "#cfc9bf")


def _header(sheet: Sheet, wall: Wall, faces: Typefaces) -> Iterator[Item]:
    box, sign = sheet.header, sheet.header_code
    yield Shade(0, 0, box.width, box.height * (1 - _AWNING / 2), DEEP, GREEN)
    # The sign stands here only where no shelf within everybody's reach had room for it.
    right = sign.sign.x if sign and sign.sign.y < box.bottom else box.width
    inner = Box(
        box.width * 0.03,
        box.height * 0.1,
        right - box.width * 0.06,
        box.height * (1 - _AWNING) * 0.84,
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
    icon = min(box.height * 0.62, width * 0.28)
    # All three in the same size: the longest decides.
    title = min(_size(faces, text, width, icon, 0.34, bold=True) for text in titles)
    small = min(_size(faces, text, width, icon, 0.2, bold=False) for text in more)
    for number, picture in enumerate((_phone, _basket, _house)):
        x, y = box.x + number * width, box.y + (box.height - icon) / 2
        yield Ellipse(x, y, icon, icon, LEAF)
        yield from picture(x, y, icon)
        yield from _badge(number + 1, x, y, icon, faces)
        left = x + icon * 1.14
        fitted = faces.fit(titles[number], width - icon * 1.4, title, bold=True, smallest=0)
        extra = faces.fit(more[number], width - icon * 1.4, small, lines=3, smallest=0)
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
        text, width - icon * 1.4, icon * share, bold=bold, lines=lines, smallest=0
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
    host = origin(wall.base_url).partition("://")[2].lower()
    right = " · ".join(part for part in (host, wall.edition) if part)
    size = min(box.height * 0.34, box.width * 0.02)
    margin = box.width * 0.03
    sentence = " ".join(_said(wall))
    said = faces.fit(sentence, box.width * 0.66, size, lines=2, smallest=0)
    if len(said.lines) > 1:  # with air above and below
        said = faces.fit(sentence, box.width * 0.66, size * 0.84, lines=2, smallest=0)
    aside = faces.fit(right, box.width * 0.26, size, smallest=0)
    for fitted, fill, from_right in ((said, CREAM, False), (aside, "#d8ebe2", True)):
        line = fitted.size * _LINE
        top = box.y + (box.height - line * len(fitted.lines)) / 2
        for number, (text, width) in enumerate(fitted.lines):
            x = box.width - margin - width if from_right else margin
            yield Text(x, top + number * line + fitted.size * 0.93, width, fitted.size, text, fill)


def _said(wall: Wall) -> Iterator[str]:
    yield words.say(wall.language, "foot")
    if wall.phone:
        yield words.say(wall.language, "call", phone=isolated(unbroken(wall.phone)))
    if wall.valid_until:
        day = words.day(wall.language, wall.valid_until)
        yield words.say(wall.language, "all valid", day=day)
