"""The last basket once more: one tap, what became of each product, and one tap to undo it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect

from app import cart, catalog, customers, orders
from app.cart.models import NO_EDITION, Again, BroughtAgain, Cart
from app.catalog.models import Product
from app.customers.models import Customer
from app.db import Connection, Db
from app.errors import Conflict, NotFound
from app.http.problems import language_of
from app.money import Money
from app.orders.models import Past
from app.orders.rules import link_token

AnyRequest = Request[Any, Any, Any]

NAMED = 3
"""Of each order in a list; the rest is counted."""


class Wanted(msgspec.Struct):
    command: UUID


class Told(msgspec.Struct, frozen=True):
    """A product that is not back as it was: fewer, none, or at another price (`now`)."""

    line: BroughtAgain
    name: str
    now: Money | None


class Shown(msgspec.Struct, frozen=True):
    again: Again
    told: list[Told]
    brought: int
    """How many things are in the basket by it."""


@post("/orders/{token:str}/again", include_in_schema=False, status_code=303)
async def bring(
    request: AnyRequest, token: FromPath[str], db: Db, data: URLEncodedBody[Wanted]
) -> Redirect:
    """All of it into the basket of this browser; the basket says what became of each product."""
    order = await orders.by_token(db, token)
    cart_id, cookie = await cart.mine(request, db)
    today = datetime.now(request.app.state.settings.zone).date()
    address = f"/basket?again={data.command}"
    try:
        await orders.again.bring(db, order, cart_id, data.command, today)
    except Conflict as refusal:
        address = f"/basket?no={refusal.code}"
    return Redirect(address, status_code=303, cookies=[cookie] if cookie else None)


@post("/basket/again/undo", include_in_schema=False, status_code=303)
async def undo(request: AnyRequest, db: Db, data: URLEncodedBody[Wanted]) -> Redirect:
    """`command` is what brought it. Pressed twice it is the same."""
    cart_id = await cart.of_token(db, cart.of_request(request))
    if cart_id is None:
        raise NotFound("You have no basket yet.")
    await cart.again.undo(db, cart_id, data.command)
    return Redirect(f"/basket?again={data.command}", status_code=303)


async def shown(request: AnyRequest, db: Connection, found: Cart) -> Shown | None:
    """What the last tap brought into this basket, for its page."""
    try:
        command = UUID(request.query_params.get("again", ""))
    except ValueError:
        return None
    again = await cart.again.seen(db, found.id, command)
    if again is None:
        return None
    products = await catalog.products(
        db, [line.product_id for line in again.lines], language_of(request)
    )
    costs = {
        line.product_id: line.current_price
        for line in found.lines
        if line.edition_id == NO_EDITION and line.for_sale
    }
    told = []
    for line in again.lines:
        now = costs.get(line.product_id) if line.added else None
        if line.why or now not in (None, line.price):
            product = products.get(line.product_id)
            told.append(Told(line, product.name if product else "", now))
    return Shown(again, told, sum(line.added for line in again.lines))


async def past(
    request: AnyRequest, db: Connection, customer: Customer | None, most: int
) -> list[tuple[Past, str]]:
    """The newest orders of who is signed in, each with the token of its page."""
    if customer is None:
        return []
    secret = request.app.state.settings.secret
    found = await orders.last_of(db, customer.email, most)
    ids = sorted({id for one in found for id in one.product_ids[:NAMED]})
    products = await catalog.products(db, ids, language_of(request)) if ids else {}
    return [(_named(one, products), link_token(secret, one.id)) for one in found]


def _named(one: Past, products: Mapping[UUID, Product]) -> Past:
    """What its first goods are called in the reader's language."""
    called = [
        products[id].name if id in products else name
        for id, name in zip(one.product_ids[:NAMED], one.names, strict=False)
    ]
    return msgspec.structs.replace(one, names=called + one.names[NAMED:])


async def last(request: AnyRequest, db: Connection) -> list[tuple[Past, str]]:
    """The newest one, where somebody is signed in."""
    return await past(request, db, await customers.of_request(request, db), 1)


routes: list[Any] = [bring, undo]
