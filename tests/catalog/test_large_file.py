"""A wholesaler's whole list: a hundred thousand rows in bounded memory."""

import csv
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import Workbook

from qr_walls import gtin
from tests.catalog.sheets import MILK

pytestmark = pytest.mark.drill

ROWS = 100_000
MOST_MB = 512
SCRIPT = """
import asyncio, resource, sys
from app import catalog, db

async def main(url, file):
    pool = await db.open_pool(url, size=2)
    with open(file, "rb") as goods:
        report = await catalog.load(pool, goods, file)
    print(report.applied, report.found.new, report.found.changed, report.found.same)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
    await pool.close()

asyncio.run(main(*sys.argv[1:]))
"""


def rows():
    words = {f"description_{language}": "Met veel zorg gemaakt. " * 5 for language in ("nl", "en")}
    for number in range(ROWS):
        yield (
            MILK
            | words
            | {
                "gtin": gtin.shortest(gtin.demo(number)),
                "name_nl": f"Product {number}",
                "category": f"shelf-{number % 40}",
                "price": f"{number % 50},{number % 100:02}",
            }
        )


def load(database_url, file):
    """In a process that is refused more than its share of memory."""
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, database_url, str(file)],
        check=False,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        preexec_fn=_bounded,
        timeout=900,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    first, memory_mb = run.stdout.split("\n")[:2]
    return first.split(), int(memory_mb)


def _bounded():
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MB * 1024 * 1024,) * 2)


async def test_a_hundred_thousand_rows_of_csv_fit_in_memory_and_twice_change_nothing(
    db, database_url, tmp_path
):
    file = tmp_path / "wholesale.csv"
    with file.open("w", newline="", encoding="utf-8") as text:
        writer = csv.DictWriter(text, [*next(rows())], delimiter=";")
        writer.writeheader()
        writer.writerows(rows())

    first, memory_mb = load(database_url, file)
    again, _ = load(database_url, file)

    assert first == ["True", str(ROWS), "0", "0"]
    assert again == ["True", "0", "0", str(ROWS)]
    assert memory_mb < MOST_MB
    assert await db.fetchval("SELECT count(*) FROM catalog.prices") == ROWS
    assert await db.fetchval("SELECT count(*) FROM jobs.events") == 1


async def test_a_hundred_thousand_rows_of_xlsx_fit_in_memory(database_url, tmp_path):
    file = tmp_path / "wholesale.xlsx"
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append([*next(rows())])
    for row in rows():
        sheet.append([*row.values()])
    book.save(file)

    first, memory_mb = load(database_url, file)

    assert first == ["True", str(ROWS), "0", "0"]
    assert memory_mb < MOST_MB
