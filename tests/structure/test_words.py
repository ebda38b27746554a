"""Every sentence a person can meet is there in Dutch and Korean, with the same placeholders."""

import ast
import re
from pathlib import Path

import pytest
from jinja2 import Environment

from app import errors, languages

CALLS = {"_": 1, "_n": 2}
ERRORS = {name for name in dir(errors) if name[0].isupper()}


def sentences_in_templates():
    environment = Environment(extensions=["jinja2.ext.i18n"])
    for path in sorted(Path("app").rglob("*.html")) + sorted(Path("app").rglob("*.txt.j2")):
        for line, function, words in environment.extract_translations(
            path.read_text(), gettext_functions=tuple(CALLS)
        ):
            for sentence in [words] if isinstance(words, str) else (words or ())[:1]:
                if sentence is not None:
                    yield pytest.param(sentence, id=f"{path}:{line} {function}")


def sentences_in_code():
    for path in sorted(Path("app").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and node.args and _speaks(node.func):
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield pytest.param(first.value, id=f"{path}:{node.lineno}")


def _speaks(function):
    name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
    return name in ERRORS or name == "N_"


SENTENCES = [*sentences_in_templates(), *sentences_in_code()]


@pytest.mark.parametrize("language", ["nl", "ko"])
def test_every_sentence_is_there_in(language):
    words = languages.catalogue(language)
    missing = sorted(
        {f"{s.id}: {s.values[0]}" for s in SENTENCES if not _known(words, s.values[0])}
    )

    assert missing == []


@pytest.mark.parametrize("language", ["nl", "ko"])
def test_a_translation_keeps_the_placeholders(language):
    words = languages.catalogue(language)
    lost = [
        s.values[0]
        for s in SENTENCES
        if _placeholders(words.gettext(s.values[0])) != _placeholders(s.values[0])
        and s.values[0] in words._catalog
    ]

    assert lost == []


def _known(words, sentence):
    return sentence in words._catalog or (sentence, 0) in words._catalog


def _placeholders(sentence):
    return set(re.findall(r"\{(\w+)\}", sentence))
