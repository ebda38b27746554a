"""Gift cards: money the shop owes to whoever has the code.

`issue` makes one, `reveal` tells its code once, `see` says what codes somebody typed are worth and
`parts` how much of a sum each of them pays. `hold`, `capture` and `release` are the steps of a payment,
each once; what goes back comes by the port, like everywhere (`GiftCards`). Only the SHA-256 of a
code is kept; the code itself follows from the shop's secret, so that it can be told when the card
has been paid.
"""

from app.payments.giftcards.actions import (
    capture,
    expire,
    hold,
    issue,
    release,
    reveal,
    see,
    take_back,
)
from app.payments.giftcards.models import Card, Entry, Part, Seen
from app.payments.giftcards.provider import GIFT_CARD, GiftCards
from app.payments.giftcards.queries import block, cards, forget_people, ledger, of_order
from app.payments.giftcards.rules import GUESSES, code_of, in_groups, parts

__all__ = [
    "GIFT_CARD",
    "GUESSES",
    "Card",
    "Entry",
    "GiftCards",
    "Part",
    "Seen",
    "block",
    "capture",
    "cards",
    "code_of",
    "expire",
    "forget_people",
    "hold",
    "in_groups",
    "issue",
    "ledger",
    "of_order",
    "parts",
    "release",
    "reveal",
    "see",
    "take_back",
]
