"""What a plan becomes when it is printed, without asking anybody."""

import ast
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest

import qr_walls
from app import languages
from app.errors import Unprocessable
from app.walls import rules

UTRECHT = ZoneInfo("Europe/Amsterdam")


def test_a_promise_ends_with_the_last_day_on_the_clock_of_the_wall():
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)

    winter = rules.promise(noon, date(2026, 3, 28), UTRECHT)
    summer = rules.promise(noon, date(2026, 3, 29), UTRECHT)

    assert winter == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert summer == datetime(2026, 3, 29, 22, tzinfo=UTC)


def test_today_is_the_day_where_the_wall_hangs():
    late = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)  # it is tomorrow already in Utrecht

    with pytest.raises(Unprocessable):
        rules.promise(late, date(2026, 3, 1), UTRECHT)
    assert rules.promise(late, date(2026, 3, 2), UTRECHT)


@pytest.mark.parametrize("last_day", [date.min, date.max, date(2027, 3, 3)])
def test_a_promise_is_neither_past_nor_for_ever(last_day):
    with pytest.raises(Unprocessable):
        rules.promise(datetime(2026, 3, 1, 12, tzinfo=UTC), last_day, UTRECHT)


def test_fresh_codes_avoid_those_that_are_taken():
    taken = set(rules.fresh_tokens(50, set(), Random(1)))

    fresh = rules.fresh_tokens(50, taken, Random(1))

    assert len(set(fresh)) == 50
    assert not taken & set(fresh)


DRAWS = ("cutting", "distance", "formats", "inks", "layout", "patches", "pictures", "planogram", "posters",
         "press", "tiles")  # fmt: skip
"""What the shop asks of the library while a wall is planned and printed."""
NOBODY_CAN_ASK = {
    "An ink spread of {spread:g} µm makes no sense: 0 to 1000 µm do.",
    "An overlap of {overlap:g} mm makes no sense: 0 to 50 mm do.",
    "The file is no PDF, or not whole.",
    "The wall has no place {spot}.",
}


@pytest.mark.parametrize("language", ["nl", "ko"])
def test_why_a_wall_cannot_be_drawn_is_said_in_the_language_of_who_reads_it(language):
    folder = Path(qr_walls.__file__).parent
    said = {text for name in DRAWS for text in refusals_of(folder / f"{name}.py")}

    assert len(said) > 15
    untold = {text for text in said if languages.catalogue(language).gettext(text) == text}
    assert untold - NOBODY_CAN_ASK == set()


def refusals_of(path):
    """The sentences a module refuses with, as far as they stand there whole."""
    for node in ast.walk(ast.parse(path.read_text())):
        name = node.func.id if isinstance(node, ast.Call) and hasattr(node.func, "id") else ""
        if name in ("WallError", "DoesNotFit") and isinstance(node.args[0], ast.Constant):
            yield node.args[0].value
