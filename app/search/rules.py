"""What was typed, as patterns over folded words."""

import re
import unicodedata

MOST_WORDS = 4
"""A fifth word narrows nothing that four did not."""

_MARKS = re.compile("[\u0300-\u036f]")


def folded(text: str) -> str:
    """Without accents and capitals, as `search.folded` of the database has it."""
    return _MARKS.sub("", unicodedata.normalize("NFKD", text.lower()))


def patterns(words: str) -> list[str]:
    """Always four, for LIKE: every word must stand somewhere, also inside another."""
    asked = [f"%{_literally(word)}%" for word in folded(words).split()[:MOST_WORDS]]
    return asked + ["%"] * (MOST_WORDS - len(asked))


def beginning(words: str) -> str:
    """A name in which a word begins with the first one typed is rather what was meant."""
    first = (folded(words).split() or [""])[0]
    return f"% {_literally(first)}%"


def _literally(word: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", word)
