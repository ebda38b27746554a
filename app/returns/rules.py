"""What may come back, what it brings, and what becomes of the goods. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

from app import pricing
from app.errors import Conflict, Unprocessable
from app.money import Money, allot
from app.orders.models import Line, Order
from app.pricing.models import Receipt
from app.returns.models import Bought, Came, Cause, Condition, Disposition, Offer, Share

OURS: frozenset[Cause] = frozenset({"missing", "damaged", "warm", "wrong"})
WITHDRAWAL = timedelta(days=14)
"""2011/83/EU, art. 9: from the day on which the consumer has the goods."""
USUAL_DAYS = 30
PERISHABLE = "perishable"
"""2011/83/EU, art. 16 (d): goods that are liable to deteriorate."""

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


def since(order: Order) -> datetime:
    """From when on the days of a return count."""
    return order.delivered_at or order.confirmed_at or order.placed_at


def units_of(came: Sequence[Came]) -> dict[int, int]:
    """How many of each line number came back."""
    together: Counter[int] = Counter()
    for one in came:
        together.update({int(line_no): units for line_no, units in one.units.items()})
    return dict(together)


def bought(
    order: Order, returned: Mapping[int, int], windows: Mapping[int, tuple[int, str]]
) -> list[Bought]:
    """The lines of an order with what is left of each; `windows` says for a line number how many
    days its class of product has, and the exception it falls under."""
    return [_bought(order, line, returned, windows) for line in order.lines]


def _bought(
    order: Order,
    line: Line,
    returned: Mapping[int, int],
    windows: Mapping[int, tuple[int, str]],
) -> Bought:
    days, exception = windows.get(line.line_no, (USUAL_DAYS, ""))
    if line.storage != "ambient":
        exception = PERISHABLE
    until = None if exception or not days else since(order) + timedelta(days=days)
    return Bought(
        line_no=line.line_no,
        product_id=line.product_id,
        name=line.name,
        picture=line.picture,
        storage=line.storage,
        quantity=line.quantity,
        delivered=line.delivered_quantity,
        left=line.delivered_quantity - returned.get(line.line_no, 0),
        paid=line.paid,
        until=until,
        exception=exception,
    )


def check(lines: Sequence[Bought], wanted: Mapping[int, int], cause: Cause, order: Order,
          now: datetime) -> None:  # fmt: skip
    """Raises Unprocessable for lines that are not of the order, Conflict for more than is left, or
    for what came too late."""
    by_number = {line.line_no: line for line in lines}
    if not wanted:
        raise Unprocessable("Choose what it is about.", code="nothing-chosen")
    for line_no, units in wanted.items():
        line = by_number.get(line_no)
        if line is None:
            raise Unprocessable("This order has no such line.", code="no-such-line")
        if units > line.left:
            raise _more_than_left(line)
        if cause not in OURS:
            _check_time(line, cause, order, now)


def _more_than_left(line: Bought) -> Conflict:
    if not line.delivered:
        return Conflict(
            "{name} has not been handed over yet.", code="not-delivered", name=line.name
        )
    return Conflict(
        "Of {name} only {left} can still come back.",
        code="more-than-left",
        state={"line": line.line_no, "left": line.left},
        name=line.name,
        left=line.left,
    )


def _check_time(line: Bought, cause: Cause, order: Order, now: datetime) -> None:
    if line.exception:
        raise Conflict(
            "{name} cannot come back once it was handed over, unless something is wrong with it.",
            code="no-return",
            state={"line": line.line_no, "exception": line.exception},
            name=line.name,
        )
    ends = since(order) + WITHDRAWAL if cause == "withdrawal" else line.until
    if ends is None or now >= ends:
        raise Conflict(
            "The time in which {name} may come back is over.", code="too-late", name=line.name
        )


def offer(
    order: Order,
    receipt: Receipt,
    wanted: Mapping[int, int],
    cause: Cause,
    earlier: Sequence[Came],
    so_far: Money,
    left: Money,
    unwanted: Mapping[int, int] = MappingProxyType({}),
) -> Offer:
    """What it brings: what all that came back is worth, less what went back before. What was not
    handed over in the end came back too, as the shop's own fault, but for what the shopper did not
    take at the door (`unwanted`, by line); what is still on its way is kept.
    `left` is what was paid and did not go back for whatever reason: never more than that."""
    keys = {line.line_no: share.key for line, share in zip(order.lines, receipt.lines, strict=True)}
    over = order.state in OVER and any(_short(line) for line in order.lines)
    back = _not_handed_over(order, keys, unwanted) if over else []
    back += [_return(keys, one.units, one.cause) for one in earlier]
    returned = _return(keys, {str(no): n for no, n in wanted.items()}, cause)
    by_law = cause == "withdrawal" or any(one.cause == "withdrawal" for one in earlier)
    brought = pricing.refund(receipt, returned, earlier=back, at_least_the_share=by_law)
    amount = min(brought.before + brought.amount - so_far, left)
    return Offer(
        amount=max(0, amount),
        currency=order.currency,
        paid=receipt.total,
        kept_costs=brought.kept_costs,
        so_far=so_far,
        by_share=by_law or cause in OURS,
        shares=[_share_of(line, wanted[line.line_no]) for line in order.lines
                if line.line_no in wanted],
        lost=_lost(receipt, back, returned),
    )  # fmt: skip


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
    together: Counter[str] = Counter()
    for line_no, n in units.items():
        together[keys[int(line_no)]] += n
    return pricing.Return(dict(together), PRICED_AS[cause])  # type: ignore[arg-type]


def _share_of(line: Line, units: int) -> Share:
    """The cents that do not divide are of the first units."""
    paid = sum(allot(line.paid, [1] * line.quantity)[:units])
    deposit = line.deposit // line.quantity * units
    return Share(line.line_no, line.name, units, line.unit_price * units + deposit, paid + deposit)


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


def disposition(storage: str, condition: Condition, cause: Cause, handed_in: bool) -> Disposition:
    """What becomes of it. Food that was out of the cold chain is never sold again (852/2004/EC,
    annex II, ch. IX)."""
    if not handed_in or cause == "missing":
        return "kept"
    if storage != "ambient" or condition == "broken":
        return "waste"
    if cause == "wrong" or condition == "as-new":
        return "restock" if condition == "as-new" else "quarantine"
    return "mark-down" if cause in ("changed-mind", "withdrawal") else "quarantine"


def word_is_enough(amount: Money, claimed: Money, total: Money, claims_before: int) -> bool:
    """Whether the money goes back at once, on the shopper's own word."""
    small = (claimed + amount) * CLAIMED_SHARE <= total or not amount
    return small and claims_before < CLAIMS_IN_A_SEASON


def most_goodwill(total: Money, *, supervisor: bool) -> Money:
    return total if supervisor else total // GOODWILL_SHARE
