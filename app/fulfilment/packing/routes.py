"""Packing over the API."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from app.db import Db
from app.fulfilment.models import Act, Storage
from app.fulfilment.packing import actions, queries
from app.fulfilment.packing.models import Table, ToPack
from app.http.bounds import Quantity
from app.http.idempotency import idempotency_key


class Inside(msgspec.Struct):
    pick_id: UUID
    quantity: Quantity


class Seal(msgspec.Struct):
    """A tote of one storage class; without `inside`, with all that is left of that class."""

    storage: Storage
    inside: Annotated[list[Inside], Meta(max_length=200)] | None = None


class Sealed(msgspec.Struct):
    sscc: str
    number: int
    state: str


@get("/api/v1/packing", tags=["packing"])
async def to_pack(db: Db) -> list[ToPack]:
    """Orders on the packing table, earliest van first."""
    return await queries.to_pack(db)


@get("/api/v1/packing/{fulfilment_id:uuid}", tags=["packing"])
async def table(fulfilment_id: FromPath[UUID], db: Db) -> Table:
    """What belongs in, and what is closed already."""
    return await actions.table(db, fulfilment_id)


@post("/api/v1/packing/{fulfilment_id:uuid}/parcels", tags=["packing"])
async def seal(
    request: Request[Any, Any, Any], fulfilment_id: FromPath[UUID], db: Db, data: JSONBody[Seal]
) -> Sealed:
    """Close a tote: it gets its number (SSCC). 409 `not-on-the-table` for what is packed already."""
    act = Act(idempotency_key(request), request.user)
    inside = None if data.inside is None else {each.pick_id: each.quantity for each in data.inside}
    return Sealed(**await actions.seal(db, act, fulfilment_id, data.storage, inside))


routes: list[Any] = [to_pack, table, seal]
