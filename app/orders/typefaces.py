"""The typefaces of papers: Latin first, then Korean, Hebrew and Arabic where it has none."""

from functools import cache
from pathlib import Path

from qr_walls.typefaces import Typefaces

FOLDER = Path(__file__).parents[1] / "pages/node_modules/@expo-google-fonts"
KINDS = (
    ("noto-sans", "NotoSans"),
    ("noto-sans-kr", "NotoSansKR"),
    ("noto-sans-hebrew", "NotoSansHebrew"),
    ("noto-sans-arabic", "NotoSansArabic"),
)


@cache
def faces() -> Typefaces:
    return Typefaces(_files("400Regular"), _files("700Bold"))


def _files(weight: str) -> list[Path]:
    return [FOLDER / folder / weight / f"{name}_{weight}.ttf" for folder, name in KINDS]
