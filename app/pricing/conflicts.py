"""What a merchandiser should know of promotions that run together. Pure."""

from collections.abc import Collection, Sequence
from uuid import UUID

import msgspec

from app.pricing.promotion import BuyGet, FreeDelivery, Gift, Promotion, amounts_in


class Meeting(msgspec.Struct, frozen=True):
    """Two that run at the same time for the same goods in one lane: each unit earns the better.
    `products`: on how many they meet; None where one is for everything its conditions leave."""

    one: UUID
    other: UUID
    products: int | None
    excluded: bool
    """They say themselves that they do not go together."""


def meetings(promotions: Sequence[Promotion]) -> list[Meeting]:
    found = []
    for place, one in enumerate(promotions):
        for other in promotions[place + 1 :]:
            excluded = one.id in other.excludes or other.id in one.excludes
            if _together(one, other) and (one.lane == other.lane or excluded):
                shared = _shared(one, other)
                if shared != 0:
                    found.append(Meeting(one.id, other.id, shared, excluded))
    return found


def products_of(promotion: Promotion) -> frozenset[UUID]:
    """All products it names."""
    match promotion.rule:
        case Gift(product_id=product_id):
            return promotion.product_ids | {product_id}
        case BuyGet(gets=gets):
            return promotion.product_ids | gets
        case _:
            return promotion.product_ids


def faults(promotion: Promotion, known: Collection[UUID], currency: str) -> list[str]:
    """Why it gives nothing, or less than it seems, as English sentences to translate."""
    said = []
    if products_of(promotion) - set(known):
        said.append(N_("It names products that are not in the catalogue any more."))
    if amounts_in(promotion) and promotion.currency not in ("", currency):
        said.append(N_("Its amounts are of another currency than the shop's, so it gives nothing."))
    return said


def N_(sentence: str) -> str:
    """Marks a sentence for the catalogues."""
    return sentence


def _together(one: Promotion, other: Promotion) -> bool:
    if isinstance(one.rule, FreeDelivery) or isinstance(other.rule, FreeDelivery):
        return other.id in one.excludes or one.id in other.excludes
    return (one.until_at is None or one.until_at > other.from_at) and (
        other.until_at is None or other.until_at > one.from_at
    )


def _shared(one: Promotion, other: Promotion) -> int | None:
    if not one.product_ids or not other.product_ids:
        return None
    return len(one.product_ids & other.product_ids)
