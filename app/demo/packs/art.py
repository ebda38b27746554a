"""What is printed on a pack: brand, name, content and something painted.

A brand always prints in the same manner, so that its packs stand together on the shelf.
"""

from collections.abc import Callable

import msgspec
from PIL import Image, ImageChops, ImageDraw

from app.demo.packs import brush, letters
from app.demo.packs import motifs as _motifs  # painting them is what fills the list
from app.demo.packs.colours import (
    CREAM,
    GOLD,
    WHITE,
    Colour,
    brightness,
    darker,
    ink_on,
    lighter,
    mix,
    of,
)
from app.demo.packs.light import Size, falling, lay, rounded_mask

__all__ = ["Pack", "painted", "printed"]
assert _motifs


class Pack(msgspec.Struct, frozen=True):
    """Everything a pack shows: enough to draw it, the same each time."""

    shape: str
    brand: str
    name: str
    content: str
    colour: str
    accent: str
    motif: str

    @property
    def ground(self) -> Colour:
        return of(self.colour)

    @property
    def second(self) -> Colour:
        return of(self.accent)

    @property
    def chance(self) -> int:
        """A number of its own for small differences between packs."""
        total = 7
        for letter in self.brand + self.name + self.content:
            total = (total * 31 + ord(letter)) % 1_000_003
        return total

    @property
    def manner(self) -> int:
        """How this brand prints."""
        total = 3
        for letter in self.brand:
            total = (total * 17 + ord(letter)) % 9973
        return total


