"""What the demo supermarket sells: all of it invented, the same every time.

The shelves are small TOML files: families of products that differ in one word, a size and a price.
Brands are made up; the numbers come from prefix 952, which GS1 keeps free for demonstrations.
"""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Literal
from zlib import crc32

import msgspec

from app.demo.packs import Pack
from qr_walls import gtin

Language = Literal["nl", "en", "ko"]
LANGUAGES: tuple[Language, ...] = ("nl", "en", "ko")
SHELVES = Path(__file__).parent / "shelves"

NUTRIENTS = ("kcal", "fat", "saturates", "carbohydrate", "sugars", "fibre", "protein", "salt")
KJ_PER_KCAL = 4.184

# Empty packs, in grams; what is not listed weighs 15.
PACK_WEIGHT_G = {
    "wine": 480, "beer": 230, "jar": 210, "small_jar": 150, "oil": 320, "juice": 40, "tin": 55,
    "flat_tin": 30, "can": 14, "slim_can": 12, "soda": 36, "water": 28, "box": 70, "carton": 30,
    "brick": 32, "egg_box": 45, "tray": 30, "filled_tray": 30, "punnet": 20, "shaker": 110,
    "detergent": 95, "trigger": 80, "shampoo": 45, "aerosol": 70, "crate": 90, "cube": 45,
}  # fmt: skip
# One piece of what is sold by the piece, in grams; what is not listed weighs 60.
PIECE_WEIGHT_G = {
    "loose": 420, "few": 170, "pair": 260, "net": 110, "bouquet": 90, "egg_box": 62, "bakery": 75,
    "paper_stack": 110, "soft_pack": 28, "flat_box": 3, "tray": 110, "card": 22, "cube": 2,
    "small_box": 9, "crisps": 30, "punnet": 85,
}  # fmt: skip


class Goods(msgspec.Struct, frozen=True):
    """One product of the demo shop."""

    gtin: str
    shelf: str
    shelf_names: dict[Language, str]
    brand: str
    names: dict[Language, str]
    descriptions: dict[Language, str]
    ingredients: dict[Language, str]
    content_quantity: int
    content_unit: str
    price: int
    vat: str
    deposit: int
    age_limit: int
    storage: str
    weight_g: int
    allergens: list[str]
    nutrition: dict[str, str]
    """Per 100 g or 100 ml: energy in kJ and kcal, the rest in grams, as written on packs."""
    origin: str
    popularity: int
    pack: Pack
    scale_number: str
    """Of what is sold by weight, else empty."""
    dated: bool


@cache
def all_goods() -> tuple[Goods, ...]:
    """Everything on the shelves, in walking order."""
    return tuple(_numbered())


def _numbered() -> Iterator[Goods]:
    """Numbers follow shelf, family and kind, so that adding to one shelf moves no other number."""
    for file in sorted(SHELVES.glob("*.toml")):
        shelf = tomllib.loads(file.read_text("utf-8"))
        place = int(file.stem[:2])
        for at, family in enumerate(shelf["family"]):
            for nth, kind in enumerate(family["kinds"]):
                number = gtin.demo(place * 1_000_000 + at * 1000 + nth * 7 + 11)
                scale = f"2{place:02}{at:02}{nth:02}" if family.get("by_weight") else ""
                yield _made(number, file.stem[3:], {**shelf, **family}, kind, scale, first=nth == 0)


def _made(
    number: str, shelf: str, family: dict[str, Any], kind: list[Any], scale: str, first: bool
) -> Goods:
    words: dict[Language, str] = dict(zip(LANGUAGES, kind[:3], strict=True))
    content, price = str(kind[3]), int(kind[4])
    colour, motif, shape = _look(family, kind[5:])
    quantity, unit = measured(content)
    names = {one: _capital(family[one].format(words[one])) for one in LANGUAGES}
    return Goods(
        gtin=number,
        shelf=shelf,
        shelf_names=dict(zip(LANGUAGES, family["names"], strict=True)),
        brand=family["brand"],
        names=names,
        descriptions=_sentences(family["say"], words),
        ingredients=_sentences(family["of"], words) if "of" in family else {},
        content_quantity=quantity,
        content_unit=unit,
        price=price,
        vat=family["vat"],
        deposit=_deposit(shape, content),
        age_limit=family.get("age", 0),
        storage=family["storage"],
        weight_g=_weight(shape, quantity, unit),
        allergens=family.get("allergens", []),
        nutrition=_nutrition(family.get("per100")),
        origin=family["origin"],
        popularity=crc32(number.encode()) % 600 + (400 if first else 0),
        pack=Pack(shape, family["brand"], names["nl"], content, colour, family["look"][1], motif),
        scale_number=scale,
        dated=family.get("dated", False),
    )


def _look(family: dict[str, Any], own: list[str]) -> tuple[str, str, str]:
    """Colour, picture and shape: a kind's own where it has one, else its family's."""
    given = [family["look"][0], family["motif"], family["pack"]]
    colour, motif, shape = own + given[len(own) :]
    return colour, motif, shape


def _sentences(templates: list[str], words: dict[Language, str]) -> dict[Language, str]:
    return {
        language: _capital(template.format(words[language].strip()))
        for language, template in zip(LANGUAGES, templates, strict=True)
    }


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def measured(content: str) -> tuple[int, str]:
    """'6 x 330 ml' is 1980 ml, '1,5 l' is 1500 ml, '10 st' is ten pieces."""
    count, _, each = content.rpartition(" x ")
    number, unit = each.split(" ")
    factor, base = {"kg": (1000, "g"), "l": (1000, "ml"), "st": (1, "piece")}.get(unit, (1, unit))
    whole, _, part = number.partition(",")
    return int(count or 1) * (int(whole) * factor + int((part + "000")[:3]) * factor // 1000), base


def _deposit(shape: str, content: str) -> int:
    """Statiegeld since 2023: 15 cents on small bottles and cans, 25 on bottles of a litre or more,
    10 on brown beer bottles."""
    if shape == "beer":
        return 10
    if shape in ("can", "slim_can"):
        return 15
    if shape == "crate":
        return 15 * int(content.split(" x ")[0])
    if shape in ("soda", "water"):
        return 25 if measured(content)[0] >= 1000 else 15
    return 0


def _weight(shape: str, quantity: int, unit: str) -> int:
    inside = quantity * PIECE_WEIGHT_G.get(shape, 60) if unit == "piece" else quantity
    return inside + PACK_WEIGHT_G.get(shape, 15)


def _nutrition(per100: list[float] | None) -> dict[str, str]:
    if per100 is None:
        return {}
    values = dict(zip(NUTRIENTS, per100, strict=True))
    energy = {"kj": str(round(values["kcal"] * KJ_PER_KCAL)), "kcal": str(round(values["kcal"]))}
    return energy | {name: f"{values[name]:g}" for name in NUTRIENTS[1:]}
