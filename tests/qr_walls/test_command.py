"""``python -m qr_walls``: a spreadsheet in, a proven poster out."""

from pathlib import Path

import pypdfium2
import pytest
from click.testing import CliRunner, Result

from qr_walls import posters
from qr_walls.__main__ import qr_walls
from tests.qr_walls.builders import pack
from tests.qr_walls.fonts import BOLD, REGULAR, faces
from tests.qr_walls.inks import profile
from tests.qr_walls.tables import PLACES, PRODUCTS, TABLE


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

    assert built.output.splitlines() == [
        "Without a picture: “Karnemelk” (09520000000028), “Appelsap” (09520000000035).",
        "All 3 codes read.",
    ]
    assert checked.output == "All 3 codes read.\n"
    assert (folder / "wand.png").read_bytes().startswith(b"\x89PNG")


def run(*words: str) -> Result:
    return CliRunner().invoke(qr_walls, words)


def fonts() -> list[str]:
    faces()
    return [*(f"--font={path}" for path in REGULAR), *(f"--bold-font={path}" for path in BOLD)]


def swap(file: Path, old: bytes, new: bytes) -> None:
    file.write_bytes(file.read_bytes().replace(old, new))


def test_the_first_wall_of_the_readme_is_made_as_it_says(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    readme = Path(posters.__file__).with_name("README.md").read_text(encoding="utf-8")
    table, _, python = readme.partition("## A first wall")[2].split("```")[1:7:2]
    (tmp_path / "wall.csv").write_text(table.strip(), encoding="utf-8")
    (tmp_path / "milk.png").write_bytes(pack())
    faces()
    (tmp_path / "NotoSans-Regular.ttf").symlink_to(REGULAR[0])
    (tmp_path / "NotoSans-Bold.ttf").symlink_to(BOLD[0])
    monkeypatch.chdir(tmp_path)

    exec(python.removeprefix("python"), {})  # noqa: S102  # our own words

    assert (tmp_path / "wall.pdf").read_bytes().startswith(b"%PDF")
    named = ["wall.csv", "wall2.pdf", "--address=https://shop.example", "--format=A3"]
    made = run("build", *named, "--distance=0.4", "--font=NotoSans-Regular.ttf")
    assert (made.exit_code, made.output.splitlines()[-1]) == (0, "All 2 codes read.")
    assert "say --font" in run("build", *named).output


def test_a_print_shop_gets_its_marks_profile_and_report(folder: Path) -> None:
    (folder / "press.icc").write_bytes(profile())

    built = build(
        folder, "--marks", f"--icc={folder}/press.icc", "--job=815", f"--svg={folder}/wand.svg",
        f"--report={folder}/proof.html",
    )  # fmt: skip
    for suffix in ("json", "pdf", "html"):
        checked = run(
            "check", f"{folder}/wand.pdf", f"--report={folder}/p.{suffix}", "--language=ko",
            *fonts(),
        )  # fmt: skip
        assert checked.exit_code == 0

    assert built.exit_code == 0
    assert b"GTS_PDFXVersion" in (folder / "wand.pdf").read_bytes()
    assert (folder / "wand.svg").read_bytes().startswith(b"<svg")
    assert b"Alle 3 codes gelezen" in (folder / "proof.html").read_bytes()
    assert '<html lang="ko">' in (folder / "p.html").read_text(encoding="utf-8")
    assert b'"passed": true' in (folder / "p.json").read_bytes()
    assert (folder / "p.pdf").read_bytes().startswith(b"%PDF")
    assert not list(folder.glob(".*"))


def test_a_poster_is_cut_into_tiles(folder: Path) -> None:
    build(folder)

    cut = run("tile", f"{folder}/wand.pdf", f"{folder}/tiles.pdf", "--paper=A4", *fonts())

    assert "sheets of A4.\nAll 3 codes read." in cut.output
    assert (folder / "tiles.pdf").read_bytes().startswith(b"%PDF")


def test_only_what_changed_is_printed_again(folder: Path) -> None:
    (folder / "nieuw.csv").write_text(TABLE.replace("1,29", "1,19"), encoding="utf-8")
    wishes = ["--address=https://a.nl", "--format=A4", "--distance=0.3", *fonts()]
    before, after, sheet = (f"{folder}/{name}" for name in ("wand.csv", "nieuw.csv", "patch.pdf"))

    same = run("patch", before, before, sheet, *wishes)
    changed = run("patch", before, after, sheet, *wishes)

    assert same.output == "Nothing changed.\n"
    assert changed.output == "All 1 codes read.\n"


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda folder: (folder / "wand.pdf").write_bytes(b"no poster"), "is no PDF, or not whole"),
        (lambda folder: (folder / "wand.pdf.json").write_bytes(b"{}"), "does not say where"),
        (lambda folder: (folder / "wand.pdf.json").unlink(), "does not say where"),
        (lambda folder: swap(folder / "wand.pdf.json", b'"page":0', b'"page":-1'), "does not say"),
        (lambda folder: swap(folder / "wand.pdf.json", b'"side":', b'"side":1e-9,"x":'), "not say"),
    ],
)
def test_files_that_do_not_belong_together_are_one_plain_sentence(folder, spoil, why) -> None:  # type: ignore[no-untyped-def]
    build(folder)
    spoil(folder)

    for verb in (
        ["check", f"{folder}/wand.pdf"],
        ["tile", f"{folder}/wand.pdf", f"{folder}/t.pdf", *fonts()],
    ):
        failed = run(*verb)
        assert failed.exit_code == 1
        assert why in failed.output
    assert not (folder / "t.pdf").exists()


