"""What stands on a label and on a slip, in words."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date

from app.fulfilment import packing
from app.fulfilment.models import Parcel
from app.fulfilment.packing.models import PackLine, Table
from app.fulfilment.packing.rules import link
from app.languages import translate
from app.money import LOCALES

N_ = str
STORAGES = {"ambient": N_("Ambient"), "chilled": N_("Chilled"), "frozen": N_("Frozen")}


def label(table: Table, parcel: Parcel, base_url: str, language: str) -> packing.Label:
    age = max(
        (line.age_limit or 0 for line in table.lines if parcel.number in line.numbers), default=0
    )
    return packing.Label(
        sscc=parcel.sscc,
        link=link(base_url, parcel.sscc),
        order_number=table.fulfilment.order_number,
        number=parcel.number,
        storage=parcel.storage,
        storage_word=translate(language, STORAGES[parcel.storage]),
        place=table.place,
        window=_window(table, language),
        age_word=f"{age}+" if age else None,
    )


def slip(table: Table, base_url: str) -> packing.Slip:
    """In the shopper's language: it lies in their tote."""
    language, number = table.language, table.fulfilment.order_number
    return packing.Slip(
        order_number=number,
        link=f"{base_url}/SLIP/{number}".upper(),
        place=table.place,
        window=_window(table, language),
        lines=[_line(line, language) for line in _as_ordered(table)],
        title=translate(language, N_("Packing slip")),
        thanks=translate(language, N_("Thank you for shopping with us. Enjoy!")),
        how_to_return=translate(
            language,
            N_(
                "Is something wrong, or do you want to bring something back? Show this code in "
                "the shop or to the driver."
            ),
        ),
        instead=translate(
            language,
            N_(
                "Something was not there, so something else came instead, never dearer. Not what you "
                "would have chosen? Give it back to us, and you are paid back."
            ),
        )
        if any(line.instead_of for line in table.lines)
        else "",
        page_word=translate(language, N_("Page")),
    )


def _as_ordered(table: Table) -> list[PackLine]:
    """What stands for something else comes right after it."""
    return sorted(table.lines, key=lambda line: (line.line_no, line.instead_of is not None))


def _line(line: PackLine, language: str) -> packing.SlipLine:
    totes = ", ".join(f"#{number}" for number in line.numbers)
    gone, below = "", ""
    if line.short:
        gone = f"{line.short} × {translate(language, N_('not there, paid back'))}"
    elif line.replaced and not line.picked:
        gone = translate(language, N_("something else"))
    if line.instead_of:
        below = translate(language, N_("instead of {product}"), product=line.instead_of)
    elif line.weighed_g:
        below = translate(language, N_("{g} g, paid by weight"), g=line.weighed_g)
    return packing.SlipLine(line.name, line.picked, gone, totes, below)


def _window(table: Table, language: str) -> str:
    zone = ZoneInfo(table.time_zone)
    starts = table.fulfilment.window_starts_at.astimezone(zone)
    ends = table.fulfilment.window_ends_at.astimezone(zone)
    if table.fulfilment.way == "collect":
        at = f"{_day(starts, language)} {starts:%H:%M}"
        return translate(language, N_("To be collected, {when}"), when=at)
    return f"{_day(starts, language)} {starts:%H:%M}–{ends:%H:%M}"


def _day(at: datetime, language: str) -> str:
    form = "M월 d일 EEEE" if language == "ko" else "EEEE d MMMM"
    return format_date(at, form, locale=LOCALES[language])
