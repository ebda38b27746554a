from datetime import UTC, datetime
from typing import Any

import msgspec
from litestar import Request, get

from app.db import Db
from app.http.bounds import Postcode
from app.http.problems import language_of
from app.slots import actions, rules
from app.slots.models import Offer


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


routes: list[Any] = [offers]
