"""What may come back, what it brings, and what becomes of the goods. Pure."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from types import MappingProxyType
from uuid import UUID
from zoneinfo import ZoneInfo

from app import pricing
from app.errors import Conflict, Unprocessable
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
    Terms,
    Wanted,
)
from qr_walls import gtin

OURS: frozenset[Cause] = frozenset({"missing", "damaged", "warm", "wrong"})
UNION = frozenset({
    "AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE", "IT", "LV",
    "LT", "LU", "MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE", "IS", "LI", "NO",
})  # fmt: skip
"""And the rest of the European Economic Area."""
WITHDRAWAL_DAYS: Mapping[str, int] = {**dict.fromkeys(UNION, 14), "GB": 14, "KR": 7}
"""2011/83/EU, art. 9: from the day on which the consumer has the goods. Korea: Act on the Consumer
Protection in Electronic Commerce, art. 17 (1)."""
NO_WORKING_DAYS = timedelta(days=4)
"""A period whose last day is no working day ends with the next one (Reg. 1182/71, art. 3 (4)). No run of
holidays is longer than this; so long nobody is refused, instead of a quarrel about a calendar."""
SENT_WITHIN = timedelta(days=14)
"""2011/83/EU, art. 14 (1): after the consumer has said so."""
USUAL_DAYS = 30
PERISHABLE = "perishable"
"""2011/83/EU, art. 16 (d): goods that are liable to deteriorate."""
NEVER = frozenset({PERISHABLE, "made-to-order"})
"""Art. 16 (c) and (d). Sealed goods for hygiene (e) come back for as long as they are sealed."""

DEMO_PREFIX = "9521234"
"""GS1 keeps company prefixes under 952 for demonstrations; an operator sets their own."""

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


def was_late(order: Order) -> bool:
    """By our own books: it was there after the time that was promised."""
    return order.delivered_at is not None and order.delivered_at > order.ends_at


def units_of(came: Sequence[Came]) -> dict[int, int]:
    """How many of each line number came back."""
    together: Counter[int] = Counter()
    for one in came:
        together.update({int(line_no): units for line_no, units in one.units.items()})
    return dict(together)


def bought(order: Order, returned: Mapping[int, int], terms: Terms) -> list[Bought]:
    """The lines of an order with what is left of each."""
    return [_bought(order, line, returned, terms) for line in order.lines]


def _bought(order: Order, line: Line, returned: Mapping[int, int], terms: Terms) -> Bought:
    exception: str
    days, exception = terms.windows.get(line.line_no, (USUAL_DAYS, ""))
    if line.storage != "ambient":
        exception = PERISHABLE
    never = exception in NEVER
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
        until=None if never or not days else since(order) + timedelta(days=days),
        exception=exception,
        withdrawal_until=None if never else withdrawal_ends(order, line, terms),
    )


def withdrawal_ends(order: Order, line: Line, terms: Terms) -> datetime | None:
    """The end of the last day on which the law lets a consumer withdraw from what was sold at a
    distance; None for what was chosen over a counter, and where no such law is known."""
    days = WITHDRAWAL_DAYS.get(terms.country)
    if days is None or line.handover == "carry-out":
        return None
    zone = ZoneInfo(terms.time_zone)
    last = since(order).astimezone(zone).date() + timedelta(days=days)
    while last.weekday() >= 5:
        last += timedelta(days=1)
    return datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC)


def check(lines: Sequence[Bought], wanted: Mapping[int, int], cause: Cause, condition: Condition,
          at: datetime) -> None:  # fmt: skip
    """Raises Unprocessable for lines that are not of the order, Conflict for more than is left, or
    for what came too late: `at` is when the shopper said so."""
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
            if condition == "not-here":
                raise Conflict("What comes back has to be here.", code="not-here")
            _check_time(line, cause, condition, at)


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
    same = all(units <= asked.lines.get(no, 0) for no, units in wanted.lines.items())
    if not same or (wanted.cause != "withdrawal" and now >= asked.asked_at + SENT_WITHIN):
        return now
    return asked.asked_at


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
    delivery = order.sums.delivery if _all_of_it(order, wanted, cause, earlier) else 0
    amount = min(brought.before + brought.amount - so_far + delivery, left)
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
        delivery=delivery,
    )  # fmt: skip


def _all_of_it(
    order: Order, wanted: Mapping[int, int], cause: Cause, earlier: Sequence[Came]
) -> bool:
    """Whether the shopper withdraws from all of it: then what bringing it cost goes back as well
    (2011/83/EU, art. 13 (1))."""
    causes = {cause, *(one.cause for one in earlier)}
    if "withdrawal" not in causes or "changed-mind" in causes:
        return False
    back = units_of(earlier)
    return all(
        back.get(line.line_no, 0) + wanted.get(line.line_no, 0) >= line.delivered_quantity
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


def sscc(serial: int) -> str:
    """18 digits: extension digit, company prefix, serial, check digit (GS1 General Specifications
    2.2 and 7.9)."""
    extension, rest = divmod(serial, 10**9)
    body = f"{extension % 10}{DEMO_PREFIX}{rest:09}"
    return body + gtin.check_digit(body)
