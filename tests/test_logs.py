"""The log says what happened and never to whom."""

import ast
import json
from pathlib import Path

import asyncpg
import pytest

from app import logs

CALLS = {"debug", "info", "warning", "error", "exception"}


@pytest.fixture
def lines(capsys):
    logs.configure(as_json=True)
    return lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def keywords_of_log_calls():
    for path in sorted(Path("app").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            function = getattr(node, "func", None)
            if isinstance(function, ast.Attribute) and function.attr in CALLS:
                logs_it = isinstance(function.value, ast.Name) and function.value.id == "log"
                for keyword in node.keywords if logs_it else ():
                    yield f"{path}:{node.lineno}", keyword.arg


def test_only_what_was_chosen_is_logged(lines):
    logs.log.info("mail sent", kind="OrderPlaced", email="kim@example.org", name="Kim")

    [line] = lines()
    assert line["kind"] == "OrderPlaced"
    assert "email" not in line
    assert "name" not in line


def test_everything_our_code_logs_is_among_what_was_chosen():
    unknown = [(place, name) for place, name in keywords_of_log_calls() if name not in logs.KNOWN]

    assert unknown == []


async def test_a_traceback_leaves_out_the_row_that_was_refused(lines, pool):
    await pool.execute("CREATE TABLE public.people (email text UNIQUE)")
    address = "kim@example.org"
    await pool.execute("INSERT INTO public.people VALUES ($1)", address)
    lines()

    try:
        await pool.execute("INSERT INTO public.people VALUES ($1)", address)
    except asyncpg.UniqueViolationError:
        logs.log.exception("bug")

    [line] = lines()
    assert "UniqueViolationError" in line["exception"]
    assert address not in line["exception"]
