from datetime import UTC, datetime
from typing import Any

import msgspec
from litestar import Request, get

from app.db import Db
from app.http.bounds import Postcode
from app.http.problems import language_of
from app.slots import actions, queries, rules
from app.slots.models import Found, Offer


class OfferInWords(msgspec.Struct, frozen=True):
    """A delivery slot, and until when to order for it in the reader's language."""

    slot: Offer
    promise: str


class Offers(msgspec.Struct, frozen=True):
    """`delivered` is false where nobody brings it; the postcode comes back in its usual spelling."""

    postcode: str
    delivered: bool
    slots: list[OfferInWords]


@get("/api/v1/slots", tags=["slots"])
async def offers(
    request: Request[Any, Any, Any],
    db: Db,
    postcode: Postcode,
) -> Offers:
    """Delivery slots of the next three days for a Dutch postcode: those whose cut-off has not
    passed, full ones included."""
    now = datetime.now(UTC)
    language = language_of(request)
    slots = await actions.offered(db, postcode, now)
    return Offers(
        postcode=rules.read_postcode(postcode).text,
        delivered=bool(slots) or bool(await actions.places_for(db, postcode)),
        slots=[OfferInWords(slot, rules.promise(slot, now, language)) for slot in slots],
    )


@get("/api/v1/slots/hint", tags=["slots"])
async def hint(db: Db) -> list[Found]:
    """Whether the green hint helps: half of the carts are shown a leaf at times a van is near anyway.
    Confirmed orders of each arm, and the metres vans drove farther for one on average; that
    counts all orders of the arm, whatever they chose."""
    return await queries.found(db)


routes: list[Any] = [offers, hint]
