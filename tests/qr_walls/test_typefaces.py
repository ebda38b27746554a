"""Text of any script is measured as it is set, and broken where a reader expects it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qr_walls import scripts
from tests.qr_walls.fonts import faces

MILK = "חלב"  # Hebrew
BREAD = "خبز"  # Arabic


def parts(text: str) -> list[tuple[str, bool]]:
    return [(run.text, run.rtl) for run in faces().runs(text)]


def lines(text: str, width: float, most: int = 2, **how: float) -> list[str]:
    return [line for line, _ in faces().fit(text, width, 10, lines=most, **how).lines]


def test_plain_words_are_one_run_of_the_first_typeface() -> None:
    (run,) = faces().runs("Halfvolle melk 1,5 %")

    assert run.face.path.name == "NotoSans_400Regular.ttf"
    assert not run.shaped
    assert run.ems == pytest.approx(faces().width("Halfvolle melk 1,5 %", 1))


def test_every_script_comes_from_a_typeface_that_has_it() -> None:
    used = [
        run.face.path.name.split("_")[0] for run in faces().runs(f"Melk 우유 {MILK}", bold=True)
    ]

    assert used[0] == "NotoSans"
    assert {"NotoSansKR", "NotoSansHebrew"} <= set(used)


def test_a_line_of_hebrew_is_set_from_its_last_word_to_its_first() -> None:
    assert parts(f"{MILK} 3%")[0][0].startswith("3")
    assert parts(f"{MILK} 3%")[-1] == (MILK, True)


def test_letters_that_join_are_measured_joined() -> None:
    joined = faces().width(BREAD, 1)
    apart = sum(faces().width(letter, 1) for letter in BREAD)

    assert 0 < joined < apart
    assert all(run.shaped for run in faces().runs(BREAD))


def test_an_isolated_name_leaves_the_order_of_its_neighbours_alone() -> None:
    bare = [text for text, _ in parts(f"500 {MILK} · 3")]
    safe = [text for text, _ in parts(f"500 {scripts.isolated(MILK)} · 3")]

    assert "".join(bare) != "".join(safe)
    assert safe[0].startswith("500")
    assert safe[-1].endswith("3")


def test_a_name_cannot_close_its_own_isolation_or_turn_the_label_around() -> None:
    hostile = f"{MILK}{scripts.END_OF_ISOLATE}\u202e{MILK}"

    assert scripts.isolated(hostile).count(scripts.END_OF_ISOLATE) == 1
    assert faces().known("ab\u202ecd\u200b\x07") == "abcd"


def test_lines_keep_the_direction_of_the_whole_name() -> None:
    width = faces().width(f"{MILK} {MILK}", 10) + 1

    first, second = lines(f"{MILK} {MILK} Cola", width, smallest=0.99)

    assert first.startswith(MILK)
    assert second.startswith(scripts.MARKS[1])


def test_a_character_nobody_has_is_left_out_and_named() -> None:
    assert faces().known("Ba\U0001f34cna") == "Bana"
    assert faces().unknown("Ba\U0001f34cna\U0001f34c") == "\U0001f34c"


@pytest.mark.parametrize(
    ("word", "most", "torn"),
    [
        ("Kastanjechampignons", 9, "Kastanje"),
        ("Hazelnootpasta", 11, "Hazelnoot"),
        ("Koffiecups", 7, "Koffie"),
        ("Sch1234567", 8, ""),
        ("melk", 3, ""),
    ],
)
def test_a_long_word_is_torn_at_a_syllable(word: str, most: int, torn: str) -> None:
    assert word[: scripts.hyphenated(word, most)] == torn


def test_a_word_too_long_for_its_line_is_hyphenated_before_it_is_cut() -> None:
    first, second = lines("Kastanjechampignons", 70, smallest=0.99)

    assert first.endswith("-")
    assert first[:-1] + second == "Kastanjechampignons"


def test_a_word_with_a_hyphen_is_rather_made_smaller_and_then_torn_there() -> None:
    assert lines("Semi-skimmed milk", 60) == ["Semi-skimmed", "milk"]
    assert lines("Semi-skimmed milk", 50, 3, smallest=0.99) == ["Semi-", "skimmed", "milk"]


def test_japanese_breaks_between_its_characters_but_not_before_a_full_stop() -> None:
    found = lines("日本の料理。", 50, smallest=0.99)

    assert len(found) == 2
    assert "".join(found) == "日本の料理。"
    assert not found[1].startswith("。")


def test_a_telephone_number_is_never_broken() -> None:
    found = lines(f"Of bel {scripts.unbroken('030 - 123 45 67')} nu", 90, most=3)

    assert any(scripts.unbroken("030 - 123 45 67") in line for line in found)


@settings(max_examples=150, deadline=None)
@given(
    text=st.text(max_size=200),
    width=st.floats(3, 80),
    most=st.integers(1, 3),
    smallest=st.sampled_from([0.0, 0.6, 0.95]),
    bold=st.booleans(),
)
def test_whatever_is_fitted_is_no_wider_than_its_box(
    text: str, width: float, most: int, smallest: float, bold: bool
) -> None:
    fitted = faces().fit(text, width, 4, bold=bold, lines=most, smallest=smallest)

    assert len(fitted.lines) <= most
    for line, measured in fitted.lines:
        assert measured <= width + 0.01 or len(line.strip("…-")) <= 1, (line, measured)
        runs = faces().runs(line, bold=bold)
        assert measured == pytest.approx(fitted.size * sum(run.ems for run in runs))
