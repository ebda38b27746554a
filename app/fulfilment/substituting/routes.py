"""Something else instead, over the API: for handhelds, and for whoever follows an order."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.params import FromPath, JSONBody

from app import orders
from app.db import Db
from app.fulfilment.delivery.rules import believable
from app.fulfilment.models import Act, DeviceTime, ShortReason
from app.fulfilment.substituting import actions, queries
from app.fulfilment.substituting.models import Proposal, Shown
from app.http.bounds import Line, Quantity
from app.http.idempotency import idempotency_key

AnyRequest = Request[Any, Any, Any]


class Offering(msgspec.Struct):
    """One of the proposals, or what was scanned; without a quantity, for all that are open."""

    product_id: UUID | None = None
    code: Line | None = None
    quantity: Quantity | None = None
    reason: ShortReason = "not-found"
    happened_at: DeviceTime | None = None


class Offered(msgspec.Struct):
    substitute: UUID
    answer_by: datetime


class Withdrawn(msgspec.Struct):
    open: int


class Word(msgspec.Struct):
    yes: bool


@get("/api/v1/picking/picks/{pick_id:uuid}/substitutes", tags=["picking"])
async def proposals(pick_id: FromPath[UUID], db: Db) -> list[Proposal]:
    """What could be offered for a line, the best first; empty where nothing is wanted instead."""
    return await actions.proposals(db, pick_id)


@post("/api/v1/picking/picks/{pick_id:uuid}/substitutes", status_code=201, tags=["picking"])
async def offer(
    request: AnyRequest, pick_id: FromPath[UUID], db: Db, data: JSONBody[Offering]
) -> Offered:
    """Offer it to the shopper, who can say no until `answer_by`. 409 `nothing-instead`, `other-brand`,
    `too-old`, `not-free`, `same-item` for what may not be offered."""
    act = _act(request, data.happened_at)
    made = await actions.offer(
        db,
        act,
        pick_id,
        product_id=data.product_id,
        code=data.code,
        quantity=data.quantity,
        reason=data.reason,
    )
    return Offered(UUID(made["substitute"]), datetime.fromisoformat(made["answer_by"]))


@post(
    "/api/v1/picking/substitutes/{substitute_id:uuid}/withdrawal",
    status_code=200,
    tags=["picking"],
)
async def withdraw(request: AnyRequest, substitute_id: FromPath[UUID], db: Db) -> Withdrawn:
    """Take an offer back before it is answered; the line is open again. 409 `answered`."""
    act = Act(idempotency_key(request), request.user)
    return Withdrawn(**await actions.withdraw(db, act, substitute_id))


@get("/api/v1/orders/{token:str}/substitutes", tags=["orders"])
async def of_order(token: FromPath[str], db: Db) -> list[Shown]:
    """What was offered instead of something that was not there, and how it ended."""
    order = await orders.by_token(db, token)
    return await queries.of_order(db, order.id)


@post(
    "/api/v1/orders/{token:str}/substitutes/{substitute_id:uuid}",
    status_code=200,
    tags=["orders"],
)
async def answer(
    request: AnyRequest,
    token: FromPath[str],
    substitute_id: FromPath[UUID],
    db: Db,
    data: JSONBody[Word],
) -> list[Shown]:
    """Yes or no to what is offered. 409 `too-late` when the time is over, `answered-already` when
    somebody else of the household, or the contact centre, was faster."""
    order = await orders.by_token(db, token)
    await actions.answer(db, order.id, idempotency_key(request), substitute_id, yes=data.yes)
    return await queries.of_order(db, order.id)


def _act(request: AnyRequest, at: datetime | None) -> Act:
    return Act(idempotency_key(request), request.user, believable(at, datetime.now(UTC)))


routes: list[Any] = [proposals, offer, withdraw, of_order, answer]
