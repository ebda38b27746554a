"""Tills: a drawer, a clerk, one receipt at a time, and a closing that counts.

`of_device` says where a device is. `receipts` holds what a clerk does with the lines of one customer
(`baskets`: in whose basket they are, `guests`: a basket the customer brought), `paying` what ends it,
`giftcards` sells cards, `drawers` is what opens, counts and closes. A receipt's lines are a cart, what
is sold is an order: a till adds nothing to either but coins and numbers.
"""

from app.tills import baskets, drawers, giftcards, guests, offline, paying, receipts, returning
from app.tills.device import cookie_of, device_of
from app.tills.models import Closing, GiftCard, OfflineLine, OfflineSale, Receipt, Sums, Till
from app.tills.queries import by_order, of_device

__all__ = [
    "Closing",
    "GiftCard",
    "OfflineLine",
    "OfflineSale",
    "Receipt",
    "Sums",
    "Till",
    "baskets",
    "by_order",
    "cookie_of",
    "device_of",
    "drawers",
    "giftcards",
    "guests",
    "of_device",
    "offline",
    "paying",
    "receipts",
    "returning",
]
