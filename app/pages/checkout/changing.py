"""Changing an order by forms: what it would cost is seen first, then it is agreed to."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect

from app import catalog, checkout, orders, scan
from app.catalog.models import Product
from app.db import Connection, Db, begin
from app.errors import Conflict, Malformed, NotFound, ShopError
from app.orders.models import Order
from app.orders.rules import goes_two_ways, is_collected
from app.pages.checkout.delivery import days_of
from app.pages.rendering import render

AnyRequest = Request[Any, Any, Any]
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]


LOOKS = ("look", "without-delivery", "without-collect")
"""What only shows what it would cost; the latter leave out what goes home one way."""


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What a form asks for: how many of each line, what is new, and what that would cost."""

    quantities: dict[int, int]
    added: list[tuple[Product, int]]
    amended: checkout.changing.Amended | None = None
    refusal: ShopError | None = None

    def change(self, total: int) -> checkout.changing.Change:
        new = [
            checkout.changing.More(product.id, quantity)
            for product, quantity in self.added
            if quantity
        ]
        return checkout.changing.Change(quantities=self.quantities, added=new, total=total)


@get("/orders/{token:str}/change", include_in_schema=False)
async def change_page(request: AnyRequest, db: Db, token: FromPath[str]) -> Response[Any]:
    order = await orders.by_token(db, token)
    if order.state != "confirmed":
        return Redirect(f"/orders/{token}")
    return await _page(request, db, order, token, await seen(db, order, {}))


@post("/orders/{token:str}/change", include_in_schema=False, status_code=303)
async def change(request: AnyRequest, token: FromPath[str], data: Form) -> Response[Any]:
    """Look at the new total, agree to it, choose another time, or leave it as it was."""
    state = request.app.state
    async with begin(state.pool) as db:
        order = await orders.by_token(db, token)
        if data.get("do") == "let-go":
            await checkout.changing.let_go(db, order.id)
            return Redirect(f"/orders/{token}", status_code=303)
        wish = await seen(db, order, data)
        if data.get("do") in LOOKS or wish.refusal is not None:
            return await _page(request, db, order, token, wish)
    shop = checkout.Shop.at(state.pool, state.settings)
    try:
        pay_at = await carry_out(
            shop, order, data, wish, f"{state.settings.base_url}/orders/{token}"
        )
    except Conflict as refusal:
        async with begin(state.pool) as db:
            again = msgspec.structs.replace(await seen(db, order, data), refusal=refusal)
            return await _page(request, db, order, token, again)
    base: str = state.settings.base_url
    if pay_at and not pay_at.startswith(f"{base}/"):
        return render(request, "checkout/leaving.html", address=pay_at)
    where = pay_at.removeprefix(base) if pay_at else f"/orders/{token}"
    return Redirect(where, status_code=303)


async def carry_out(
    shop: checkout.Shop,
    order: Order,
    data: Mapping[str, str],
    wish: Seen,
    return_to: str,
    *,
    by: checkout.changing.Hand = "shopper",
    reason: str = "",
    also: Callable[[Connection], Awaitable[Any]] | None = None,
) -> str | None:
    """The page to pay what is more, where it is more. `also` is done in the same transaction. Raises
    Conflict like `changing.make`."""
    command = _id(data.get("command", ""))
    async with begin(shop.pool) as db:
        if data.get("do") == "move":
            await checkout.changing.move(db, order.id, command, _id(data.get("slot", "")))
            if also is not None:
                await also(db)
            return None
        total = data.get("total", "")
        if not (total.isascii() and total.isdigit() and len(total) < 12):
            raise Malformed("We could not read this request.")
        made = await checkout.changing.make(
            db,
            order.id,
            command,
            wish.change(int(total)),
            provider=next(iter(shop.providers)),
            by=by,
            reason=reason,
        )
        if also is not None:
            await also(db)
    if made.intent_id is None:
        return None
    return await checkout.start_payment(shop, made.intent_id, return_to)


async def seen(db: Connection, order: Order, data: Mapping[str, str]) -> Seen:
    """What is written in the form, with what was typed beside it; nothing changes."""
    off = data.get("do", "").removeprefix("without-")
    quantities = {
        line.line_no: 0
        if line.handover == off
        else _number(data.get(f"q-{line.line_no}", ""), line.quantity)
        for line in order.lines
        if line.handover != "carry-out"
    }
    added = {
        id: _number(text, 0)
        for name, text in list(data.items())[:400]
        if name.startswith("a-") and (id := _maybe_id(name[2:]))
    }
    wish = Seen(quantities=quantities, added=await _products(db, order, added))
    if data.get("code", "").strip():
        try:
            wish = _with(order, wish, await _typed(db, data["code"][:300], order.language))
        except ShopError as refusal:
            return msgspec.structs.replace(wish, refusal=refusal)
    changed = wish.added or any(
        wish.quantities[line.line_no] != line.quantity
        for line in order.lines
        if line.line_no in wish.quantities
    )
    if not changed:
        return wish
    try:
        amended = await checkout.changing.look(db, order, wish.change(0))
    except Conflict as refusal:
        return msgspec.structs.replace(wish, refusal=refusal)
    return msgspec.structs.replace(wish, amended=amended)


async def shown(db: Connection, order: Order, wish: Seen) -> dict[str, Any]:
    """What the form needs to be drawn."""
    now = datetime.now(UTC)
    collected = is_collected(order)
    found = [] if collected else await checkout.changing.times(db, order, now)
    times = [one for one in found if one.fullness != "full" and one.id != order.slot_id]
    days, both = days_of(times), goes_two_ways(order)
    return {"order": order, "wish": wish, "days": days, "both": both}


async def _page(
    request: AnyRequest, db: Connection, order: Order, token: str, wish: Seen
) -> Response[Any]:
    return render(
        request,
        "checkout/change.html",
        status=wish.refusal.status if wish.refusal else 200,
        token=token,
        **await shown(db, order, wish),
    )


def _with(order: Order, wish: Seen, product: Product) -> Seen:
    """One of it more; of the line where the order has it already."""
    for line in order.lines:
        if line.product_id == product.id and line.line_no in wish.quantities:
            more = {line.line_no: wish.quantities[line.line_no] + 1}
            return msgspec.structs.replace(wish, quantities=wish.quantities | more)
    others = [(one, n) for one, n in wish.added if one.id != product.id]
    before = sum(n for one, n in wish.added if one.id == product.id)
    return msgspec.structs.replace(wish, added=[*others, (product, before + 1)])


async def _typed(db: Connection, text: str, language: str) -> Product:
    """Raises Malformed for what is no number, NotFound for what nobody knows."""
    found = await scan.look(db, scan.read(text), language)
    if found.product is None:
        raise NotFound("We do not know a product with this number.", code="unknown-product")
    return found.product


async def _products(
    db: Connection, order: Order, added: Mapping[UUID, int]
) -> list[tuple[Product, int]]:
    products = await catalog.products(db, list(added), order.language) if added else {}
    return [(products[id], n) for id, n in added.items() if id in products and n]


def _number(text: str, otherwise: int) -> int:
    plain = text.strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= 2 else otherwise


def _maybe_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _id(text: str) -> UUID:
    found = _maybe_id(text)
    if found is None:
        raise NotFound("There is nothing here.")
    return found


routes: list[Any] = [change_page, change]
