"""What a poster says besides the names of its products, in the wall's language."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Literal, NamedTuple

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, get_currency_precision

Language = Literal["nl", "en", "ko"]

_SENTENCES: Mapping[str, Mapping[Language, str]] = MappingProxyType(
    {
        "point": {"en": "Point", "nl": "Richt", "ko": "비추고"},
        "add": {"en": "Add", "nl": "Voeg toe", "ko": "담으면"},
        "home": {"en": "Home tonight", "nl": "Vanavond thuis", "ko": "오늘 저녁 집으로"},
        "point, more": {
            "en": "your phone's camera at a code",
            "nl": "de camera van je telefoon op een code",
            "ko": "휴대폰 카메라를 코드에",
        },
        "add, more": {
            "en": "what you like to your basket",
            "nl": "wat je wilt aan je mandje",
            "ko": "마음에 드는 상품을 장바구니에",
        },
        "home, more": {
            "en": "choose when we come",
            "nl": "jij kiest wanneer we komen",
            "ko": "배송 시간은 직접 선택",
        },
        "unit": {"en": "{price} per {unit}", "nl": "{price} per {unit}", "ko": "{unit}당 {price}"},
        "unit, short": {"en": "{price}/{unit}", "nl": "{price}/{unit}", "ko": "{unit}당 {price}"},
        "kg": {"en": "kg", "nl": "kg", "ko": "kg"},
        "l": {"en": "l", "nl": "l", "ko": "L"},
        "piece": {"en": "piece", "nl": "stuk", "ko": "개"},
        "deposit": {
            "en": "+ {price} deposit",
            "nl": "+ {price} statiegeld",
            "ko": "보증금 {price} 별도",
        },
        "pieces": {"en": "{count} pieces", "nl": "{count} stuks", "ko": "{count}개입"},
        "prior": {
            "en": "lowest in 30 days: {price}",
            "nl": "laagste in 30 dagen: {price}",
            "ko": "30일 최저가 {price}",
        },
        "valid": {
            "en": "price valid until {day}",
            "nl": "prijs geldig t/m {day}",
            "ko": "{day}까지 유효한 가격",
        },
        "all valid": {
            "en": "Prices valid until {day}.",
            "nl": "Prijzen geldig t/m {day}.",
            "ko": "가격은 {day}까지 유효합니다.",
        },
        "contains": {"en": "Contains {what}", "nl": "Bevat {what}", "ko": "{what} 함유"},
        "list": {
            "en": "This wall as a list",
            "nl": "Deze wand als lijst",
            "ko": "목록으로 보기",
        },
        "list, more": {
            "en": "Also read aloud by your phone",
            "nl": "Ook voorgelezen door je telefoon",
            "ko": "휴대폰이 읽어 드립니다",
        },
        "call": {
            "en": "Or call {phone} and name the product number.",
            "nl": "Of bel {phone} en noem het productnummer.",
            "ko": "전화 {phone}: 상품 번호를 말씀해 주세요.",
        },
        "call, short": {"en": "Or call {phone}", "nl": "Of bel {phone}", "ko": "전화 {phone}"},
        "number": {"en": "no. {gtin}", "nl": "nr. {gtin}", "ko": "번호 {gtin}"},
        "foot": {
            "en": "No app, no account. Or type the address under a code into your browser.",
            "nl": "Zonder app, zonder account. Of typ het adres onder een code in je browser.",
            "ko": "앱도 가입도 필요 없습니다. 코드 아래 주소를 브라우저에 입력해도 됩니다.",
        },
    }
)

_DAYS: Mapping[Language, str] = MappingProxyType(
    {"en": "d MMM y", "nl": "d MMM y", "ko": "y. M. d."}
)


# Annex II of Regulation (EU) 1169/2011.
ALLERGENS: Mapping[str, Mapping[Language, str]] = MappingProxyType(
    {
        "gluten": {"en": "gluten", "nl": "gluten", "ko": "글루텐"},
        "crustaceans": {"en": "crustaceans", "nl": "schaaldieren", "ko": "갑각류"},
        "eggs": {"en": "eggs", "nl": "ei", "ko": "달걀"},
        "fish": {"en": "fish", "nl": "vis", "ko": "생선"},
        "peanuts": {"en": "peanuts", "nl": "pinda", "ko": "땅콩"},
        "soybeans": {"en": "soya", "nl": "soja", "ko": "대두"},
        "milk": {"en": "milk", "nl": "melk", "ko": "우유"},
        "nuts": {"en": "nuts", "nl": "noten", "ko": "견과류"},
        "celery": {"en": "celery", "nl": "selderij", "ko": "셀러리"},
        "mustard": {"en": "mustard", "nl": "mosterd", "ko": "겨자"},
        "sesame": {"en": "sesame", "nl": "sesam", "ko": "참깨"},
        "sulphites": {"en": "sulphites", "nl": "sulfiet", "ko": "아황산류"},
        "lupin": {"en": "lupin", "nl": "lupine", "ko": "루핀"},
        "molluscs": {"en": "molluscs", "nl": "weekdieren", "ko": "연체류"},
    }
)


def allergens(language: Language, names: Sequence[str]) -> str:
    """‘Bevat melk, noten’; a name that is not in ``ALLERGENS`` is said as it is."""
    said = [ALLERGENS[name][language] if name in ALLERGENS else name for name in names]
    return say(language, "contains", what=", ".join(said))


def say(language: Language, sentence: str, **values: str) -> str:
    """One of the sentences above, filled in."""
    return _SENTENCES[sentence][language].format(**values)


def day(language: Language, when: date) -> str:
    """A date as it is read aloud: 31 dec 2025, 31 Dec 2025, 2025. 12. 31."""
    text = format_date(when, _DAYS[language], locale=language)
    return text if language == "ko" else text.replace(".", "")


def money(language: Language, amount: int, currency: str) -> str:
    """An amount of minor units in running text: € 2,49 or €2.49 or ₩3,400."""
    text = format_currency(_major_units(amount, currency), currency, locale=_locale(language))
    return text.replace("\u00a0", " ")


def content(language: Language, quantity: int, unit: str) -> str:
    """What is in a pack of so many 'g', 'ml' or 'piece': 500 g, 1,5 l, 6 stuks; one is not said."""
    if unit == "piece":
        return say(language, "pieces", count=str(quantity)) if quantity > 1 else ""
    if quantity < 1000:
        return f"{quantity} {unit}"
    whole = format_decimal(Decimal(quantity) / 1000, locale=_locale(language))
    return f"{whole} {'kg' if unit == 'g' else say(language, 'l')}"


class PriceParts(NamedTuple):
    """A price as it is set large on a shelf: a small sign, a large number, raised cents."""

    before: str  # '€'
    whole: str  # '2'
    cents: str  # ',49', empty where the currency has none
    after: str


def price(language: Language, amount: int, currency: str) -> PriceParts:
    """``amount`` in minor units, in the pieces it is set in."""
    text = money(language, amount, currency)
    number = format_decimal(
        _major_units(amount, currency), format=_number_pattern(currency), locale=_locale(language)
    )
    before, _, after = text.partition(number)
    digits = get_currency_precision(currency)
    split = len(number) - digits - 1 if digits else len(number)
    return PriceParts(before.strip(), number[:split], number[split:], after.strip())


def _major_units(amount: int, currency: str) -> Decimal:
    return Decimal(amount).scaleb(-get_currency_precision(currency))


def _number_pattern(currency: str) -> str:
    digits = get_currency_precision(currency)
    return "#,##0." + "0" * digits if digits else "#,##0"


def _locale(language: Language) -> str:
    return {"en": "en_IE", "nl": "nl_NL", "ko": "ko_KR"}[language]
