"""What a place cannot send, and what nobody can, over the API."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from app.db import Db
from app.fulfilment.models import Act
from app.fulfilment.resourcing import actions, unfilled
from app.fulfilment.resourcing.unfilled import Work
from app.http.bounds import Text
from app.http.idempotency import idempotency_key
from app.http.problems import language_of

AnyRequest = Request[Any, Any, Any]


class Refusal(msgspec.Struct, forbid_unknown_fields=True):
    """Why this place cannot do it, e.g. a leak in the cold store."""

    reason: Annotated[Text, Meta(min_length=1)]


class SentBy(msgspec.Struct):
    """The places that send it instead; empty when that waits for a person."""

    sent_by: list[UUID]


class Again(msgspec.Struct, forbid_unknown_fields=True):
    """Without a place everybody is asked."""

    place_id: UUID | None = None


@post("/api/v1/fulfilments/{fulfilment_id:uuid}/refuse", status_code=200, tags=["picking"])
async def refuse(
    request: AnyRequest, fulfilment_id: FromPath[UUID], data: JSONBody[Refusal], db: Db
) -> SentBy:
    """This place cannot do it: other places send it in the same window, and it is not asked again.
    What nobody can send waits for a person. 409 `moved-on` once somebody picks it."""
    act = Act(idempotency_key(request), request.user)
    done = await actions.refuse(db, act, fulfilment_id, reason=data.reason)
    return msgspec.convert(done, SentBy)


@get("/api/v1/sourcing/unfilled", tags=["sourcing"])
async def to_do(request: AnyRequest, db: Db) -> list[Work]:
    """Orders, or parts of them, that nobody can send; what was put off stands last."""
    return await unfilled.to_do(db, language_of(request))


@post("/api/v1/sourcing/unfilled/{order_id:uuid}/again", status_code=200, tags=["sourcing"])
async def again(
    request: AnyRequest, order_id: FromPath[UUID], data: JSONBody[Again], db: Db
) -> list[Work]:
    """Ask every place once more, or only one. 409 `nobody-has-it`, `not-unfilled`."""
    act = Act(idempotency_key(request), request.user)
    await unfilled.try_again(db, act, order_id, data.place_id)
    return await unfilled.to_do(db, language_of(request))


@post("/api/v1/sourcing/unfilled/{order_id:uuid}/wait", status_code=200, tags=["sourcing"])
async def wait(request: AnyRequest, order_id: FromPath[UUID], db: Db) -> list[Work]:
    """Put it off for half a day. 409 `not-unfilled`."""
    await unfilled.wait(db, Act(idempotency_key(request), request.user), order_id)
    return await unfilled.to_do(db, language_of(request))


@post("/api/v1/sourcing/unfilled/{order_id:uuid}/give-up", status_code=200, tags=["sourcing"])
async def give_up(request: AnyRequest, order_id: FromPath[UUID], db: Db) -> list[Work]:
    """Pay back what nobody can send, as the shop's fault; the rest goes on. 409 `not-unfilled`."""
    await unfilled.give_up(db, Act(idempotency_key(request), request.user), order_id)
    return await unfilled.to_do(db, language_of(request))


routes: list[Any] = [refuse, to_do, again, wait, give_up]
