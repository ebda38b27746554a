"""Small painted things in a square of 100 x 100: a strawberry, a cow, a cup of tea.

A motif is a function that paints with a brush; `painted("strawberry", 300)` gives the picture.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from math import cos, hypot, pi, sin

from PIL import Image, ImageDraw, ImageOps

from app.demo.packs.colours import Colour, darker, lighter, mix
from app.demo.packs.light import Point, blank, spline

Motif = Callable[["Brush"], None]
MOTIFS: dict[str, Motif] = {}

GREEN: Colour = (76, 145, 65)
DEEP_GREEN: Colour = (38, 100, 56)
STALK: Colour = (110, 92, 50)


def motif(paint: Motif) -> Motif:
    MOTIFS[paint.__name__] = paint
    return paint


@lru_cache(maxsize=256)
def painted(name: str, size: int) -> Image.Image:
    """The motif on a transparent square of this many pixels. Shared: copy before changing it."""
    brush = Brush(size)
    MOTIFS[name](brush)
    return brush.picture


@lru_cache(maxsize=1)
def _roundness() -> Image.Image:
    """Grey by distance from where the light falls, upper left: 0 there, 255 at the far edge."""
    grey = Image.new("L", (64, 64))
    grey.putdata(
        [
            min(255, round(255 * hypot(x / 63 - 0.36, y / 63 - 0.3) / 0.78))
            for y in range(64)
            for x in range(64)
        ]
    )
    return grey


@lru_cache(maxsize=512)
def _rounded(colour: Colour) -> Image.Image:
    """This colour under that light, small, to be stretched over anything."""
    light, dark = lighter(colour, 0.42), darker(colour, 0.42)
    return ImageOps.colorize(_roundness(), light, dark, mid=colour, midpoint=110)


class Brush:
    def __init__(self, size: int) -> None:
        self.size = size
        self.scale = size / 100
        self.picture = blank((size, size))
        self.draw = ImageDraw.Draw(self.picture)

    def ball(self, x: float, y: float, rx: float, ry: float, colour: Colour) -> None:
        """Something round, lit from the upper left."""
        mask = self._mask(rx, ry)
        ImageDraw.Draw(mask).ellipse((0, 0, mask.width - 1, mask.height - 1), fill=255)
        self._lay(mask, (x - rx, y - ry), colour)

    def shape(self, points: Sequence[Point], colour: Colour, *, smooth: bool = True) -> None:
        """Something of any outline, lit the same way."""
        points = spline(points) if smooth else list(points)
        left, top = min(x for x, _ in points), min(y for _, y in points)
        right, bottom = max(x for x, _ in points), max(y for _, y in points)
        mask = self._mask((right - left) / 2, (bottom - top) / 2)
        inside = [((x - left) * self.scale, (y - top) * self.scale) for x, y in points]
        ImageDraw.Draw(mask).polygon(inside, fill=255)
        self._lay(mask, (left, top), colour)

    def flat(self, points: Sequence[Point], colour: Colour, *, smooth: bool = True) -> None:
        points = spline(points) if smooth else points
        self.draw.polygon([(x * self.scale, y * self.scale) for x, y in points], fill=colour)

    def disc(self, x: float, y: float, rx: float, ry: float, colour: Colour) -> None:
        s = self.scale
        self.draw.ellipse(((x - rx) * s, (y - ry) * s, (x + rx) * s, (y + ry) * s), fill=colour)

    def ring(
        self, x: float, y: float, rx: float, ry: float, colour: Colour, width: float = 2
    ) -> None:
        s = self.scale
        box = ((x - rx) * s, (y - ry) * s, (x + rx) * s, (y + ry) * s)
        self.draw.ellipse(box, outline=colour, width=max(1, round(width * s)))

    def stroke(
        self, points: Sequence[Point], colour: Colour, width: float = 3, *, smooth: bool = True
    ) -> None:
        path = spline(points, closed=False) if smooth and len(points) > 2 else points
        scaled = [(x * self.scale, y * self.scale) for x, y in path]
        thick = max(1, round(width * self.scale))
        self.draw.line(scaled, fill=colour, width=thick, joint="curve")
        for x, y in (scaled[0], scaled[-1]):
            self.draw.ellipse((x - thick / 2, y - thick / 2, x + thick / 2, y + thick / 2), colour)

    def leaf(self, x: float, y: float, long: float, turn: float, colour: Colour = GREEN) -> None:
        """A leaf growing from (x, y), turned so many degrees from pointing right."""
        outline = [(0.0, 0.0), (0.3, -0.2), (0.65, -0.22), (1.0, 0.0), (0.65, 0.2), (0.3, 0.19)]
        self.shape([_turned(x, y, px * long, py * long, turn) for px, py in outline], colour)
        vein = [_turned(x, y, part * long, 0, turn) for part in (0.1, 0.85)]
        self.stroke(vein, lighter(colour, 0.3), 1)

    def shine(self, x: float, y: float, rx: float, ry: float, strength: int = 120) -> None:
        s = self.scale
        gloss = blank(self.picture.size)
        box = ((x - rx) * s, (y - ry) * s, (x + rx) * s, (y + ry) * s)
        ImageDraw.Draw(gloss).ellipse(box, fill=(255, 255, 255, strength))
        self.picture.alpha_composite(gloss)
        self.draw = ImageDraw.Draw(self.picture)

    def _mask(self, rx: float, ry: float) -> Image.Image:
        return Image.new(
            "L", (max(2, round(2 * rx * self.scale)), max(2, round(2 * ry * self.scale))), 0
        )

    def _lay(self, mask: Image.Image, at: Point, colour: Colour) -> None:
        paint = _rounded(colour).resize(mask.size, Image.Resampling.BILINEAR)
        place = (round(at[0] * self.scale), round(at[1] * self.scale))
        self.picture.paste(paint, place, mask)


def _turned(x: float, y: float, px: float, py: float, turn: float) -> Point:
    angle = turn * pi / 180
    return x + px * cos(angle) - py * sin(angle), y + px * sin(angle) + py * cos(angle)


def around(x: float, y: float, r: float, count: int, start: float = 0) -> list[Point]:
    """So many points on a circle."""
    return [
        (
            x + r * cos(2 * pi * (i / count) + start * pi / 180),
            y + r * sin(2 * pi * (i / count) + start * pi / 180),
        )
        for i in range(count)
    ]


__all__ = ["DEEP_GREEN", "GREEN", "STALK", "Brush", "around", "mix", "motif", "painted"]
