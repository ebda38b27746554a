"""What has to be known about writing systems: which way they run, where they join and break."""

import re
import unicodedata
from functools import lru_cache

NO_BREAK = "\u00a0"  # a space that no line ends at
# Isolates keep a name that runs the other way from pulling its neighbours along (UAX 9, 2.4).
ISOLATE, END_OF_ISOLATE = "\u2068", "\u2069"
MARKS = ("\u200e", "\u200f")  # which way a line runs where its first letter goes the other way
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")  # isolates and what else turns text round

_AFTER_HYPHEN = re.compile(r"(?<=[^\W\d_]{2}[-/])(?=[^\W\d_]{2})")

_VOWELS = frozenset("aeiouyàáâäèéêëìíîïòóôöùúûü")
_TOGETHER = ("ch", "sh", "th", "ph", "qu", "sch")


def isolated(text: str) -> str:
    """``text`` so that it cannot change the order of what stands beside it."""
    if text.isascii():
        return text
    inside = _TURNING.sub("", text)
    return f"{ISOLATE}{inside}{END_OF_ISOLATE}" if any(map(runs_back, inside)) else inside


def cleaned(text: str) -> str:
    """One line of composed characters, without controls that turn text around or hide in it."""
    if text.isascii() and text.isprintable():
        return spaced_once(text)
    plain = unicodedata.normalize("NFC", text)
    return spaced_once("".join(_spaced(c) for c in plain if _is_text(c)))


def spaced_once(text: str) -> str:
    """No space before, after, or beside another."""
    return " ".join(part for part in text.split(" ") if part)


def unbroken(text: str) -> str:
    """``text`` as one word that no line ends in."""
    return text.replace(" ", NO_BREAK)


def _spaced(character: str) -> str:
    return " " if character.isspace() and character != NO_BREAK else character


def _is_text(character: str) -> bool:
    kind = unicodedata.category(character)
    if kind == "Cf":  # zero-width joiners shape letters, isolates are our own
        return character in ("\u200c", "\u200d", ISOLATE, END_OF_ISOLATE)
    return kind[0] != "C" or character.isspace()


@lru_cache(maxsize=4096)
def runs_back(character: str) -> bool:
    """Whether it is written from right to left, or belongs to what is."""
    return unicodedata.bidirectional(character) in ("R", "AL", "AN", "RLE", "RLO", "RLI")


@lru_cache(maxsize=4096)
def is_shaped(character: str) -> bool:
    """Whether its form or place depends on its neighbours: letters that join, marks that ride."""
    code = ord(character)
    return (
        0x0590 <= code <= 0x109F  # Hebrew to Myanmar
        or 0x1780 <= code <= 0x1C4F  # Khmer to Lepcha
        or 0xFB1D <= code <= 0xFDFF
        or 0xFE70 <= code <= 0xFEFE
        or unicodedata.combining(character) != 0
        or character in ("\u200c", "\u200d")
    )


@lru_cache(maxsize=4096)
def breaks_anywhere(character: str) -> bool:
    """Ideographs and kana make lines without spaces (UAX 14, class ID)."""
    return 0x2E80 <= ord(character) <= 0x9FFF or 0xF900 <= ord(character) <= 0xFAFF


def clings(character: str) -> bool:
    """Whether it cannot begin a line: it rides on what stands before it."""
    return unicodedata.category(character)[0] == "M" or character in ("\u200c", "\u200d")


def own_hyphen(word: str, most: int) -> int:
    """Where a word has a hyphen or a stroke to be torn at, at most after so many; 0 for nowhere."""
    return max((found.start() for found in _AFTER_HYPHEN.finditer(word, 0, most + 2)), default=0)


def hyphenated(word: str, most: int) -> int:
    """Where to tear a long word of Latin letters: after so many, at most ``most``; 0 for nowhere.

    Before a consonant that a vowel follows, as Dutch and English mostly do, and never within the
    first or last three letters.
    """
    lower = word.lower()
    for place in range(min(most, len(word) - 3), 2, -1):
        if not lower[place - 3 : place + 3].isalpha() or ord(max(lower)) > 0x24F:
            continue
        start = lower[place:]
        onset = next((two for two in _TOGETHER if start.startswith(two)), start[0])
        after = start[len(onset) : len(onset) + 1]
        whole = lower[place - 1 : place + 1] not in _TOGETHER
        if start[0] not in _VOWELS and after in _VOWELS and whole and _VOWELS & set(lower[:place]):
            return place
    return 0
