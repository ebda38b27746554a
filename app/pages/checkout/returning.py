"""The shopper's page: something was wrong, or something shall come back."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect

from app import orders, returns
from app.db import Connection, Db, begin
from app.errors import Malformed, ShopError
from app.pages.rendering import render
from app.pages.returning import chosen, wish

AnyRequest = Request[Any, Any, Any]
Fields = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]


@get("/orders/{token:str}/returns", include_in_schema=False)
async def choose(request: AnyRequest, db: Db, token: FromPath[str]) -> Response[Any]:
    """First what it is about, then what would go back and why; nothing changes by looking."""
    fields = dict(request.query_params)
    refusal: ShopError | None = None
    offer = None
    order = await orders.by_token(db, token)
    if chosen(fields) or fields.get("cause"):
        try:
            offer = await returns.offer(db, order, wish(fields))
        except ShopError as error:
            refusal = error
    return await _page(request, db, token, fields, offer=offer, refusal=refusal)


@post("/orders/{token:str}/returns", include_in_schema=False, status_code=303)
async def send(request: AnyRequest, token: FromPath[str], data: Fields) -> Response[Any]:
    """As it was shown. Money back at once, a person who looks, or a date with a shop."""
    pool = request.app.state.pool
    command = _command(data)
    try:
        async with begin(pool) as db:
            order = await orders.by_token(db, token)
            desk = returns.Desk(channel="web")
            await returns.complain(db, order.id, command, wish(data), desk)
    except ShopError as refusal:
        if refusal.status == 404:
            raise
        async with begin(pool) as db:
            return await _again(request, db, token, data, refusal)
    return Redirect(f"/orders/{token}#returns", status_code=303)


@post("/orders/{token:str}/returns/{id:uuid}/withdrawal", include_in_schema=False, status_code=303)
async def keep(token: FromPath[str], id: FromPath[UUID], data: Fields, db: Db) -> Redirect:
    """The shopper keeps it after all."""
    order = await orders.by_token(db, token)
    await returns.withdraw(db, order.id, _command(data), id)
    return Redirect(f"/orders/{token}#returns", status_code=303)


@post("/orders/{token:str}/late", include_in_schema=False, status_code=303)
async def late(token: FromPath[str], data: Fields, db: Db) -> Redirect:
    """It came too late: what bringing it cost goes back, once."""
    order = await orders.by_token(db, token)
    await returns.late(db, order.id, _command(data), data.get("note", "")[:2000])
    return Redirect(f"/orders/{token}#returns", status_code=303)


async def _again(
    request: AnyRequest, db: Connection, token: str, fields: dict[str, str], refusal: ShopError
) -> Response[Any]:
    """With the offer as it is now, so that it can be agreed to."""
    order = await orders.by_token(db, token)
    offer = None
    try:
        offer = await returns.offer(db, order, wish(fields))
    except ShopError as error:
        refusal = error
    return await _page(request, db, token, fields, offer=offer, refusal=refusal)


async def _page(
    request: AnyRequest,
    db: Connection,
    token: str,
    fields: dict[str, Any],
    *,
    offer: returns.Offer | None,
    refusal: ShopError | None,
) -> Response[Any]:
    order = await orders.by_token(db, token)
    return render(
        request,
        "checkout/returns.html",
        status=refusal.status if refusal else 200,
        token=token,
        order=order,
        bought=await returns.lines(db, order),
        chosen=chosen(fields),
        cause=str(fields.get("cause", "")),
        note=str(fields.get("note", ""))[:2000],
        offer=offer,
        refusal=refusal,
        ours=returns.OURS,
    )


def _command(data: dict[str, str]) -> UUID:
    try:
        return UUID(data.get("command", ""))
    except ValueError as error:
        raise Malformed("We could not read this request.") from error


routes: list[Any] = [choose, send, keep, late]
