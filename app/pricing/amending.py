"""What an order costs when it is changed: by the offers it was sold with. Pure."""

from collections.abc import Container, Mapping, Sequence
from datetime import datetime

import msgspec

from app.money import Money
from app.pricing.models import NOBODY, Line, Offer, Receipt, Setting
from app.pricing.offers import offers_for
from app.pricing.promotion import Promotion
from app.pricing.rules import as_sold, at_offers


def amend(
    receipt: Receipt,
    quantities: Mapping[str, int],
    added: Sequence[Line],
    promotions: Sequence[Promotion],
    *,
    fee: Money,
    brought: Container[str],
    free_from: Money | None,
    at: datetime,
    setting: Setting,
) -> Receipt:
    """Lines of `receipt` in these quantities (by key, 0 takes one out), then the `added` ones.

    What stays earns the offers it was sold with, whatever became of them since; what is added earns
    those of `promotions` (the ones that ran at `at`, when the order was placed) that have no limit
    somebody else might need. Goods of `free_from` or more, after advantages, are brought for nothing:
    of `brought`, by key, since what is collected or taken along costs no way.
    """
    kept = [as_sold(share, n) for share in receipt.lines if (n := quantities[share.key])]
    known = {offer.promotion_id for offer in receipt.offers}
    free = [one for one in promotions if one.id in known or _is_unlimited(one)]
    offers = _together(receipt.offers, offers_for(added, free, (), NOBODY, setting, at))
    amended = at_offers([*kept, *added], offers, fee)
    worth = sum(share.paid for share in amended.lines if share.key in brought)
    if fee and free_from is not None and worth >= free_from:
        amended = at_offers([*kept, *added], offers, 0)
    return amended


def _is_unlimited(promotion: Promotion) -> bool:
    """Who buys is not asked here, so an advantage of their first order is one with a limit."""
    limited = promotion.most_in_total is not None or promotion.most_per_customer is not None
    return not limited and not promotion.where.first_order


def _together(sold_with: Sequence[Offer], new: Sequence[Offer]) -> list[Offer]:
    by_id = {offer.promotion_id: offer for offer in new}
    joined = [_joined(offer, by_id.pop(offer.promotion_id, None)) for offer in sold_with]
    return sorted([*joined, *by_id.values()], key=lambda offer: offer.promotion_id)


def _joined(offer: Offer, more: Offer | None) -> Offer:
    if more is None:
        return offer
    others = [
        [*mine, *theirs] for mine, theirs in zip(offer.others, more.others, strict=True)
    ] if len(offer.others) == len(more.others) else offer.others  # fmt: skip
    return msgspec.structs.replace(offer, keys=[*offer.keys, *more.keys], others=others)
