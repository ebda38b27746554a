"""``python -m qr_walls``: a spreadsheet in, a proven poster out."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from qr_walls import formats, gtin, table
from qr_walls.__main__ import qr_walls
from qr_walls.errors import WallError
from tests.qr_walls.builders import pack
from tests.qr_walls.fonts import BOLD, REGULAR, faces

TABLE = f"""\ufeffpanel;shelf;position;gtin;name;price;unit_price;unit;picture;token
1;2;1;{gtin.demo(3)};Appelsap;1,89;1,89;l;;
1;1;1;{gtin.demo(1)};Halfvolle melk;1,49;1,49;l;melk.png;KK56AR7
1;1;2;{gtin.demo(2)};Karnemelk;1,29;;;;
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "wand.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "melk.png").write_bytes(pack())
    return tmp_path


def build(folder: Path, *options: str) -> Result:
    faces()
    fonts = [*(f"--font={path}" for path in REGULAR), *(f"--bold-font={path}" for path in BOLD)]
    return CliRunner().invoke(
        qr_walls,
        [
            "build",
            f"{folder}/wand.csv",
            f"{folder}/wand.pdf",
            "--address=https://a.nl",
            "--format=A4",
            "--distance=0.3",
            *fonts,
            *options,
        ],
    )


def test_a_table_becomes_a_poster_that_can_be_checked_again(folder: Path) -> None:
    built = build(folder, f"--preview={folder}/wand.png")
    checked = CliRunner().invoke(qr_walls, ["check", f"{folder}/wand.pdf"])

    assert built.output == "All 3 codes read.\n"
    assert checked.output == "All 3 codes read.\n"
    assert (folder / "wand.png").read_bytes().startswith(b"\x89PNG")


def test_the_same_seed_and_time_give_the_same_file(folder: Path) -> None:
    files = []
    for _ in range(2):
        build(folder, "--seed=7", "--created-at=2026-01-01")
        files.append((folder / "wand.pdf").read_bytes())

    assert files[0] == files[1]


def test_a_poster_that_does_not_fit_is_one_plain_sentence(folder: Path) -> None:
    failed = build(folder, "--distance=1.2")

    assert failed.exit_code == 1
    assert failed.output.startswith("Error: Panel 1 (A4) read from 1.2 m holds")


def test_every_size_is_listed_with_what_it_holds() -> None:
    listed = CliRunner().invoke(qr_walls, ["room", "--distance=0.4"])

    assert "A0: 10 × 9 = 90" in listed.output


def read(text: str) -> table.Planogram:
    return table.read(text, formats.named("A4"))


def test_rows_stand_in_the_order_of_their_numbers_and_keep_their_tokens() -> None:
    plan = read(TABLE.replace("melk.png", ""))

    shelves = plan.panels[0].shelves
    assert [len(shelf.positions) for shelf in shelves] == [2, 1]
    assert shelves[0].positions[0].token == "KK56AR7"
    assert plan.products[gtin.demo(1)].price == 149


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "lacks the column “gtin”"),
        ("gtin,name,price\n", "no products"),
        ("gtin,name,price,colour\n", "“colour”, which means nothing"),
        ("gtin,name,price\n123,Melk,1.49\n", "Row 2: “123” is not a product number"),
        (f"gtin,name,price\n{gtin.demo(1)},Melk,\n", "Row 2: A product needs"),
        (f"gtin,name,price\n{gtin.demo(1)},Melk,1.499\n", "no amount of EUR"),
        (f"gtin,name,price\n{gtin.demo(1)},Melk,NaN\n", "no amount"),
        (f"gtin,name,price\n{gtin.demo(1)},Melk,1e99\n", "no amount"),
        (f"gtin,name,price\n{gtin.demo(1)},Melk,-1\n", "no amount"),
        (f"gtin,name,price,age\n{gtin.demo(1)},Melk,1,x\n", "no whole number for age"),
        (f"gtin,name,price,token\n{gtin.demo(1)},Melk,1,U\n", "not the code of a label"),
        (f"gtin,name,price,unit_price,unit\n{gtin.demo(1)},Melk,1,2,pond\n", "not “pond”"),
    ],
)
def test_what_is_wrong_in_a_table_is_named_with_its_row(text: str, why: str) -> None:
    with pytest.raises(WallError, match=why):
        read(text)


def test_a_picture_outside_the_folder_is_not_read(tmp_path: Path) -> None:
    text = f"gtin,name,price,picture\n{gtin.demo(1)},Melk,1,../../etc/passwd\n"

    with pytest.raises(WallError, match="no picture"):
        table.read(text, formats.named("A4"), pictures=tmp_path)
