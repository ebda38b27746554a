"""From a basket to an order, in short steps that can each be repeated.

`place` orders a basket as its shopper saw it. `hear` takes in what a provider told and brings the
order where its payment is; `ask` and `reconcile` ask where nobody told. `call_off` is the shopper's
change of mind. `quote` says what a basket costs, delivered in a slot.
"""

from app.checkout.actions import Shop, place
from app.checkout.queries import orders_before, waiting_order
from app.checkout.quoting import quote
from app.checkout.settling import ask, call_off, hear, reconcile, sweep, take_money

__all__ = [
    "Shop",
    "ask",
    "call_off",
    "hear",
    "orders_before",
    "place",
    "quote",
    "reconcile",
    "sweep",
    "take_money",
    "waiting_order",
]
