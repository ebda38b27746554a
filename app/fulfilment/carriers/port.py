"""What the shop asks of a carrier, whichever way it speaks."""

from collections.abc import Sequence
from typing import Protocol

from app.fulfilment.carriers.models import Announced, Announcement, Fact, ReturnLabel


class Unreachable(Exception):
    """The carrier does not answer now; asked again later, the same announcement is the same parcel."""


class Carrier(Protocol):
    name: str

    async def announce(self, parcel: Announcement) -> Announced:
        """Tell of a parcel and ask for its label. Repeating it changes nothing. Raises Unreachable."""
        ...

    async def print_return_label(self, paper: ReturnLabel) -> bytes:
        """A PDF for who sends a parcel back, as this carrier wants it: its number, and where it goes;
        nothing of who sends it."""
        ...

    async def news(self) -> Sequence[tuple[str, Sequence[Fact]]]:
        """What came in, some at a time: a mark for `heard`, and the facts under it. Raises
        Unreachable."""
        ...

    async def heard(self, mark: str) -> None:
        """This was taken in; it need not be told again."""
        ...

    async def forget(self, sscc: str) -> None:
        """The parcel is over: whose door it was for need not be known any longer."""
        ...
