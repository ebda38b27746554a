"""Lettering on packs."""

import os
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from app.demo.packs.colours import Colour

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
Box = tuple[float, float, float, float]

INSTALLED = Path(__file__).parents[2] / "pages" / "node_modules" / "@expo-google-fonts"
BOLD, BLACK, MEDIUM = "700Bold", "900Black", "500Medium"
DRAWN_AT, MARGIN = 96, 12
"""All words are drawn at this size, with some room around, and scaled: a font at a size of its own
runs its whole hinting program first, which takes longer than drawing ten words."""


def font_file(weight: str, korean: bool = False) -> Path:
    """Where npm put the letters; PERRON_FONTS names another folder of the same packages."""
    folder = Path(os.environ.get("PERRON_FONTS", INSTALLED))
    if korean:
        return folder / "noto-sans-kr" / weight / f"NotoSansKR_{weight}.ttf"
    return folder / "noto-sans" / weight / f"NotoSans_{weight}.ttf"


@lru_cache
def font(weight: str, korean: bool = False) -> Font:
    file = font_file(weight, korean)
    if not file.exists():  # pictures without npm's packages: plainer letters, but pictures
        return ImageFont.load_default(DRAWN_AT)
    return ImageFont.truetype(file, DRAWN_AT)


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
    rows, size = _fitted(text, wide, high, weight, lines)
    scale, step = size / DRAWN_AT, size * 1.12
    y = box[1] + (high - step * len(rows)) / 2
    for row in rows:
        word = _drawn(row, weight, is_korean(text))
        x = box[0]
        if align != "left":
            x += (wide - (word.width - 2 * MARGIN) * scale) / 2
        small = word.resize(
            (max(1, round(word.width * scale)), max(1, round(word.height * scale))),
            Image.Resampling.BILINEAR,
        )
        place = (round(x - MARGIN * scale), round(y + (step - small.height) / 2))
        picture.paste(ink, place, small)
        y += step
    return step * len(rows)


@lru_cache(maxsize=1024)
def _drawn(row: str, weight: str, korean: bool) -> Image.Image:
    """White on black, in the middle between head and foot."""
    letters = font(weight, korean)
    size = (round(letters.getlength(row)) + 2 * MARGIN, 2 * DRAWN_AT)
    mask = Image.new("L", size, 0)
    ImageDraw.Draw(mask).text(
        (MARGIN, DRAWN_AT), row, font=letters, fill=255, anchor=_anchor(letters)
    )
    return mask


def _anchor(letters: Font) -> str | None:
    return "lm" if isinstance(letters, ImageFont.FreeTypeFont) else None


@lru_cache(maxsize=4096)
def _fitted(
    text: str, wide: float, high: float, weight: str, lines: int
) -> tuple[tuple[str, ...], int]:
    probe = font(weight, is_korean(text))
    best: tuple[tuple[str, ...], int] = ((text,), 1)
    for count in range(1, lines + 1):
        rows = _broken(text, count, probe)
        widest = max(probe.getlength(row) for row in rows)
        size = int(min(DRAWN_AT * wide / widest, high / (1.12 * len(rows))))
        if size > best[1]:
            best = (rows, size)
    return best


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
