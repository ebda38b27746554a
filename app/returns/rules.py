"""What may come back, what it brings, and what becomes of the goods. Pure."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from uuid import UUID

from app import pricing
from app.errors import Conflict
from app.money import Money, allot
from app.orders.models import Line, Order
from app.orders.rules import CROCKFORD
from app.pricing.models import Receipt
from app.returns.models import (
    Bought,
    Came,
    Cause,
    Condition,
    Disposition,
    Offer,
    Request,
    Share,
    Wanted,
)
from app.returns.pieces import NEVER, by_line, units_of

OURS: frozenset[Cause] = frozenset({"missing", "damaged", "warm", "wrong"})
NO_WORKING_DAYS = timedelta(days=4)
"""A period whose last day is no working day ends with the next one (Reg. 1182/71, art. 3 (4)). No run of
holidays is longer than this; so long nobody is refused, instead of a quarrel about a calendar."""
SENT_WITHIN = timedelta(days=14)
"""2011/83/EU, art. 14 (1): after the consumer has said so."""

CLAIMED_SHARE = 2
"""A shopper's own word is enough for up to one half of an order."""
CLAIMS_IN_A_SEASON = 3
"""And so often within 90 days; then a person looks, which is no accusation."""
GOODWILL_SHARE = 4
"""An agent may give a quarter of an order, a supervisor all of it."""

OVER = frozenset({"delivered", "part_delivered", "cancelled"})
"""Nothing more of such an order will be handed over."""

PRICED_AS: Mapping[Cause, str] = {
    "changed-mind": "changed-mind",
    "withdrawal": "changed-mind",
    "missing": "missing",
    "damaged": "damaged",
    "warm": "damaged",
    "wrong": "damaged",
}


def was_late(order: Order) -> bool:
    """By our own books: it was there after the time that was promised."""
    return order.delivered_at is not None and order.delivered_at > order.ends_at


def check(lines: Sequence[Bought], units: Mapping[str, int], cause: Cause, condition: Condition,
          at: datetime) -> None:  # fmt: skip
    """Raises Conflict for what may not come back, or comes too late: `at` is when the shopper said
    so. `units` are `found` among the lines."""
    if cause in OURS:
        return
    if condition == "not-here":
        raise Conflict("What comes back has to be here.", code="not-here")
    for line in lines:
        if line.key in units:
            _check_time(line, cause, condition, at)


def _check_time(line: Bought, cause: Cause, condition: Condition, at: datetime) -> None:
    if line.exception in NEVER:
        raise Conflict(
            "{name} cannot come back once it was handed over, unless something is wrong with it.",
            code="no-return",
            state={"line": line.line_no, "exception": line.exception},
            name=line.name,
        )
    if line.exception == "hygiene" and condition != "as-new":
        raise Conflict(
            "{name} can only come back while it is sealed.", code="not-sealed", name=line.name
        )
    ends = line.until
    if cause == "withdrawal":
        ends = line.withdrawal_until + NO_WORKING_DAYS if line.withdrawal_until else None
    if ends is None or at >= ends:
        raise Conflict(
            "The time in which {name} may come back is over.", code="too-late", name=line.name
        )


def said_at(asked: Request | None, wanted: Wanted, now: datetime) -> datetime:
    """When the shopper said so: with the request that is settled, if it was for the same, and the goods
    came soon after it."""
    if asked is None or asked.state != "open" or asked.cause != wanted.cause:
        return now
    told = by_line(asked.lines)
    same = all(units <= told.get(no, 0) for no, units in by_line(wanted.lines).items())
    if not same or (wanted.cause != "withdrawal" and now >= asked.asked_at + SENT_WITHIN):
        return now
    return asked.asked_at


