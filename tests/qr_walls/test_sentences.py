"""What is said about a wall is said in the language of who reads it."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

import qr_walls
from qr_walls import proof, reports, sentences
from qr_walls.words import Language


def said_in(folder: Path) -> Iterator[str]:
    """Every sentence that ``note`` or ``say`` is given in the library."""
    for path in folder.glob("*.py"):
        text = path.read_text()
        if "from qr_walls.sentences import" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                if node.func.id == "note":
                    yield from _constants(node.args[0])
                if node.func.id == "say" and not isinstance(node.args[1], ast.Subscript):
                    yield from _constants(node.args[1])


def _constants(node: ast.expr) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def test_every_sentence_of_the_library_has_a_translation_with_the_same_blanks() -> None:
    known = set(said_in(Path(qr_walls.__file__).parent))
    known |= {*proof.SENTENCES.values(), reports.SAYS, *(word for _, word in reports.LEGEND)}
    known |= set(reports.HEADS) - {"ZXing", "ZBar", "1080p", "720p"}

    assert len(known) > 30
    for sentence in known:
        translated = sentences.TRANSLATED[sentence]
        assert set(translated) == set(get_args(Language)) - {"en"}
        for other in translated.values():
            assert _blanks(other) == _blanks(sentence), other


def test_nothing_is_translated_that_nobody_says() -> None:
    known = set(said_in(Path(qr_walls.__file__).parent)) | {*proof.SENTENCES.values()}
    known |= {reports.SAYS, *(word for _, word in reports.LEGEND), *reports.HEADS}

    assert set(sentences.TRANSLATED) - known == set()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Panel 2: too much to say to be read from 0.6 m: “Thee” (1) and 4 more. Shorter"),
        ("nl", "Paneel 2: te veel tekst om van 0,6 m te lezen: “Thee” (1) en nog 4. Kortere"),
        ("ko", "패널 2: 0.6 m에서 읽기에는 글이 너무 많음: “Thee” (1) 외 4개. 말을"),
    ],
)
def test_a_note_is_said_again_with_the_same_figures(language: Language, said: str) -> None:
    made = sentences.note(
        "Panel {panel}: too much to say to be read from {distance:g} m: {products}{and_more}. "
        "Shorter words or more room would help.",
        panel=2,
        distance=0.6,
        products="“Thee” (1)",
        more=4,
    )

    assert sentences.say(language, made.message, made.values).startswith(said)
    assert sentences.say("en", made.message, made.values) == made


def _blanks(sentence: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}
