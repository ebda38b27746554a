"""An order by the token of its tracking link: read it, and follow it."""

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath
from litestar.response import Stream

from app.db import Db, begin
from app.orders import actions, queries
from app.orders.models import Tracked
from app.orders.rules import CALLED_OFF_FROM
from app.orders.streaming import stream, version_in


@get("/api/v1/orders/{token:str}", tags=["orders"])
async def order(token: FromPath[str], db: Db) -> Tracked:
    """The order this tracking link opens, and what happened to it so far."""
    found = await actions.by_token(db, token)
    return Tracked(
        order=found,
        happened=await queries.timeline(db, found.id),
        can_be_cancelled=found.state in CALLED_OFF_FROM,
    )


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


routes: list[Any] = [order, events]
