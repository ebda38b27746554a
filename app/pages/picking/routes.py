"""The picker's desk: what to pick now, and a cart walked one line per screen."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery
from litestar.response import Redirect

from app import orders
from app.db import Db, begin
from app.errors import ShopError
from app.fulfilment import picking
from app.fulfilment.models import DeviceTime, ShortReason
from app.fulfilment.picking.rules import colour
from app.http.bounds import Quantity
from app.pages.acting import AnyRequest, Code, Form, act_of, attempt
from app.pages.rendering import render

URL_ENCODED = RequestEncodingType.URL_ENCODED


class StartForm(Form, kw_only=True):
    place: UUID
    pick_by: DeviceTime
    most: Quantity = 6


class ScanForm(Form, kw_only=True):
    line: UUID
    code: Code = ""


class PickForm(Form, kw_only=True):
    line: UUID
    quantity: Quantity


class ShortForm(Form, kw_only=True):
    line: UUID
    reason: ShortReason


@get("/picking", include_in_schema=False)
async def overview(request: AnyRequest, db: Db) -> Response[str]:
    return await _overview(request, db)


@post("/picking/start", include_in_schema=False, status_code=303)
async def start(
    request: AnyRequest, data: Annotated[StartForm, Body(media_type=URL_ENCODED)]
) -> Response[Any]:
    try:
        async with begin(request.app.state.pool) as db:
            act = act_of(request, data)
            batch = await picking.start(db, act, data.place, data.pick_by, min(data.most, 6))
    except ShopError as refusal:
        async with begin(request.app.state.pool) as db:
            return await _overview(request, db, refusal)
    return Redirect(f"/picking/{batch}", status_code=303)


@get("/picking/{batch_id:uuid}", include_in_schema=False)
async def walk(
    request: AnyRequest, batch_id: FromPath[UUID], db: Db, line: FromQuery[UUID | None] = None
) -> Response[str]:
    """The first line that is open, or the one asked for."""
    return await _walk(request, db, batch_id, line)


@post("/picking/{batch_id:uuid}/scan", include_in_schema=False, status_code=303)
async def scan(
    request: AnyRequest,
    batch_id: FromPath[UUID],
    data: Annotated[ScanForm, Body(media_type=URL_ENCODED)],
) -> Response[Any]:
    """One piece was scanned."""
    refusal = await attempt(
        request,
        lambda db: picking.pick(db, act_of(request, data), data.line, code=data.code, quantity=1),
    )
    return await _next(request, batch_id, data.line, refusal)


@post("/picking/{batch_id:uuid}/picked", include_in_schema=False, status_code=303)
async def picked(
    request: AnyRequest,
    batch_id: FromPath[UUID],
    data: Annotated[PickForm, Body(media_type=URL_ENCODED)],
) -> Response[Any]:
    """All that are left of the line, by a tap."""
    act = act_of(request, data)
    refusal = await attempt(
        request, lambda db: picking.pick(db, act, data.line, code=None, quantity=data.quantity)
    )
    return await _next(request, batch_id, data.line, refusal)


@post("/picking/{batch_id:uuid}/short", include_in_schema=False, status_code=303)
async def short(
    request: AnyRequest,
    batch_id: FromPath[UUID],
    data: Annotated[ShortForm, Body(media_type=URL_ENCODED)],
) -> Response[Any]:
    act = act_of(request, data)
    refusal = await attempt(
        request, lambda db: picking.short(db, act, data.line, reason=data.reason)
    )
    return await _next(request, batch_id, data.line, refusal)


async def _overview(request: AnyRequest, db: Db, refusal: ShopError | None = None) -> Response[str]:
    return render(
        request,
        "picking/overview.html",
        status=refusal.status if refusal else 200,
        waiting=await picking.waiting(db, None),
        batches=await picking.open_batches(db),
        refusal=refusal,
    )


async def _walk(
    request: AnyRequest,
    db: Db,
    batch_id: UUID,
    wanted: UUID | None,
    refusal: ShopError | None = None,
) -> Response[str]:
    listed = await picking.pick_list(db, batch_id)
    here = next((line for line in listed.lines if line.id == wanted), None) or listed.next
    after = [line for line in listed.lines if line.state == "open" and line is not here]
    return render(
        request,
        "picking/walk.html",
        status=refusal.status if refusal else 200,
        batch=listed.batch,
        lines=listed.lines,
        here=here,
        following=after[0] if after else None,
        colour=colour,
        said=await orders.line_notes(db, here.order_id) if here else {},
        refusal=refusal,
    )


async def _next(
    request: AnyRequest, batch_id: UUID, line: UUID, refusal: ShopError | None
) -> Response[Any]:
    if refusal is None:
        return Redirect(f"/picking/{batch_id}", status_code=303)
    async with begin(request.app.state.pool) as db:
        stay = line if refusal.code in ("wrong-item", "unreadable-code") else None
        return await _walk(request, db, batch_id, stay, refusal)


routes: list[Any] = [overview, start, walk, scan, picked, short]