def offer(
    order: Order,
    receipt: Receipt,
    lines: Sequence[Bought],
    units: Mapping[str, int],
    cause: Cause,
    earlier: Sequence[Came],
    so_far: Money,
    left: Money,
    unwanted: Mapping[int, int] = MappingProxyType({}),
) -> Offer:
    """What it brings: what all that came back is worth, less what went back before. What was not
    handed over in the end came back too, as the shop's own fault, but for what the shopper did not
    take at the door (`unwanted`, by line); what is still on its way is kept. What cost less than its
    line in the end, as it came instead or was lighter, is worth that much less.
    `units` are `found` among the `lines`. `left` is what was paid and did not go back for whatever
    reason: never more than that."""
    keys = {line.line_no: share.key for line, share in zip(order.lines, receipt.lines, strict=True)}
    over = order.state in OVER
    back = _not_handed_over(order, keys, unwanted) if over and any(map(_short, order.lines)) else []
    back += [_return(keys, one.units, one.cause) for one in earlier]
    returned = _return(keys, units, cause)
    by_law = cause == "withdrawal" or any(one.cause == "withdrawal" for one in earlier)
    brought = pricing.refund(receipt, returned, earlier=back, at_least_the_share=by_law)
    kept_cheaper = sum(one.less * (one.left - units.get(one.key, 0)) for one in lines)
    if not over:  # then what went back for it is not in `so_far` yet
        so_far += sum(one.less * one.delivered for one in lines)
    delivery = order.sums.delivery if _all_of_it(order, units, cause, earlier) else 0
    owed = max(0, brought.before + brought.amount + kept_cheaper - so_far + delivery)
    amount = max(0, min(owed, left))
    shares = _shares(order, lines, units, units_of(earlier), over=over)
    by_share = by_law or cause in OURS
    return Offer(
        amount=amount,
        currency=order.currency,
        paid=receipt.total,
        kept_costs=max(0, brought.kept_costs - kept_cheaper),
        so_far=so_far + owed - amount,
        by_share=by_share,
        shares=shares,
        lost=_lost(receipt, back, returned),
        delivery=delivery,
        settled_before=sum(one.paid for one in shares) + delivery - amount if by_share else 0,
    )


def nothing_is_kept(order: Order, pieces: Sequence[tuple[Bought, int]]) -> bool:
    """Whether with so many of each all that was handed over is back, and nothing more will be."""
    return order.state in OVER and all(one.left == units for one, units in pieces)


def _all_of_it(
    order: Order, units: Mapping[str, int], cause: Cause, earlier: Sequence[Came]
) -> bool:
    """Whether the shopper withdraws from all of it: then what bringing it cost goes back as well
    (2011/83/EU, art. 13 (1))."""
    causes = {cause, *(one.cause for one in earlier)}
    if "withdrawal" not in causes or "changed-mind" in causes:
        return False
    back, coming = by_line(units_of(earlier)), by_line(units)
    return all(
        back.get(line.line_no, 0) + coming.get(line.line_no, 0) >= line.delivered_quantity
        for line in order.lines
    )


def _short(line: Line) -> int:
    return line.quantity - line.delivered_quantity


def _not_handed_over(
    order: Order, keys: Mapping[int, str], unwanted: Mapping[int, int]
) -> list[pricing.Return]:
    short = {keys[line.line_no]: _short(line) - unwanted.get(line.line_no, 0)
             for line in order.lines if _short(line) > unwanted.get(line.line_no, 0)}  # fmt: skip
    own = {keys[line_no]: units for line_no, units in unwanted.items()}
    found = [pricing.Return(short, "short")] if short else []
    return [*found, pricing.Return(own, "changed-mind")] if own else found


def _return(keys: Mapping[int, str], units: Mapping[str, int], cause: Cause) -> pricing.Return:
    together = {keys[line_no]: n for line_no, n in by_line(units).items()}
    return pricing.Return(together, PRICED_AS[cause])  # type: ignore[arg-type]


