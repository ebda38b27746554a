"""From a basket to an order, in short steps that can each be repeated.

`place` orders a basket as its shopper saw it. `hear` takes in what a provider told and brings the
order where its payment is; `ask` and `reconcile` ask where nobody told. `call_off` is the shopper's
change of mind.
`sell` and `take_cash` do all of it at once, at a counter. `quote` says what a basket costs, delivered in a slot.
"""

from app.checkout import changing
from app.checkout.actions import Shop, place, start_payment
from app.checkout.counter import CASH, Sale, sell, take_cash
from app.checkout.queries import orders_before, waiting_order
from app.checkout.quoting import quote
from app.checkout.settling import ask, call_off, free, hear, reconcile, sweep, take_money

__all__ = [
    "CASH",
    "Sale",
    "Shop",
    "ask",
    "call_off",
    "changing",
    "free",
    "hear",
    "orders_before",
    "place",
    "quote",
    "reconcile",
    "sell",
    "start_payment",
    "sweep",
    "take_cash",
    "take_money",
    "waiting_order",
]
