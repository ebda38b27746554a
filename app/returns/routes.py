"""Returns by the token of an order's tracking link, and those an agent settles."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from app import orders, slots, staff
from app.db import Connection, Db, begin
from app.errors import NotFound
from app.http.bounds import NO_CONTROLS, Amount
from app.http.idempotency import idempotency_key
from app.orders.models import Order
from app.returns import actions, asking, collecting, exchanging, photos, queries
from app.returns.door_routes import routes as door_routes
from app.returns.models import Bought, Came, Desk, Done, Offer, Wanted
from app.returns.models import Request as Asked
from app.returns.rules import OURS
from app.returns.telling_routes import routes as telling_routes

AnyRequest = Request[Any, Any, Any]
LARGEST_UPLOAD = 14 * 1024 * 1024  # 10 MB in base64
Reason = Annotated[
    str, Meta(min_length=3, max_length=200, pattern=NO_CONTROLS, examples=["It came a day late."])
]


class Standing(msgspec.Struct, frozen=True):
    """What of an order may still come back, what came, and what was asked for."""

    lines: list[Bought]
    came: list[Came]
    asked: list[Asked]


class Approved(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    amount: Amount


class Refused(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    why: Reason


class Goodwill(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    amount: Annotated[int, Meta(ge=1, le=10_000_000_000)]
    reason: Reason


class Photo(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A JPEG, PNG or WebP of up to 10 MB, in base64."""

    photo: bytes


class Kept(msgspec.Struct, frozen=True):
    """The name of the photo, and after how many days it is deleted."""

    name: str
    kept_days: int


@get("/api/v1/orders/{token:str}/returns", tags=["returns"])
async def standing(token: FromPath[str], db: Db) -> Standing:
    """Line by line how many may still come back, until when, and why not."""
    order = await orders.by_token(db, token)
    return await _standing(db, order)


@post("/api/v1/orders/{token:str}/returns/offer", tags=["returns"], status_code=200)
async def offer(token: FromPath[str], data: JSONBody[Wanted], db: Db) -> Offer:
    """What would go back, and why, before anybody agrees. Changes nothing.

    409: `not-delivered`, `more-than-left`, `no-return`, `too-late`.
    """
    return await actions.offer(db, await orders.by_token(db, token), data)


@post("/api/v1/orders/{token:str}/returns", tags=["returns"], status_code=200)
async def complain(request: AnyRequest, token: FromPath[str], data: JSONBody[Wanted]) -> Done:
    """Something was wrong, or shall come back. `amount` is the sum of the offer that was shown.

    Where the shop has failed the money goes back at once, within limits; else, and for what shall come
    back (`way`: brought to any shop, fetched by the van at the time of a `slot`, sent as a parcel), a
    request is kept (`settled` is false). With `instead` something else is kept for what the van or a
    parcel brings back; what it costs more is paid at `pay_at`. The same Idempotency-Key is the same
    return. 409 as for the offer, `offer-changed` with the new one, `no-exchange`, `out-of-stock`.
    """
    state, key = request.app.state, idempotency_key(request)
    async with begin(state.pool) as db:
        order = await orders.by_token(db, token)
        desk = Desk(channel="web")
        done = await asking.complain(db, order.id, key, data, desk, state.settings)
    return await exchanging.with_pay_page(state.pool, state.settings, done)


@get("/api/v1/orders/{token:str}/returns/times", tags=["returns"])
async def times(token: FromPath[str], db: Db) -> list[slots.Offer]:
    """When our van could fetch it, soonest first; free of charge. Empty where none comes."""
    return await collecting.offered(db, await orders.by_token(db, token))


