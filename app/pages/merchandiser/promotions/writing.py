"""A promotion put back onto its form, and told in one sentence."""

from collections.abc import Mapping
from decimal import Decimal
from typing import assert_never
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from babel.numbers import get_currency_precision

from app.languages import translate, translate_number
from app.money import Money, show
from app.pricing import (
    AmountOff,
    Bundle,
    BuyGet,
    FreeDelivery,
    Gift,
    MemberPrice,
    MixAndMatch,
    NForM,
    NthOff,
    PercentOff,
    Promotion,
    Rule,
    Tiered,
)


def written(
    promotion: Promotion, currency: str, zone: ZoneInfo, numbers: Mapping[UUID, str]
) -> dict[str, str]:
    """What the fields hold, as somebody would have written it."""
    where, fields = promotion.where, _of_rule(promotion.rule, currency, numbers)
    fields |= {f"name_{language}": name for language, name in promotion.name.items()}
    fields["numbers"] = _numbers(promotion.product_ids, numbers)
    fields["from_at"] = _moment(promotion.from_at.astimezone(zone).replace(tzinfo=None))
    if promotion.until_at:
        fields["until_at"] = _moment(promotion.until_at.astimezone(zone).replace(tzinfo=None))
    fields["brands"] = ", ".join(sorted(where.brands))
    fields["walls"] = ", ".join(sorted(where.walls))
    fields["groups"] = ", ".join(sorted(where.groups))
    for prefix, ticked in (
        ("category_", where.categories), ("channel_", where.channels),
        ("handover_", where.handovers), ("weekday_", where.weekdays),
        ("exclude_", promotion.excludes), ("place_", where.places),
    ):  # fmt: skip
        fields |= {f"{prefix}{one}": "on" for one in ticked}
    for name, hour in (("from_time", where.from_time), ("until_time", where.until_time)):
        fields[name] = f"{hour:%H:%M}" if hour else ""
    if where.minimum_amount:
        fields["minimum_amount"] = _amount(where.minimum_amount, currency)
    counts = {
        "minimum_quantity": where.minimum_quantity or None,
        "most_per_order": promotion.most_per_order,
        "most_per_customer": promotion.most_per_customer,
        "most_in_total": promotion.most_in_total,
    }
    fields |= {name: str(count) for name, count in counts.items() if count}
    fields["lane"] = str(promotion.lane)
    ticks = {"alone": promotion.alone, "first_order": where.first_order, "coupon": where.coupon}
    return fields | {name: "on" for name, ticked in ticks.items() if ticked}


def in_words(promotion: Promotion, language: str, currency: str) -> str:
    """What it gives, on what and from when, e.g. `3 for 2 on 6 products`."""
    words = _gives_on(promotion, language, currency)
    if promotion.where.minimum_amount:
        least = show(promotion.where.minimum_amount, currency, language)
        return translate(language, "{offer}, from {amount}", offer=words, amount=least)
    return words


def _gives_on(promotion: Promotion, language: str, currency: str) -> str:
    if isinstance(promotion.rule, Bundle | FreeDelivery):
        return _gives(promotion.rule, language, currency)
    what = promotion.where.categories or promotion.where.brands
    if promotion.product_ids:
        on = translate_number(
            language, "on {n} product", "on {n} products", len(promotion.product_ids)
        )
    elif what:
        on = translate(language, "on {what}", what=", ".join(sorted(what)))
    else:
        on = translate(language, "on everything")
    gives = _gives(promotion.rule, language, currency)
    return translate(language, "{gives} {on}", gives=gives, on=on)


def _gives(rule: Rule, language: str, currency: str) -> str:  # noqa: C901
    def say(sentence: str, **values: object) -> str:
        return translate(language, sentence, **values)

    match rule:
        case NForM(take=take, pay=pay):
            return say("{take} for {pay}", take=take, pay=pay)
        case PercentOff(percent=percent):
            return say("{percent}% off", percent=percent)
        case AmountOff(amount=amount):
            return say("{amount} off", amount=show(amount, currency, language))
        case NthOff(nth=2, percent=percent):
            return say("{percent}% off every second one", percent=percent)
        case NthOff(nth=3, percent=percent):
            return say("{percent}% off every third one", percent=percent)
        case NthOff(nth=nth, percent=percent):
            return say("{percent}% off every {nth}th", nth=nth, percent=percent)
        case BuyGet(buy=buy, get=get, percent=percent):
            return say(
                "buy {buy}, get {get} with {percent}% off", buy=buy, get=get, percent=percent
            )
        case MixAndMatch(take=take, price=price):
            return say("any {take} for {price}", take=take, price=show(price, currency, language))
        case Bundle(parts=parts, price=price):
            return say(
                "{parts} parts together for {price}",
                parts=len(parts),
                price=show(price, currency, language),
            )
        case Tiered(steps=steps):
            return say("up to {percent}% off, the more the more", percent=steps[-1].percent)
        case Gift(units=units):
            return say("{units} for nothing", units=units)
        case FreeDelivery():
            return say("Free delivery")
        case MemberPrice(price=price):
            return say("{price} each for members", price=show(price, currency, language))
        case _:
            assert_never(rule)


def _of_rule(rule: Rule, currency: str, numbers: Mapping[UUID, str]) -> dict[str, str]:
    plain = msgspec.to_builtins(rule)
    fields = {name: str(value) for name, value in plain.items() if isinstance(value, int | str)}
    fields["kind"] = fields.pop("type")
    match rule:
        case AmountOff(amount=amount):
            fields["amount"] = _amount(amount, currency)
        case MixAndMatch(price=price) | MemberPrice(price=price):
            fields["price"] = _amount(price, currency)
        case BuyGet(gets=gets):
            fields["gets"] = _numbers(gets, numbers)
        case Gift(product_id=product_id):
            fields["gift"] = _numbers([product_id], numbers)
        case Bundle(parts=parts, price=price):
            fields["price"] = _amount(price, currency)
            fields["parts"] = "\n".join(
                f"{part.quantity} x {_numbers(part.product_ids, numbers, ' ')}" for part in parts
            )
        case Tiered(by=by, steps=steps):
            fields["steps"] = "\n".join(
                f"{_amount(step.start, currency) if by == 'amount' else step.start}: {step.percent}"
                for step in steps
            )
    return fields


def _numbers(
    ids: "frozenset[UUID] | list[UUID]", numbers: Mapping[UUID, str], by: str = "\n"
) -> str:
    return by.join(sorted(numbers[id] for id in ids if id in numbers))


def _moment(at: object) -> str:
    return f"{at:%Y-%m-%dT%H:%M}"


def _amount(amount: Money, currency: str) -> str:
    return str(Decimal(amount).scaleb(-get_currency_precision(currency)))
