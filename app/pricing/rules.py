"""What a basket costs. Pure: the same lines, promotions and time give the same receipt everywhere."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from app.errors import Unprocessable
from app.money import Money, allot
from app.pricing.hints import hints
from app.pricing.models import (
    NOBODY,
    Advantage,
    Coupon,
    Customer,
    Line,
    Offer,
    Receipt,
    Setting,
    Share,
    UnitShare,
    Use,
    Vat,
    VatPart,
)
from app.pricing.offers import offers_for
from app.pricing.promotion import Promotion
from app.pricing.settling import settle

VAT_PERCENT: Mapping[Vat, int] = {"zero": 0, "low": 9, "high": 21}
"""The Netherlands since 2019 (Wet op de omzetbelasting 1968, art. 9 and table I)."""

MOST_OF_A_LINE = 9_999
DEAREST = 10**12
HERE = Setting()


def price(
    lines: Sequence[Line],
    promotions: Sequence[Promotion],
    coupons: Sequence[Coupon] = (),
    customer: Customer = NOBODY,
    *,
    at: datetime,
    setting: Setting = HERE,
) -> Receipt:
    """The receipt of these lines at that time. Keys of lines must differ; their order is kept and
    changes no amount. Every unit earns at most one promotion of lane 0, whichever line it is in,
    and they are chosen so that the shopper pays least. Deposits earn nothing and carry no VAT.

    Raises Unprocessable for a quantity or a price that no basket can have.
    """
    check(lines)
    return at_offers(
        lines, offers_for(lines, promotions, coupons, customer, setting, at), setting.delivery_fee
    )


def at_offers(lines: Sequence[Line], offers: Sequence[Offer], fee: Money) -> Receipt:
    """The same by the offers that counted once: they stand on the receipt."""
    settled = settle(lines, offers, fee)
    shares = _shares(lines, settled.advantages)
    subtotal = sum(share.gross for share in shares)
    deposits = sum(share.deposit for share in shares)
    return Receipt(
        lines=shares,
        subtotal=subtotal,
        advantages=settled.advantages,
        discount=settled.off,
        deposits=deposits,
        delivery=settled.delivery,
        total=subtotal - settled.off + deposits + settled.delivery,
        vat=_vat(shares, settled.delivery),
        hints=hints(lines, offers, settled.used),
        fee=fee,
        offers=list(offers),
    )


def as_sold(share: Share, quantity: int) -> Line:
    """So many of a line of a receipt, to be priced once more by the offers it was sold with."""
    return Line(
        key=share.key,
        product_id=share.product_id,
        quantity=quantity,
        unit_price=share.unit_price,
        vat=share.vat,
        deposit=share.deposit // share.quantity,
        printed=share.printed,
        most_percent=share.most_percent,
    )


def check(lines: Iterable[Line]) -> None:
    """Raises Unprocessable with a sentence when a line cannot be."""
    seen: set[str] = set()
    for line in lines:
        if not 1 <= line.quantity <= MOST_OF_A_LINE:
            raise Unprocessable(
                "Of one product there can be 1 to {most} in a basket.", most=MOST_OF_A_LINE
            )
        if not 0 <= line.unit_price <= DEAREST or not 0 <= line.deposit <= DEAREST:
            raise Unprocessable("A price is never below zero, nor beyond counting.")
        if line.key in seen:
            raise Unprocessable("Every line of a basket stands in it once.")
        seen.add(line.key)


def by_unit(receipt: Receipt) -> Iterator[UnitShare]:
    """The receipt told unit by unit: what each earned, of which promotion, and what was paid for it.
    What is on top of others is spread over the units by what they still cost."""
    for share in receipt.lines:
        earned: list[list[tuple[UUID, Money]]] = [[] for _ in range(share.quantity)]
        left = [share.unit_price] * share.quantity
        place = 0
        for advantage, use in _uses_of(receipt, share.key):
            first = 0 if use.units == share.quantity else place
            place += use.units if use.units < share.quantity else 0
            parts = allot(use.amount, left[first : first + use.units])
            for n, part in enumerate(parts, start=first):
                earned[n].append((advantage.promotion_id, part))
                left[n] -= part
        for n, parts_of_it in enumerate(earned):
            yield UnitShare(share.key, n + 1, share.unit_price, parts_of_it, left[n])


def _uses_of(receipt: Receipt, key: str) -> Iterator[tuple[Advantage, Use]]:
    for advantage in receipt.advantages:
        yield from ((advantage, use) for use in advantage.uses if use.key == key)


def _shares(lines: Sequence[Line], advantages: Sequence[Advantage]) -> list[Share]:
    off: Counter[str] = Counter()
    for advantage in advantages:
        for use in advantage.uses:
            off[use.key] += use.amount
    return [
        Share(
            key=line.key,
            product_id=line.product_id,
            quantity=line.quantity,
            unit_price=line.unit_price,
            vat=line.vat,
            gross=line.unit_price * line.quantity,
            discount=off[line.key],
            paid=line.unit_price * line.quantity - off[line.key],
            deposit=line.deposit * line.quantity,
            printed=line.printed,
            most_percent=line.most_percent,
        )
        for line in lines
    ]


def _vat(shares: Sequence[Share], delivery_fee: Money) -> list[VatPart]:
    """Bringing goods is taxed like the goods: the fee is spread over the rates by what was paid."""
    paid: Counter[Vat] = Counter()
    for share in shares:
        paid[share.vat] += share.paid
    rates: list[Vat] = [rate for rate in VAT_PERCENT if rate in paid] or ["high"]
    fees = allot(delivery_fee, [paid[rate] for rate in rates])
    return [_vat_part(rate, paid[rate] + fee) for rate, fee in zip(rates, fees, strict=True)]


def _vat_part(rate: Vat, gross: Money) -> VatPart:
    percent = VAT_PERCENT[rate]
    tax = tax_in(gross, percent)
    return VatPart(rate, percent, gross, gross - tax, tax)


def tax_in(gross: Money, percent: int) -> Money:
    """The VAT in a price with VAT, half up, in whole numbers: gross * percent / (100 + percent)."""
    return (2 * gross * percent + 100 + percent) // (2 * (100 + percent))
