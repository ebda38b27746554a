"""`perron catalogue`: from the shell of whoever keeps the list."""

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from app.cli import perron
from tests.catalog.sheets import BREAD, MILK, as_csv


@pytest.fixture
def run(database_url, redis_url, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "PERRON_HOME": str(tmp_path)}

    def run(*words):
        return CliRunner(env=settings).invoke(perron, ["catalogue", *words])

    return run


def test_a_file_goes_in_and_comes_out_and_changes_nothing(run, tmp_path):
    (tmp_path / "goods.csv").write_bytes(as_csv(MILK, BREAD))

    looked = run("import", "goods.csv", "--dry-run")
    first = run("import", "goods.csv")
    run("export", "out.csv")
    run("export", "out.xlsx")
    again = [run("import", name) for name in ("out.csv", "out.xlsx")]

    assert looked.stdout == "Would import: 2 new, 0 changed, 0 as they were.\n"
    assert first.stdout == "Imported: 2 new, 0 changed, 0 as they were.\n"
    assert {one.stdout for one in again} == {"Imported: 0 new, 0 changed, 2 as they were.\n"}
    assert load_workbook(tmp_path / "out.xlsx").active["A2"].value == "9521234543213"


def test_what_is_wrong_is_said_by_row_and_column(run, tmp_path):
    (tmp_path / "goods.csv").write_bytes(as_csv(MILK, BREAD | {"price": "gratis"}))

    refused = run("import", "goods.csv")

    assert refused.exit_code == 1
    assert refused.stderr == (
        "row 3, price: “gratis” is not a number.\n1 errors in 2 rows; nothing was imported.\n"
    )


def test_the_last_import_can_be_taken_back(run, tmp_path):
    (tmp_path / "goods.csv").write_bytes(as_csv(MILK))
    (tmp_path / "prices.csv").write_text("gtin;price\n9521234543213;1,99\n")
    run("import", "goods.csv")
    run("import", "prices.csv")

    undone = run("undo")
    nothing_left = run("undo")

    assert undone.stdout == "1 products put back.\n"
    assert (nothing_left.exit_code, nothing_left.stderr) == (1, "There is no import to undo.\n")
    assert run("import", "goods.csv").stdout == "Imported: 0 new, 0 changed, 1 as they were.\n"