def painted(pack: Pack, size: int) -> Image.Image:
    return brush.painted(pack.motif, max(16, size // 8 * 8))


def printed(pack: Pack, size: Size) -> Image.Image:
    """The print for an upright label or front of this size."""
    wide, high = size
    if wide > high * 1.25:
        return _lying(pack, size)
    manner = MANNERS[pack.manner % len(MANNERS)]
    return manner(pack, size)


def _band(pack: Pack, size: Size) -> Image.Image:
    """Brand in a broad band across the top, picture below it on a lighter ground."""
    wide, high = size
    print_ = falling(size, lighter(pack.ground, 0.1), darker(pack.ground, 0.12))
    draw = ImageDraw.Draw(print_)
    draw.rectangle((0, high * 0.08, wide, high * 0.3), fill=pack.second)
    draw.rectangle((0, high * 0.3, wide, high * 0.312), fill=GOLD)
    letters.write(
        print_, pack.brand, _box(size, 0.08, 0.09, 0.92, 0.29), ink_on(pack.second), letters.BLACK
    )
    _glow(print_, (wide / 2, high * 0.56), min(wide * 0.5, high * 0.26), lighter(pack.ground, 0.5))
    _picture(print_, pack, (0.5, 0.56), min(wide * 0.74, high * 0.42))
    _name(print_, pack, (0.07, 0.765, 0.93, 0.9), ink_on(darker(pack.ground, 0.1)))
    _content(print_, pack, ink_on(darker(pack.ground, 0.12)))
    return print_


def _badge(pack: Pack, size: Size) -> Image.Image:
    """An oval badge with the brand, the picture growing up from the foot."""
    wide, high = size
    print_ = falling(size, lighter(pack.second, 0.16), pack.second)
    draw = ImageDraw.Draw(print_)
    draw.ellipse((-wide * 0.3, high * 0.48, wide * 1.3, high * 1.5), fill=pack.ground)
    draw.ellipse(_box(size, 0.06, 0.06, 0.94, 0.33), fill=darker(pack.ground, 0.14))
    draw.ellipse(_box(size, 0.085, 0.072, 0.915, 0.318), outline=GOLD, width=max(2, wide // 110))
    letters.write(
        print_,
        pack.brand,
        _box(size, 0.16, 0.12, 0.84, 0.27),
        ink_on(darker(pack.ground, 0.14)),
        letters.BLACK,
    )
    _name(print_, pack, (0.07, 0.345, 0.93, 0.47), ink_on(pack.second))
    _picture(print_, pack, (0.5, 0.7), min(wide * 0.84, high * 0.44))
    _content(print_, pack, ink_on(pack.ground))
    return print_


def _quiet(pack: Pack, size: Size) -> Image.Image:
    """Much white, fine lines, the colour only where it counts."""
    wide, high = size
    print_ = falling(size, WHITE, CREAM)
    draw = ImageDraw.Draw(print_)
    strong = pack.ground if brightness(pack.ground) < 0.66 else darker(pack.ground, 0.5)
    draw.rectangle((0, high * 0.86, wide, high), fill=strong)
    letters.write(print_, pack.brand, _box(size, 0.1, 0.07, 0.9, 0.21), strong, letters.BLACK)
    draw.line(
        (wide * 0.3, high * 0.23, wide * 0.7, high * 0.23), fill=strong, width=max(2, high // 240)
    )
    _name(print_, pack, (0.08, 0.245, 0.92, 0.385), darker(strong, 0.4), letters.MEDIUM)
    _glow(print_, (wide / 2, high * 0.63), min(wide * 0.42, high * 0.24), lighter(strong, 0.62))
    _picture(print_, pack, (0.5, 0.63), min(wide * 0.78, high * 0.45))
    _content(print_, pack, ink_on(strong))
    return print_


def _slope(pack: Pack, size: Size) -> Image.Image:
    """Two colours parted by a slope, the picture large across it."""
    wide, high = size
    print_ = falling(size, lighter(pack.ground, 0.12), pack.ground)
    draw = ImageDraw.Draw(print_)
    draw.polygon([(0, high * 0.66), (wide, high * 0.46), (wide, high), (0, high)], fill=pack.second)
    draw.polygon(
        [(0, high * 0.66), (wide, high * 0.46), (wide, high * 0.475), (0, high * 0.675)],
        fill=lighter(pack.second, 0.6),
    )
    ink = ink_on(pack.ground)
    letters.write(print_, pack.brand, _box(size, 0.07, 0.05, 0.93, 0.22), ink, letters.BLACK)
    _name(print_, pack, (0.07, 0.225, 0.93, 0.36), ink)
    _picture(print_, pack, (0.5, 0.62), min(wide * 0.86, high * 0.48))
    _content(print_, pack, ink_on(pack.second))
    return print_


def _window(pack: Pack, size: Size) -> Image.Image:
    """A pale arch as if one looked through a window at the picture."""
    wide, high = size
    print_ = falling(size, pack.ground, darker(pack.ground, 0.18))
    mask = rounded_mask(size, _box(size, 0.1, 0.36, 0.9, 0.84), wide * 0.36)
    print_.paste(falling(size, lighter(pack.second, 0.78), lighter(pack.second, 0.5)), (0, 0), mask)
    ink = ink_on(pack.ground)
    letters.write(print_, pack.brand, _box(size, 0.08, 0.04, 0.92, 0.19), ink, letters.BLACK)
    _name(print_, pack, (0.07, 0.2, 0.93, 0.34), lighter(ink, 0.1))
    _picture(print_, pack, (0.5, 0.6), min(wide * 0.7, high * 0.42))
    _content(print_, pack, ink)
    return print_


def _rays(pack: Pack, size: Size) -> Image.Image:
    """Rays behind the picture, the name on a ribbon: the loud one."""
    wide, high = size
    print_ = Image.new("RGB", size, pack.ground)
    draw = ImageDraw.Draw(print_)
    middle = (wide / 2, high * 0.52)
    for point in range(0, 24, 2):
        one, other = (
            brush.around(*middle, max(size), 24)[point],
            brush.around(*middle, max(size), 24)[point + 1],
        )
        draw.polygon([middle, one, other], fill=lighter(pack.ground, 0.14))
    _glow(print_, middle, min(wide * 0.5, high * 0.3), lighter(pack.ground, 0.6))
    _picture(print_, pack, (0.5, 0.52), min(wide * 0.78, high * 0.44))
    letters.write(
        print_, pack.brand, _box(size, 0.06, 0.04, 0.94, 0.25), ink_on(pack.ground), letters.BLACK
    )
    draw.polygon(
        [(0, high * 0.745), (wide, high * 0.715), (wide, high * 0.865), (0, high * 0.895)],
        fill=pack.second,
    )
    _name(print_, pack, (0.07, 0.745, 0.93, 0.865), ink_on(pack.second))
    _content(print_, pack, ink_on(pack.ground))
    return print_


MANNERS: list[Callable[[Pack, Size], Image.Image]] = [
    _band,
    _badge,
    _quiet,
    _slope,
    _window,
    _rays,
]


def _lying(pack: Pack, size: Size) -> Image.Image:
    """The print for something wider than high: words left, picture right."""
    wide, high = size
    flat = pack.manner % 3
    ground = (pack.ground, WHITE, pack.second)[flat]
    print_ = falling(size, lighter(ground, 0.12), darker(ground, 0.08))
    draw = ImageDraw.Draw(print_)
    side = (pack.second, pack.ground, pack.ground)[flat]
    if flat == 1:
        draw.ellipse((wide * 0.52, -high * 0.25, wide * 1.25, high * 1.25), fill=side)
    else:
        draw.polygon([(wide * 0.58, 0), (wide, 0), (wide, high), (wide * 0.48, high)], fill=side)
    ink = ink_on(ground) if flat != 1 else darker(side, 0.3 if brightness(side) < 0.6 else 0.6)
    letters.write(print_, pack.brand, _box(size, 0.05, 0.1, 0.5, 0.42), ink, letters.BLACK)
    letters.write(print_, pack.name, _box(size, 0.05, 0.45, 0.48, 0.8), ink, letters.BOLD, lines=3)
    letters.write(
        print_, pack.content, _box(size, 0.05, 0.84, 0.4, 0.94), ink, letters.MEDIUM, align="left"
    )
    _glow(print_, (wide * 0.76, high / 2), high * 0.4, lighter(side, 0.55))
    _picture(print_, pack, (0.76, 0.5), min(wide * 0.44, high * 0.84))
    return print_


def _box(size: Size, left: float, top: float, right: float, bottom: float) -> letters.Box:
    wide, high = size
    return wide * left, high * top, wide * right, high * bottom


def _picture(print_: Image.Image, pack: Pack, at: tuple[float, float], size: float) -> None:
    thing = painted(pack, round(size))
    wide, high = print_.size
    lay(print_, thing, (wide * at[0] - thing.width / 2, high * at[1] - thing.height / 2))


def _glow(print_: Image.Image, at: tuple[float, float], radius: float, colour: Colour) -> None:
    """A soft light behind the picture."""
    side = max(4, round(radius * 2))
    spot = ImageChops.invert(
        Image.radial_gradient("L").resize((side, side), Image.Resampling.BILINEAR)
    )
    spot = spot.point([max(0, round((value - 74) * 1.3)) for value in range(256)])
    print_.paste(colour, (round(at[0] - radius), round(at[1] - radius)), spot)


def _name(
    print_: Image.Image,
    pack: Pack,
    box: tuple[float, float, float, float],
    ink: Colour,
    weight: str = letters.BOLD,
) -> None:
    letters.write(print_, pack.name, _box(print_.size, *box), ink, weight, lines=3)


def _content(print_: Image.Image, pack: Pack, ink: Colour) -> None:
    box = _box(print_.size, 0.25, 0.915, 0.75, 0.965)
    letters.write(print_, pack.content, box, mix(ink, WHITE, 0.05), letters.MEDIUM)
