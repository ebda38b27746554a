"""An invoice or a credit note on A4, as a list of things to paint."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from babel.dates import format_date
from babel.numbers import format_percent

from app import money
from app.languages import translate
from app.orders.invoicing.models import Document, DocumentLine
from app.orders.invoicing.rules import N_
from app.orders.models import Order
from app.orders.typefaces import faces
from app.payments.models import Tender
from qr_walls.display import Item, Page, Rect, Text
from qr_walls.typefaces import Lines

INK, QUIET = "#000000", "#555555"
WIDTH, HEIGHT, EDGE = 210.0, 297.0, 20.0
RIGHT = WIDTH - EDGE
SIZE, LEADING = 4.2, 5.2
"""Of words, and from one line of a name to its next."""
TOP, BOTTOM = 108.0, HEIGHT - 24.0
"""Between these lie the lines, and after the last one the sums."""


def print_document(
    document: Document, order: Order, credits: str, tenders: Sequence[Tender]
) -> bytes:
    # What writes PDF takes 50 MB, and a process that prints nothing needs none of it.
    from qr_walls import pdf

    sheet = _Paper(document, order, credits, tenders)
    return pdf.write(
        sheet.pages(),
        {},
        {},
        sheet.faces,
        title=document.name,
        language=order.language,
        created_at=document.issued_at,
    )


class _Paper:
    def __init__(
        self, document: Document, order: Order, credits: str, tenders: Sequence[Tender]
    ) -> None:
        self.document, self.order, self.credits = document, order, credits
        self.tenders = tenders
        self.faces = faces()
        self.say = partial(translate, order.language)

    def pages(self) -> list[Page]:
        sheets = self._sheets()
        pages = []
        for number, sheet in enumerate(sheets, 1):
            items, y = self._head(), TOP
            for line, name in sheet:
                items += self._line(f"{line.quantity} ×", EDGE, y, 14)
                items += _stacked(name, EDGE + 16, y, INK)
                items += self._right(self._money(line.amount), RIGHT, y)
                y += _high(name)
            if number == len(sheets):
                items += self._sums(y + 3)
            if len(sheets) > 1:
                items += self._right(f"{number} / {len(sheets)}", RIGHT, HEIGHT - 12, QUIET)
            pages.append(Page(WIDTH, HEIGHT, tuple(items)))
        return pages

    def _sheets(self) -> list[list[tuple[DocumentLine, Lines]]]:
        """As many lines on each page as there is room for, and room for the sums on the last."""
        sheets: list[list[tuple[DocumentLine, Lines]]] = [[]]
        left = BOTTOM - TOP
        for line in self.document.lines:
            words = self.say(line.text) + (f": {line.about}" if line.about else "")
            name = self.faces.fit(words, 116, SIZE, lines=2)
            if _high(name) > left:
                sheets.append([])
                left = BOTTOM - TOP
            sheets[-1].append((line, name))
            left -= _high(name)
        if 21 + 6 * (len(self.document.vat) + len(self.tenders)) > left:
            sheets.append([])
        return sheets

    def _head(self) -> list[Item]:
        document, order, seller = self.document, self.order, self.document.seller
        title = N_("Invoice") if document.kind == "invoice" else N_("Credit note")
        items = self._line(seller.name, EDGE, 26, 90, size=6, bold=True)
        items += self._line(seller.address, EDGE, 33, 90, fill=QUIET)
        if seller.vat_number:
            words = self.say(N_("VAT number {number}"), number=seller.vat_number)
            items += self._line(words, EDGE, 39, 90, fill=QUIET)
        address, y = order.address, 26.0
        for words in (
            order.contact.name,
            f"{address.street} {address.house_number}",
            f"{address.postcode} {address.city}",
        ):
            whom = self.faces.fit(words, 65, SIZE, lines=2)
            items += _stacked(whom, 125, y, INK)
            y += _high(whom)
        items += self._line(self.say(title), EDGE, 60, 120, size=9, bold=True)
        items += self._line(document.name, EDGE, 70, 120, size=6, bold=True)
        day = self._day(document.issued_at)
        items += self._line(self.say(N_("Date {day}"), day=day), EDGE, 78, 120)
        words = self.say(N_("Order number {number}"), number=order.number)
        items += self._line(words, EDGE, 84, 120)
        if self.credits:
            words = self.say(N_("For invoice {number}"), number=self.credits)
            items += self._line(words, EDGE, 90, 120)
        items += self._right(self.say(N_("Amounts include VAT")), RIGHT, 97, QUIET, size=3.5)
        items.append(Rect(EDGE, 100, WIDTH - 2 * EDGE, 0.4, INK))
        return items

    def _sums(self, y: float) -> list[Item]:
        items: list[Item] = [Rect(EDGE, y - 4, WIDTH - 2 * EDGE, 0.4, INK)]
        items += self._line(self.say(N_("Total, VAT included")), EDGE, y + 4, 110, bold=True)
        items += self._right(self._money(self.document.total), RIGHT, y + 4, bold=True)
        y += 14
        for one in self.document.vat:
            percent = format_percent(one.percent / 100, locale=money.LOCALES[self.order.language])
            words = self.say(
                N_("VAT {percent} of {net}"), percent=percent, net=self._money(one.net)
            )
            items += self._line(words, EDGE, y, 120, fill=QUIET)
            items += self._right(self._money(one.tax), RIGHT, y, QUIET)
            y += 6
        y += 4
        for tender in self.tenders:
            items += self._line(self._paid_with(tender), EDGE, y, 120)
            items += self._right(self._money(tender.amount - tender.refunded), RIGHT, y)
            y += 6
        return items

    def _paid_with(self, tender: Tender) -> str:
        if tender.provider == "gift-card":
            words = N_("Paid with gift card …{ends_with}")
            return self.say(words, ends_with=tender.ends_with)
        in_cash = tender.provider == "cash"
        return self.say(N_("Paid in cash") if in_cash else N_("Paid online or by card"))

    def _day(self, at: datetime) -> str:
        return format_date(at, "long", locale=money.LOCALES[self.order.language])

    def _money(self, amount: int) -> str:
        return money.show(amount, self.order.currency, self.order.language)

    def _line(
        self, text: str, x: float, y: float, width: float, *, size: float = SIZE, fill: str = INK,
        bold: bool = False,
    ) -> list[Item]:  # fmt: skip
        return _stacked(self.faces.fit(text, width, size, bold=bold), x, y, fill, bold=bold)

    def _right(
        self, text: str, right: float, y: float, fill: str = INK, *, size: float = SIZE,
        bold: bool = False,
    ) -> list[Item]:  # fmt: skip
        fitted = self.faces.fit(text, 60, size, bold=bold)
        return [
            Text(right - wide, y, wide, fitted.size, words, fill, bold)
            for words, wide in fitted.lines
        ]


def _stacked(fitted: Lines, x: float, y: float, fill: str, *, bold: bool = False) -> list[Item]:
    return [
        Text(x, y + row * LEADING, wide, fitted.size, words, fill, bold)
        for row, (words, wide) in enumerate(fitted.lines)
    ]


def _high(fitted: Lines) -> float:
    return 6 + LEADING * (len(fitted.lines) - 1)
