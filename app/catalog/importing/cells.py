"""What one cell says. Each reader takes its text, never empty, and gives a value or raises
`Unreadable`; the same value always comes out the same way, or a file would change what it
repeats."""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from babel.numbers import list_currencies

from app import money
from app.catalog.importing import complaints as say
from app.catalog.importing.complaints import Unreadable
from qr_walls import gtin as numbers
from qr_walls.errors import BadGtin

FORMULA_STARTS = "=+-@\t\r\n＝＋－＠'"
DEAREST = Decimal(1_000_000)
HEAVIEST_G = 1_000_000
MOST_CODES = 50

ALLERGENS = (
    "gluten", "crustaceans", "eggs", "fish", "peanuts", "soybeans", "milk", "nuts", "celery",
    "mustard", "sesame", "sulphites", "lupin", "molluscs",
)  # fmt: skip
"""Annex II of Regulation (EU) 1169/2011, in its order."""

UNITS: Mapping[str, tuple[str, int]] = MappingProxyType(
    {
        "g": ("g", 1), "gram": ("g", 1), "kg": ("g", 1000), "kilo": ("g", 1000),
        "ml": ("ml", 1), "cl": ("ml", 10), "dl": ("ml", 100), "l": ("ml", 1000),
        "liter": ("ml", 1000), "litre": ("ml", 1000),
        "piece": ("piece", 1), "pieces": ("piece", 1), "pcs": ("piece", 1), "st": ("piece", 1),
        "stuk": ("piece", 1), "stuks": ("piece", 1), "개": ("piece", 1),
    }
)  # fmt: skip
VATS: Mapping[str, str] = MappingProxyType(
    {"zero": "zero", "low": "low", "high": "high", "0": "zero", "9": "low", "21": "high",
     "geen": "zero", "laag": "low", "hoog": "high"}
)  # fmt: skip
STORAGES: Mapping[str, str] = MappingProxyType(
    {"ambient": "ambient", "chilled": "chilled", "frozen": "frozen", "houdbaar": "ambient",
     "gekoeld": "chilled", "diepvries": "frozen", "실온": "ambient", "냉장": "chilled",
     "냉동": "frozen"}
)  # fmt: skip
ANSWERS: Mapping[str, bool] = MappingProxyType(
    {"yes": True, "no": False, "true": True, "false": False, "1": True, "0": False, "ja": True,
     "nee": False, "예": True, "아니요": False, "waar": True, "onwaar": False}
)  # fmt: skip

_LINE_END = re.compile("\r\n|\r|\u2028|\u2029")
# Controls, halves of characters, and marks that make text run backwards on a poster.
_UNPRINTABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(?:[.,][0-9]{1,20})?", re.ASCII)
_GROUPED = re.compile(
    r"[+-]?[0-9]{1,3}(?:([.,' ])[0-9]{3})(?:\1[0-9]{3})*(?:(?!\1)[.,][0-9]{1,4})?", re.ASCII
)


def unmask(cell: str) -> str:
    """The apostrophe an export puts before what a spreadsheet would take for a formula."""
    if len(cell) > 1 and cell[0] == "'" and cell[1] in FORMULA_STARTS:
        return cell[1:]
    return cell


def mask(text: str) -> str:
    """CWE-1236: text that starts like a formula would be carried out by the spreadsheet of
    whoever opens the file. `unmask` gives back exactly what was masked."""
    return f"'{text}" if text[:1] in FORMULA_STARTS and text else text


def line(text: str, most: int) -> str:
    if not text.isprintable():
        text = _composed(text)
        if "\n" in text:
            raise Unreadable(say.ONE_LINE)
    elif not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return _short(text.strip(), most)


def lines(text: str, most: int) -> str:
    return _short(_composed(text).strip(), most)


def _composed(text: str) -> str:
    """Line ends as \\n, tabs as spaces; a Mac writes 가 as two characters, which here is one."""
    text = _LINE_END.sub("\n", text).replace("\t", " ")
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if _UNPRINTABLE.search(text):
        raise Unreadable(say.CONTROL)
    return text


def _short(text: str, most: int) -> str:
    if len(text) > most:
        raise Unreadable(say.TOO_LONG, length=len(text), most=most)
    return text


@lru_cache(maxsize=4096)
def number(text: str, *, grouped: bool = False) -> Decimal:
    """A number with point or comma; `grouped` also with separators between thousands, and then
    “1.299” could be either and is asked back."""
    bare = text.replace("\u00a0", " ").strip()
    if grouped and (match := _GROUPED.fullmatch(bare)):
        separator = match[1]
        rest = bare.replace(separator, "")
        if separator in ",." and rest.lstrip("+-").isdigit() and bare.count(separator) == 1:
            raise Unreadable(say.UNCLEAR_NUMBER, text=text[:40])
        return Decimal(rest.replace(",", "."))
    if not _NUMBER.fullmatch(bare):
        raise Unreadable(say.NOT_A_NUMBER, text=text[:40])
    return Decimal(bare.replace(",", "."))


