"""The typefaces of the posters, found where npm puts them."""

from functools import cache
from pathlib import Path

import pytest

from qr_walls.typefaces import Typefaces

FOLDER = Path(__file__).parents[2] / "app/pages/node_modules/@expo-google-fonts"
REGULAR = (
    FOLDER / "noto-sans/400Regular/NotoSans_400Regular.ttf",
    FOLDER / "noto-sans-kr/400Regular/NotoSansKR_400Regular.ttf",
    FOLDER / "noto-sans-hebrew/400Regular/NotoSansHebrew_400Regular.ttf",
    FOLDER / "noto-sans-arabic/400Regular/NotoSansArabic_400Regular.ttf",
)
BOLD = (
    FOLDER / "noto-sans/700Bold/NotoSans_700Bold.ttf",
    FOLDER / "noto-sans-kr/700Bold/NotoSansKR_700Bold.ttf",
    FOLDER / "noto-sans-hebrew/700Bold/NotoSansHebrew_700Bold.ttf",
    FOLDER / "noto-sans-arabic/700Bold/NotoSansArabic_700Bold.ttf",
)


@cache
def faces() -> Typefaces:
    missing = [path for path in (*REGULAR, *BOLD) if not path.is_file()]
    if missing:
        pytest.fail(f"{missing[0].name} is missing: run “npm ci” in app/pages", pytrace=False)
    return Typefaces(REGULAR, BOLD)
