"""Shapes and the light that falls on them.

Everything is drawn twice as large as it will be seen and made smaller at the end: that is what
smooths the edges. Light is a grey picture laid over the colours by hard light: 128 changes
nothing, darker greys are shade, lighter greys are gloss.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from math import exp

from PIL import Image, ImageChops, ImageDraw

from app.demo.packs.colours import Colour, mix

Point = tuple[float, float]
Size = tuple[int, int]

SHARPER = 2


def blank(size: Size) -> Image.Image:
    return Image.new("RGBA", size, (0, 0, 0, 0))


def spline(points: Sequence[Point], *, closed: bool = True, steps: int = 8) -> list[Point]:
    """A smooth curve through the points (Catmull-Rom)."""
    last = len(points)

    def at(index: int) -> Point:
        return points[index % last if closed else min(max(index, 0), last - 1)]

    curve: list[Point] = []
    for index in range(last if closed else last - 1):
        before, start, end, after = at(index - 1), at(index), at(index + 1), at(index + 2)
        curve.extend(
            (
                _between(before[0], start[0], end[0], after[0], step / steps),
                _between(before[1], start[1], end[1], after[1], step / steps),
            )
            for step in range(steps)
        )
    if not closed:
        curve.append(points[-1])
    return curve


def _between(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t**3
    )


def polygon_mask(size: Size, points: Sequence[Point]) -> Image.Image:
    mask = Image.new("L", size, 0)
    ImageDraw.Draw(mask).polygon(list(points), fill=255)
    return mask


def rounded_mask(size: Size, box: tuple[float, float, float, float], radius: float) -> Image.Image:
    mask = Image.new("L", size, 0)
    ImageDraw.Draw(mask).rounded_rectangle(box, radius, fill=255)
    return mask


@lru_cache(maxsize=64)
def ramp(grey: Callable[[float], float]) -> Image.Image:
    """Greys from left (0) to right (1), 256 x 1, to be stretched over anything."""
    row = Image.new("L", (256, 1))
    row.putdata([min(255, max(0, round(grey(x / 255)))) for x in range(256)])
    return row


def bump(x: float, middle: float, width: float) -> float:
    return exp(-(((x - middle) / width) ** 2))


def metal(x: float) -> float:
    """An aluminium can under shop light: two bright bands, dark edges."""
    return (
        116
        + 88 * bump(x, 0.27, 0.085)
        + 30 * bump(x, 0.78, 0.06)
        - 74 * bump(x, 0.0, 0.13)
        - 84 * bump(x, 1.0, 0.16)
    )


def glass(x: float) -> float:
    """Glass and PET: a thin sharp reflection on a soft round."""
    return (
        120
        + 100 * bump(x, 0.105, 0.028)
        + 30 * bump(x, 0.3, 0.15)
        + 34 * bump(x, 0.9, 0.03)
        - 66 * bump(x, 0.0, 0.12)
        - 70 * bump(x, 1.0, 0.14)
    )


def paper(x: float) -> float:
    """A label around something round: soft, no gloss."""
    return 132 + 26 * bump(x, 0.3, 0.22) - 58 * bump(x, 0.0, 0.16) - 70 * bump(x, 1.0, 0.2)


def board(x: float) -> float:
    """A flat cardboard front, lit from the left."""
    return 140 - 20 * x


def cushion(x: float) -> float:
    """A filled bag: round at both edges, one wide gloss."""
    return (
        124
        + 44 * bump(x, 0.26, 0.12)
        + 16 * bump(x, 0.72, 0.1)
        - 50 * bump(x, 0.0, 0.09)
        - 56 * bump(x, 1.0, 0.12)
    )


def lit(picture: Image.Image, light: Image.Image) -> Image.Image:
    """The picture under this light; its own transparency stays."""
    grey = (
        light
        if light.size == picture.size
        else light.resize(picture.size, Image.Resampling.BILINEAR)
    )
    rgb = ImageChops.hard_light(picture.convert("RGB"), Image.merge("RGB", (grey, grey, grey)))
    if picture.mode == "RGBA":
        rgb.putalpha(picture.getchannel("A"))
    return rgb


def cut(picture: Image.Image, mask: Image.Image) -> Image.Image:
    """Only what lies inside the mask."""
    picture = picture.convert("RGBA")
    picture.putalpha(ImageChops.multiply(picture.getchannel("A"), mask))
    return picture


def falling(size: Size, top: Colour, bottom: Colour) -> Image.Image:
    """One colour above melting into another below."""
    high = size[1]
    column = Image.new("RGB", (1, high))
    column.putdata([mix(top, bottom, (y + 0.5) / high) for y in range(high)])
    return column.resize(size, Image.Resampling.NEAREST)


def lay(ground: Image.Image, picture: Image.Image, at: Point) -> None:
    """Paste with its transparency, also where it hangs over the edge."""
    left, top = round(at[0]), round(at[1])
    if picture.mode != "RGBA":
        ground.paste(picture, (left, top))
        return
    if ground.mode == "RGBA":
        crop = picture.crop((max(0, -left), max(0, -top), *picture.size))
        if crop.size[0] > 0 and crop.size[1] > 0:
            ground.alpha_composite(crop, (max(0, left), max(0, top)))
    else:
        ground.paste(picture, (left, top), picture)
