"""Whatever can happen to an order is told in words, in each language of the shop."""

import ast
import re
from pathlib import Path

import pytest

import app
from app.languages import translate
from app.pages.contact.words import WORDS, in_words

EVENT = re.compile(r"([A-Z][a-z]+){2,}|Delivered|Collected")
WRITERS = ("cases", "checkout", "fulfilment", "orders", "payments", "returns")
ELSEWHERE = re.compile(r"(Run|Stop|Stops)[A-Z]|(Aggregation|Object)Event|NotoSans")
"""Vans have a board of their own; what EPCIS and typefaces are called is no event."""
NOT_SHOWN = {
    "OrderNearer",  # for the shopper's page, many times a run; the timeline leaves it out
    "EmptiesCredited",  # a kind of letter: mails stand there by their subject
    "MessageWritten",
    "SaleStopped",  # of a product
    "SaleResumed",
    "StockShort",
}


def written():
    """Each event the code has a name for, and each act that is noted about an order."""
    for feature in WRITERS:
        for path in sorted((Path(app.__file__).parent / feature).rglob("*.py")):
            if path.name == "__init__.py":
                continue  # names of classes
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    if EVENT.fullmatch(node.value) and not ELSEWHERE.match(node.value):
                        yield node.value
                elif isinstance(node, ast.Call) and ast.unparse(node.func) == "staff.note":
                    what, about = node.args[2], ast.unparse(node.args[3])
                    if isinstance(what, ast.Constant) and "order" in about:
                        yield what.value


def test_every_event_that_can_stand_on_a_timeline_has_words():
    found = set(written()) - NOT_SHOWN

    assert {"ParcelAccepted", "CarrierBooked", "OrderReturned", "return.door"} <= found
    assert sorted(found - set(WORDS)) == []


@pytest.mark.parametrize("language", ["nl", "ko"])
def test_and_each_of_these_words_is_in_every_language(language):
    same = [words for words in WORDS.values() if translate(language, words) == words]

    assert set(same) <= {"Mail"}
    assert in_words("ParcelReturned", language) != in_words("ParcelReturned", "en")
