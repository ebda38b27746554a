"""Where a basket can be collected, and the hours of the desks, over the API."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, get, put
from litestar.params import FromPath, FromQuery, JSONBody

from app import cart, commands, slots, staff
from app.collecting import actions, queries
from app.collecting.models import Desk, Point
from app.db import Db
from app.errors import NotFound
from app.http.bounds import Postcode
from app.http.idempotency import idempotency_key
from app.http.problems import language_of

AnyRequest = Request[Any, Any, Any]


class Points(msgspec.Struct, frozen=True):
    """Who has all of the basket first. With a postcode `delivered` says whether a van comes there
    as well."""

    points: list[Point]
    delivered: bool | None = None


@get("/api/v1/collecting/points", tags=["collecting"])
async def points(request: AnyRequest, db: Db, postcode: FromQuery[Postcode] = "") -> Points:
    """Where the basket of this browser can be collected, and when it is ready there: its lines that
    are to be collected, or all of it while there are none. `postcode` is
    where it should be near; outside the areas we deliver to it can be collected all the same."""
    cart_id = await cart.of_token(db, cart.of_request(request))
    basket = await cart.read(db, cart_id, language_of(request)) if cart_id else None
    wanted = cart.to_collect(basket.lines if basket else [])
    now = datetime.now(UTC)
    if not postcode:
        return Points(await actions.points(db, wanted, now))
    near = await slots.locate(db, postcode)
    comes = bool(await slots.places_for(db, postcode))
    return Points(await actions.points(db, wanted, now, near=near), comes)


@get("/api/v1/places/{place_id:uuid}/desk", tags=["collecting"])
async def hours(place_id: FromPath[UUID], db: Db) -> Desk:
    """The hours at which orders can be collected there."""
    found = await queries.desk(db, place_id)
    if found is None:
        raise NotFound("Orders cannot be collected there.")
    return found


@put("/api/v1/places/{place_id:uuid}/desk", tags=["collecting"])
async def set_up(
    request: Request[staff.Person, Any, Any], place_id: FromPath[UUID], db: Db, data: JSONBody[Desk]
) -> Desk:
    """Orders can be collected there at these hours, from now on. What was promised stays."""

    async def act() -> dict[str, str]:
        await actions.set_up(db, place_id, data)
        await staff.note(db, request.user, "collecting.set_up", str(place_id))
        return {"place": str(place_id)}

    key = idempotency_key(request)
    await commands.once(db, request.user.id, key, ["desk", place_id, data], act)
    return data


routes: list[Any] = [points, hours, set_up]