@pytest.mark.parametrize(
    ("wishes", "why"),
    [
        (["--bleed=-3"], "A bleed of -3 mm makes no sense"),
        (["--scale=1:10", "--safe=90"], "leaves nothing of A4"),
        (["--format=60000x300"], "cannot be printed"),
        (["--format=6000x3000", "--scale=1:1"], "Ask for a file at 1:10"),
        (["--report=/nowhere/proof.html"], "cannot be written"),
    ],
)
def test_contradictory_wishes_are_one_plain_sentence(
    folder: Path, wishes: list[str], why: str
) -> None:
    failed = build(folder, *wishes)

    assert failed.exit_code == 1
    assert why in failed.output
    assert failed.output.startswith("Error: ") or "cannot be written" in why


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

    assert "A0: 15 × 13 = 195" in listed.output


def test_what_so_many_products_take_is_said_in_a_sentence() -> None:
    said = CliRunner().invoke(
        qr_walls, ["room", "--products=500", "--distance=0.25", "--format=A0"]
    )

    assert said.output.startswith("500 products on one A0, read from 25 cm: codes of 26 mm")
    assert "For 60 cm take seven A0, or six lying on their side" in said.output


def test_a_planogram_and_a_product_table_make_a_wall_with_list_and_telephone(
    folder: Path,
) -> None:
    (folder / "wand.csv").write_text(PLACES, encoding="utf-8")
    (folder / "producten.csv").write_text(PRODUCTS, encoding="utf-8")

    built = build(
        folder,
        f"--products={folder}/producten.csv",
        "--list-url=https://a.nl/w/utrecht",
        "--phone=030 - 123 45 67",
    )

    assert built.output.splitlines()[-1] == "All 4 codes read."  # three labels and the list
    with pypdfium2.PdfDocument(folder / "wand.pdf") as document:
        said = document[0].get_textpage().get_text_range()
    assert "€ 2,58 per l" in said
    assert "123" in said


def test_products_without_places_are_arranged(folder: Path) -> None:
    (folder / "wand.csv").write_text(PRODUCTS, encoding="utf-8")

    assert build(folder).output.splitlines()[-1] == "All 2 codes read."


def test_a_table_that_is_no_utf_8_says_how_to_save_it(folder: Path) -> None:
    (folder / "wand.csv").write_bytes("gtin;name;price\n1;Cr\u00e8me;1".encode("latin-1"))

    failed = build(folder)

    assert failed.output == "Error: wand.csv is not UTF-8 text: save it as “CSV UTF-8”.\n"
    assert not (folder / "wand.pdf").exists()
