"""A body of revolution: outline from a profile, light by its width, labels bent around it."""

import itertools
from collections.abc import Callable, Sequence
from math import asin, pi, sqrt

from PIL import Image, ImageDraw, ImageFilter

from app.demo.packs.art import Pack, printed
from app.demo.packs.colours import CREAM, WHITE, Colour, brightness, darker
from app.demo.packs.light import (
    SHARPER,
    Point,
    Size,
    cut,
    falling,
    lit,
    polygon_mask,
    ramp,
)

Grey = Callable[[float], float]
Profile = Sequence[Point]  # (height from the top 0..1, radius 0..1), top to bottom

MARGIN = 40
"""The light goes on a little beyond the edge: what is cut out must not fray into black."""


class Turned:
    """A body of revolution standing upright: its outline, its light, and what is stuck on it."""

    def __init__(self, size: Size, profile: Profile) -> None:
        self.size = size
        self.profile = profile
        self.slopes = _slopes(profile)
        wide, high = size
        right = [(wide / 2 + self.radius(y / high) - 1, y) for y in range(0, high + 1, 4)]
        outline = right + [(wide - x, y) for x, y in reversed(right)]
        self.mask = polygon_mask(size, outline)
        self.body = Image.new("RGB", size, WHITE)

    def radius(self, y: float) -> float:
        """In pixels, at a height of 0 (top) to 1: a smooth curve that never overshoots."""
        points = self.profile
        at = next((i for i in range(1, len(points) - 1) if y <= points[i][0]), len(points) - 1)
        (above, wide), (below, narrow) = points[at - 1], points[at]
        span = below - above
        t = min(1.0, max(0.0, (y - above) / span))
        r = (
            wide * (1 + 2 * t) * (1 - t) ** 2
            + narrow * t * t * (3 - 2 * t)
            + span * self.slopes[at - 1] * t * (1 - t) ** 2
            - span * self.slopes[at] * t * t * (1 - t)
        )
        return r * self.size[0] / 2

    def ring(self, top: float, bottom: float, colour: Colour, sag: float = 0.05) -> None:
        """A band around the body, its edges curved as seen from slightly above."""
        wide, high = self.size
        bow = sag * wide
        draw = ImageDraw.Draw(self.body)
        upper = _arc(wide, top * high, bow)
        lower = _arc(wide, bottom * high, bow)
        draw.polygon([*upper, *reversed(lower)], fill=colour)

    def fill(self, top: float, bottom: float, above: Colour, below: Colour) -> None:
        wide, high = self.size
        start, end = round(top * high), round(bottom * high)
        self.body.paste(falling((wide, max(1, end - start)), above, below), (0, start))

    def wrap(self, label: Image.Image, top: float, bottom: float, sag: float = 0.05) -> None:
        """Stick a label around the front: it narrows towards the edges and bows downward."""
        wide, high = self.size
        tall = round((bottom - top) * high)
        reach = self.radius((top + bottom) / 2)
        bow = sag * wide
        target = (wide, round(tall + bow) + 1)
        start = round(top * high)
        sliver = max(1, round(wide / 2 - reach * 0.99))
        self.body.paste(_side(label, 0).resize((sliver, tall)), (0, start))
        far = _side(label, label.width - 1).resize((sliver, tall))
        self.body.paste(far, (wide - sliver, start))
        mesh = []
        strips = 14
        across = 2 * reach / strips
        for strip in range(strips):
            left, right = -reach + strip * across, -reach + (strip + 1) * across
            u0, u1 = (0.5 + asin(max(-1, min(1, x / reach))) / pi for x in (left, right))
            s0, s1 = (bow * sqrt(max(0, 1 - (x / reach) ** 2)) for x in (left, right))
            scale = label.height / tall
            box = (round(wide / 2 + left), 0, round(wide / 2 + right), target[1])
            mesh.append(
                (
                    box,
                    (
                        u0 * label.width,
                        -s0 * scale,
                        u0 * label.width,
                        (target[1] - s0) * scale,
                        u1 * label.width,
                        (target[1] - s1) * scale,
                        u1 * label.width,
                        -s1 * scale,
                    ),
                )
            )
        bent = label.transform(target, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)
        front = [
            (x * reach / 9 + wide / 2, bow * sqrt(1 - (x / 9) ** 2) + 3) for x in range(-9, 10)
        ]
        around = [*front, *((x, y + tall - 5) for x, y in reversed(front))]
        self.body.paste(bent, (0, start), polygon_mask(target, around))

    def shaded(self, grey: Grey) -> Image.Image:
        """The body in its final size under its light, cut out."""
        return cut(lit(self.body.reduce(SHARPER), self._light(grey)), self.mask.reduce(SHARPER))

    def shade(self, grey: Grey, top: float, bottom: float) -> None:
        """Light one stretch of the body for itself: a metal lid on a glass jar."""
        wide, high = self.size
        light = self._light(grey).resize(self.size, Image.Resampling.BILINEAR)
        band = (0, round(top * high), wide, round(bottom * high))
        self.body.paste(lit(self.body.crop(band), light.crop(band)), band[:2])

    def _light(self, grey: Grey) -> Image.Image:
        """Stretched to the width of the body at each height, so that a neck gleams like a neck."""
        wide, high = self.size[0] // 4, self.size[1] // 4
        strip = Image.new("L", (256 + 2 * MARGIN, 4))
        row = ramp(grey).resize((256, 4))
        strip.paste(row.crop((0, 0, 1, 4)).resize((MARGIN, 4)), (0, 0))
        strip.paste(row.crop((255, 0, 256, 4)).resize((MARGIN, 4)), (MARGIN + 256, 0))
        strip.paste(row, (MARGIN, 0))
        mesh = []
        for y in range(0, high, 3):
            r = max(1.0, self.radius((y + 1.5) / high) / 4)
            left = MARGIN + (-wide / 2 + r) / (2 * r) * 256
            right = MARGIN + (wide / 2 + r) / (2 * r) * 256
            mesh.append(((0, y, wide, min(high, y + 3)), (left, 1, left, 3, right, 3, right, 1)))
        light = strip.transform((wide, high), Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)
        return light.filter(ImageFilter.BoxBlur(2))


