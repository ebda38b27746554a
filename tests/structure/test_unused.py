"""What nobody calls is deleted: a query, a rule or a page's function that only its own file names."""

import re
from collections import Counter
from pathlib import Path

IMPORTS = re.compile(r"^(from \S+ import (\([^)]*\)|.*)|import .*)$", re.MULTILINE)
FACES = re.compile(r"^__all__ = \[[^\]]*\]", re.MULTILINE)
MADE = re.compile(r"^(@.*\n)*(?:async def|def|class) (\w+)", re.MULTILINE)

FOR_OTHERS = {
    "application",  # the web server calls it by its name
    "by_unit",  # what the properties of prices are checked with
    "honours",
    "length_km",
    "nobody_to_ask",
    "run_dry",
}
"""Called by name from outside, or the eyes of a test."""


def read(ending):
    return {path: path.read_text() for path in _files(ending)}


def _files(ending):
    beside = {
        "node_modules",
        "packs",
    }  # packs are drawn by the names in files of the demo's shelves
    return [path for path in Path("app").rglob(ending) if not beside & set(path.parts)]


def test_every_function_is_called_by_somebody():
    code = read("*.py")
    bodies = [FACES.sub("", IMPORTS.sub("", text)) for text in code.values()]
    said = Counter(re.findall(r"\w+", "\n".join([*bodies, *read("*.html").values()])))

    made = {
        (path, name) for path, text in code.items() for at, name in MADE.findall(text) if not at
    }

    assert len(made) > 1000
    assert (
        sorted(
            f"{path} {name}" for path, name in made if said[name] == 1 and name not in FOR_OTHERS
        )
        == []
    )
