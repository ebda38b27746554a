"""Golden posters: every word and code of three small walls, where it stands and how large.

A change that moves something shows in the difference of a text file. Look at the poster, and if it
is meant to look like that, write the files anew:
``GOLDEN=write python -m pytest tests/qr_walls/test_golden.py``
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from qr_walls import banner, layout, shelves
from qr_walls.display import Code, Item, Text
from qr_walls.model import UnitPrice
from qr_walls.words import Language
from tests.qr_walls.builders import everything, product, wall
from tests.qr_walls.fonts import faces

GOLDEN = Path(__file__).parent / "golden"


def words_and_codes(language: Language) -> Iterator[str]:
    names = {"nl": "Sinaasappelsap zonder vruchtvlees", "en": "Smooth orange juice", "ko": "주스"}
    products = [
        everything(0, allergens=("milk", "sulphites")),
        product(1, names=names, category="Sap", content="6 x 200 ml"),
        product(2, names={"en": "חלב 3% שומן"}, brand="תנובה", content="500 גרם"),
        product(3, names={"en": "خبز عربي طازج"}, unit_price=UnitPrice(498, "kg"), content="300 g"),
    ]
    plan, known = wall(
        products,
        rows=2,
        format="A4",
        language=language,
        list_url="https://perron.example/w/utc-1",
        phone="030 - 123 45 67",
    )
    (sheet,) = layout.lay_out(plan, 29, 29)
    codes = {one.token: f"code {one.token}" for one in plan.positions()}
    yield from _told(banner.draw(sheet, plan, faces()))
    yield from _told(shelves.draw(sheet, plan, known, {}, faces(), codes))
    assert sheet.header_code is not None
    yield from _told(banner.list_sign(sheet.header_code, plan, faces()))


def _told(items: Iterator[Item]) -> Iterator[str]:
    for item in items:
        if isinstance(item, Text):
            weight = "bold" if item.bold else "    "
            yield f"{item.x:6.1f} {item.y:6.1f} {item.size:5.1f} {weight} {item.text}"
        if isinstance(item, Code):
            yield f"{item.x:6.1f} {item.y:6.1f} {item.module_mm:5.2f} code {item.text}"


@pytest.mark.parametrize("language", ["nl", "en", "ko"])
def test_a_poster_looks_as_it_looked(language: Language) -> None:
    drawn = "\n".join(words_and_codes(language)) + "\n"
    file = GOLDEN / f"{language}.txt"
    if os.environ.get("GOLDEN") == "write":
        file.parent.mkdir(exist_ok=True)
        file.write_text(drawn, encoding="utf-8")

    assert drawn == file.read_text(encoding="utf-8")
