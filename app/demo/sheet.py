"""The demo's goods as the file a supplier would send: they come in like anybody else's."""

import csv
from collections.abc import Sequence
from io import StringIO

from app.demo.goods import LANGUAGES, Goods

NUTRIENTS = {
    "kj": "energy_kj", "kcal": "energy_kcal", "fat": "fat_g", "saturates": "saturates_g",
    "carbohydrate": "carbohydrate_g", "sugars": "sugars_g", "fibre": "fibre_g",
    "protein": "protein_g", "salt": "salt_g",
}  # fmt: skip


def as_csv(goods: Sequence[Goods], pictures: Sequence[str]) -> bytes:
    """`pictures` are names in files, one for each."""
    rows = [_cells(one, picture) for one, picture in zip(goods, pictures, strict=True)]
    text = StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _cells(one: Goods, picture: str) -> dict[str, str]:
    return {
        "gtin": one.gtin,
        "brand": one.brand,
        "category": one.shelf,
        "content": str(one.content_quantity),
        "unit": one.content_unit,
        "price": f"{one.price // 100},{one.price % 100:02}",
        "vat": one.vat,
        "deposit": f"{one.deposit // 100},{one.deposit % 100:02}",
        "age_limit": str(one.age_limit),
        "storage": one.storage,
        "weight_g": str(one.weight_g),
        "allergens": " ".join(one.allergens),
        "origin": one.origin,
        "picture": picture,
        "popularity": str(one.popularity),
        "by_weight": "yes" if one.scale_number else "no",
        "scale_number": one.scale_number,
        "dated": "yes" if one.dated else "no",
        **{column: one.nutrition.get(name, "") for name, column in NUTRIENTS.items()},
        **{f"category_{language}": one.shelf_names[language] for language in LANGUAGES},
        **{f"name_{language}": one.names[language] for language in LANGUAGES},
        **{f"description_{language}": one.descriptions[language] for language in LANGUAGES},
        **{f"ingredients_{language}": one.ingredients.get(language, "") for language in LANGUAGES},
    }
