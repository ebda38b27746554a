"""Who sends what of a basket: the place whose time was chosen, where it has all of it; else those
sourcing chooses among the places that come in the same window."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from app import pricing, slots, sourcing
from app.checkout.models import Quote, Sender
from app.checkout.rules import DELIVERY, pieces
from app.db import Connection
from app.slots.models import Offer, Slot

MOST_TRIES = 3
"""So often others are asked when goods were gone a moment later; then it is out of stock."""


class Otherwise(msgspec.Struct, frozen=True):
    """What sourcing says about it; no senders where it cannot be sent in this window."""

    asked: sourcing.Asked
    choice: sourcing.Choice
    senders: list[Sender]


def alone(quote: Quote, slot: Slot, way: str) -> list[Sender]:
    """This place sends, or keeps, all that goes home this way."""
    return [Sender(slot.place_id, slot.id, pieces(quote, way))]


async def day_of(db: Connection, place_id: UUID, at: datetime) -> date:
    """The day by the clock of that place: goods that come in before it may be sold for it."""
    zone = await pricing.time_zone(db, place_id) or pricing.Setting().time_zone
    return at.astimezone(ZoneInfo(zone)).date()


async def question(
    db: Connection,
    quote: Quote,
    place_ids: Sequence[UUID],
    postcode: str | None,
    leaves_at: datetime | None,
    way: str,
) -> sourcing.Asked:
    """What these places have of what goes home this way, and how far and how full they are, for when
    it leaves. Nobody drives to what is collected, which must be there now: neither postcode nor
    time."""
    goods = [bought.product for bought in quote.bought if bought.handover == way]
    return await sourcing.ask(
        db,
        pieces(quote, way),
        place_ids,
        point=await slots.locate(db, postcode) if postcode is not None else None,
        loads=await slots.loads(db, place_ids),
        leaves_at=leaves_at,
        cold=[one.id for one in goods if one.storage != "ambient"],
        age_limited=[one.id for one in goods if one.age_limit is not None],
    )


async def otherwise(db: Connection, quote: Quote, slot: Slot, postcode: str) -> Otherwise:
    """Whoever can bring it in the window of this slot, at least cost, splits and all."""
    now = datetime.now(UTC)
    twins = await slots.at_the_same_time(db, postcode, slot.starts_at, slot.ends_at, at=now)
    by_place = {twin.place_id: twin for twin in twins}
    asked = await question(db, quote, list(by_place), postcode, slot.starts_at, DELIVERY)
    choice = await sourcing.choice_for(db, asked)
    senders = senders_of(choice, by_place, slot.place_id) if choice.possible else []
    return Otherwise(asked, choice, senders)


async def times(
    db: Connection, postcode: str, now: datetime, needs: Mapping[UUID, slots.Need], *, days: int = 3
) -> list[Offer]:
    """Windows in which all of these places come, as offers of the first of them; full where one of them
    has no room. Raises Unprocessable when it is no postcode."""
    first, *others = [
        await slots.offered(db, postcode, now, days=days, place_ids=[place], need=need)
        for place, need in needs.items()
    ]
    windows = [{(one.starts_at, one.ends_at): one.fullness for one in found} for found in others]
    return [
        _full(one) if any(found[_window(one)] == "full" for found in windows) else one
        for one in first
        if all(_window(one) in found for found in windows)
    ]


def _window(offer: Offer) -> tuple[datetime, datetime]:
    return offer.starts_at, offer.ends_at


def _full(offer: Offer) -> Offer:
    return msgspec.structs.replace(offer, left=0, fullness="full")


def senders_of(choice: sourcing.Choice, by_place: Mapping[UUID, Slot], first: UUID) -> list[Sender]:
    """In the slots of their places; the place of the chosen time is the order's own if it sends any."""
    parts = sorted(
        choice.parts, key=lambda part: (part.place_id != first, -sum(part.lines.values()))
    )
    return [Sender(part.place_id, by_place[part.place_id].id, part.lines) for part in parts]