def _shares(
    order: Order,
    pieces: Sequence[Bought],
    units: Mapping[str, int],
    earlier: Mapping[str, int],
    *,
    over: bool,
) -> list[Share]:
    """What was paid for each. The cents that do not divide are of the first units of a line: those that
    were not handed over, then those that came as something else, then what comes back first."""
    lines = {line.line_no: line for line in order.lines}
    found = []
    for piece in pieces:
        if n := units.get(piece.key, 0):
            line = lines[piece.line_no]
            first = line.quantity - piece.quantity + earlier.get(piece.key, 0)
            found.append(_share_of(line, piece, first + (_short(line) if over else 0), n))
    return found


def _share_of(line: Line, piece: Bought, first: int, units: int) -> Share:
    if piece.instead_of:
        paid = piece.paid // piece.delivered * units
        return Share(line.line_no, piece.name, units, paid, paid)
    deposit = line.deposit // line.quantity * units
    paid = sum(allot(line.paid, [1] * line.quantity)[first : first + units]) + deposit
    return Share(
        line.line_no, line.name, units, line.unit_price * units + deposit, paid - piece.less * units
    )


def _lost(
    receipt: Receipt, back: Sequence[pricing.Return], returned: pricing.Return
) -> list[Mapping[str, str]]:
    """Advantages some of whose units go back: what is kept is priced without them, or anew."""
    gone = set(returned.units) if returned.cause == "changed-mind" else set()
    return [
        advantage.name
        for advantage in receipt.advantages
        if any(use.key in gone for use in advantage.uses)
    ]


def disposition(
    storage: str, condition: Condition, cause: Cause, handed_in: bool, *, at_the_door: bool = False
) -> Disposition:
    """What becomes of it. Food that was out of the cold chain is never sold again (852/2004/EC,
    annex II, ch. IX); what a driver takes along is looked at where the van comes from."""
    if not handed_in or cause == "missing" or condition == "not-here":
        return "kept"
    if storage != "ambient" or condition == "broken":
        return "waste"
    if at_the_door:
        return "quarantine"
    if cause == "wrong" or condition == "as-new":
        return "restock" if condition == "as-new" else "quarantine"
    return "mark-down" if cause in ("changed-mind", "withdrawal") else "quarantine"


def check_said(found: Offer, said: Money | None) -> None:
    """Told afterwards, goods in the van. `said` is the sum the shopper heard at the door, None where
    nobody could say one there. Raises Conflict when they would get less than they may expect."""
    if said is not None and found.amount < said:
        raise Conflict(
            "Less would go back by now than was said at the door. Somebody has to look at it.",
            code="less-than-said",
        )
    if said is None and found.amount < sum(share.paid for share in found.shares):
        raise Conflict(
            "Less goes back than was paid for it, and the customer has to hear why first.",
            code="has-to-be-said",
        )


def word_is_enough(amount: Money, claimed: Money, total: Money, claims_before: int) -> bool:
    """Whether the money goes back at once, on the shopper's own word."""
    small = (claimed + amount) * CLAIMED_SHARE <= total or not amount
    return small and claims_before < CLAIMS_IN_A_SEASON


def most_goodwill(total: Money, *, supervisor: bool) -> Money:
    return total if supervisor else total // GOODWILL_SHARE


def place_among(ranks: Sequence[int], rank: int) -> int:
    """Before which of the doors, whose places in the tour these are in the order they are visited: behind
    the last that comes before it, as somebody may have changed the order since."""
    return max((at for at, one in enumerate(ranks, start=1) if one < rank), default=0)


def code_of(request_id: UUID, attempt: int = 0) -> str:
    """Eight letters to scan, or to say; nobody gets money by guessing them: they only open the order
    at a desk."""
    digest = hashlib.sha256(b"return" + request_id.bytes + attempt.to_bytes(2, "big")).digest()
    return "".join(CROCKFORD[byte % 32] for byte in digest[:8])


def as_typed(code: str) -> str:
    """With letters that are often misread put right."""
    return code.translate(str.maketrans("ILO", "110"))
