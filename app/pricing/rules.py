"""What a basket costs. Pure: the same lines, promotions and time give the same receipt everywhere."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from app.money import Money, allot
from app.pricing.models import (
    Advantage,
    Hint,
    Line,
    NForM,
    Promotion,
    Receipt,
    Share,
    Use,
    Vat,
    VatPart,
)
from app.pricing.offers import Unit, assign, off_one, saved

VAT_PERCENT: Mapping[Vat, int] = {"zero": 0, "low": 9, "high": 21}
"""The Netherlands since 2019 (Wet op de omzetbelasting 1968, art. 9 and table I)."""


def price(
    lines: Sequence[Line],
    promotions: Sequence[Promotion],
    at: datetime,
    *,
    delivery_fee: Money = 0,
) -> Receipt:
    """The receipt of these lines at that time. Keys of lines must differ; their order is kept and
    changes no amount. Every unit earns at most one promotion, whichever line it is in, and they
    are chosen so that the shopper pays least. Deposits earn nothing and carry no VAT.
    """
    running = sorted(
        (promotion for promotion in promotions if runs(promotion, at)), key=lambda one: one.id
    )
    units = [
        Unit(line.unit_price, line.product_id, line.key)
        for line in lines
        for _ in range(line.quantity)
    ]
    used = assign(units, running)
    earned = [_advantage(one, used[one.id]) for one in running if one.id in used]
    advantages = [advantage for advantage in earned if advantage.amount > 0]
    shares = _shares(lines, advantages)
    subtotal = sum(share.gross for share in shares)
    discount = sum(advantage.amount for advantage in advantages)
    deposits = sum(share.deposit for share in shares)
    return Receipt(
        lines=shares,
        subtotal=subtotal,
        advantages=advantages,
        discount=discount,
        deposits=deposits,
        delivery=delivery_fee,
        total=subtotal - discount + deposits + delivery_fee,
        vat=_vat(shares, delivery_fee),
        hints=_hints(units, used, running),
    )


def runs(promotion: Promotion, at: datetime) -> bool:
    return promotion.from_at <= at and (promotion.until_at is None or at < promotion.until_at)


def _advantage(promotion: Promotion, units: Sequence[Unit]) -> Advantage:
    """A set's advantage is everybody's who is in it: each unit bears its part by its price.
    Alone, each bears what it earned, which is the same split: the parts sum to the amount."""
    pieces = Counter(unit.key for unit in units)
    keys = sorted(pieces)
    amount = saved(promotion, units)
    rule = promotion.rule
    bears: Counter[str] = Counter()
    for unit in units:
        bears[unit.key] += unit.price if isinstance(rule, NForM) else off_one(rule, unit.price)
    parts = allot(amount, [bears[key] for key in keys])
    uses = [Use(key, pieces[key], part) for key, part in zip(keys, parts, strict=True)]
    return Advantage(promotion.id, promotion.name, rule, amount, uses)


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
    # Half up, in whole numbers: gross * percent / (100 + percent).
    tax = (2 * gross * percent + 100 + percent) // (2 * (100 + percent))
    return VatPart(rate, percent, gross, gross - tax, tax)


def _hints(
    units: Sequence[Unit], used: Mapping[UUID, Sequence[Unit]], promotions: Sequence[Promotion]
) -> list[Hint]:
    """Only where the units still missing would cost nothing: two shirts of "3 for 2", not one."""
    taken = Counter(unit for promotion_units in used.values() for unit in promotion_units)
    waiting = list((Counter(units) - taken).elements())
    hints = []
    for promotion in promotions:
        rule = promotion.rule
        count = sum(unit.product_id in promotion.product_ids for unit in waiting)
        if isinstance(rule, NForM) and count % rule.take >= rule.pay:
            missing = rule.take - count % rule.take
            hints.append(Hint(promotion.id, promotion.name, missing, promotion.product_ids))
    return hints
