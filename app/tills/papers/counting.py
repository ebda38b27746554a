"""X and Z on the roll: the same figures as on the screen."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import msgspec
from babel.dates import format_date

from app import money
from app.languages import Language, translate
from app.orders.invoicing.models import VatSum
from app.tills.models import Sums
from app.tills.papers.roll import LARGE, Roll


def N_(sentence: str) -> str:
    """Marks a sentence for the catalogues."""
    return sentence


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """A drawer: while it is at work without `z_number`, and then `until` is now."""

    place_name: str
    till_number: int
    currency: str
    time_zone: str
    opened_at: datetime
    until: datetime
    sums: Sums
    vat: Sequence[VatSum]
    z_number: int | None = None
    counted: int = 0


def print_counted(one: Counted, language: Language) -> bytes:
    say = partial(translate, language)
    title = (
        say(N_("Z {number}"), number=one.z_number) if one.z_number else say(N_("X: the drawer now"))
    )
    roll = Roll()
    roll.say(title, size=LARGE, bold=True)
    roll.say(f"{one.place_name} · {say(N_('Till {number}'), number=one.till_number)}")
    roll.say(f"{_moment(one, one.opened_at, language)} – {_moment(one, one.until, language)}")
    roll.rule()
    _drawer(roll, one, language)
    roll.rule()
    for part in one.vat:
        words = say(
            N_("VAT {percent} of {net}"),
            percent=f"{part.percent}%",
            net=_money(one, part.net, language),
        )
        roll.pair(words, _money(one, part.tax, language))
    return roll.as_pdf(title, language, one.until)


def _drawer(roll: Roll, one: Counted, language: Language) -> None:
    say, sums = partial(translate, language), one.sums
    for words, amount in (
        (N_("Float"), sums.float),
        (N_("Cash sales"), sums.cash_sales),
        (N_("Cash paid back"), sums.refunds),
        (N_("Put in"), sums.paid_in),
        (N_("Taken out"), sums.paid_out),
    ):
        roll.pair(say(words), _money(one, amount, language))
    roll.pair(say(N_("Should be in the drawer")), _money(one, sums.expected, language), bold=True)
    if one.z_number:
        roll.pair(say(N_("Counted")), _money(one, one.counted, language), bold=True)
        off = one.counted - sums.expected
        roll.pair(say(N_("Difference")), _money(one, off, language))
    roll.rule()
    for words, amount in (
        (N_("By card"), sums.card_sales),
        (N_("By gift card"), sums.gift_sales),
        (N_("Rounding"), sums.rounding),
    ):
        roll.pair(say(words), _money(one, amount, language))
    for words, count in (
        (N_("Receipts"), sums.receipts),
        (N_("of which without network"), sums.offline),
        (N_("Voided"), sums.voids),
    ):
        roll.pair(say(words), str(count))


def _moment(one: Counted, at: datetime, language: Language) -> str:
    local = at.astimezone(ZoneInfo(one.time_zone))
    return f"{format_date(local, 'medium', locale=money.LOCALES[language])} {local:%H:%M}"


def _money(one: Counted, amount: int, language: Language) -> str:
    return money.show(amount, one.currency, language)
