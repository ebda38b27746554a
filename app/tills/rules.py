"""What a clerk may decide alone, and when a sale without network counts."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from app.errors import Conflict, Malformed, NotAllowed, Unprocessable
from app.money import Money
from app.payments.giftcards.models import Seen
from app.tills.models import Tender

ALONE_AT_MOST_PERCENT = 50
"""Off one piece; for more a supervisor is asked."""
VOID_ALONE_AT_MOST: Mapping[str, Money] = {
    "EUR": 50_00,
    "CHF": 50_00,
    "DKK": 400_00,
    "NOK": 500_00,
    "SEK": 500_00,
    "KRW": 70_000,
}
"""What a clerk calls off alone, about € 50; nothing in a currency that is not here. More of it is how a
drawer is emptied, so somebody else looks."""
MUCH_OFF: Mapping[str, Money] = {
    "EUR": 5_00,
    "CHF": 5_00,
    "DKK": 40_00,
    "NOK": 50_00,
    "SEK": 50_00,
    "KRW": 7_000,
}
"""A count that is further off is asked for once more; nothing in a currency that is not here."""
OFFLINE_AT_MOST = timedelta(days=4)
"""What was sold before a long weekend is sent when the shop opens again."""


def check_given(given: Money, to_pay: Money) -> None:
    """Raises Conflict for too little."""
    if given < to_pay:
        raise Conflict("That is not enough. Count the money once more.", code="too-little-given")


def check_part(given: Money, to_pay: Money) -> None:
    """Raises Conflict where coins and notes are not for a part: nothing, or enough for all."""
    if not 0 < given < to_pay:
        raise Conflict(
            "Write how much is paid in cash: less than what is to be paid, the rest goes by card.",
            code="no-part",
        )


def check_gift(amount: Money) -> None:
    """Raises Malformed for a gift card with nothing on it."""
    if amount <= 0:
        raise Malformed("Write how much shall be on the card.", code="no-amount")


def check_worth(card: Seen) -> None:
    """Raises Conflict for a gift card that does not pay."""
    if card.worth == "unknown":
        raise Conflict(
            "We do not know this gift card. Please check its code letter by letter.",
            code="unknown-gift-card",
        )
    if card.worth == "over":
        raise Conflict("This gift card does not hold any more.", code="gift-card-over")
    if card.worth == "empty":
        raise Conflict("There is nothing left on this gift card.", code="gift-card-empty")
    if card.worth == "other-currency":
        raise Conflict("This gift card is in another currency.", code="gift-card-currency")


def tender_of(cards: int, cash: Money, *, card: bool, exchanged: bool = False) -> Tender:
    """The one that paid, or several."""
    if bool(cards) + bool(cash) + card + exchanged > 1:
        return "several"
    if exchanged:
        return "exchange"
    return "cash" if cash else "card" if card else "gift-card"


def check_override(price: Money, before: Money, *, supervisor: bool) -> None:
    """Raises NotAllowed where somebody else has to agree, Conflict for more than on the shelf."""
    if price > before:
        raise Conflict("Nobody pays more than the price on the shelf.", code="dearer-than-shelf")
    if not supervisor and (before - price) * 100 > before * ALONE_AT_MOST_PERCENT:
        raise NotAllowed("That much off needs a supervisor.", code="needs-supervisor")


def check_void(worth: Money, currency: str, *, supervisor: bool) -> None:
    """Raises NotAllowed where goods of so much may only be called off together."""
    if not supervisor and worth > VOID_ALONE_AT_MOST.get(currency, 0):
        raise NotAllowed("Calling off that much needs a supervisor.", code="needs-supervisor")


def check_count(counted: Money, expected: Money, currency: str, *, sure: bool) -> None:
    """Raises Unprocessable for a count that is much off and was not said twice: mostly it is a slip, and
    a closing stays as it is."""
    if sure or abs(counted - expected) <= MUCH_OFF.get(currency, 0):
        return
    if counted < expected:
        raise Unprocessable(
            "That is much less than should be in the drawer. Count once more; if it is right, press again.",
            code="much-off",
        )
    raise Unprocessable(
        "That is much more than should be in the drawer. Count once more; if it is right, press again.",
        code="much-off",
    )


def check_clock(at: datetime, now: datetime) -> None:
    """Raises Malformed for a sale from tomorrow, or from so long ago that no till keeps it."""
    if not now - OFFLINE_AT_MOST <= at <= now + timedelta(minutes=5):
        raise Malformed("The clock of this till is wrong. Set it, then send the sales again.")
