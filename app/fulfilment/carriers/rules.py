"""Where a parcel stands, by all its carrier ever told of it. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from app.errors import Conflict
from app.fulfilment.carriers.models import Kind, State
from app.fulfilment.models import Parcel

OVER: tuple[State, ...] = ("delivered", "returned")
LEFT: tuple[State, ...] = ("accepted", "in_transit", "failed", *OVER)
"""It is not with us any more."""
WAITS_S = (10, 60, 300, 1800, 3600)

_RANK: dict[Kind, int] = {
    "accepted": 0,
    "in_transit": 1,
    "failed": 2,
    "returned": 3,
    "delivered": 4,
}


def state_of(told: Iterable[tuple[Kind, datetime]], before: State = "announced") -> State:
    """The same whichever came first: what is over stays over, else the latest counts."""
    facts = list(told)
    ended = [fact for fact in facts if fact[0] in OVER]
    if before in OVER:
        return before
    if not facts:
        return before
    kind, _ = max(ended or facts, key=lambda fact: (fact[1], _RANK[fact[0]]))
    return kind


def contradicts(before: State, kind: Kind) -> bool:
    """The parcel ended otherwise, and what followed from that has happened."""
    return before in OVER and kind in OVER and before != kind


def check_can_go(parcels: Sequence[Parcel], *, age_limited: bool) -> None:
    """Raises Conflict for what a parcel service must not have."""
    if any(parcel.storage != "ambient" for parcel in parcels):
        raise Conflict(
            "Something in this order is chilled or frozen: only our own vans keep it cold.",
            code="cold-by-carrier",
        )
    if age_limited:
        raise Conflict(
            "Something in this order is not for everybody: our own driver looks at a proof of age.",
            code="age-by-carrier",
        )


def wait_after(attempts: int) -> timedelta:
    return timedelta(seconds=WAITS_S[min(attempts, len(WAITS_S) - 1)])
