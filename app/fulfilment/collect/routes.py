"""The collect desk over the API."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.params import FromPath, FromQuery, JSONBody
from msgspec import Meta

from app.db import Db
from app.errors import Malformed
from app.fulfilment.collect import actions, queries
from app.fulfilment.collect.models import AtDesk, Reason, Refused, Waiting
from app.fulfilment.delivery.rules import believable
from app.fulfilment.models import Act, DeviceTime
from app.http.bounds import Line, Quantity
from app.http.idempotency import idempotency_key

AnyRequest = Request[Any, Any, Any]


class Shelve(msgspec.Struct):
    """`code` as the scanner read it on the label."""

    code: Line
    shelf: Line
    happened_at: DeviceTime | None = None


class Shelved(msgspec.Struct):
    """`ready` with the last parcel; `left` of the order are on no shelf yet."""

    shelf: str
    ready: bool
    left: int


class Sought(msgspec.Struct):
    """The code that is shown, or the order number with the name that was given."""

    code: Line = ""
    number: Line = ""
    name: Line = ""


class Kept(msgspec.Struct):
    """So many of a picked line stay at the desk."""

    pick_id: UUID
    quantity: Quantity
    reason: Reason


class HandOver(msgspec.Struct):
    """`age_checked`: somebody looked at a proof of age; nothing of it is kept."""

    refused: Annotated[list[Kept], Meta(max_length=200)] = []
    age_checked: bool = False
    happened_at: DeviceTime | None = None


class Handed(msgspec.Struct):
    """`paid_back` in minor units, for what was refused of an order that was handed over."""

    state: str
    handed_over: int
    paid_back: int = 0


@get("/api/v1/collecting", tags=["collecting"])
async def waiting(db: Db, place: FromQuery[UUID | None] = None) -> list[Waiting]:
    """What waits at the desks, or at that of one place: to be shelved, to be handed over, to be put
    back."""
    return await queries.waiting(db, place)


@post("/api/v1/collecting/parcels", status_code=200, tags=["collecting"])
async def shelve(request: AnyRequest, db: Db, data: JSONBody[Shelve]) -> Shelved:
    """A parcel waits on this shelf. With the last one its shopper is told that it is ready."""
    act = _act(request, data.happened_at)
    secret = request.app.state.settings.secret
    return Shelved(**await actions.shelve(db, act, data.code, data.shelf, secret=secret))


@post("/api/v1/collecting/find", status_code=200, tags=["collecting"])
async def find(db: Db, data: JSONBody[Sought]) -> AtDesk:
    """The order somebody comes for: by its pick-up code, or by number and name."""
    if data.code:
        return await actions.at_desk(db, await actions.by_code(db, data.code))
    if not (data.number and data.name):
        raise Malformed("Give the code, or the order number and the name.")
    return await actions.at_desk(db, await actions.by_name(db, data.number, data.name))


@post("/api/v1/collecting/{fulfilment_id:uuid}/handed-over", status_code=200, tags=["collecting"])
async def hand_over(
    request: AnyRequest, fulfilment_id: FromPath[UUID], db: Db, data: JSONBody[HandOver]
) -> Handed:
    """All of it, or all but what is refused: that is paid back. 409 `collected-already`,
    `kept-no-longer`, `not-ready`, `age-check`, `recalled`, `not-so-many`."""
    act = _act(request, data.happened_at)
    refused = [Refused(one.pick_id, one.quantity, one.reason) for one in data.refused]
    done = await actions.hand_over(
        db, act, fulfilment_id, refused=refused, age_checked=data.age_checked
    )
    return Handed(**done)


@post("/api/v1/collecting/{fulfilment_id:uuid}/cleared", status_code=200, tags=["collecting"])
async def clear(request: AnyRequest, fulfilment_id: FromPath[UUID], db: Db) -> dict[str, bool]:
    """What nobody came for lies on the shelves of the shop again."""
    act = Act(idempotency_key(request), request.user)
    return await actions.clear(db, act, fulfilment_id)


def _act(request: AnyRequest, at: datetime | None) -> Act:
    return Act(idempotency_key(request), request.user, believable(at, datetime.now(UTC)))


routes: list[Any] = [waiting, shelve, find, hand_over, clear]