def _slopes(profile: Profile) -> list[float]:
    """The steepness at each point, so that the curve keeps between its points (Fritsch and
    Carlson 1980, harmonic mean form)."""
    steps = [(r1 - r0) / (y1 - y0) for (y0, r0), (y1, r1) in itertools.pairwise(profile)]
    inner = [
        2 * before * after / (before + after) if before * after > 0 else 0.0
        for before, after in itertools.pairwise(steps)
    ]
    return [steps[0], *inner, steps[-1]]


def _arc(wide: float, y: float, bow: float) -> list[Point]:
    return [(x * wide / 12, y + bow * sqrt(max(0.0, 1 - (x / 6 - 1) ** 2))) for x in range(13)]


def _side(label: Image.Image, x: int) -> Image.Image:
    return label.crop((x, 0, x + 1, label.height))


def label_around(pack: Pack, wide: float, high: float) -> Image.Image:
    """A label goes half around the body; what is printed stands in its middle."""
    label = (round(wide * 1.5), round(high))
    ground = printed(pack, (round(wide * 0.92), round(high)))
    margin = (label[0] - ground.width) // 2
    sheet = Image.new("RGB", label)
    sheet.paste(_side(ground, 0).resize((margin + 1, label[1])), (0, 0))
    sheet.paste(_side(ground, ground.width - 1).resize((margin + 2, label[1])),
                (margin + ground.width - 1, 0))  # fmt: skip
    sheet.paste(ground, (margin, 0))
    return sheet


def on_paper(pack: Pack) -> Pack:
    """The same pack printed on pale paper: what stands on glass must not vanish in its colour."""
    strong = pack.second if brightness(pack.second) < 0.7 else darker(pack.ground, 0.3)
    return Pack(
        pack.shape, pack.brand, pack.name, pack.content, _hex(CREAM), _hex(strong), pack.motif
    )


def _hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
