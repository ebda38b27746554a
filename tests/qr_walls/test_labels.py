"""Words on a label stay in their box, whatever they say."""

import msgspec
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


# So many products of a shelf on A3 give tickets of each shape, from roomy to dense.
SHAPES = {"roomy": 2, "snug": 5, "dense": 6}


def words_of(
    one: Product, language: Language = "nl", currency: str = "EUR", shape: str = "roomy"
) -> tuple[Cell, list[Text]]:
    neighbours = [product(number) for number in range(1, SHAPES[shape])]
    plan, _ = wall([one, *neighbours], rows=1, language=language, currency=currency)
    (sheet,) = layout.lay_out(plan, 29)
    cell = sheet.rows[0].cells[0]
    items = labels.write(cell, one, "perron.example/kk56ar7", plan, faces(), sheet.column)
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


def test_there_are_three_shapes_of_tickets() -> None:
    widths = []
    for shape in SHAPES:
        cell, _ = words_of(product(), shape=shape)
        widths.append(cell.text.width / cell.code.width)

    assert widths[0] > 0.78 > widths[1] > 0.52 > widths[2]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("language", ["nl", "en", "ko"])
def test_a_label_with_everything_on_it_fits(language: Language, shape: str) -> None:
    assert_fits(*words_of(everything(allergens=("milk", "nuts")), language, shape=shape))


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_says_what_the_law_wants(shape: str) -> None:
    _, said = words_of(everything(content="500 g", unit_price=UnitPrice(298, "kg")), shape=shape)

    text = " ".join(one.text for one in said).replace("\u00a0", " ")
    assert "€ 2,98 per kg" in text or "€ 2,98/kg" in text
    assert "+ € 0,15 statiegeld" in text
    assert "laagste in 30 dagen: € 1,99" in text
    assert "18+" in text
    assert "nr. 9520000000004" in text
    assert "perron.example/kk56ar7" in text


def test_allergens_give_way_before_anything_becomes_small() -> None:
    fish = product(allergens=("fish", "milk"))
    _, roomy = words_of(fish)
    much = everything(names={"nl": "Gerookte makreel met citroen"}, content="2 × 150 gram")
    _, full = words_of(msgspec.structs.replace(much, allergens=fish.allergens), shape="dense")

    assert any("Bevat vis, melk" in one.text for one in roomy)
    assert not any("Bevat" in one.text for one in full)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    "changes",
    [
        {"names": {"nl": "حليب كامل الدسم ٣٪ من المراعي الخضراء الطازجة " * 4}},
        {"names": {"nl": "חלב 3% שומן"}, "brand": "תנובה", "content": "500 גרם"},
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
    changes: dict[str, object], shape: str
) -> None:
    assert_fits(*words_of(everything(**changes), shape=shape))


@settings(max_examples=120, deadline=None)
@given(
    name=st.text(min_size=1, max_size=200)
    | st.text("אבגדה حليبخ저지방우유 3%()ÅgjW", max_size=200),
    brand=st.text(max_size=80),
    offer=st.text(max_size=60),
    prior_price=st.none() | st.integers(0, 10**9),
    age=st.none() | st.integers(1, 120),
    shape=st.sampled_from(list(SHAPES)),
    price=st.integers(0, 10**11),
    deposit=st.integers(0, 10**6),
    language=st.sampled_from(["nl", "en", "ko"]),
    currency=st.sampled_from(["EUR", "KRW"]),
)
def test_no_product_makes_words_run_over(
    name: str,
    brand: str,
    offer: str,
    prior_price: int | None,
    age: int | None,
    shape: str,
    price: int,
    deposit: int,
    language: Language,
    currency: str,
) -> None:
    one = product(
        names={language: name},
        brand=brand,
        offer=offer,
        prior_price=prior_price,
        age_limit=age,
        price=price,
        deposit=deposit,
    )

    assert_fits(*words_of(one, language, currency, shape))


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
