"""Who else may be asked, and which pieces of which line they send."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from app.fulfilment.models import Fulfilment
from app.fulfilment.rules import pick_by
from app.orders.models import Line, Sent
from app.sourcing import Part

MOST_TRIES = 6
"""Goods or room may be gone a moment later: so often it is tried with others, then it is missing."""


def in_time(now: datetime, window_starts_at: datetime) -> bool:
    """Another place still has the time to pick it."""
    return now <= pick_by(window_starts_at)


def begun(parts: Iterable[Fulfilment]) -> set[UUID]:
    """Places that can take nothing more of this order: they pick it already, or did."""
    return {part.place_id for part in parts if part.state not in ("released", "cancelled")} | {
        part.place_id for part in parts if part.batch_id is not None or part.attempts
    }


def wanted(lines: Sequence[Line], pieces: Mapping[int, int]) -> dict[UUID, int]:
    """Product → pieces."""
    found: Counter[UUID] = Counter()
    for line in lines:
        if pieces.get(line.line_no):
            found[line.product_id] += pieces[line.line_no]
    return dict(found)


def is_collected(lines: Sequence[Line], pieces: Mapping[int, int]) -> bool:
    """Somebody comes to get it there: no other place may send it, and nobody bring it."""
    return any(line.handover != "delivery" for line in lines if pieces.get(line.line_no))


def allotted(lines: Sequence[Line], pieces: Mapping[int, int], parts: Sequence[Part]) -> list[Sent]:
    """What each place sends of each line."""
    left = {part.place_id: dict(part.lines) for part in parts}
    sent = []
    for line in lines:
        open_ = pieces.get(line.line_no, 0)
        for place, goods in left.items():
            taken = min(open_, goods.get(line.product_id, 0))
            if taken:
                goods[line.product_id] -= taken
                open_ -= taken
                sent.append(Sent(line.line_no, place, taken))
    return sent
