"""Parcel carriers over the API, for dispatchers."""

from typing import Any, Literal
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.params import JSONBody

from app.db import Db
from app.fulfilment.carriers import actions, queries
from app.fulfilment.carriers.models import Bookable, Consignment
from app.fulfilment.models import Act
from app.http.idempotency import idempotency_key


class Parcels(msgspec.Struct):
    """Orders that could be given to a carrier, and the parcels that were."""

    bookable: list[Bookable]
    consignments: list[Consignment]


class Book(msgspec.Struct):
    fulfilment_id: UUID
    carrier: Literal["files"] = "files"


class Booked(msgspec.Struct):
    carrier: str
    parcels: int


@get("/api/v1/carriers", tags=["carriers"])
async def parcels(db: Db) -> Parcels:
    """What a carrier could bring or has, what has a problem first."""
    return Parcels(await queries.bookable(db), await queries.consignments(db))


@post("/api/v1/carriers/bookings", tags=["carriers"])
async def book(request: Request[Any, Any, Any], db: Db, data: JSONBody[Book]) -> Booked:
    """A carrier brings this packed order instead of a van. 409 `cold-by-carrier`, `age-by-carrier`,
    `already-loaded`, `not-delivered`, `moved-on`."""
    act = Act(idempotency_key(request), request.user)
    return Booked(**await actions.book(db, act, data.fulfilment_id, data.carrier))


routes: list[Any] = [parcels, book]
