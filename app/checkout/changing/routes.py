"""Changing a paid order over the API, by the token of its tracking link."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, post
from litestar.params import FromPath, JSONBody

from app import orders
from app.checkout import changing
from app.checkout.actions import start_payment
from app.checkout.changing.models import Amended, Change, Made
from app.checkout.shop import Shop
from app.checkout.turns import begin_in_turn
from app.db import Db
from app.http.idempotency import idempotency_key
from app.orders.models import Tracked
from app.orders.rules import link_token, tracked

AnyRequest = Request[Any, Any, Any]


class AnotherTime(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    slot: UUID


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What became of it. `waiting`: the order is changed once `pay_at` is paid."""

    change: Made
    pay_at: str | None = None


@post("/api/v1/orders/{token:str}/contents/look", status_code=200, tags=["orders"])
async def look(token: FromPath[str], data: JSONBody[Change], db: Db) -> Amended:
    """What the order would cost with these goods; nothing changes. `total` is not looked at."""
    return await changing.look(db, await orders.by_token(db, token), data)


@post("/api/v1/orders/{token:str}/contents", status_code=200, tags=["orders"])
async def change(request: AnyRequest, token: FromPath[str], data: JSONBody[Change]) -> Asked:
    """More or fewer goods, until picking starts, at the prices and offers of the order.

    What costs less is paid back; what costs more is held, and the order changes once it is paid. 409:
    `total-changed` (with the new receipt), `out-of-stock`, `slot-full`, `slot-closed`, `limited`,
    `not-for-sale`, `change-waits`, `nothing-left`, `not-paid`, `order-moved-on`.
    """
    key, state = idempotency_key(request), request.app.state
    shop = Shop.at(state.pool, state.settings)
    async with begin_in_turn(state.pool) as db:
        found = await orders.by_token(db, token)
        made = await changing.make(db, found.id, key, data, provider=next(iter(shop.providers)))
    if made.intent_id is None:
        return Asked(change=made)
    track_at = f"{state.settings.base_url}/orders/{link_token(state.settings.secret, found.id)}"
    return Asked(change=made, pay_at=await start_payment(shop, made.intent_id, track_at))


@post("/api/v1/orders/{token:str}/contents/let-go", status_code=200, tags=["orders"])
async def let_go(token: FromPath[str], db: Db) -> Tracked:
    """A change that waits for its payment is not wanted any more."""
    found = await orders.by_token(db, token)
    await changing.let_go(db, found.id)
    return tracked(await orders.by_token(db, token), await orders.timeline(db, found.id))


@post("/api/v1/orders/{token:str}/slot", status_code=200, tags=["orders"])
async def move(
    request: AnyRequest, token: FromPath[str], data: JSONBody[AnotherTime], db: Db
) -> Tracked:
    """Another time from the same place, until picking starts. It never costs more than was agreed."""
    found = await orders.by_token(db, token)
    await changing.move(db, found.id, idempotency_key(request), data.slot)
    return tracked(await orders.by_token(db, token), await orders.timeline(db, found.id))


routes: list[Any] = [look, change, let_go, move]
