"""The demo supermarket sells what a supermarket sells."""

import re
from collections import Counter
from pathlib import Path

import pytest

from app.demo import goods
from app.demo.packs import SHAPES, brush
from qr_walls import gtin

ALL = goods.all_goods()


def test_there_is_enough_to_fill_a_supermarket():
    assert len(ALL) >= 520
    assert len({one.shelf for one in ALL}) >= 20


def test_every_number_is_a_demonstration_number_and_given_once():
    assert {gtin.read(one.gtin) for one in ALL} == {one.gtin for one in ALL}
    assert len({one.gtin for one in ALL}) == len(ALL)
    assert {gtin.kind(one.gtin) for one in ALL} == {"demo"}


def test_no_two_products_look_the_same_to_a_shopper():
    seen = Counter((one.brand, one.names["nl"], one.content_quantity) for one in ALL)

    assert [name for name, count in seen.items() if count > 1] == []


def test_everything_has_its_words_in_three_languages():
    for one in ALL:
        for words in (one.names, one.descriptions, one.shelf_names):
            assert set(words) == {"nl", "en", "ko"}
            assert all(text.strip() == text and text for text in words.values())
            assert "{" not in "".join(words.values())


def test_korean_words_are_written_in_korean():
    foreign = [one.names["ko"] for one in ALL if not re.search("[가-힣]", one.names["ko"])]

    assert foreign == ["IPA", "IPA 0.0"]
    assert all(re.search("[가-힣]", one.descriptions["ko"]) for one in ALL)


def test_everything_costs_something_and_weighs_something():
    assert all(0 < one.price < 2000 and one.weight_g > 0 for one in ALL)
    assert all(one.content_quantity > 0 for one in ALL)


def test_beer_and_wine_are_for_adults_and_taxed_high():
    for one in ALL:
        if one.age_limit:
            assert (one.shelf, one.vat, one.age_limit) == ("beer-wine", "high", 18)
    assert sum(1 for one in ALL if one.age_limit) >= 15


def test_some_cheese_goes_over_the_scale_and_some_milk_is_asked_for_its_date():
    weighed = [one for one in ALL if one.scale_number]

    assert len({one.scale_number for one in weighed}) == len(weighed) >= 3
    assert {(one.shelf, one.content_unit) for one in weighed} == {("cheese", "g")}
    assert {one.shelf for one in ALL if one.dated} == {"dairy"}


def test_all_vat_classes_and_storage_classes_are_there():
    assert {one.vat for one in ALL} == {"zero", "low", "high"}
    assert {one.storage for one in ALL} == {"ambient", "chilled", "frozen"}


@pytest.mark.parametrize(
    ("shape", "content", "deposit"),
    [("can", "330 ml", 15), ("crate", "6 x 330 ml", 90), ("beer", "300 ml", 10),
     ("soda", "500 ml", 15), ("soda", "1,5 l", 25), ("wine", "750 ml", 0)],
)  # fmt: skip
def test_bottles_and_cans_carry_a_deposit(shape, content, deposit):
    fitting = [one for one in ALL if (one.pack.shape, one.pack.content) == (shape, content)]

    assert fitting
    assert {one.deposit for one in fitting} == {deposit}


@pytest.mark.parametrize(
    ("content", "measured"),
    [("1 l", (1000, "ml")), ("1,5 l", (1500, "ml")), ("1,2 kg", (1200, "g")),
     ("330 ml", (330, "ml")), ("6 x 330 ml", (1980, "ml")), ("10 st", (10, "piece"))],
)  # fmt: skip
def test_contents_are_read_as_they_stand_on_packs(content, measured):
    assert goods.measured(content) == measured


def test_every_pack_can_be_drawn():
    assert {one.pack.shape for one in ALL} <= set(SHAPES)
    assert {one.pack.motif for one in ALL} <= set(brush.MOTIFS)


def test_milk_of_the_demo_keeps_its_number():
    """Demo posters hang on walls and stand in the handbook: numbers must not move by accident."""
    milk = ALL[0]

    assert (milk.gtin, milk.names["en"]) == ("09520010000117", "Semi-skimmed milk")


def test_the_shelves_travel_with_the_package():
    assert len(list(Path(goods.SHELVES).glob("*.toml"))) == 25
