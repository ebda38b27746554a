"""From a basket to an order, in short steps that can each be repeated.

`place` orders a basket as its shopper saw it. `hear` takes in what a provider told and brings the
order where its payment is; `ask` and `reconcile` ask where nobody told. `call_off` is the shopper's
change of mind.
`instead` is what somebody has for what comes back later. `sell` and `sell_gift_card` do all of it at once, at a counter. `quote` says what a basket costs, delivered in a slot.
"""

from app.checkout import changing, instead
from app.checkout.actions import place, start_payment
from app.checkout.changing.queries import forget_people
from app.checkout.counter import AT_A_COUNTER, Payment, Sale, sell
from app.checkout.giftcards import sell_gift_card
from app.checkout.queries import orders_before, waiting_order
from app.checkout.quoting import quote
from app.checkout.rules import standing
from app.checkout.sending import times
from app.checkout.settling import ask, call_off, free, hear, reconcile, sweep, take_money
from app.checkout.shop import Shop
from app.checkout.tendering import CASH, CardsSeen, see_cards

__all__ = [
    "AT_A_COUNTER",
    "CASH",
    "CardsSeen",
    "Payment",
    "Sale",
    "Shop",
    "ask",
    "call_off",
    "changing",
    "forget_people",
    "free",
    "hear",
    "instead",
    "orders_before",
    "place",
    "quote",
    "reconcile",
    "see_cards",
    "sell",
    "sell_gift_card",
    "standing",
    "start_payment",
    "sweep",
    "take_money",
    "times",
    "waiting_order",
]
