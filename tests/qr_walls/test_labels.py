"""Words on a label stay in their box, whatever they say."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qr_walls import labels, layout
from qr_walls.display import Text
from qr_walls.layout import Cell
from qr_walls.model import Product, UnitPrice
from qr_walls.words import Language
from tests.qr_walls.builders import everything, product, wall
from tests.qr_walls.fonts import faces

# Highest and lowest ink of a line, in sizes: capitals with an accent, and the tail of a g.
ABOVE, BELOW = 0.8, 0.23


def words_of(
    one: Product, language: Language = "nl", currency: str = "EUR"
) -> tuple[Cell, list[Text]]:
    plan, _ = wall([one], rows=1, language=language, currency=currency)
    (sheet,) = layout.lay_out(plan, 29)
    cell = sheet.rows[0].cells[0]
    items = labels.write(cell, one, "perron.example/kk56ar7", plan, faces())
    return cell, [item for item in items if isinstance(item, Text)]


def assert_fits(cell: Cell, said: list[Text]) -> None:
    for text in said:
        assert text.x >= cell.ticket.x
        assert text.x + text.width <= cell.ticket.right + 0.01, text.text
        assert text.y + BELOW * text.size <= cell.ticket.bottom + 0.01, text.text
        # An offer sticks out above its ticket on purpose, but not into the packs.
        assert text.y - ABOVE * text.size >= cell.ticket.y - 0.1 * cell.code.width, text.text
    for number, text in enumerate(said):
        for other in said[number + 1 :]:
            assert not _overlap(text, other), (text.text, other.text)


def _overlap(one: Text, other: Text) -> bool:
    """Whether ink meets ink. Sizes of figures differ, so tails are not counted."""
    beside = one.x + one.width <= other.x + 0.01 or other.x + other.width <= one.x + 0.01
    apart = one.y <= other.y - 0.714 * other.size or other.y <= one.y - 0.714 * one.size
    return not (beside or apart)


@pytest.mark.parametrize("language", ["nl", "en", "ko"])
def test_a_label_with_everything_on_it_fits(language: Language) -> None:
    assert_fits(*words_of(everything(), language))


@pytest.mark.parametrize(
    "changes",
    [
        {"names": {"nl": "Sinaasappelmandarijnlimonadesiroop " * 8}},
        {"names": {"nl": "Ω" * 200}},
        {"names": {"nl": "아주 긴 이름의 " * 20}},
        {"names": {"nl": "gjpqy ÅÉÎÕÜ"}, "brand": "Å" * 90},
        {"price": 123_456_789_00, "prior_price": 999_999_999_99, "deposit": 99_999_99},
        {"content": "24 × 330 ml + 6 gratis", "unit_price": UnitPrice(1_234_567_89, "piece")},
        {"offer": "Twee halen, één betalen, en de derde voor de helft van de prijs"},
    ],
)
def test_what_is_too_long_is_made_smaller_or_cut_but_never_runs_over(
    changes: dict[str, object],
) -> None:
    assert_fits(*words_of(everything(**changes)))


@settings(max_examples=40, deadline=None)
@given(
    name=st.text(min_size=1, max_size=200),
    brand=st.text(max_size=80),
    price=st.integers(0, 10**11),
    deposit=st.integers(0, 10**6),
    language=st.sampled_from(["nl", "en", "ko"]),
    currency=st.sampled_from(["EUR", "KRW"]),
)
def test_no_product_makes_words_run_over(
    name: str, brand: str, price: int, deposit: int, language: Language, currency: str
) -> None:
    one = product(names={language: name}, brand=brand, price=price, deposit=deposit)

    assert_fits(*words_of(one, language, currency))


def test_a_price_is_never_cut() -> None:
    _, said = words_of(product(price=123_456_789_01, unit_price=UnitPrice(98_765_432_10, "kg")))

    assert "".join(text.text for text in said if text.bold).endswith("€123.456.789,01")
    assert any("€ 98.765.432,10 per kg" in text.text for text in said)


def test_a_plain_price_is_not_dressed_up_as_an_offer() -> None:
    _, plain = words_of(product())
    _, reduced = words_of(product(prior_price=199))

    assert labels.RED not in {text.fill for text in plain}
    assert labels.RED in {text.fill for text in reduced}


def test_a_wall_without_an_end_date_promises_none() -> None:
    one = product()
    plan, _ = wall([one], rows=1, valid_until=None)
    (sheet,) = layout.lay_out(plan, 29)

    items = labels.write(sheet.rows[0].cells[0], one, "a.nl/kk56ar7", plan, faces())

    assert not any(isinstance(item, Text) and "geldig" in item.text for item in items)
