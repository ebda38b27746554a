"""The typefaces of labels and slips: Latin first, Korean where it has none."""

from functools import cache
from pathlib import Path

from qr_walls.typefaces import Typefaces

FOLDER = Path(__file__).parents[2] / "pages/node_modules/@expo-google-fonts"


@cache
def faces() -> Typefaces:
    return Typefaces(
        [
            FOLDER / "noto-sans/400Regular/NotoSans_400Regular.ttf",
            FOLDER / "noto-sans-kr/400Regular/NotoSansKR_400Regular.ttf",
        ],
        [
            FOLDER / "noto-sans/700Bold/NotoSans_700Bold.ttf",
            FOLDER / "noto-sans-kr/700Bold/NotoSansKR_700Bold.ttf",
        ],
    )
