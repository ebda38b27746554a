"""Picking over the API, for handhelds of another make."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from app.db import Db
from app.fulfilment.models import Act, DeviceTime, ShortReason
from app.fulfilment.picking import actions, queries
from app.fulfilment.picking.models import Batch, PickList, Waiting
from app.fulfilment.picking.rules import TOTES_ON_A_CART
from app.http.bounds import Line, Quantity
from app.http.idempotency import idempotency_key

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
    happened_at: DeviceTime | None = None


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
    `already-picked` when fewer are open."""
    act = Act(idempotency_key(request), request.user, data.happened_at)
    return Done(**await actions.pick(db, act, pick_id, code=data.code, quantity=data.quantity))


@post("/api/v1/picking/picks/{pick_id:uuid}/short", status_code=200, tags=["picking"])
async def short(
    request: AnyRequest, pick_id: FromPath[UUID], db: Db, data: JSONBody[NotThere]
) -> Done:
    """So many cannot be had. They are paid back and free for others."""
    act = Act(idempotency_key(request), request.user, data.happened_at)
    done = await actions.short(db, act, pick_id, reason=data.reason, quantity=data.quantity)
    return Done(**done)


routes: list[Any] = [to_do, start, batch, picked, short]
