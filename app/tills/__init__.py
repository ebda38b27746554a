"""Tills: a drawer, a clerk, one receipt at a time, and a closing that counts.

`of_device` says where a device is. `receipts` holds what a clerk does with the lines of one customer
(`baskets`: in whose basket they are, `guests`: a basket the customer brought), `paying` what ends it,
`exchanging` what comes back for it, `giftcards` sells cards, `drawers` is what opens, counts and closes.
`handing_out` prints, mails and finds again, `papers` is how that looks. A receipt's lines are a cart, what
is sold is an order: a till adds nothing to either but coins and numbers.
"""

from app.tills import (
    baskets,
    drawers,
    exchanging,
    giftcards,
    guests,
    handing_out,
    offline,
    paying,
    receipts,
    returning,
)
from app.tills.device import cookie_of, device_of
from app.tills.models import (
    Closing,
    Copy,
    Exchange,
    GiftCard,
    OfflineLine,
    OfflineSale,
    Receipt,
    Sold,
    Sums,
    Till,
)
from app.tills.papers import advantages_of, letters_of, print_counted, print_receipt
from app.tills.queries import by_order, copy, of_device

__all__ = [
    "Closing",
    "Copy",
    "Exchange",
    "GiftCard",
    "OfflineLine",
    "OfflineSale",
    "Receipt",
    "Sold",
    "Sums",
    "Till",
    "advantages_of",
    "baskets",
    "by_order",
    "cookie_of",
    "copy",
    "device_of",
    "drawers",
    "exchanging",
    "giftcards",
    "guests",
    "handing_out",
    "letters_of",
    "of_device",
    "offline",
    "paying",
    "print_counted",
    "print_receipt",
    "receipts",
    "returning",
]
