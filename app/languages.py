"""Which language a person reads, and the words for it (gettext catalogues, English message ids)."""

from collections.abc import Mapping
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Literal, get_args

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

Language = Literal["nl", "en", "ko"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
NAMES: Mapping[Language, str] = {"nl": "Nederlands", "en": "English", "ko": "한국어"}


@lru_cache(maxsize=256)
def choose(cookie: str | None, accepted: str | None) -> Language:
    """The reader's own choice first, then the order of the Accept-Language header, then Dutch."""
    wanted = [cookie or ""]
    for part in (accepted or "").split(",")[:20]:
        wanted.append(part.split(";")[0].strip()[:2].lower())
    return next((language for word in wanted for language in LANGUAGES if word == language), "nl")


def translate(language: str, sentence: str, **values: object) -> str:
    words = catalogue(language).gettext(sentence)
    return words.format(**values) if values else words


def translate_number(language: str, one: str, many: str, n: int, **values: object) -> str:
    return catalogue(language).ngettext(one, many, n).format(n=n, **values)


@cache
def catalogue(language: str) -> NullTranslations:
    """All desks' words in one catalogue; the same message id must mean the same everywhere."""
    if language not in LANGUAGES or language == "en":
        return NullTranslations()
    together = Catalog(locale=language)
    for path in sorted(Path(__file__).parent.rglob(f"locale/{language}.po")):
        with path.open("rb") as lines:
            for message in read_po(lines, locale=language):
                if message.id and message.string:
                    together[message.id] = message
    compiled = BytesIO()
    write_mo(compiled, together)
    compiled.seek(0)
    return GNUTranslations(compiled)
