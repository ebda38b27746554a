"""A feature is used through its face (`app.cart`), its words (`models`) and its `rules`."""

import ast
from pathlib import Path

import pytest

OPEN_TO_ALL = {"models", "rules"}
"""Also of a noun inside a feature: `fulfilment.delivery.models`."""
FOUNDATION = {"db", "http", "jobs", "live", "languages", "embedded", "pages"}
COMPOSITION = {"main.py", "consequences.py"}
"""Lists of what there is: they may name the routes and jobs of every feature."""


def imports_across_features():
    for path in sorted(Path("app").glob("**/*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("app."):
                _, feature, *inner = node.module.split(".")
                listing = path.name in COMPOSITION and inner[:1] in (["routes"], ["jobs"])
                if inner and feature not in (path.parts[1], *FOUNDATION) and not listing:
                    yield pytest.param(inner[-1], id=f"{path}:{node.lineno} {node.module}")


FOUND = list(imports_across_features())


@pytest.mark.parametrize("module", FOUND)
def test_only_open_modules_are_imported_from_another_feature(module):
    assert module in OPEN_TO_ALL
