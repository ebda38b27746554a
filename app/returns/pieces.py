"""What was handed over for the lines of an order, as a return sees it: as it was ordered, or something
else; how much of each is left, and until when it may come back. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.errors import Conflict, Unprocessable
from app.orders.models import Line, Order
from app.returns.models import Bought, Came, Terms

UNION = frozenset({
    "AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE", "IT", "LV",
    "LT", "LU", "MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE", "IS", "LI", "NO",
})  # fmt: skip
"""And the rest of the European Economic Area."""
WITHDRAWAL_DAYS: Mapping[str, int] = {**dict.fromkeys(UNION, 14), "GB": 14, "KR": 7}
"""2011/83/EU, art. 9: from the day on which the consumer has the goods. Korea: Act on the Consumer
Protection in Electronic Commerce, art. 17 (1)."""
USUAL_DAYS = 30
PERISHABLE = "perishable"
"""2011/83/EU, art. 16 (d): goods that are liable to deteriorate."""
NEVER = frozenset({PERISHABLE, "made-to-order"})
"""Art. 16 (c) and (d). Sealed goods for hygiene (e) come back for as long as they are sealed."""


def since(order: Order) -> datetime:
    """From when on the days of a return count."""
    return order.delivered_at or order.confirmed_at or order.placed_at


def line_of(key: str) -> int:
    """The number of the line a `Bought.key` is of."""
    return int(key.partition("-")[0])


def by_line(units: Mapping[str, int]) -> dict[int, int]:
    """How many of each line number, whatever was handed over for it."""
    together: Counter[int] = Counter()
    for key, n in units.items():
        together[line_of(key)] += n
    return dict(together)


def units_of(came: Sequence[Came]) -> dict[str, int]:
    """How many of each came back, by `Bought.key`."""
    together: Counter[str] = Counter()
    for one in came:
        together.update(one.units)
    return dict(together)


def bought(order: Order, returned: Mapping[str, int], terms: Terms) -> list[Bought]:
    """What was handed over for the lines of an order, with what is left of each: first as it was
    ordered, then what came instead."""
    return [piece for line in order.lines for piece in _pieces(order, line, returned, terms)]


def _pieces(
    order: Order, line: Line, returned: Mapping[str, int], terms: Terms
) -> Iterator[Bought]:
    others = [one for one in terms.others if one.line_no == line.line_no]
    instead = [one for one in others if one.product_id != line.product_id]
    as_ordered = line.delivered_quantity - sum(one.delivered for one in instead)
    share = line.paid // line.quantity + line.deposit // line.quantity
    if as_ordered or not instead:
        lighter = next((one for one in others if one.product_id == line.product_id), None)
        yield Bought(
            key=str(line.line_no),
            line_no=line.line_no,
            gtin=line.gtin,
            name=line.name,
            picture=line.picture,
            storage=line.storage,
            quantity=line.quantity - sum(one.delivered for one in instead),
            delivered=as_ordered,
            left=as_ordered - returned.get(str(line.line_no), 0),
            paid=line.paid,
            less=max(0, share - lighter.worth) if lighter else 0,
            **_until(order, line, line.product_id, line.storage, terms),
        )
    for one in instead:
        key = f"{line.line_no}-{one.gtin}"
        yield Bought(
            key=key,
            line_no=line.line_no,
            gtin=one.gtin,
            name=one.name,
            picture=one.picture,
            storage=one.storage,
            quantity=one.delivered,
            delivered=one.delivered,
            left=one.delivered - returned.get(key, 0),
            paid=one.worth * one.delivered,
            less=max(0, share - one.worth),
            instead_of=line.name,
            **_until(order, line, one.product_id, one.storage, terms),
        )


def _until(
    order: Order, line: Line, product_id: UUID, storage: str, terms: Terms
) -> dict[str, Any]:
    """Until when this product may come back, and the exception it falls under."""
    exception: str
    days, exception = terms.windows.get(product_id, (USUAL_DAYS, ""))
    if storage != "ambient":
        exception = PERISHABLE
    never = exception in NEVER
    return {
        "product_id": product_id,
        "until": None if never or not days else since(order) + timedelta(days=days),
        "exception": exception,
        "withdrawal_until": None if never else withdrawal_ends(order, line, terms),
    }


def found(lines: Sequence[Bought], wanted: Mapping[str, int]) -> dict[str, int]:
    """So many of which of what was handed over: a number alone is what was ordered, and only what is
    more than that is what came instead. Raises Unprocessable for what is not of the order, Conflict for
    more than is left."""
    if not wanted:
        raise Unprocessable("Choose what it is about.", code="nothing-chosen")
    units: Counter[str] = Counter()
    for key, n in sorted(wanted.items(), key=lambda one: "-" not in one[0]):
        named = [one for one in lines if _is(one, key)]
        if not named:
            raise Unprocessable("This order has no such line.", code="no-such-line")
        for one in named:
            taken = min(n, one.left - units[one.key])
            units[one.key] += taken
            n -= taken
        if n:
            raise more_than_left(named)
    return {one.key: units[one.key] for one in lines if units[one.key]}


def _is(one: Bought, key: str) -> bool:
    return one.key == key or ("-" not in key and one.line_no == int(key))


def scanned(lines: Sequence[Bought], product_id: UUID) -> Bought | None:
    """Which of it lies on the counter: what may still come back first."""
    theirs = [one for one in lines if one.product_id == product_id]
    return max(theirs, key=lambda one: one.left > 0, default=None)


def names(order: Order, lines: Sequence[Bought]) -> dict[str, str]:
    """What each `Bought.key` is called; a number alone is what was ordered."""
    ordered = {str(line.line_no): line.name for line in order.lines}
    alone = {str(one.line_no): one.name for one in reversed(lines) if one.left or one.delivered}
    return ordered | alone | {one.key: one.name for one in lines}


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


def more_than_left(named: Sequence[Bought]) -> Conflict:
    line, left = named[0], sum(one.left for one in named)
    if not any(one.delivered for one in named):
        return Conflict(
            "{name} has not been handed over yet.", code="not-delivered", name=line.name
        )
    return Conflict(
        "Of {name} only {left} can still come back.",
        code="more-than-left",
        state={"line": line.line_no, "left": left},
        name=line.name,
        left=left,
    )
