"""What we know about who is signed in: to be read, to be taken along, and to be forgotten."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import URLEncodedBody
from litestar.response import Redirect

from app import cart, customers, rights
from app.customers.models import Customer
from app.db import Connection, Db, begin
from app.errors import ShopError
from app.pages.rendering import render
from app.pages.shopper import showing

AnyRequest = Request[Any, Any, Any]


class Forget(msgspec.Struct):
    command: UUID
    sure: bool = False


@get("/my-data", include_in_schema=False)
async def page(request: AnyRequest, db: Db) -> Response[Any]:
    """For who has signed in by their mailbox."""
    return await _page(request, db)


@get("/my-data/all.json", include_in_schema=False)
async def everything(request: AnyRequest, db: Db) -> Response[Any]:
    """All of it in one file, photos and signatures too (AVG, art. 15 and 20)."""
    customer = await customers.of_request(request, db)
    if customer is None:
        return Redirect("/sign-in", status_code=303)
    told = await rights.tell(db, customer.email, request.app.state.settings.secret)
    return Response(
        msgspec.json.format(msgspec.json.encode(told)),
        media_type="application/json",
        headers={
            "Content-Disposition": 'attachment; filename="perron.json"',
            "Cache-Control": "private, no-store",
        },
    )


@post("/my-data/forget", include_in_schema=False, status_code=303)
async def forget(request: AnyRequest, data: URLEncodedBody[Forget]) -> Response[Any]:
    """Forgotten, and signed out everywhere; the same form sent again says so too."""
    state = request.app.state
    try:
        async with begin(state.pool) as db:
            customer = await customers.of_request(request, db)
            if customer is None:
                return await _show(request, db, gone=True)
            if not data.sure:
                return await _page(request, db)
            settings = state.settings
            await rights.forget(
                db, customer.email, data.command, settings.secret, settings.sms_folder
            )
            answer = await _show(request, db, gone=True)
    except ShopError as refusal:
        async with begin(state.pool) as db:
            return await _page(request, db, refusal)
    answer.set_cookie(customers.cookie(state.settings, ""))
    answer.set_cookie(cart.cookie(state.settings, ""))
    return answer


async def _page(
    request: AnyRequest, db: Connection, refusal: ShopError | None = None
) -> Response[Any]:
    customer = await customers.of_request(request, db)
    if customer is None:
        return Redirect("/sign-in", status_code=303)
    return await _show(request, db, customer=customer, refusal=refusal)


async def _show(
    request: AnyRequest,
    db: Connection,
    *,
    customer: Customer | None = None,
    gone: bool = False,
    refusal: ShopError | None = None,
) -> Response[Any]:
    return render(
        request,
        "shopper/rights.html",
        status=refusal.status if refusal else 200,
        customer=customer,
        gone=gone,
        refusal=refusal,
        bar=await showing.bar(request, db),
    )


routes: list[Any] = [page, everything, forget]
