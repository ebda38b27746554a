"""What stands on an invoice: what was handed over, and the VAT in it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from app.money import Money, allot
from app.orders.invoicing.models import Brought, DocumentLine, PaidBack, Seller, VatSum, Worth
from app.orders.models import Line, Order, Vat
from app.pricing import VAT_PERCENT, tax_in

NOBODY_YET = Seller("P", "Perron", "", "")


def N_(sentence: str) -> str:
    """Marks a sentence for the catalogues."""
    return sentence


DELIVERY, DEPOSIT = N_("Delivery"), N_("Deposit")
LOST = N_("Offer that counts no more")
REASONS: Mapping[str, str] = {
    "short": N_("Was not on the shelf"),
    "unfilled": N_("Could not be sent"),
    "not-delivered": N_("Was not delivered"),
    "recalled": N_("Was recalled"),
    "refused": N_("Not taken at the door"),
    "damaged": N_("Was damaged"),
    "missing": N_("Was missing"),
    "warm": N_("Came too warm"),
    "wrong": N_("Was the wrong product"),
    "returned": N_("Brought back"),
    "exchanged": N_("Exchanged for something else"),
    "late": N_("Came too late"),
    "goodwill": N_("With our apologies"),
}


BY_DELIVERY = frozenset(
    {"short", "unfilled", "not-delivered", "not-collected", "recalled", "refused", "cancelled"}
)
"""Why money goes back for what was not handed over: until it is, that never stood on an invoice."""
NEVER_INVOICED = frozenset({"changed", "paid too much"})
"""Before it was picked the order was changed, or more came in than was asked for."""


def stood_on_it(order: Order, reason: str, at: datetime) -> bool:
    """Whether money that goes back since `at` was charged by the invoice of this order."""
    if reason in BY_DELIVERY:
        return order.delivered_at is None or at > order.delivered_at
    return reason not in NEVER_INVOICED


def lost(order: Order, refused: Mapping[int, int], paid_back: Money) -> Money:
    """What the rest costs more because some of it was not wanted at the door (`refused`, units by
    line): the shares of that, less what was paid back for it."""
    shares = 0
    for line in order.lines:
        if units := refused.get(line.line_no, 0):
            until = line.quantity - line.delivered_quantity
            for amount in (line.paid, line.deposit):
                shares += sum(allot(amount, [1] * line.quantity)[until - units : until])
    return max(0, shares - paid_back)


def as_it_came(order: Order, instead: Sequence[Brought], back: Sequence[PaidBack]) -> Order:
    """With what was handed over in the place of what was ordered, for what is charged for it; what was
    lighter than ordered costs less. Together the lines are what was paid in the end."""
    lines: list[Line] = []
    for line in order.lines:
        others = [one for one in instead if one.line_no == line.line_no]
        units = line.delivered_quantity - sum(one.quantity for one in others)
        less = sum(_lighter(line, one) for one in back if one.line_no == line.line_no)
        lines.append(_in_part(line, units, less))
        lines += [_other(line, one) for one in others]
    return replace(order, lines=lines)


def _lighter(line: Line, back: PaidBack) -> Money:
    """What was paid back beyond the shares of what was not there."""
    gone = sum(
        sum(allot(amount, [1] * line.quantity)[: back.units])
        for amount in (line.paid, line.deposit)
    )
    return max(0, back.amount + back.charged - gone)


def _in_part(line: Line, units: int, less: Money) -> Line:
    came = replace(line, delivered_quantity=units)
    if not less or not units:
        return came
    paid = max(0, _share(came, line.paid) - less)
    return replace(came, quantity=units, paid=paid, deposit=_share(came, line.deposit))


def _other(line: Line, came: Brought) -> Line:
    deposit = min(came.deposit, came.amount)
    return replace(
        line,
        name=came.name,
        quantity=came.quantity,
        delivered_quantity=came.quantity,
        paid=came.amount - deposit,
        deposit=deposit,
        vat=came.vat,
    )


def lines_of(order: Order, lost: Money = 0) -> list[DocumentLine]:
    """What was handed over, at its share of what was paid; then delivery and deposits, to be
    translated. What was missing was paid back before, to the last cent."""
    lines = [
        DocumentLine(line.name, line.delivered_quantity, _share(line, line.paid))
        for line in order.lines
        if line.delivered_quantity
    ]
    if order.sums.delivery:
        lines.append(DocumentLine(DELIVERY, 1, order.sums.delivery))
    if lost:
        lines.append(DocumentLine(LOST, 1, lost))
    deposits = sum(_share(line, line.deposit) for line in order.lines)
    if deposits:
        lines.append(DocumentLine(DEPOSIT, 1, deposits))
    return lines


def vat_of(order: Order, lost: Money = 0) -> list[VatSum]:
    """By rate, the delivery (and what a lost offer takes back) spread over the rates by what was
    paid. Deposits carry none."""
    gross: Counter[Vat] = Counter()
    for line in order.lines:
        if line.delivered_quantity:
            gross[line.vat] += _share(line, line.paid)
    rates: list[Vat] = [rate for rate in VAT_PERCENT if rate in gross] or ["high"]
    fees = allot(order.sums.delivery + lost, [gross[rate] for rate in rates])
    return [
        vat_in(VAT_PERCENT[rate], gross[rate] + fee) for rate, fee in zip(rates, fees, strict=True)
    ]


def vat_of_goods(worth: Sequence[Worth], amount: Money) -> list[VatSum]:
    """Of an amount that goes back for goods: at the rates of those, by what was paid for each."""
    paid: Counter[Vat | None] = Counter()
    for one in worth:
        paid[one.vat] += one.amount
    rates = [rate for rate in VAT_PERCENT if paid[rate]]
    shares = allot(amount, [*(paid[rate] for rate in rates), paid[None]])
    return [
        vat_in(VAT_PERCENT[rate], share)
        for rate, share in zip(rates, shares, strict=False)
        if share
    ]


def credited_vat(invoiced: Sequence[VatSum], amount: Money, total: Money) -> list[VatSum]:
    """Of an amount that goes back and is not of one line: spread as it was on the invoice, where
    what carried no VAT counts too."""
    free = total - sum(one.gross for one in invoiced)
    shares = allot(amount, [one.gross for one in invoiced] + [free])
    return [
        vat_in(one.percent, share) for one, share in zip(invoiced, shares, strict=False) if share
    ]


def vat_in(percent: int, gross: Money) -> VatSum:
    tax = tax_in(gross, percent)
    return VatSum(percent, gross, gross - tax, tax)


def _share(line: Line, amount: Money) -> Money:
    """Of what is for all of a line, what stays for those that came: the cents that do not divide
    went back with the first that were missing."""
    missing = line.quantity - line.delivered_quantity
    return sum(allot(amount, [1] * line.quantity)[missing:])
