"""An order by the token of its tracking link: read it, and follow it."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath, JSONBody
from litestar.response import Stream
from msgspec import Meta

from app import cart, commands, staff
from app.cart.models import Again
from app.db import Db, begin
from app.errors import NotFound
from app.http.bounds import Text
from app.http.idempotency import idempotency_key
from app.orders import actions, queries
from app.orders.again import bring as bring_again
from app.orders.models import Changes, Entry, Note, Tracked
from app.orders.rules import tracked
from app.orders.streaming import stream, version_in


class NewNote(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    text: Annotated[Text, Meta(min_length=1)]


@get("/api/v1/orders/{token:str}", tags=["orders"])
async def order(token: FromPath[str], db: Db) -> Tracked:
    """The order this tracking link opens, and what happened to it so far."""
    found = await actions.by_token(db, token)
    return tracked(found, await queries.timeline(db, found.id))


@get("/api/v1/orders/{token:str}/events", tags=["orders"], media_type="text/event-stream")
async def events(request: Request[Any, Any, Any], token: FromPath[str]) -> Response[Any]:
    """Server-sent events: `version` each time the order has changed. Resumable by Last-Event-ID."""
    state = request.app.state
    async with begin(state.pool) as db:
        found = await actions.by_token(db, token)
    seen = version_in(request.headers.get("last-event-id") or request.query_params.get("seen"))
    return Stream(
        stream(state.pool, state.hub, found.id, seen),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no", "Cache-Control": "no-store"},
    )


@post("/api/v1/orders/{token:str}/changes", status_code=200, tags=["orders"])
async def change(
    request: Request[Any, Any, Any], token: FromPath[str], data: JSONBody[Changes], db: Db
) -> Tracked:
    """Another door in the same postcode, another name or phone, a remark, what to do when something
    is missing: possible until picking starts (409 after that)."""
    found = await actions.by_token(db, token)

    async def act() -> dict[str, int]:
        return {"version": await actions.change(db, found.id, data)}

    await commands.once(db, found.id, idempotency_key(request), ["change", data], act)
    now = await actions.by_token(db, token)
    return tracked(now, await queries.timeline(db, now.id))


@post("/api/v1/orders/{token:str}/again", status_code=200, tags=["orders"])
async def again(request: Request[Any, Any, Any], token: FromPath[str], db: Db) -> Response[Again]:
    """What this order was about goes into the basket of the cookie (a new one for who has none), as
    many of each as can still be had; each line says why not more. 409 while that basket is paid."""
    key = idempotency_key(request)
    found = await actions.by_token(db, token)
    cart_id, cookie = await cart.mine(request, db)
    today = datetime.now(request.app.state.settings.zone).date()
    brought = await bring_again(db, found, cart_id, key, today)
    return Response(brought, cookies=[cookie] if cookie else None)


@get("/api/v1/staff/orders/{id:uuid}/history", tags=["orders"])
async def history(id: FromPath[UUID], db: Db) -> list[Entry]:
    """Everything that happened with an order: goods, payment, picking, papers, notes."""
    found = await queries.history(db, id)
    if not found:
        raise NotFound("There is no such order.")
    return found


@post("/api/v1/staff/orders/{id:uuid}/notes", status_code=201, tags=["orders"])
async def note(
    request: Request[staff.Person, Any, Any], id: FromPath[UUID], data: JSONBody[NewNote], db: Db
) -> list[Note]:
    """Write something down about an order, for colleagues; the answer holds all notes about it."""

    async def act() -> dict[str, str]:
        return {"note": str(await actions.note(db, id, request.user.id, data.text))}

    key = idempotency_key(request)
    await commands.once(db, request.user.id, key, ["note", id, data], act)
    return await queries.notes(db, id)


routes: list[Any] = [order, events, change, again, history, note]
