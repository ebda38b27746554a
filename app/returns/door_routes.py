"""What a driver takes along, over HTTP; and how long classes of products may come back."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, get, post, put
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from app import orders, staff
from app.db import Db
from app.http.bounds import NO_CONTROLS, Amount, Word
from app.http.idempotency import idempotency_key
from app.http.problems import language_of
from app.returns import actions, collecting, door, queries
from app.returns.models import Collection, Done, Exempt, Offer, Wanted, Window
from app.returns.pieces import USUAL_DAYS
from app.returns.telling import Empties

AnyRequest = Request[staff.Person, Any, Any]
Why = Annotated[
    str, Meta(min_length=3, max_length=200, pattern=NO_CONTROLS, examples=["Nobody was there."])
]


class Counted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many empties of each deposit, which is in minor units."""

    counted: Empties


class Credited(msgspec.Struct, frozen=True):
    """So much is on a new gift card with this code."""

    amount: Amount
    code: str


class NotThere(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    why: Why


class Period(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`reason`: the exception of the law this class falls under, if any."""

    days: Annotated[int, Meta(ge=0, le=3650)]
    reason: Exempt = ""


@get("/api/v1/driving/{run_id:uuid}/collections", tags=["returns"])
async def fetched(run_id: FromPath[UUID], db: Db) -> list[Collection]:
    """What a van of this place and window has to fetch on its way, and has fetched."""
    return await collecting.of_run(db, run_id)


@post(
    "/api/v1/driving/{run_id:uuid}/orders/{id:uuid}/returns/offer",
    tags=["returns"],
    status_code=200,
)
async def offer(
    run_id: FromPath[UUID], id: FromPath[UUID], data: JSONBody[Wanted], db: Db
) -> Offer:
    """What it would bring, to be said at the door before anybody agrees. 409 `not-on-the-road`, and
    as for the shopper."""
    await door.at(db, run_id, id)
    order = await orders.read(db, id)
    assert order is not None, "the van goes there"
    return await actions.offer(db, order, data)


@post("/api/v1/driving/{run_id:uuid}/orders/{id:uuid}/returns", tags=["returns"], status_code=200)
async def take_back(
    request: AnyRequest,
    run_id: FromPath[UUID],
    id: FromPath[UUID],
    data: JSONBody[Wanted],
    db: Db,
) -> Done:
    """Handed to the driver: the money goes back now. With `request` it is what was to be fetched.
    409 as for the offer, `offer-changed`, `settled-already`, `paid-in-cash`."""
    return await door.take_back(db, request.user, idempotency_key(request), run_id, id, data)


@post("/api/v1/driving/{run_id:uuid}/orders/{id:uuid}/empties", tags=["returns"], status_code=200)
async def take_empties(
    request: AnyRequest,
    run_id: FromPath[UUID],
    id: FromPath[UUID],
    data: JSONBody[Counted],
    db: Db,
) -> Credited:
    """Counted at the door and put on a new gift card, which is mailed to who has an address. 422
    `no-empties`."""
    counted = {int(deposit): n for deposit, n in data.counted.items()}
    amount, code = await door.take_empties(
        db, request.user, idempotency_key(request), run_id, id, counted,
        request.app.state.settings,
    )  # fmt: skip
    return Credited(amount, code)


@post(
    "/api/v1/driving/{run_id:uuid}/collections/{id:uuid}/failed", tags=["returns"], status_code=200
)
async def not_fetched(
    request: AnyRequest,
    run_id: FromPath[UUID],
    id: FromPath[UUID],
    data: JSONBody[NotThere],
    db: Db,
) -> list[Collection]:
    """Nobody was there, or nothing to fetch; it may still be brought to a shop. 409 `moved-on`."""
    await collecting.fail(db, request.user, idempotency_key(request), id, run_id, data.why)
    return await collecting.of_run(db, run_id)


@get("/api/v1/staff/returns/windows", tags=["returns"])
async def windows(request: AnyRequest, db: Db) -> list[Window]:
    """How long each class of product may come back for the shopper's own reasons."""
    return await queries.windows(db, language_of(request), USUAL_DAYS)


@put("/api/v1/staff/returns/windows/{category:str}", tags=["returns"])
async def set_window(
    request: AnyRequest, category: FromPath[Word], data: JSONBody[Period], db: Db
) -> list[Window]:
    """0 days: only what the law gives. 404 for a class no product is of."""
    key = idempotency_key(request)
    await actions.set_window(db, request.user, key, category, data.days, data.reason)
    return await queries.windows(db, language_of(request), USUAL_DAYS)


routes: list[Any] = [
    fetched, offer, take_back, take_empties, not_fetched, windows, set_window,
]  # fmt: skip