@lru_cache(maxsize=16384)
def price(text: str, currency: str) -> int:
    """Whole cents. A currency sign or code around the number is what people type."""
    bare = text.strip().removeprefix(currency).removesuffix(currency).strip(" \u00a0€₩$£")
    amount = number(bare, grouped=True)
    if amount < 0:
        raise Unreadable(say.NEGATIVE)
    if amount > DEAREST:
        raise Unreadable(say.TOO_LARGE, text=text[:40], most=DEAREST)
    try:
        return money.minor_units(amount, currency)
    except ValueError:
        raise Unreadable(say.TOO_FINE, text=text[:40], currency=currency) from None


@lru_cache(maxsize=16384)
def whole(text: str, least: int, most: int) -> int:
    amount = number(text)
    if amount != amount.to_integral_value():
        raise Unreadable(say.NOT_WHOLE, text=text[:40])
    return int(_within(amount, text, least, most))


def _within(amount: Decimal, text: str, least: int, most: int) -> Decimal:
    if amount < 0 <= least:
        raise Unreadable(say.NEGATIVE)
    if amount < least:
        raise Unreadable(say.TOO_SMALL, text=text[:40], least=least)
    if amount > most:
        raise Unreadable(say.TOO_LARGE, text=text[:40], most=most)
    return amount


@lru_cache(maxsize=4096)
def grams(text: str) -> str:
    """Of a nutrient in 100 g or ml, as JSON writes it: at most 100, at most three decimals."""
    amount = round(_within(number(text), text, 0, 100), 3).normalize()
    return f"{amount:f}"


@lru_cache(maxsize=4096)
def content(text: str, unit: str) -> tuple[int, str]:
    """1,5 l is 1500 ml."""
    base, factor = one_of(unit, UNITS)
    amount = number(text) * factor
    if amount != amount.to_integral_value():
        raise Unreadable(say.NOT_WHOLE, text=f"{amount.normalize():f} {base}"[:40])
    return int(_within(amount, text, 1, HEAVIEST_G)), base


def scale_number(text: str) -> str:
    """The item a label of the shop's own scale names (GS1 General Specifications, restricted
    circulation): 2 and six digits, before the grams."""
    bare = text.strip()
    if not re.fullmatch(r"2[0-9]{6}", bare, re.ASCII):
        raise Unreadable(say.NOT_OF_THE_SCALE, text=text[:40])
    return bare


def one_of(text: str, known: Mapping[str, Any]) -> Any:
    try:
        return known[text.strip().lower().removesuffix("%").strip()]
    except KeyError:
        own = ", ".join(str(value) for value in dict.fromkeys(_plain(known)))
        raise Unreadable(say.NOT_ONE_OF, text=text[:40], known=own) from None


def _plain(known: Mapping[str, Any]) -> list[Any]:
    """The values as we write them ourselves."""
    if known is ANSWERS:
        return ["yes", "no"]
    return [value[0] if isinstance(value, tuple) else value for value in known.values()]


@lru_cache(maxsize=256)
def currency(text: str) -> str:
    code = text.strip().upper()
    if not (len(code) == 3 and code in list_currencies()):
        raise Unreadable(say.NOT_A_CURRENCY, text=text[:40])
    return code


@lru_cache(maxsize=4096)
def allergens(text: str) -> list[str]:
    """In the order of the law, so that the same list is always the same."""
    named = {word for word in re.split(r"[\s,;|/]+", text.lower()) if word}
    for word in sorted(named - set(ALLERGENS)):
        raise Unreadable(say.NOT_ONE_OF, text=word[:40], known=", ".join(ALLERGENS))
    return [word for word in ALLERGENS if word in named]


def gtin(text: str) -> tuple[str, str | None]:
    """14 digits, and what is worth knowing about them."""
    digits = text.replace(" ", "").replace("-", "")
    if re.search(r"[0-9][.,]?[0-9]*[eE][+]?[0-9]", digits):
        raise Unreadable(say.ROUNDED_GTIN, text=text[:40])
    # A spreadsheet that takes numbers for amounts drops their first zeros; 12 digits become 11.
    short = len(digits) in (7, 9, 10, 11) and digits.isascii() and digits.isdigit()
    try:
        read = numbers.read(digits.rjust(14, "0") if short else digits)
    except BadGtin as error:
        raise Unreadable(error.sentence, **error.values) from None
    kind = numbers.kind(read)
    if kind in ("coupon", "refund"):
        raise Unreadable(say.NOT_FOR_PRODUCTS, gtin=numbers.shortest(read))
    if kind == "restricted":
        return read, say.RESTRICTED
    return read, say.ZEROS_ADDED if short else None


def codes(text: str) -> list[str]:
    """Further codes, parted by spaces; sorted, so that the same codes are always the same."""
    found = sorted({gtin(word)[0] for word in re.split(r"[\s,;|]+", text) if word})
    if len(found) > MOST_CODES:
        raise Unreadable(say.TOO_MANY_CODES, most=MOST_CODES)
    return found


def picture(text: str) -> bytes:
    if not re.fullmatch("[0-9a-f]{64}", text.strip().lower()):
        raise Unreadable(say.NOT_A_PICTURE, text=text[:40])
    return bytes.fromhex(text.strip())
