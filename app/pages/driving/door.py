"""What a driver takes along from a door: goods that are handed back or were to be fetched, and
empties."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, JSONBody
from litestar.response import Redirect

from app import cases, orders, returns
from app.db import Connection, Db, begin
from app.errors import Malformed, NotFound, ShopError
from app.money import Money
from app.pages.acting import AnyRequest
from app.pages.rendering import render
from app.pages.returning import Complaint, chosen, command_of, counted, points_lost, wish

Fields = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
WHY = {"not-home": "Nobody home", "not-ready": "Not ready", "kept": "They keep it"}


@get("/driving/{run_id:uuid}/door", include_in_schema=False)
async def doors(request: AnyRequest, run_id: FromPath[UUID], db: Db) -> Response[str]:
    """What a van of this window fetches on its way."""
    stops = await returns.collecting.of_run(db, run_id)
    return render(request, "driving/doors.html", run_id=run_id, stops=stops)


@get("/driving/{run_id:uuid}/door/{id:uuid}", include_in_schema=False)
async def door(
    request: AnyRequest, run_id: FromPath[UUID], id: FromPath[UUID], db: Db
) -> Response[str]:
    """With lines chosen, what goes back and why."""
    return await _page(request, db, run_id, id, dict(request.query_params))


class Said(msgspec.Struct, frozen=True):
    """What is said at a door before anybody agrees."""

    amount: Money
    currency: str
    points: int


@post("/driving/{run_id:uuid}/door/{id:uuid}/offer", include_in_schema=False, status_code=200)
async def say(
    run_id: FromPath[UUID], id: FromPath[UUID], data: JSONBody[returns.Wanted], db: Db
) -> Said:
    """For the page of the run, with a signal. Changes nothing."""
    await returns.door.at(db, run_id, id)
    order = await orders.read(db, id)
    assert order is not None, "the van goes there"
    offer = await returns.offer(db, order, data)
    return Said(offer.amount, offer.currency, await points_lost(db, order, offer))


@post("/driving/{run_id:uuid}/door/{id:uuid}/returns", include_in_schema=False, status_code=303)
async def take_back(
    request: AnyRequest, run_id: FromPath[UUID], id: FromPath[UUID], data: Fields
) -> Response[Any]:
    """As it was said and agreed to."""
    pool = request.app.state.pool
    try:
        async with begin(pool) as db:
            done = await returns.door.take_back(
                db, request.user, command_of(data), run_id, id, wish(data)
            )
    except ShopError as refusal:
        return await _refused(request, run_id, id, data, refusal)
    return Redirect(f"/driving/{run_id}/door/{id}?done={done.id}", status_code=303)


@post("/driving/{run_id:uuid}/door/{id:uuid}/empties", include_in_schema=False)
async def take_empties(
    request: AnyRequest, run_id: FromPath[UUID], id: FromPath[UUID], data: Fields
) -> Response[Any]:
    """Counted, and put on a gift card. The code stands in this answer alone."""
    state = request.app.state
    empties = counted(data)
    try:
        async with begin(state.pool) as db:
            amount, code = await returns.door.take_empties(
                db, request.user, command_of(data), run_id, id, empties, state.settings
            )
    except ShopError as refusal:
        return await _refused(request, run_id, id, {}, refusal)
    async with begin(state.pool) as db:
        return await _page(request, db, run_id, id, {}, credited=(amount, code))


@post("/driving/{run_id:uuid}/door/{id:uuid}/failed", include_in_schema=False, status_code=303)
async def not_fetched(
    request: AnyRequest, run_id: FromPath[UUID], id: FromPath[UUID], data: Fields
) -> Response[Any]:
    """Nobody was there, or nothing to fetch."""
    why = WHY.get(data.get("why", ""))
    try:
        asked = UUID(data.get("request", ""))
    except ValueError as error:
        raise NotFound("There is nothing here.") from error
    if why is None:
        raise Malformed("We could not read this request.")
    try:
        async with begin(request.app.state.pool) as db:
            await returns.collecting.fail(db, request.user, command_of(data), asked, run_id, why)
    except ShopError as refusal:
        return await _refused(request, run_id, id, {}, refusal)
    return Redirect(f"/driving/{run_id}/door", status_code=303)


@post("/driving/{run_id:uuid}/door/{id:uuid}/cases", include_in_schema=False, status_code=303)
async def hand_on(
    request: AnyRequest,
    run_id: FromPath[UUID],
    id: FromPath[UUID],
    data: Annotated[Complaint, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Response[Any]:
    """Something a driver cannot settle: the contact centre does."""
    async with begin(request.app.state.pool) as db:
        await returns.door.at(db, run_id, id)
        await cases.open_at_desk(
            db, request.user, data.command, id, data.kind, data.words, "counter"
        )
    return Redirect(f"/driving/{run_id}/door/{id}?heard=1", status_code=303)


async def _refused(
    request: AnyRequest, run_id: UUID, id: UUID, fields: dict[str, str], refusal: ShopError
) -> Response[Any]:
    if refusal.status == 404:
        raise refusal
    async with begin(request.app.state.pool) as db:
        return await _page(request, db, run_id, id, fields, refusal=refusal)


async def _page(
    request: AnyRequest,
    db: Connection,
    run_id: UUID,
    id: UUID,
    fields: dict[str, Any],
    *,
    refusal: ShopError | None = None,
    credited: tuple[int, str] | None = None,
) -> Response[str]:
    offer = None
    try:
        await returns.door.at(db, run_id, id)
    except ShopError as error:
        if error.status == 404:
            raise
        refusal = refusal or error
    order = await orders.read(db, id)
    assert order is not None, "the van goes there"
    if chosen(fields) or fields.get("cause"):
        try:
            offer = await returns.offer(db, order, wish(fields))
        except ShopError as error:
            refusal = refusal or error
    came, bought = await returns.came(db, id), await returns.lines(db, order)
    return render(
        request,
        "driving/door.html",
        status=refusal.status if refusal else 200,
        run_id=run_id,
        order=order,
        names=returns.names(order, bought),
        bought=bought,
        asked=[
            one for one in await returns.requests(db, id) if one.state == "open" and not one.kept
        ],
        chosen=chosen(fields),
        cause=str(fields.get("cause", "")),
        asked_for=str(fields.get("request", "")),
        offer=offer,
        points=await points_lost(db, order, offer),
        deposits=await returns.deposits(db, order.currency),
        done=next((one for one in came if str(one.id) == str(fields.get("done", ""))), None),
        credited=credited,
        heard=bool(fields.get("heard")),
        refusal=refusal,
    )


routes: list[Any] = [doors, door, say, take_back, take_empties, not_fetched, hand_on]
