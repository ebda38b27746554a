"""The delivery of an order, for the holder of its tracking link."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.params import FromPath, JSONBody

from app import orders
from app.db import Db
from app.fulfilment.delivery.door.choosing import choose, ways
from app.fulfilment.delivery.door.models import Ways
from app.fulfilment.delivery.door.rules import pin_of
from app.fulfilment.delivery.tracking.actions import whereabouts
from app.fulfilment.delivery.tracking.models import Whereabouts
from app.http.idempotency import idempotency_key

AnyRequest = Request[Any, Any, Any]


class Delivery(msgspec.Struct):
    """`where` is None when no van will come (any more); `pin` is what to say at the door."""

    where: Whereabouts | None
    pin: str


class SecondTry(msgspec.Struct, forbid_unknown_fields=True):
    """Another time, or to come for it, or with neither the money back. `part` is the fulfilment it is
    for, where the order came in several."""

    slot: UUID | None = None
    collect: bool = False
    part: UUID | None = None


@get("/api/v1/orders/{token:str}/delivery", tags=["orders"])
async def delivery(request: AnyRequest, token: FromPath[str], db: Db) -> Delivery:
    """When the order comes, as well as is known now, and the van once it is near. Follow it with the
    events of the order."""
    order = await orders.by_token(db, token)
    pin = pin_of(request.app.state.settings.secret, order.id)
    return Delivery(await whereabouts(db, order.id), pin)


@get("/api/v1/orders/{token:str}/second-try", tags=["orders"])
async def second_try(token: FromPath[str], db: Db) -> Ways | None:
    """When nobody was home: times at which it can come again, a desk to come to, until when to choose.
    Null when there is nothing to choose."""
    return await ways(db, await orders.by_token(db, token))


@post("/api/v1/orders/{token:str}/second-try", status_code=200, tags=["orders"])
async def choose_second_try(
    request: AnyRequest, token: FromPath[str], data: JSONBody[SecondTry], db: Db
) -> dict[str, Any]:
    """Another time, to come for it, or the money back; none costs anything more. 409
    `too-late-to-choose`, `slot-full`, `slot-closed`, `no-desk`."""
    order = await orders.by_token(db, token)
    command = idempotency_key(request)
    return await choose(db, order.id, command, data.slot, collect=data.collect, part_id=data.part)


routes: list[Any] = [delivery, second_try, choose_second_try]
