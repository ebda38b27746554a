"""A receipt of the till: what was sold, what was paid, and the code that opens both."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from babel.dates import format_date
from babel.numbers import format_decimal

from app import money
from app.languages import Language, translate
from app.money import Money
from app.orders.invoicing.models import Seller
from app.orders.models import Line, Order
from app.payments.models import Tender
from app.tills.models import Receipt, Till
from app.tills.papers.roll import LARGE, SMALL, Roll


def N_(sentence: str) -> str:
    """Marks a sentence for the catalogues."""
    return sentence


WAYS: Mapping[str, str] = {
    "carry-out": N_("Carried out"),
    "delivery": N_("Sent home"),
    "collect": N_("To be collected"),
}


class Sold(msgspec.Struct, frozen=True, kw_only=True):
    """All that stands on it. `copy`: it was handed out before, and says so."""

    seller: Seller
    till: Till
    receipt: Receipt
    order: Order
    tenders: Sequence[Tender]
    link: str
    time_zone: str
    copy: bool = False


def letters_of(order: Order) -> dict[str, str]:
    """Rate of VAT → the letter it has on this receipt, at each line and in the sums."""
    rates = [one["vat"] for one in order.receipt.get("vat", ()) if one["gross"]]
    return dict(zip(rates, "ABC", strict=False))


def advantages_of(order: Order, language: Language) -> list[tuple[str, Money]]:
    """What each took off the goods, under its name in this language; without one what is left."""
    off = [
        (one["name"].get(language) or one["name"].get("en") or "", amount)
        for one in order.receipt.get("advantages", ())
        if (amount := one["amount"] - one.get("delivery", 0))
    ]
    rest = order.sums.discount - sum(amount for _, amount in off)
    return [*off, ("", rest)] if rest else off


def print_receipt(sold: Sold, language: Language) -> bytes:
    paper = _Paper(sold, language)
    assert sold.receipt.sold_at is not None, "only what was sold has a receipt"
    return paper.roll.as_pdf(sold.order.number, language, sold.receipt.sold_at)


class _Paper:
    def __init__(self, sold: Sold, language: Language) -> None:
        self.sold, self.order, self.language = sold, sold.order, language
        self.say = partial(translate, language)
        self.letters = letters_of(sold.order)
        self.roll = Roll()
        self._head()
        self._lines()
        self._sums()
        self._vat()
        self._paid()
        self._foot()

    def _head(self) -> None:
        roll, sold, receipt = self.roll, self.sold, self.sold.receipt
        roll.say(sold.seller.name, size=LARGE, bold=True, middle=True)
        for words in (sold.till.place_name, sold.seller.address):
            if words and words != sold.seller.name:
                roll.say(words, middle=True)
        if not sold.seller.address:  # who has not said where they sit still stands here
            roll.say(sold.till.place_address, middle=True)
        if sold.seller.vat_number:
            number = self.say(N_("VAT number {number}"), number=sold.seller.vat_number)
            roll.say(number, size=SMALL, middle=True)
        if sold.copy:
            roll.gap(1)
            roll.say(self.say(N_("COPY")), size=LARGE, bold=True, middle=True)
        if receipt.state == "void":
            reason = self.say(N_("Undone: {reason}"), reason=receipt.void_reason)
            roll.say(reason, bold=True, middle=True)
        roll.rule()
        assert receipt.sold_at is not None
        roll.pair(
            self._moment(receipt.sold_at), self.say(N_("Till {number}"), number=sold.till.number)
        )
        roll.pair(
            self.say(N_("Receipt {number}"), number=receipt.number),
            self.say(N_("Order {number}"), number=self.order.number),
        )
        roll.rule()

    def _lines(self) -> None:
        for way, words in WAYS.items():
            lines = [line for line in self.order.lines if line.handover == way]
            if lines and way != "carry-out":
                self.roll.say(self.say(words), bold=True)
            for line in lines:
                self._line(line)

    def _line(self, line: Line) -> None:
        """Before advantages; those stand below all of them. The letter is that of its rate of VAT."""
        name = line.name if line.quantity == 1 else f"{line.quantity} × {line.name}"
        if line.age_limit:
            name = f"{name} ({line.age_limit}+)"
        amount = self._money(line.paid + line.discount)
        self.roll.pair(name, f"{amount} {self.letters.get(line.vat, '–')}")
        if more := self._more_of(line):
            self.roll.say(" · ".join(more), size=SMALL)

    def _more_of(self, line: Line) -> list[str]:
        """What one of it costs and weighs, and the deposit on all of it."""
        more = []
        if line.measured_g:
            weight = _weight(line.measured_g, self.language)
            kilo = self._money(round(line.unit_price * 1000 / line.measured_g))
            more += [weight, self.say(N_("{price} per kilo"), price=kilo)]
        if line.quantity > 1:
            more.append(self.say(N_("{price} each"), price=self._money(line.unit_price)))
        if line.deposit:
            more.append(self.say(N_("+ {deposit} deposit"), deposit=self._money(line.deposit)))
        return more

    def _sums(self) -> None:
        sums = self.order.sums
        for name, amount in advantages_of(self.order, self.language):
            self.roll.pair(name or self.say(N_("Advantage")), self._money(-amount))
        if sums.deposits:
            self.roll.pair(self.say(N_("Deposit")), self._money(sums.deposits))
        if sums.delivery:
            self.roll.pair(self.say(N_("Delivery")), self._money(sums.delivery))
        self.roll.rule()
        self.roll.pair(
            self.say(N_("Total, VAT included")), self._money(sums.total), size=LARGE, bold=True
        )

    def _vat(self) -> None:
        parts: list[dict[str, Any]] = [
            one for one in self.order.receipt.get("vat", ()) if one["gross"]
        ]
        if not parts:
            return
        self.roll.gap(1)
        heads = (N_("VAT"), N_("Without VAT"), N_("VAT amount"), N_("With VAT"))
        self.roll.columns([self.say(head) for head in heads], bold=True)
        for one in parts:
            amounts = [self._money(one[part]) for part in ("net", "tax", "gross")]
            letter = self.letters[one["vat"]]
            self.roll.columns([f"{letter} {one['percent']}%", *amounts])

    def _paid(self) -> None:
        receipt, roll = self.sold.receipt, self.roll
        roll.rule()
        for tender in self.sold.tenders:
            if tender.moved:
                roll.pair(self.say(N_("Paid before, exchanged")), self._money(tender.amount))
            elif tender.provider == "cash":
                if receipt.rounding:
                    roll.pair(self.say(N_("Rounding")), self._money(receipt.rounding))
                roll.pair(self.say(N_("Cash")), self._money(receipt.given or tender.amount))
            elif tender.provider == "gift-card":
                words = self.say(N_("Gift card …{ends_with}"), ends_with=tender.ends_with)
                roll.pair(words, self._money(tender.amount))
            else:
                roll.pair(self.say(N_("Card")), self._money(tender.amount))
                words = self.say(N_("Reference {reference}"), reference=tender.reference)
                roll.say(words, size=SMALL)
        if receipt.change:
            roll.pair(self.say(N_("Change to give back")), self._money(receipt.change), bold=True)

    def _foot(self) -> None:
        self.roll.gap()
        self.roll.code(self.sold.link)
        self.roll.say(self.order.number, bold=True, middle=True)
        words = N_(
            "Keep this code: with it you follow the order, or bring something back anywhere."
        )
        self.roll.say(self.say(words), size=SMALL, middle=True)

    def _moment(self, at: datetime) -> str:
        local = at.astimezone(ZoneInfo(self.sold.time_zone))
        day = format_date(local, "medium", locale=money.LOCALES[self.language])
        return f"{day} {local:%H:%M}"

    def _money(self, amount: int) -> str:
        return money.show(amount, self.order.currency, self.language)


def _weight(grams: int, language: Language) -> str:
    """In kilos, as scales print it."""
    return f"{format_decimal(grams / 1000, '0.000', locale=money.LOCALES[language])} kg"
