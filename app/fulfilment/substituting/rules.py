"""What would do instead, in which order, for how much, and what silence means. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from app.errors import Conflict
from app.fulfilment.substituting.models import Candidate, Proposal, Wanted
from app.money import Money
from app.orders.models import Line, Wish

MOST_PROPOSALS = 4
TO_ANSWER = timedelta(minutes=5)
AT_LEAST = timedelta(minutes=2)
HELD_LONGER = timedelta(minutes=30)
"""Than the answer may take: a worker that is late finds the goods still held."""


def comes_if_silent(wish: Wish) -> bool:
    """Who wants to be asked and does not answer gets nothing instead."""
    return wish in ("similar", "same-brand")


def answer_by(now: datetime, pick_by: datetime) -> datetime:
    """Five minutes; less when the van is near, but never so little that nobody can answer."""
    return now + max(AT_LEAST, min(TO_ANSWER, pick_by - now))


def unit_share(line: Line) -> Money:
    """What was paid for each one at the least, with its deposit: cents that do not divide are left
    to the shop."""
    return line.paid // line.quantity + line.deposit // line.quantity


def charged(price: Money, share: Money, quantity: int) -> Money:
    """For all: never more than what was paid for what they replace."""
    return min(price, share) * quantity


def check(wanted: Wanted, offered: Candidate, quantity: int) -> None:
    """Raises Conflict for what may not be offered for this line."""
    if wanted.wish == "leave-out":
        raise Conflict("This shopper wants nothing else instead.", code="nothing-instead")
    if offered.product_id == wanted.product_id:
        raise Conflict("That is what was ordered: scan it as picked.", code="same-item")
    if wanted.wish == "same-brand" and not _same_brand(wanted, offered):
        raise Conflict(
            "This shopper wants something of the same brand: {brand}.",
            code="other-brand",
            brand=wanted.brand or wanted.name,
        )
    if (offered.age_limit or 0) > (wanted.age_limit or 0):
        raise Conflict("This is only for {age} and older.", code="too-old", age=offered.age_limit)
    if offered.currency != wanted.currency or offered.available < quantity:
        raise Conflict(
            "Too few of these are free to sell: others have ordered them. Offer something else.",
            code="not-free",
            state={"available": max(0, offered.available)},
        )


def propose(wanted: Wanted, candidates: Sequence[Candidate], quantity: int) -> list[Proposal]:
    """The best few of the same category, or none: of the same brand first, then what is nearest in size
    and in price; what costs the shop something comes after what does not."""
    fitting = [one for one in candidates if _fits(wanted, one, quantity)]
    fitting.sort(key=lambda one: _distance(wanted, one))
    return [_proposal(wanted, one) for one in fitting[:MOST_PROPOSALS]]


def _fits(wanted: Wanted, offered: Candidate, quantity: int) -> bool:
    try:
        check(wanted, offered, quantity)
    except Conflict:
        return False
    return offered.storage == wanted.storage and offered.category == wanted.category


def _distance(wanted: Wanted, one: Candidate) -> tuple[bool, bool, float, int, str]:
    dearer = one.price > wanted.unit_share
    far = abs(one.price - wanted.unit_share) / max(1, wanted.unit_share)
    size = 1.0
    if one.content_unit == wanted.content_unit:
        larger = max(one.content_quantity, wanted.content_quantity)
        size = 1 - min(one.content_quantity, wanted.content_quantity) / larger
    return (
        not _same_brand(wanted, one),
        dearer,
        size + far,
        -one.popularity,
        one.gtin,
    )


def _same_brand(wanted: Wanted, one: Candidate) -> bool:
    return bool(wanted.brand) and one.brand.casefold() == wanted.brand.casefold()


def _proposal(wanted: Wanted, one: Candidate) -> Proposal:
    return Proposal(
        product_id=one.product_id,
        gtin=one.gtin,
        name=one.name,
        picture=one.picture,
        price=one.price,
        charged=charged(one.price, wanted.unit_share, 1),
        same_brand=_same_brand(wanted, one),
        available=one.available,
    )
