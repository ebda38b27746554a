"""What comes back without its customer: a parcel is scanned, looked at, and paid back as it was asked."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery
from litestar.response import Redirect

from app import orders, returns, stock, tills
from app.db import Connection, Db, begin
from app.errors import Malformed, NotFound, ShopError
from app.pages.acting import AnyRequest
from app.pages.rendering import render
from app.pages.returning import and_one_more, chosen, command_of, points_lost, to_settle, wish

Fields = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]


@get("/receiving", include_in_schema=False)
async def find(request: AnyRequest, db: Db, code: FromQuery[str] = "") -> Response[Any]:
    """By the label of the parcel, the code of the return, a packing slip, or the number of the order;
    within the `order` that is open also by the bars of a product that lay in it."""
    refusal: ShopError | None = None
    if code:
        try:
            product_id = await returns.product_of(db, code[:300])
            if product_id is not None:
                return await _one_more(request, db, product_id)
            asked = await returns.find(db, code[:300])
            if asked is None:
                order_id = await tills.returning.find(db, code[:300])
                return Redirect(f"/receiving/{order_id}", status_code=303)
            query = f"?{to_settle(asked)}" if asked.state == "open" else ""
            return Redirect(f"/receiving/{asked.order_id}{query}", status_code=303)
        except ShopError as error:
            refusal = error
    return render(
        request,
        "receiving/receiving.html",
        status=refusal.status if refusal else 200,
        order=None,
        refusal=refusal,
    )


@get("/receiving/{id:uuid}", include_in_schema=False)
async def choose(request: AnyRequest, db: Db, id: FromPath[UUID]) -> Response[Any]:
    """What of the order may come back; with lines chosen, what goes back and why."""
    return await _page(request, db, id, dict(request.query_params))


@post("/receiving/{id:uuid}", include_in_schema=False, status_code=303)
async def take(request: AnyRequest, id: FromPath[UUID], data: Fields) -> Response[Any]:
    """It is here, in the state that was seen. What was paid in cash is paid out at a till."""
    pool = request.app.state.pool
    try:
        async with begin(pool) as db:
            place_id = await _place(db, data.get("place", ""))
            desk = returns.Desk(channel="parcel", place_id=place_id, by=request.user.id)
            done = await returns.take(db, id, command_of(data), wish(data), desk)
    except ShopError as refusal:
        if refusal.status == 404:
            raise
        async with begin(pool) as db:
            return await _page(request, db, id, data, refusal)
    return Redirect(f"/receiving/{id}?done={done.id}", status_code=303)


async def _one_more(request: AnyRequest, db: Connection, product_id: UUID) -> Response[Any]:
    """Of what lay in the parcel that is open on the table."""
    try:
        order = await orders.read(db, UUID(request.query_params.get("order", "")))
    except ValueError:
        order = None
    if order is None:
        raise NotFound(
            "Scan the label of the parcel first, then what lies in it.", code="unknown-order"
        )
    piece = await returns.scanned(db, order, product_id)
    query = and_one_more(request.query_params, piece)
    return Redirect(f"/receiving/{order.id}?{query}", status_code=303)


async def _place(db: Connection, text: str) -> UUID:
    found = next((one.id for one in await stock.places(db) if str(one.id) == text), None)
    if found is None:
        raise Malformed("We could not read this request.")
    return found


async def _page(
    request: AnyRequest,
    db: Connection,
    id: UUID,
    fields: dict[str, Any],
    refusal: ShopError | None = None,
) -> Response[Any]:
    order = await orders.read(db, id)
    if order is None:
        raise NotFound("There is no such order.")
    offer = None
    if fields.get("cause") or (chosen(fields) and "scanned" not in fields):
        try:
            offer = await returns.offer(db, order, wish(fields))
        except ShopError as error:
            refusal = refusal or error
    came = await returns.came(db, id)
    wishes = [one for one in await returns.requests(db, id) if one.state == "open" and not one.kept]
    wished = next((one for one in wishes if str(one.id) == str(fields.get("request", ""))), None)
    return render(
        request,
        "receiving/receiving.html",
        status=refusal.status if refusal else 200,
        order=order,
        bought=await returns.lines(db, order),
        asked=wishes,
        waits=bool(wished and wished.exchange_id),
        to_settle=to_settle,
        chosen=chosen(fields),
        cause=str(fields.get("cause", "")),
        condition=str(fields.get("condition", "as-new")),
        asked_for=str(fields.get("request", "")),
        places=await stock.places(db),
        offer=offer,
        points=await points_lost(db, order, offer),
        done=next((one for one in came if str(one.id) == str(fields.get("done", ""))), None),
        refusal=refusal,
    )


routes: list[Any] = [find, choose, take]
