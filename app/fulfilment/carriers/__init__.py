"""Parcels that somebody else brings: announced once, followed by what the carrier tells.

`book` gives a packed order to a carrier, `announce_due` tells the carrier of its parcels outside of
any transaction, `hear` takes in what it tells, once and in any order. Behind the port `Carrier`
stands one that speaks in files.
"""

from app.fulfilment.carriers.actions import announce_due, book, hear, listen
from app.fulfilment.carriers.files import FileCarrier
from app.fulfilment.carriers.models import Fact, ReturnLabel
from app.fulfilment.carriers.port import Carrier, Unreachable
from app.fulfilment.carriers.queries import bookable, consignments, of_order
from app.settings import Settings


def carrier_of(settings: Settings) -> Carrier:
    """The one parcels go with, there and back."""
    return FileCarrier(settings.home / "carrier")


__all__ = [
    "Carrier",
    "Fact",
    "FileCarrier",
    "ReturnLabel",
    "Unreachable",
    "announce_due",
    "book",
    "bookable",
    "carrier_of",
    "consignments",
    "hear",
    "listen",
    "of_order",
]
