"""Points of who is signed in: how many, since when, and how they become a gift card."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from babel.numbers import get_currency_precision
from litestar import Request, Response, get, post
from litestar.params import URLEncodedBody
from litestar.response import Redirect
from msgspec import Meta

from app import customers, loyalty
from app.customers.models import Customer
from app.db import Connection, Db, begin
from app.errors import Malformed, ShopError
from app.loyalty.models import Entry
from app.loyalty.rules import LEAST, MOST
from app.pages.rendering import render
from app.pages.shopper import showing
from app.payments import giftcards

AnyRequest = Request[Any, Any, Any]


class Wish(msgspec.Struct):
    command: UUID
    points: Annotated[str, Meta(max_length=12)]


@get("/points", include_in_schema=False)
async def page(request: AnyRequest, db: Db) -> Response[Any]:
    """For who has signed in by their mailbox."""
    customer = await customers.of_request(request, db)
    if customer is None:
        return Redirect("/sign-in", status_code=303)
    return await _page(request, db, customer)


@post("/points", include_in_schema=False, status_code=303)
async def spend(request: AnyRequest, data: URLEncodedBody[Wish]) -> Response[Any]:
    """Turned into a gift card, once however often it is sent; its code stands on the page."""
    settings, pool = request.app.state.settings, request.app.state.pool
    async with begin(pool) as db:
        customer = await customers.of_request(request, db)
    if customer is None:
        return Redirect("/sign-in", status_code=303)
    try:
        async with begin(pool) as db:
            await loyalty.spend(
                db, customer.id, data.command, _whole(data.points), settings.currency,
                settings.secret,
            )  # fmt: skip
    except ShopError as refusal:
        async with begin(pool) as db:
            return await _page(request, db, customer, refusal, data.points)
    return Redirect("/points#cards", status_code=303)


async def _page(
    request: AnyRequest,
    db: Connection,
    customer: Customer,
    refusal: ShopError | None = None,
    typed: str = "",
) -> Response[Any]:
    account = await loyalty.see(db, customer.id)
    secret = request.app.state.settings.secret
    return render(
        request,
        "shopper/points.html",
        status=refusal.status if refusal else 200,
        account=account,
        until=loyalty.holds_until(account.moved_at) if account.moved_at else None,
        cards=[(one, _code(secret, one)) for one in account.entries if one.card_id and one.left],
        least=LEAST,
        whole=10 ** get_currency_precision(request.app.state.settings.currency),
        most=min(MOST, account.balance),
        refusal=refusal,
        typed=typed,
        bar=await showing.bar(request, db),
    )


def _code(secret: str, entry: Entry) -> str:
    assert entry.card_id is not None, "it became a card"
    return giftcards.in_groups(giftcards.code_of(secret, entry.card_id))


def _whole(typed: str) -> int:
    text = typed.strip()
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise Malformed("Please write how many points, in digits.", code="no-number")
    return int(text)


routes: list[Any] = [page, spend]
