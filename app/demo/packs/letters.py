"""Lettering on packs."""

import os
from bisect import bisect
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from app.demo.packs.colours import Colour

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
Box = tuple[float, float, float, float]

INSTALLED = Path(__file__).parents[2] / "pages" / "node_modules" / "@expo-google-fonts"
RUNGS = sorted({round(8 * 1.09**step) for step in range(48)})
"""The sizes letters come in. A font at a new size runs its whole hinting program first, which takes
longer than drawing ten words: so few sizes, shared by all packs."""
BOLD, BLACK, MEDIUM = "700Bold", "900Black", "500Medium"


def font_file(weight: str, korean: bool = False) -> Path:
    """Where npm put the letters; PERRON_FONTS names another folder of the same packages."""
    folder = Path(os.environ.get("PERRON_FONTS", INSTALLED))
    if korean:
        return folder / "noto-sans-kr" / weight / f"NotoSansKR_{weight}.ttf"
    return folder / "noto-sans" / weight / f"NotoSans_{weight}.ttf"


@lru_cache(maxsize=512)
def font(weight: str, size: int, korean: bool = False) -> Font:
    file = font_file(weight, korean)
    if not file.exists():  # pictures without npm's packages: plainer letters, but pictures
        return ImageFont.load_default(size)
    return ImageFont.truetype(file, size)


def is_korean(text: str) -> bool:
    return any("가" <= letter <= "힣" for letter in text)


def write(
    picture: Image.Image,
    text: str,
    box: Box,
    ink: Colour,
    weight: str = BOLD,
    *,
    lines: int = 1,
    align: str = "middle",
) -> float:
    """Write the text as large as the box allows, broken into at most so many lines.

    Gives the height the letters took, so that the next thing can stand below.
    """
    if not text:
        return 0
    wide, high = box[2] - box[0], box[3] - box[1]
    rows, letters, size = _fitted(text, wide, high, weight, lines)
    draw = ImageDraw.Draw(picture)
    step = size * 1.12
    y = box[1] + (high - step * len(rows)) / 2
    for row in rows:
        x = box[0] if align == "left" else box[0] + (wide - letters.getlength(row)) / 2
        draw.text((x, y + step / 2), row, font=letters, fill=ink, anchor=_anchor(letters))
        y += step
    return step * len(rows)


def _anchor(letters: Font) -> str | None:
    return "lm" if isinstance(letters, ImageFont.FreeTypeFont) else None


@lru_cache(maxsize=4096)
def _fitted(
    text: str, wide: float, high: float, weight: str, lines: int
) -> tuple[tuple[str, ...], Font, int]:
    korean = is_korean(text)
    probe = font(weight, 64, korean)
    best: tuple[tuple[str, ...], int] = ((text,), 1)
    for count in range(1, lines + 1):
        rows = _broken(text, count, probe)
        widest = max(probe.getlength(row) for row in rows)
        size = int(min(64 * wide / widest, high / (1.12 * len(rows))))
        if size > best[1]:
            best = (rows, size)
    size = RUNGS[max(0, bisect(RUNGS, best[1]) - 1)]
    return best[0], font(weight, size, korean), size


def _broken(text: str, count: int, probe: Font) -> tuple[str, ...]:
    """The words over so many lines, as even as can be (few words, so try every break)."""
    words = text.split()
    if count == 1 or len(words) == 1:
        return (text,)
    options = [
        (" ".join(words[:at]), *_broken(" ".join(words[at:]), count - 1, probe))
        for at in range(1, len(words))
    ]
    return min(options, key=lambda rows: max(probe.getlength(row) for row in rows))
