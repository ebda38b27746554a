"""The last mile as the shopper sees it: when it comes, how it was left, and what if nobody was home."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect

from app import files, fulfilment, orders
from app.db import Connection, Db, begin
from app.errors import NotFound
from app.fulfilment.rules import order_state
from app.orders import Order
from app.orders.models import State
from app.orders.rules import goes_two_ways, is_collected

AnyRequest = Request[Any, Any, Any]
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]

ON_ITS_WAY = ("confirmed", "in_fulfilment", "packed", "on_the_way", "not_home")
HANDED_OVER = ("delivered", "part_delivered")


async def arrival(request: AnyRequest, db: Connection, order: Order) -> dict[str, Any]:
    """What the page of an order says of its delivery."""
    delivery, door = fulfilment.delivery, fulfilment.delivery.door
    brought = await _brought(db, order)
    comes = brought in ON_ITS_WAY and not is_collected(order)
    over = order.state in HANDED_OVER or brought in HANDED_OVER
    refused = {line_no: n for line_no, n, _ in await door.refused_units(db, order.id)}
    return {
        "brought": brought,
        "where": await delivery.tracking.whereabouts(db, order.id) if comes else None,
        "pin": door.pin_of(request.app.state.settings.secret, order.id),
        "proof": await door.proof(db, order.id) if over else None,
        "refused_units": refused,
        "second_tries": await door.choices(db, order) if brought == "not_home" else [],
        "still_out": brought == "not_home" and await door.is_out(db, order.id),
    }


async def _brought(db: Connection, order: Order) -> State:
    """Where that is which is brought: a van may be out with it while another part is being picked, or
    waits at a desk."""
    parts = [one for one in await fulfilment.of_order(db, order.id) if not one.is_collected]
    if order.state not in ON_ITS_WAY or not parts:
        return order.state
    if any(one.state == "out_for_delivery" for one in parts):
        return "on_the_way"
    if not goes_two_ways(order):
        return order.state
    return order_state([(one.state, one.attempts) for one in parts])


@get("/orders/{token:str}/proof.jpg", include_in_schema=False)
async def proof_picture(token: FromPath[str], db: Db) -> Response[bytes]:
    """The photo or signature, for who has the link of the order; kept for 60 days."""
    order = await orders.by_token(db, token)
    known = await fulfilment.delivery.door.proof(db, order.id)
    found = await files.fetch(db, known.file) if known and known.file else None
    if found is None:
        raise NotFound("There is nothing here.")
    return Response(
        found.body,
        media_type=found.media_type,
        headers={"Cache-Control": "private, no-store"},
    )


@post("/orders/{token:str}/second-try", include_in_schema=False, status_code=303)
async def second_try(request: AnyRequest, token: FromPath[str], data: Form) -> Redirect:
    """Another time, or the money back."""
    slot, command = data.get("slot", ""), data.get("command", "")
    try:
        slot_id, command_id = UUID(slot) if slot else None, UUID(command)
    except ValueError as error:
        raise NotFound("There is nothing here.") from error
    async with begin(request.app.state.pool) as db:
        order = await orders.by_token(db, token)
        await fulfilment.delivery.door.choose(db, order.id, command_id, slot_id)
    return Redirect(f"/orders/{token}", status_code=303)


routes: list[Any] = [proof_picture, second_try]
