"""What goes back to the shopper for what comes back to the shop. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence

from app.errors import Unprocessable
from app.money import Money, allot
from app.pricing.models import Receipt, Refund, Return, Share, Tender, TenderPart
from app.pricing.rules import as_sold, at_offers


def refund(
    receipt: Receipt,
    returned: Return,
    *,
    earlier: Sequence[Return] = (),
    tenders: Sequence[Tender] = (),
    at_least_the_share: bool = False,
) -> Refund:
    """What this return brings after the earlier ones.

    For the shopper's own reasons: what was paid, less the best price of what is kept under the
    offers of the time, delivery included. Where the shop failed: at least what was paid for the
    unit, and nothing is taken back, as if it were still there. `at_least_the_share`: the right of
    withdrawal (2011/83/EU, art. 13), by which a unit brings its share in any case. When all is back,
    in any order and for any causes, it comes to exactly what was paid.

    `tenders` get it in their order, none more than it paid; without them it is not split. Raises
    Unprocessable for more than was bought.
    """
    owed_before = before = 0
    for n in range(len(earlier)):
        owed_before = _owed(receipt, earlier[: n + 1], at_least_the_share)[0]
        before = max(before, owed_before)
    owed, kept_costs, shares = _owed(receipt, [*earlier, returned], at_least_the_share)
    amount = max(0, owed - before)
    if tenders:
        left = sum(tender.paid - tender.refunded for tender in tenders)
        amount = min(amount, left)
    return Refund(amount, _split(amount, tenders), receipt.total, kept_costs, shares, before)


def _owed(
    receipt: Receipt, returns: Sequence[Return], at_least_the_share: bool
) -> tuple[Money, Money, Money]:
    """For all that came back: what is owed, what the kept ones cost, the paid shares of the rest."""
    own = _together(returns, ours=False)
    failed = _together(returns, ours=True)
    kept = {
        share.key: share.quantity - own[share.key] - failed[share.key] for share in receipt.lines
    }
    known = own.keys() | failed.keys() <= kept.keys()
    if not known or min(kept.values(), default=0) < 0:
        raise Unprocessable("More comes back than was bought.")
    if any(units < 1 for one in returns for units in one.units.values()):
        raise Unprocessable("Of everything that comes back there is at least one.")
    costs = _best_price(receipt, kept)
    of_failed = sum(_share(line, failed[line.key]) for line in receipt.lines)
    of_all = sum(_share(line, line.quantity - kept[line.key]) for line in receipt.lines)
    as_if_there = _best_price(receipt, {key: n + failed[key] for key, n in kept.items()})
    mind_changed = min(of_all - of_failed, max(0, receipt.total - as_if_there))
    owed = max(receipt.total - costs, of_failed + mind_changed)
    if at_least_the_share:
        owed = max(owed, of_all)
    return max(0, owed), costs, of_all


def _together(returns: Sequence[Return], *, ours: bool) -> Counter[str]:
    units: Counter[str] = Counter()
    for one in returns:
        if (one.cause != "changed-mind") == ours:
            units.update(one.units)
    return units


def _best_price(receipt: Receipt, kept: Mapping[str, int]) -> Money:
    """Nothing kept costs nothing, its delivery included."""
    lines = [as_sold(share, kept[share.key]) for share in receipt.lines if kept[share.key]]
    return at_offers(lines, receipt.offers, receipt.fee).total if lines else 0


def _share(line: Share, units: int) -> Money:
    """What was paid for so many units of a line: the shares of all of them sum to what it cost."""
    each = allot(line.paid, [1] * line.quantity)
    return sum(each[:units]) + line.deposit // line.quantity * units


def _split(amount: Money, tenders: Sequence[Tender]) -> list[TenderPart]:
    parts = []
    for tender in tenders:
        part = min(amount, tender.paid - tender.refunded)
        if part > 0:
            parts.append(TenderPart(tender.id, part))
            amount -= part
    return parts
