"""What is said about a finished wall, in the languages of its readers.

A sentence is made in English where it is meant; here it is said again in another language. JSON
and errors stay English, for programs.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeAlias

from qr_walls.words import Language

Values: TypeAlias = dict[str, str | int | float]


class Note(str):
    """A finished English sentence that remembers how it was made."""

    message: str
    values: Values


def note(message: str, **values: str | float) -> Note:
    """``message`` with its {placeholders} filled; ``more`` products are counted at {and_more}."""
    made = Note(_filled("en", message, values))
    made.message, made.values = message, values
    return made


def say(
    language: Language, message: str, values: Mapping[str, str | int | float] = {}
) -> str:  # never changed
    """The same in ``language``; in English where nobody has translated it."""
    return _filled(language, TRANSLATED.get(message, {}).get(language, message), values)


def _filled(language: Language, message: str, values: Mapping[str, str | int | float]) -> str:
    more = values.get("more")
    and_more = _AND_MORE[language].format(more=more) if more else ""
    shown = {
        name: _Comma(value) if isinstance(value, float) and language == "nl" else value
        for name, value in values.items()
    }
    return message.format(**shown, and_more=and_more)


class _Comma(float):
    """As the Dutch write it."""

    def __format__(self, how: str) -> str:
        return super().__format__(how).replace(".", ",")


_AND_MORE: Mapping[Language, str] = {
    "en": " and {more} more",
    "nl": " en nog {more}",
    "ko": " 외 {more}개",
}

TRANSLATED: Mapping[str, Mapping[Language, str]] = MappingProxyType(
    {
        # The proof of one code.
        "The code of “{product}” on panel {panel} cannot be read.": {
            "nl": "De code van “{product}” op paneel {panel} is niet te lezen.",
            "ko": "패널 {panel}의 “{product}” 코드를 읽을 수 없습니다.",
        },
        "The code of “{product}” on panel {panel} says something else.": {
            "nl": "De code van “{product}” op paneel {panel} zegt iets anders.",
            "ko": "패널 {panel}의 “{product}” 코드가 다른 내용을 담고 있습니다.",
        },
        "Something is printed in the quiet zone around the code of “{product}” on panel {panel}.": {
            "nl": "Er is iets gedrukt in de witte rand om de code van “{product}” op paneel {panel}.",
            "ko": "패널 {panel}의 “{product}” 코드 둘레 여백에 무언가 인쇄되어 있습니다.",
        },
        "The code of “{product}” on panel {panel} is too pale to be read everywhere.": {
            "nl": "De code van “{product}” op paneel {panel} is te bleek om overal gelezen te worden.",
            "ko": "패널 {panel}의 “{product}” 코드가 너무 흐려 어디서나 읽히지는 않습니다.",
        },
        "The code of “{product}” on panel {panel} is on this wall twice.": {
            "nl": "De code van “{product}” op paneel {panel} staat twee keer op deze wand.",
            "ko": "패널 {panel}의 “{product}” 코드가 이 벽에 두 번 있습니다.",
        },
        "The code of “{product}” on panel {panel} lies outside the poster.": {
            "nl": "De code van “{product}” op paneel {panel} ligt buiten de poster.",
            "ko": "패널 {panel}의 “{product}” 코드가 포스터 밖에 있습니다.",
        },
        # What is to be known before it is ordered.
        "{near} of {codes} codes stand within {safe:g} mm of the edge, where a frame may cover "
        "them.": {
            "nl": "{near} van de {codes} codes staan binnen {safe:g} mm van de rand, waar een lijst "
            "ze kan bedekken.",
            "ko": "코드 {codes}개 중 {near}개가 가장자리 {safe:g} mm 안에 있어 액자에 가려질 수 "
            "있습니다.",
        },
        "{away} of {codes} codes hang outside arm's reach (0.4 to 1.8 m above the floor).": {
            "nl": "{away} van de {codes} codes hangen buiten handbereik (0,4 tot 1,8 m boven de "
            "vloer).",
            "ko": "코드 {codes}개 중 {away}개가 손이 닿는 높이(바닥에서 0.4~1.8 m) 밖에 있습니다.",
        },
        "Panel {panel}: {away} of {codes} codes hang outside arm's reach (0.4 to 1.8 m above the "
        "floor).": {
            "nl": "Paneel {panel}: {away} van de {codes} codes hangen buiten handbereik (0,4 tot "
            "1,8 m boven de vloer).",
            "ko": "패널 {panel}: 코드 {codes}개 중 {away}개가 손이 닿는 높이(바닥에서 0.4~1.8 m) "
            "밖에 있습니다.",
        },
        "Panel {panel}: the code that opens the wall as a list hangs {above:.2f} m above the floor, "
        "outside 0.9 to 1.2 m, where everybody reaches it: no shelf there has room for it.": {
            "nl": "Paneel {panel}: de code die de wand als lijst opent hangt {above:.2f} m boven de "
            "vloer, buiten 0,9 tot 1,2 m, waar iedereen erbij kan: geen schap daar heeft er plaats "
            "voor.",
            "ko": "패널 {panel}: 벽을 목록으로 여는 코드가 바닥에서 {above:.2f} m 높이에 있어, 누구나 "
            "닿는 0.9~1.2 m를 벗어납니다. 그 높이의 선반에 자리가 없습니다.",
        },
        "No unit price, which the law asks for (98/6/EC, article 3): {products}{and_more}.": {
            "nl": "Zonder prijs per eenheid, die de wet vraagt (98/6/EG, artikel 3): "
            "{products}{and_more}.",
            "ko": "법이 요구하는 단위 가격이 없음(98/6/EC 제3조): {products}{and_more}.",
        },
        "Printed as reduced, though the lowest price of 30 days is not above the price (98/6/EC, "
        "article 6a): {products}{and_more}.": {
            "nl": "Als afgeprijsd gedrukt, hoewel de laagste prijs van 30 dagen niet hoger is dan de "
            "prijs (98/6/EG, artikel 6 bis): {products}{and_more}.",
            "ko": "30일 최저가가 현재 가격보다 높지 않은데 할인으로 인쇄됨(98/6/EC 제6a조): "
            "{products}{and_more}.",
        },
        "Without a picture: {products}{and_more}.": {
            "nl": "Zonder foto: {products}{and_more}.",
            "ko": "사진 없음: {products}{and_more}.",
        },
        "Characters that no typeface here has are left out ({characters}): {products}{and_more}.": {
            "nl": "Tekens die geen lettertype hier heeft zijn weggelaten ({characters}): "
            "{products}{and_more}.",
            "ko": "글꼴에 없는 글자를 뺐습니다({characters}): {products}{and_more}.",
        },
        "Panel {panel}: too much to say to be read from {distance:g} m: {products}{and_more}. "
        "Shorter words or more room would help.": {
            "nl": "Paneel {panel}: te veel tekst om van {distance:g} m te lezen: "
            "{products}{and_more}. Kortere woorden of meer ruimte zouden helpen.",
            "ko": "패널 {panel}: {distance:g} m에서 읽기에는 글이 너무 많음: {products}{and_more}. "
            "말을 줄이거나 자리를 늘리세요.",
        },
        "Pictures of fewer than {least} dots per inch at this size ({worst:.0f} at worst): "
        "{products}{and_more}.": {
            "nl": "Foto's met minder dan {least} punten per inch op dit formaat (minstens "
            "{worst:.0f}): {products}{and_more}.",
            "ko": "이 크기에서 {least} dpi보다 낮은 사진(최저 {worst:.0f}): {products}{and_more}.",
        },
        # The verdict, and the words of a report.
        "All {codes} codes read, by both readers; with a phone of 1080 lines from {reach:.2f} m.": {
            "nl": "Alle {codes} codes gelezen, door beide lezers; met een telefoon van 1080 lijnen "
            "van {reach:.2f} m.",
            "ko": "코드 {codes}개를 두 판독기가 모두 읽음; 1080라인 휴대전화로 {reach:.2f} m에서 "
            "읽힘.",
        },
        "{failed} of {codes} codes must not be printed.": {
            "nl": "{failed} van de {codes} codes mogen niet worden gedrukt.",
            "ko": "코드 {codes}개 중 {failed}개는 인쇄하면 안 됩니다.",
        },
        "A design check of the file, never a grade of a print (ISO/IEC 15415 is measured on "
        "paper).": {
            "nl": "Een controle van het ontwerp, nooit een cijfer voor een druk (ISO/IEC 15415 wordt "
            "op papier gemeten).",
            "ko": "파일의 디자인 점검이며 인쇄물의 등급이 아닙니다(ISO/IEC 15415는 종이에서 측정).",
        },
        "design check": {"nl": "controle van het ontwerp", "ko": "디자인 점검"},
        "and {more} more, in the full report": {
            "nl": "en nog {more}, in het hele rapport",
            "ko": "외 {more}개는 전체 보고서에",
        },
        "Panel {panel}": {"nl": "Paneel {panel}", "ko": "패널 {panel}"},
        "well": {"nl": "goed", "ko": "정상"},
        "out of reach or near the edge": {
            "nl": "buiten bereik of dicht bij de rand",
            "ko": "손이 닿지 않거나 가장자리에 가까움",
        },
        "stop": {"nl": "niet drukken", "ko": "인쇄 금지"},
        "place": {"nl": "plek", "ko": "위치"},
        "product": {"nl": "product", "ko": "상품"},
        "quiet zone": {"nl": "witte rand", "ko": "여백"},
        "contrast": {"nl": "contrast", "ko": "대비"},
        "module": {"nl": "module", "ko": "모듈"},
        "read": {"nl": "gelezen", "ko": "읽음"},
        "not read": {"nl": "niet gelezen", "ko": "못 읽음"},
        "free": {"nl": "vrij", "ko": "비어 있음"},
        "printed over": {"nl": "bedrukt", "ko": "인쇄됨"},
    }
)
