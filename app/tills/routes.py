"""What a till asks for and sends when its page works on without network."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.params import JSONBody

from app import cart, pricing
from app.db import Connection, Db, begin
from app.errors import NotFound
from app.http.problems import language_of
from app.money import Money
from app.staff import Person
from app.tills import offline, queries
from app.tills.device import device_of
from app.tills.lines import TILL
from app.tills.models import OfflineSale, Till

AnyRequest = Request[Person, Any, Any]


class ShelfPrice(msgspec.Struct, frozen=True):
    """What a till has to know of a product to sell it without network."""

    product_id: UUID
    codes: list[str]
    name: str
    price: Money
    deposit: Money
    age_limit: int | None


class Taken(msgspec.Struct, frozen=True):
    receipt: UUID


@get("/api/v1/till/prices", tags=["till"])
async def prices(request: AnyRequest, db: Db) -> list[ShelfPrice]:
    """Everything for sale with its codes and its price in this shop, in the language of the clerk."""
    sha256 = device_of(request)
    till = await queries.of_device(db, sha256) if sha256 else None
    found = [ShelfPrice(**row) for row in await queries.shelf_prices(db, language_of(request))]
    here = await pricing.listed(
        db,
        [(one.product_id, TILL) for one in found],
        request.app.state.settings.currency,
        datetime.now(UTC),
        place_id=till.place_id if till else None,
    )
    return [
        msgspec.structs.replace(one, price=here.get((one.product_id, TILL), one.price))
        for one in found
    ]


@post("/api/v1/till/offline-sales", tags=["till"], status_code=200)
async def offline_sale(request: AnyRequest, data: JSONBody[OfflineSale]) -> Taken:
    """A cash sale made without network, as it was charged; sent again it counts once.

    409 when a person has to look: a product that is not known any more, sums that do not fit.
    """
    state = request.app.state
    async with begin(state.pool) as db:
        till = await till_of(request, db)
    spare_cart, _ = await cart.open_empty(state.pool, till.currency or state.settings.currency)
    async with begin(state.pool) as db:
        receipt = await offline.take_in(
            db,
            till,
            request.user,
            data,
            spare_cart,
            language_of(request),
            state.settings.secret,
        )
    return Taken(receipt)


async def till_of(request: AnyRequest, db: Connection) -> Till:
    """The till this device is. Raises NotFound."""
    sha256 = device_of(request)
    found = await queries.of_device(db, sha256) if sha256 else None
    if found is None:
        raise NotFound("This device is no till yet.", code="no-till")
    return found


routes: list[Any] = [prices, offline_sale]
