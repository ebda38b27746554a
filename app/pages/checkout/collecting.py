"""Who rather comes for it: which way the basket goes, where it is collected, and when it is ready."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from urllib.parse import quote
from uuid import UUID, uuid5

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Redirect

from app import cart, checkout, collecting, fulfilment, slots
from app.cart.models import Cart, Command, HandOver
from app.collecting.models import Hours, Point, Spot
from app.db import Connection, Db, begin
from app.errors import NotFound, Unprocessable
from app.fulfilment.models import State
from app.http.problems import language_of
from app.orders.models import Order
from app.orders.rules import goes_two_ways, pick_up
from app.pages.rendering import render
from app.pages.shopper.area import area_of
from app.pages.shopper.drawing import code_as_svg
from app.slots.models import Slot

AnyRequest = Request[Any, Any, Any]
BASKET = "/basket"


class Way(msgspec.Struct):
    """All of the basket that is not taken along at a till goes home this way."""

    command: UUID
    to: Literal["delivery", "collect"]
    postcode: Annotated[str, msgspec.Meta(max_length=12, pattern=r"^[A-Za-z0-9 ]*$")] = ""
    only: Annotated[str, msgspec.Meta(max_length=4000, pattern=r"^[0-9a-f, -]*$")] = ""
    """Of these products alone, with commas between them; empty for all of it."""
    back: Literal["", "basket"] = ""


class Place(msgspec.Struct, frozen=True):
    """A point as it is shown, with the names of what it has too little of."""

    point: Point
    today: Hours | None
    missing: list[str]


@post("/checkout/way", include_in_schema=False, status_code=303)
async def choose_way(request: AnyRequest, data: URLEncodedBody[Way]) -> Redirect:
    """Brought home or collected, all of it or what is named; then on to the times or to the places."""
    async with begin(request.app.state.pool) as db:
        cart_id = await cart.of_token(db, cart.of_request(request))
        basket = await cart.read(db, cart_id, language_of(request)) if cart_id else None
    if basket is None:
        return Redirect(BASKET, status_code=303)
    only = data.only.replace(" ", "").split(",") if data.only else []
    moves: list[Command] = [
        HandOver(
            id=uuid5(data.command, cart.key_of(line)),
            line=cart.line_key(line),
            version=line.version,
            handover=data.to,
        )
        for line in basket.lines
        if line.handover not in (data.to, "carry-out")
        if not only or str(line.product_id) in only
    ]
    if moves:
        await cart.submit(request, moves)
    if data.back:
        return Redirect(BASKET, status_code=303)
    address = "/checkout/collect" if data.to == "collect" else "/checkout"
    return Redirect(
        f"{address}?postcode={data.postcode}" if data.postcode else address, status_code=303
    )


@get("/checkout/collect", include_in_schema=False)
async def choose_place(
    request: AnyRequest, db: Db, postcode: FromQuery[str] = "", slot: FromQuery[str] = ""
) -> Response[Any]:
    """Every desk with its hours and when it is ready there, the nearest first. Where a part of the
    basket is brought, its time (`slot`) was chosen before."""
    cart_id = await cart.of_token(db, cart.of_request(request))
    basket = await cart.read(db, cart_id, language_of(request)) if cart_id else None
    if basket is None or not basket.lines:
        return Redirect(BASKET)
    ways = ways_of(basket)
    if "collect" not in ways or (len(ways) > 1 and not slot):
        return Redirect(f"/checkout?postcode={quote(postcode)}" if postcode else "/checkout")
    if cart_id is not None and await checkout.waiting_order(db, cart_id) is not None:
        return Redirect("/checkout")
    near, wrong = None, False
    postcode = postcode if "postcode" in request.query_params else area_of(request)
    if postcode:
        try:
            near = await slots.locate(db, postcode)
        except Unprocessable:
            wrong = True
    now = datetime.now(UTC)
    points = await collecting.points(db, cart.to_collect(basket.lines), now, near=near)
    names = {line.product_id: line.product.name for line in basket.lines if line.product}
    return render(
        request,
        "checkout/collect.html",
        postcode=postcode[:12],
        wrong_postcode=wrong,
        places=[_shown(point, names, now) for point in points],
        slot=await slots.find(db, _id(slot)) if len(ways) > 1 else None,
        lines=[line for line in basket.lines if line.handover == "collect"],
    )


def ways_of(basket: Cart | None) -> set[str]:
    """How a basket goes home, but for what is taken along at a till."""
    return {str(line.handover) for line in basket.lines} - {"carry-out"} if basket else set()


async def promised(db: Connection, place: str) -> tuple[Slot, Spot] | None:
    """From when to when it is kept where it is collected; None where it cannot be."""
    spot = await collecting.spot(db, _id(place))
    if spot is None or not spot.desk.open:
        return None
    promise = collecting.promise(spot, datetime.now(UTC))
    return (checkout.standing(spot.place_id, promise), spot) if promise else None


async def shown(request: AnyRequest, db: Connection, order: Order) -> dict[str, Any]:
    """What the page of an order says of its desk; the code only while there is something to get.
    `kept` is where and when; `both` says that another part of it is brought. What nobody took at the
    door may be collected too, where it is."""
    kept = pick_up(order)
    standing = await fulfilment.collect.of_order(db, order.id)
    if kept is None and standing is None:
        nothing = ("spot", "standing", "code", "drawn", "kept", "desk_state")
        return {"both": False, **dict.fromkeys(nothing)}
    ready = standing is not None and standing.ready_at is not None and standing.ended_at is None
    secret = request.app.state.settings.secret
    code = (
        fulfilment.collect.code_of(secret, standing.fulfilment_id) if standing and ready else None
    )
    place_id = kept.place_id if kept else order.place_id
    if standing is not None:  # what nobody took at the door is collected where it is
        place_id = await fulfilment.collect.place_of(db, standing.fulfilment_id)
    return {
        "both": goes_two_ways(order),
        "kept": kept,
        "spot": await collecting.spot(db, place_id),
        "desk_state": await _desk_state(db, order),
        "standing": standing,
        "code": code,
        "drawn": code_as_svg(code) if code else None,
    }


async def _desk_state(db: Connection, order: Order) -> State | None:
    parts = await fulfilment.of_order(db, order.id)
    return next((part.state for part in parts if part.is_collected), None)


def _shown(point: Point, names: dict[UUID, str], now: datetime) -> Place:
    weekday = point.ready_by.astimezone(collecting.zone_of(point)).isoweekday()
    today = next((one for one in point.hours if one.weekday == weekday), None)
    return Place(point, today, [names.get(id, "") for id in point.missing])


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound("There is nothing here.") from error


routes: list[Any] = [choose_way, choose_place]
