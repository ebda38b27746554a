import pytest

from app import languages


@pytest.mark.parametrize(
    ("cookie", "header", "language"),
    [
        (None, None, "nl"),
        (None, "ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        (None, "de-DE,en;q=0.5", "en"),
        ("en", "ko", "en"),
        ("xx", "ko", "ko"),
        (None, "," * 100_000, "nl"),
    ],
)
def test_the_readers_own_choice_comes_first_then_the_browsers(cookie, header, language):
    assert languages.choose(cookie, header) == language


def test_a_sentence_without_translation_is_shown_in_english_not_at_all_broken():
    assert languages.translate("ko", "Nobody translated {what}.", what="this") == (
        "Nobody translated this."
    )