@post(
    "/api/v1/orders/{token:str}/returns/{id:uuid}/photos",
    tags=["returns"],
    status_code=200,
    request_max_body_size=LARGEST_UPLOAD,
)
async def add_photo(
    token: FromPath[str], id: FromPath[UUID], data: JSONBody[Photo], db: Db
) -> Kept:
    """Of what was wrong, to a return or a request of this order. It is drawn anew, without the place it
    was taken at, and deleted after 90 days. The same photo again is the same. 400 `no-photo`,
    `photo-too-large`; 409 `photos-enough`."""
    order = await orders.by_token(db, token)
    name = await photos.add(db, order, id, await photos.tidy(data.photo))
    return Kept(name, photos.KEPT_DAYS)


@post("/api/v1/orders/{token:str}/returns/{id:uuid}/withdrawal", tags=["returns"], status_code=200)
async def withdraw(
    request: AnyRequest, token: FromPath[str], id: FromPath[UUID], db: Db
) -> Standing:
    """The shopper keeps it after all."""
    order = await orders.by_token(db, token)
    await asking.withdraw(db, order.id, idempotency_key(request), id)
    return await _standing(db, order)


@post("/api/v1/staff/returns/{id:uuid}/approval", tags=["returns"], status_code=200)
async def approve(
    request: Request[staff.Person, Any, Any], id: FromPath[UUID], data: JSONBody[Approved], db: Db
) -> Done:
    """A request a person has looked at: the money goes back. 409 `settled-already`."""
    return await asking.approve(db, request.user, idempotency_key(request), id, data.amount)


@post("/api/v1/staff/returns/{id:uuid}/refusal", tags=["returns"], status_code=200)
async def refuse(
    request: Request[staff.Person, Any, Any], id: FromPath[UUID], data: JSONBody[Refused], db: Db
) -> Asked:
    """For a reason the shopper reads on the page of the order. 409 `settled-already`."""
    await asking.refuse(db, request.user, idempotency_key(request), id, data.why)
    found = await queries.request(db, id)
    assert found is not None, "it was just refused"
    return found


@post("/api/v1/staff/orders/{id:uuid}/returns/offer", tags=["returns"], status_code=200)
async def offer_to_staff(id: FromPath[UUID], data: JSONBody[Wanted], db: Db) -> Offer:
    """The same offer, for who helps a customer."""
    return await actions.offer(db, await _order(db, id), data)


@post("/api/v1/staff/orders/{id:uuid}/returns", tags=["returns"], status_code=200)
async def take(
    request: Request[staff.Person, Any, Any], id: FromPath[UUID], data: JSONBody[Wanted]
) -> Done:
    """On the customer's behalf. Where the shop has failed the money goes back now, and the goods stay
    with them; else a request is kept until they come back (`way`), with a code that is mailed. What was
    paid in cash is paid out at a till (409 `paid-in-cash`)."""
    state, key = request.app.state, idempotency_key(request)
    async with begin(state.pool) as db:
        await _order(db, id)
        desk = Desk(channel="phone", by=request.user.id)
        if data.cause in OURS:
            return await actions.take(db, id, key, data, desk)
        done = await asking.complain(db, id, key, data, desk, state.settings)
    return await exchanging.with_pay_page(state.pool, state.settings, done)


@post("/api/v1/staff/orders/{id:uuid}/goodwill", tags=["returns"], status_code=200)
async def give(
    request: Request[staff.Person, Any, Any], id: FromPath[UUID], data: JSONBody[Goodwill], db: Db
) -> Goodwill:
    """With our apologies, within the limit of the role (403 `beyond-your-limit`)."""
    key = idempotency_key(request)
    await actions.give(db, request.user, id, key, data.amount, data.reason)
    return data


async def _standing(db: Connection, order: Order) -> Standing:
    return Standing(
        lines=await actions.lines(db, order),
        came=await queries.came(db, order.id),
        asked=await queries.requests(db, order.id),
    )


async def _order(db: Connection, id: UUID) -> Order:
    found = await orders.read(db, id)
    if found is None:
        raise NotFound("There is no such order.")
    return found


routes: list[Any] = [
    *door_routes, *telling_routes, standing, offer, complain, times, add_photo, withdraw, approve, refuse, offer_to_staff, take, give,
]  # fmt: skip
