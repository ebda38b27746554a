"""Ordering over the API, and where payment providers tell us what happened."""

from datetime import UTC, datetime
from typing import Any

import msgspec
from litestar import Request, post
from litestar.params import FromPath, JSONBody

from app import cart, commands, orders, payments
from app.checkout import actions, settling
from app.checkout.changing.routes import routes as changing_routes
from app.checkout.models import Agreed, Placed, ToCollect, Wanted
from app.checkout.shop import Shop
from app.checkout.turns import begin_in_turn
from app.db import Db
from app.errors import Malformed, NotFound, Unprocessable
from app.http.idempotency import idempotency_key
from app.http.limits import slow_down
from app.http.problems import language_of
from app.orders.models import Tracked
from app.orders.rules import tracked

AnyRequest = Request[Any, Any, Any]


@post("/api/v1/checkout", tags=["checkout"])
async def checkout(request: AnyRequest, data: JSONBody[Wanted]) -> Placed:
    """Order the basket of this browser as it was seen, with obligation to pay.

    Where part of it is collected, `collect` says where and when that was shown to be ready: it is one
    order with one payment, and either part is held where it lies. The answer says where to pay. With the same Idempotency-Key it is the same order. 409 leaves the
    basket as it was: `total-changed` (with the new breakdown), `basket-changed`, `out-of-stock`
    (naming the products, and where there are two parts, which one), `slot-full`, `coupon-gone`, `used-up` (a coupon or an offer that others
    have taken meanwhile), `gift-card-changed` (with what is left to pay), `being-paid`,
    `not-for-sale`, `outside-area`, `slot-elsewhere`, `at-the-till`, `another-way`,
    `ready-later`, `no-desk`. 422 `unknown-gift-card`: nobody
    knows this code; who keeps guessing is slowed down (429).
    """
    return await _place(request, data)


@post("/api/v1/checkout/collect", tags=["checkout"])
async def collect(request: AnyRequest, data: JSONBody[ToCollect]) -> Placed:
    """Order the basket of this browser to be collected, with obligation to pay; all of its lines are
    to be collected (409 `another-way`, `at-the-till` otherwise).

    As `/api/v1/checkout`, and 409 `ready-later` (with the new time) or `no-desk` when it cannot be
    ready where and when that was shown.
    """
    return await _place(request, data)


async def _place(request: AnyRequest, data: Agreed) -> Placed:
    command = idempotency_key(request)
    state = request.app.state
    async with begin_in_turn(state.pool) as db:
        cart_id = await cart.of_token(db, cart.of_request(request))
    if cart_id is None:
        raise NotFound("You have no basket yet.")
    shop = Shop.at(state.pool, state.settings)
    try:
        return await actions.place(shop, cart_id, command, data, language_of(request))
    except Unprocessable as refusal:
        if refusal.code == "unknown-gift-card":
            await slow_down(request, "gift cards", payments.giftcards.GUESSES)
        raise


@post("/api/v1/payments/notifications/{provider:str}", status_code=200, tags=["payments"])
async def notification(request: AnyRequest, provider: FromPath[str]) -> dict[str, str]:
    """A payment provider tells what happened, signed as agreed with it. Telling twice is welcome."""
    state = request.app.state
    shop = Shop.at(state.pool, state.settings)
    if provider not in shop.providers:
        raise NotFound("There is nothing here.")
    body = await request.body()
    try:
        fact = shop.providers[provider].read(request.headers, body, datetime.now(UTC))
    except (payments.NotGenuine, msgspec.DecodeError) as error:
        raise Malformed("This notification is not signed as agreed.", code="not-genuine") from error
    if fact is None:
        return {"status": "ignored"}
    await settling.hear(state.pool, fact, "notification")
    return {"status": "heard"}


@post("/api/v1/orders/{token:str}/cancel", status_code=200, tags=["orders"])
async def cancel(request: AnyRequest, token: FromPath[str], db: Db) -> Tracked:
    """Call the order off, possible until picking starts (409 after that). What was paid goes back."""
    order = await orders.by_token(db, token)
    command = idempotency_key(request)

    async def act() -> dict[str, str]:
        await settling.call_off(db, order.id)
        return {"cancelled": str(order.id)}

    await commands.once(db, order.id, command, {"do": "cancel"}, act)
    now = await orders.by_token(db, token)
    return tracked(now, await orders.timeline(db, now.id))


routes: list[Any] = [checkout, collect, notification, cancel, *changing_routes]
