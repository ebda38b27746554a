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
        "ways": await door.ways(db, order) if brought in ON_ITS_WAY else None,
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
    """Another time, to come for it, or the money back."""
    command, slot_id, collect, part_id = choice(data)
    async with begin(request.app.state.pool) as db:
        order = await orders.by_token(db, token)
        await fulfilment.delivery.door.choose(
            db, order.id, command, slot_id, collect=collect, part_id=part_id
        )
    return Redirect(f"/orders/{token}", status_code=303)


def choice(data: dict[str, str]) -> tuple[UUID, UUID | None, bool, UUID | None]:
    """Command, slot, whether it is collected, and the part; `slot` is the id of one, `collect`, or
    empty for the money back. Raises NotFound for what no page of ours sends."""
    slot, part = data.get("slot", ""), data.get("part", "")
    collect = slot == "collect"
    try:
        slot_id = UUID(slot) if slot and not collect else None
        return UUID(data.get("command", "")), slot_id, collect, UUID(part) if part else None
    except ValueError as error:
        raise NotFound("There is nothing here.") from error


routes: list[Any] = [proof_picture, second_try]
