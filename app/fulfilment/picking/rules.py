"""Where things stand by default, what may go into a tote, and what goes back to the shopper."""

from datetime import date
from hashlib import sha256
from uuid import UUID

from app.errors import Conflict, Unprocessable
from app.fulfilment.models import Location, Pick, Storage
from app.fulfilment.picking.walking import AISLES, BAYS, SHELVES
from app.fulfilment.rules import owed
from app.money import Money
from app.orders.models import Line

TOTES_ON_A_CART = 6
COLOURS = ("red", "blue", "green", "yellow", "purple", "orange")
"""Of the totes on a cart; each also carries its number, for who does not see the colour."""


def default_location(product_id: UUID, category: str, storage: Storage) -> Location:
    """A product nobody gave a place stands with its category, always at the same spot."""
    aisles = AISLES[storage]
    spot = _number(str(product_id))
    return Location(
        aisle=aisles[_number(category) % len(aisles)],
        bay=1 + spot % BAYS,
        shelf=1 + spot // BAYS % SHELVES,
    )


def check_weight(pick: Pick, quantity: int, grams: int | None) -> int:
    """The grams to be noted: 0 for what is not weighed. Raises Unprocessable without a weight,
    Conflict `too-heavy` beyond a tenth more than what was ordered."""
    if pick.nominal_g is None:
        return 0
    if not grams:
        raise Unprocessable(
            "This is sold by weight: scan the label of the scale, or type the grams.",
            code="weight-needed",
        )
    most = heaviest(pick.nominal_g, quantity)
    if grams > most:
        raise Conflict(
            "With {grams} g this is too heavy: at most {most} g were ordered. Take a lighter one.",
            code="too-heavy",
            state={"pick": str(pick.id), "most_g": most},
            grams=grams,
            most=most,
        )
    return grams


def heaviest(nominal_g: int, quantity: int) -> int:
    """Grams; a tenth more than ordered still passes, and costs no more."""
    return nominal_g * quantity * 11 // 10


def check_date(pick: Pick, best_before: date | None, delivered_on: date) -> None:
    """Raises Unprocessable without a date, Conflict `past-date` for what is over at the door."""
    if pick.dated and best_before is None:
        raise Unprocessable("Which date stands on it? Please type it.", code="date-needed")
    if best_before is not None and best_before < delivered_on:
        raise Conflict(
            "This is past its date when it is delivered. Take a fresher one.",
            code="past-date",
            state={"pick": str(pick.id), "from": delivered_on.isoformat()},
        )


def due(line: Line, pick: Pick, settled: int, charged: Money) -> Money:
    """What goes back to the shopper for one pick, once it is final, besides what did before. The shop
    failed: at least the paid share of each unit that is missing, with its deposit; for a substitute,
    all but what it costs (`charged`); for what weighs less than ordered, what it weighs less.

    `settled` other units of the line were paid back for before, here or at another place.
    """
    back = owed(line.paid, line.quantity, settled, pick.gone)
    back += owed(line.deposit, line.quantity, settled, pick.gone) - charged
    share = owed(line.paid, line.quantity, settled + pick.gone, pick.picked)
    return max(0, back + share - _by_weight(pick, share) - pick.paid_back)


def paid_for(line: Line, pick: Pick, settled: int, charged: Money) -> Money:
    """What was paid in the end for what was picked of it, once it is packed; `settled` and `charged`
    as in `due`."""
    units = pick.gone + pick.picked
    paid = owed(line.paid, line.quantity, settled, units)
    return paid + owed(line.deposit, line.quantity, settled, units) - pick.paid_back - charged


def _by_weight(pick: Pick, share: Money) -> Money:
    """The share of a line for what weighs as much as this: what is heavier costs no more."""
    if pick.nominal_g is None or not pick.picked:
        return share
    ordered_g = pick.nominal_g * pick.picked
    return share * min(pick.weighed_g, ordered_g) // ordered_g


def colour(tote: int) -> str:
    return COLOURS[(tote - 1) % len(COLOURS)]


def _number(text: str) -> int:
    return int.from_bytes(sha256(text.encode()).digest()[:6], "big")
