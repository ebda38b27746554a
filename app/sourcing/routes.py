"""The rules of sourcing over the API: read them, try others on past orders, publish them."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from app import staff
from app.db import Db
from app.errors import NotFound
from app.http.idempotency import idempotency_key
from app.sourcing import actions, jobs, queries
from app.sourcing.jobs import Try
from app.sourcing.models import Decision, Weights

AnyRequest = Request[staff.Person, Any, Any]


class Rules(msgspec.Struct):
    version: int
    weights: Weights


class NewTry(msgspec.Struct, forbid_unknown_fields=True):
    """Rules made from version `seen`, to be tried on so many of the last orders."""

    seen: Annotated[int, Meta(ge=0)]
    weights: Weights
    most: Annotated[int, Meta(ge=1, le=5000)] = 200


@get("/api/v1/sourcing/rules", tags=["sourcing"])
async def rules(db: Db) -> Rules:
    """The rules that count now; version 0 are those the shop comes with."""
    return Rules(*await queries.weights(db))


@post("/api/v1/sourcing/tries", tags=["sourcing"])
async def begin(request: AnyRequest, data: JSONBody[NewTry], db: Db) -> Try:
    """A dry run over past orders with the stock they were decided on; nothing changes by it. The
    Idempotency-Key is the id of the try."""
    id = idempotency_key(request)
    await jobs.begin_try(db, id, data.seen, data.most, data.weights)
    return await _try(db, id)


@get("/api/v1/sourcing/tries/{id:uuid}", tags=["sourcing"])
async def look(id: FromPath[UUID], db: Db) -> Try:
    """How far a dry run is, and what came of it."""
    return await _try(db, id)


@post("/api/v1/sourcing/tries/{id:uuid}/publish", status_code=200, tags=["sourcing"])
async def publish(request: AnyRequest, id: FromPath[UUID], db: Db) -> Rules:
    """Rules that were tried count from now on. 409 `rules-changed` when others were published
    meanwhile, `not-tried` while the dry run is not over."""
    await actions.publish(db, request.user, idempotency_key(request), await _try(db, id))
    return Rules(*await queries.weights(db))


@get("/api/v1/sourcing/orders/{id:uuid}", tags=["sourcing"])
async def decided(id: FromPath[UUID], db: Db) -> list[Decision]:
    """Why an order comes from where it comes from: each decision with what it was decided on."""
    return await queries.decisions(db, id)


async def _try(db: Db, id: UUID) -> Try:
    found = await jobs.read_try(db, id)
    if found is None:
        raise NotFound("There is no such try.")
    return found


routes: list[Any] = [rules, begin, look, publish, decided]
