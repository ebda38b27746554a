"""What a wall lacks is said before it is printed, once, with the products it is about."""

from qr_walls import layout, notes, shelves
from qr_walls.model import Product
from tests.qr_walls.builders import product, wall
from tests.qr_walls.fonts import faces


def said(*products: Product) -> list[str]:
    plan, known = wall(list(products), rows=1)
    return list(notes.about(plan, known, faces()))


def small(*products: Product, rows: int = 1) -> list[str]:
    plan, known = wall(list(products), rows=rows)
    (sheet,) = layout.lay_out(plan, 29)
    codes = {one.token: "" for one in plan.positions()}
    items = list(shelves.draw(sheet, plan, known, {}, faces(), codes))
    return list(notes.too_small(sheet, 1, items, plan, known))


def test_a_wall_with_nothing_missing_needs_no_note() -> None:
    assert said(product(1), product(2)) == []


def test_a_product_without_unit_price_is_named_with_the_rule() -> None:
    (note,) = said(product(1, content="500 g", unit_price=None))

    assert note == (
        "No unit price, which the law asks for (98/6/EC, article 3): "
        "“Halfvolle melk” (09520000000011)."
    )


def test_one_piece_or_one_litre_needs_no_unit_price() -> None:
    assert said(product(1, content="", unit_price=None)) == []
    assert said(product(1, content="1 l", unit_price=None)) == []


def test_a_reduction_that_is_none_is_pointed_out() -> None:
    (note,) = said(product(1, price=199, prior_price=199))

    assert "article 6a" in note


def test_many_products_of_a_kind_make_one_note() -> None:
    (note,) = said(*(product(number, picture=None) for number in range(7)))

    assert note.startswith("Without a picture: “Halfvolle melk” (09520000000004), ")
    assert note.endswith(" and 4 more.")


def test_characters_that_cannot_be_printed_are_shown() -> None:
    (note,) = said(product(1, names={"nl": "Banaan \U0001f34c"}))

    assert note.startswith("Characters that no typeface here has are left out (\U0001f34c): ")


def test_a_label_with_too_much_to_say_is_named() -> None:
    crowded = product(
        1,
        names={"nl": "Vezelrijk volkorenmeergranenbrood met pompoenpitten"},
        prior_price=999_999_999_99,
        deposit=99_999_999_99,
        offer="Twee halen, één betalen, en de derde voor de helft van de prijs",
    )

    (note,) = small(crowded, *(product(number) for number in range(2, 7)))

    assert note.startswith("Panel 1: too much to say to be read from 0.3 m: “Vezelrijk")
    assert "Halfvolle" not in note


def test_every_word_of_an_ordinary_label_is_read_from_where_its_code_is() -> None:
    for number in (2, 4, 6):
        assert small(*(product(n, allergens=("milk",)) for n in range(number))) == []
