"""A large file of new products, beside a bare COPY of its cells."""

import csv
import time
from io import BytesIO, StringIO

from app import catalog
from qr_walls import gtin
from tests.benchmarks.running import Shop

ROWS = 20_000
COLUMNS = ("gtin", "name_nl", "name_en", "brand", "category", "content", "unit", "price", "vat")


async def import_rows_per_s(shop: Shop) -> tuple[float, float]:
    """Rows checked and imported per second, with their prices' history; against COPY alone."""
    rows = [_row(number) for number in range(ROWS)]
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    started = time.perf_counter()
    report = await catalog.load(shop.pool, BytesIO(text.getvalue().encode()), "large.csv")
    per_s = ROWS / (time.perf_counter() - started)
    if report.found.new != ROWS:
        raise RuntimeError(f"of {ROWS} rows {report.found.new} were imported")
    return per_s, per_s / await _copied_per_s(shop, rows)


async def _copied_per_s(shop: Shop, rows: list[tuple[str, ...]]) -> float:
    async with shop.pool.acquire() as connection:
        columns = ", ".join(f"{column} text" for column in COLUMNS)
        await connection.execute(f"CREATE TEMPORARY TABLE bare ({columns})")
        started = time.perf_counter()
        await connection.copy_records_to_table("bare", records=rows)
        took_s = time.perf_counter() - started
        await connection.execute("DROP TABLE bare")
    return len(rows) / took_s


def _row(number: int) -> tuple[str, ...]:
    price = f"{number % 20},{number % 90 + 10}"
    return (
        gtin.demo(900_000_000 - number),
        f"Product {number}",
        f"Product {number}",
        "Merk",
        "benchmark",
        str(number % 900 + 100),
        "g",
        price,
        "low",
    )
