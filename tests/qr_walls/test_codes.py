"""``python -m qr_walls encode`` and ``link``: one code, without a wall around it."""

import re
from pathlib import Path

import zxingcpp
from click.testing import CliRunner, Result

from qr_walls import gtin, links
from qr_walls.__main__ import qr_walls
from tests.qr_walls.drawn import filled

TEXT = links.write("https://shop.example.org", "KK56AR7", gtin.demo(7))


def run(*words: str) -> Result:
    return CliRunner().invoke(qr_walls, list(words))


def test_the_code_of_a_text_becomes_a_drawing_that_reads(tmp_path: Path) -> None:
    for reduction in ("0", "100"):
        done = run("encode", TEXT, f"{tmp_path}/code.svg", f"--reduction-um={reduction}")

        assert done.output == "Version 3, 29 modules, Q.\n"
        (drawn,) = re.findall(r'evenodd" d="M([^"]+)Z"', (tmp_path / "code.svg").read_text())
        loops = [
            tuple(tuple(map(float, point.split())) for point in loop.split("L"))
            for loop in drawn.split("ZM")
        ]
        (found,) = zxingcpp.read_barcodes(filled(loops, 29, 20))
        assert found.text == TEXT


def test_too_much_for_the_ink_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    done = run("encode", TEXT, f"{tmp_path}/code.svg", "--module-mm=1", "--reduction-um=200")

    assert done.exit_code == 1
    assert "at most 15% of a module" in done.output
    assert not (tmp_path / "code.svg").exists()


def test_a_digital_link_is_told_apart_and_made_canonical() -> None:
    done = run("link", "https://a/some/01/09520123456788/10/AB%2FC?17=261231&w=1")

    assert done.output.splitlines() == [
        "01 09520123456788",
        "10 AB/C",
        "17 261231",
        "https://id.gs1.org/01/09520123456788/10/AB%2FC?17=261231",
    ]


def test_a_wrong_character_is_pointed_at() -> None:
    done = run("link", "https://a/01/09520123456788?17=261331")

    *_, address, mark = done.output.rstrip("\n").split("\n")
    assert done.exit_code == 1
    assert address[mark.index("^") :] == "1331"
