"""What may happen to an order in a place, and what is owed when something is missing."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal

from app.errors import Conflict
from app.fulfilment.models import State
from app.money import Money, allot
from app.orders.models import State as OrderState

Action = Literal[
    "start",
    "cancel",
    "refuse",
    "resume",
    "pick",
    "short",
    "found",
    "take_out",
    "offer",
    "substitute",
    "finish_picking",
    "give_up",
    "seal",
    "finish_packing",
    "load",
    "finish_loading",
    "unload",
    "depart",
    "deliver",
    "fail",
    "strand",
    "bring_back",
    "pick_anew",
    "take_back",
    "shelve",
    "collect",
    "put_back",
    "book",
    "consign",
    "send_back",
]

TRANSITIONS: Mapping[tuple[State, Action], State] = MappingProxyType(
    {
        ("released", "start"): "picking",
        ("released", "cancel"): "cancelled",
        ("released", "refuse"): "refused",
        ("refused", "resume"): "released",
        ("refused", "cancel"): "cancelled",
        ("picking", "pick"): "picking",
        ("picking", "short"): "picking",
        ("picking", "found"): "picking",
        ("picked", "found"): "picking",
        ("picking", "take_out"): "picking",
        ("picked", "take_out"): "picking",
        ("picking", "offer"): "picking",
        ("picking", "substitute"): "picking",
        ("picking", "finish_picking"): "picked",
        ("picking", "give_up"): "cancelled",
        ("picked", "seal"): "picked",
        ("picked", "finish_packing"): "packed",
        ("packed", "load"): "packed",
        ("packed", "finish_loading"): "loaded",
        ("packed", "unload"): "packed",
        ("loaded", "unload"): "packed",
        ("packed", "strand"): "failed",
        ("loaded", "depart"): "out_for_delivery",
        ("out_for_delivery", "deliver"): "delivered",
        ("out_for_delivery", "fail"): "failed",
        ("failed", "deliver"): "delivered",
        ("failed", "bring_back"): "packed",
        ("failed", "pick_anew"): "released",
        ("failed", "take_back"): "returned",
        ("packed", "shelve"): "packed",
        ("packed", "collect"): "delivered",
        ("packed", "put_back"): "returned",
        ("packed", "book"): "packed",
        ("packed", "consign"): "out_for_delivery",
        ("out_for_delivery", "send_back"): "returned",
    }
)
"""Everything that is not in this table is refused."""

PICKING_LEAD = timedelta(minutes=90)
"""From the last item in the tote to the van driving off: packing, loading, and some air."""


def after(state: State, action: Action) -> State:
    """The state an action leads to. Raises Conflict, with the actions that are allowed now."""
    following = TRANSITIONS.get((state, action))
    if following is None:
        raise Conflict(
            "This order has moved on, so this step no longer fits. Look again.",
            code="moved-on",
            state={"state": state, "allowed": allowed(state)},
        )
    return following


def allowed(state: State) -> list[Action]:
    return [action for (before, action) in TRANSITIONS if before == state]


def pick_by(window_starts_at: datetime) -> datetime:
    return window_starts_at - PICKING_LEAD


def order_state(parts: Iterable[tuple[State, int]]) -> OrderState:
    """Where an order is on which several places may work: as far as the slowest of them.

    `parts` are state and number of tries. An order the van brought back once stays "not home"
    until it leaves again. Of which one part came and another never will, it is delivered in part.
    """
    live = [(state, tries) for state, tries in parts if state != "cancelled"]
    if not live:
        return "cancelled"
    slowest, tries = min(live, key=lambda part: (_PROGRESS.index(part[0]), -part[1]))
    if slowest in ("delivered", "returned"):
        came, all_came = (how(state == "delivered" for state, _ in live) for how in (any, all))
        return "delivered" if all_came else "part_delivered" if came else "cancelled"
    if tries and slowest in ("released", "picking", "picked", "packed", "loaded"):
        return "not_home"
    if slowest in _NOT_BEGUN and any(state not in _NOT_BEGUN for state, _ in live):
        return "in_fulfilment"
    return _ORDER_STATES[slowest]


def owed(paid: Money, quantity: int, already: int, missing: int) -> Money:
    """What `missing` more units of a line cost the shopper, who paid `paid` for all `quantity`.

    Cents that do not divide go to the units refunded first: never less than a unit's share, and
    all units together exactly what was paid.
    """
    shares = allot(paid, [1] * quantity)
    return sum(shares[already : already + missing])


_NOT_BEGUN: tuple[State, ...] = ("refused", "released")
_PROGRESS: tuple[State, ...] = (
    "failed",
    "refused",
    "released",
    "picking",
    "picked",
    "packed",
    "loaded",
    "out_for_delivery",
    "delivered",
    "returned",
)
_ORDER_STATES: Mapping[State, OrderState] = {
    "refused": "confirmed",
    "released": "confirmed",
    "picking": "in_fulfilment",
    "picked": "in_fulfilment",
    "packed": "packed",
    "loaded": "packed",
    "out_for_delivery": "on_the_way",
    "failed": "not_home",
}
