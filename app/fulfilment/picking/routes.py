"""Picking over the API, for handhelds of another make."""

from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, get, post, put
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from app import staff
from app.db import Db
from app.errors import Malformed, NotFound
from app.fulfilment import queries as shelf
from app.fulfilment.delivery.rules import believable
from app.fulfilment.models import Act, DeviceTime, Location, ShortReason
from app.fulfilment.picking import actions, queries
from app.fulfilment.picking.models import Batch, PickList, Waiting
from app.fulfilment.picking.rules import TOTES_ON_A_CART
from app.http.bounds import Line, Quantity
from app.http.idempotency import idempotency_key

Grams = Annotated[int, Meta(ge=1, le=99_999)]
AnyRequest = Request[Any, Any, Any]


class ToDo(msgspec.Struct):
    """Orders that wait, by deadline, and carts that are being walked."""

    waiting: list[Waiting]
    batches: list[Batch]


class Start(msgspec.Struct):
    """Up to `most` orders of a place onto one cart; of one deadline when `pick_by` names it."""

    place_id: UUID
    pick_by: DeviceTime | None = None
    most: Annotated[int, Meta(ge=1, le=TOTES_ON_A_CART)] = TOTES_ON_A_CART


class Picked(msgspec.Struct):
    """`code` as the scanner read it; left out when the picker tapped instead."""

    quantity: Quantity = 1
    code: Line | None = None
    grams: Grams | None = None
    """Of all of them together, for goods that are sold by weight."""
    best_before: date | None = None
    """The earliest date on them, for goods whose date is asked for."""
    happened_at: DeviceTime | None = None


class Handling(msgspec.Struct):
    """What has to be done with a product beside scanning it."""

    weighed: bool = False
    item_number: Annotated[str, Meta(pattern=r"^2[0-9]{6}$", examples=["2812345"])] | None = None
    """A label of the scale makes it weighed."""
    dated: bool = False


class Spot(msgspec.Struct):
    """Where a product stands in a place, each counted from one in walking order."""

    aisle: Annotated[int, Meta(ge=1, le=999)]
    bay: Annotated[int, Meta(ge=1, le=999)]
    shelf: Annotated[int, Meta(ge=1, le=99)]


class NotThere(msgspec.Struct):
    """Without a quantity: all that is still open of this line."""

    reason: ShortReason
    quantity: Quantity | None = None
    happened_at: DeviceTime | None = None


class Done(msgspec.Struct):
    """Where the order is now, and how many of this line are still open."""

    state: str
    open: int


@get("/api/v1/picking", tags=["picking"])
async def to_do(db: Db) -> ToDo:
    """What waits to be picked, the most pressing first."""
    return ToDo(await queries.waiting(db, None), await queries.open_batches(db))


@post("/api/v1/picking/batches", tags=["picking"])
async def start(request: AnyRequest, db: Db, data: JSONBody[Start]) -> PickList:
    """Take the most pressing orders onto a cart. 409 `nothing-to-pick` when none waits."""
    if data.pick_by is not None and believable(data.pick_by, datetime.now(UTC)) is None:
        raise Malformed("No order has to be picked by then. Take a deadline of the list.")
    act = Act(idempotency_key(request), request.user)
    batch = await actions.start(db, act, data.place_id, data.pick_by, data.most)
    return await actions.pick_list(db, batch)


@get("/api/v1/picking/batches/{batch_id:uuid}", tags=["picking"])
async def batch(batch_id: FromPath[UUID], db: Db) -> PickList:
    """The lines of a cart in walking order, with the tote each goes into."""
    return await actions.pick_list(db, batch_id)


@post("/api/v1/picking/picks/{pick_id:uuid}/picked", status_code=200, tags=["picking"])
async def picked(
    request: AnyRequest, pick_id: FromPath[UUID], db: Db, data: JSONBody[Picked]
) -> Done:
    """So many are in the tote. 409 `wrong-item` when the code is of another product,
    `already-picked` when fewer are open, `too-heavy` beyond a tenth more than ordered, `past-date`;
    422 `weight-needed` or `date-needed` when that is missing."""
    act = _act(request, data.happened_at)
    done = await actions.pick(
        db,
        act,
        pick_id,
        code=data.code,
        quantity=data.quantity,
        grams=data.grams,
        best_before=data.best_before,
    )
    return Done(**done)


@post("/api/v1/picking/picks/{pick_id:uuid}/short", status_code=200, tags=["picking"])
async def short(
    request: AnyRequest, pick_id: FromPath[UUID], db: Db, data: JSONBody[NotThere]
) -> Done:
    """So many cannot be had. They are paid back when the packing begins."""
    act = _act(request, data.happened_at)
    done = await actions.short(db, act, pick_id, reason=data.reason, quantity=data.quantity)
    return Done(**done)


@post("/api/v1/picking/picks/{pick_id:uuid}/found", status_code=200, tags=["picking"])
async def found(request: AnyRequest, pick_id: FromPath[UUID], db: Db) -> Done:
    """What was missing of this line is there after all, and to be picked. 409 `paid-back` once the
    packing has begun."""
    act = Act(idempotency_key(request), request.user)
    return Done(**await actions.found(db, act, pick_id))


@post("/api/v1/picking/picks/{pick_id:uuid}/taken-out", status_code=200, tags=["picking"])
async def taken_out(request: AnyRequest, pick_id: FromPath[UUID], db: Db) -> Done:
    """What was picked of this line is not in its tote, and is to be picked once more. 409
    `nothing-picked`, and `being-packed` once a tote of its order is closed."""
    act = Act(idempotency_key(request), request.user)
    return Done(**await actions.take_out(db, act, pick_id))


@put("/api/v1/picking/handling/{product_id:uuid}", status_code=204, tags=["picking"])
async def handle(
    request: AnyRequest, product_id: FromPath[UUID], db: Db, data: JSONBody[Handling]
) -> None:
    """Sold by weight? With a date to look at? Orders that are released from now on know it; it is a
    change of the catalogue, and undone there. The item number is the first seven digits of what the
    shop's scale prints, from 2000000 on; 409 `number-taken` when it is another product's, 422
    `cannot-be-weighed` where its content is not in grams."""
    await actions.handle(
        db,
        product_id,
        weighed=data.weighed,
        item_number=data.item_number,
        dated=data.dated,
        by=request.user.id,
    )
    await staff.note(db, request.user, "change product", str(product_id))


@put(
    "/api/v1/picking/places/{place_id:uuid}/spots/{product_id:uuid}",
    status_code=204,
    tags=["picking"],
)
async def stand(
    request: AnyRequest,
    place_id: FromPath[UUID],
    product_id: FromPath[UUID],
    db: Db,
    data: JSONBody[Spot],
) -> None:
    """Where it stands there: pickers walk in this order, by aisle, bay and shelf. Orders that are
    released from now on know it; what nobody placed stands with its category."""
    spot = Location(data.aisle, data.bay, data.shelf)
    if not await shelf.set_location(db, product_id, place_id, spot):
        raise NotFound("There is no such product.")
    await staff.note(db, request.user, "where a product stands", f"{place_id} {product_id}")


def _act(request: AnyRequest, at: datetime | None) -> Act:
    return Act(idempotency_key(request), request.user, believable(at, datetime.now(UTC)))


routes: list[Any] = [to_do, start, batch, picked, short, found, taken_out, handle, stand]
