"""Files of products for tests, as somebody would make them."""

import csv
from io import BytesIO, StringIO

from openpyxl import Workbook

from app import catalog

MILK = {
    "gtin": "9521234543213",
    "name_nl": "Halfvolle melk",
    "name_en": "Semi-skimmed milk",
    "name_ko": "저지방 우유",
    "brand": "Dauwwei",
    "category": "dairy",
    "content": "1",
    "unit": "l",
    "price": "1,29",
    "vat": "low",
}
BREAD = MILK | {
    "gtin": "9521234543220",
    "name_nl": "Volkoren brood",
    "name_en": "Wholemeal bread",
    "name_ko": "통밀 식빵",
    "category": "bread",
    "content": "800",
    "unit": "g",
    "price": "2,49",
}


def as_csv(*rows, separator=";", mark=False, encoding="utf-8"):
    columns = list(dict.fromkeys(column for row in rows for column in row))
    text = StringIO(newline="")
    writer = csv.DictWriter(text, columns, delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return (("\ufeff" if mark else "") + text.getvalue()).encode(encoding)


def as_xlsx(*rows):
    columns = list(dict.fromkeys(column for row in rows for column in row))
    book = Workbook()
    book.active.append(columns)
    for row in rows:
        book.active.append([row.get(column) for column in columns])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


async def load(pool, *rows, dry_run=False):
    return await catalog.load(pool, BytesIO(as_csv(*rows)), "goods.csv", dry_run=dry_run)


async def load_bytes(pool, body, **options):
    return await catalog.load(pool, BytesIO(body), "goods", **options)


def sentences(report):
    """Row, column and finished sentence of everything that is wrong."""
    return [
        (one.row, one.column, one.sentence.format(**one.values))
        for one in report.complaints
        if one.level == "error"
    ]


async def exported(pool):
    return b"".join([part async for part in catalog.as_csv(pool)])


async def traces(db):
    """Everything an import could touch, to see that it did not."""
    tables = {}
    for table, order in (
        ("products", "gtin"),
        ("codes", "gtin"),
        ("texts", "product_id, language"),
        ("prices", "product_id, from_at"),
        ("categories", "category, language"),
    ):
        rows = await db.fetch(f"SELECT * FROM catalog.{table} ORDER BY {order}")  # noqa: S608
        tables[table] = [tuple(row) for row in rows]
    tables["events"] = await db.fetchval("SELECT count(*) FROM jobs.events")
    return tables
