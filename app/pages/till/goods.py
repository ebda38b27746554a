"""What came back to this store and does not lie on its shelf, or belongs to another place."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect

from app import returns, stock
from app.db import Connection, Db, begin
from app.errors import Malformed, ShopError
from app.http.problems import language_of
from app.pages.rendering import render
from app.pages.returning import goods
from app.pages.till.standing import AnyRequest, act, the_till
from app.tills import Till

URL_ENCODED = RequestEncodingType.URL_ENCODED


@get("/till/goods", include_in_schema=False)
async def look(request: AnyRequest, db: Db) -> Response[Any]:
    """What waits to be looked at first."""
    return await _page(request, db)


@post("/till/goods", include_in_schema=False, status_code=303)
async def move(
    request: AnyRequest, data: Annotated[goods.Moved, Body(media_type=URL_ENCODED)]
) -> Response[Any]:
    """Somebody has looked at it, here."""

    async def do(db: Connection, till: Till) -> None:
        if data.place != till.place_id:
            raise Malformed("We could not read this request.")
        await goods.move(db, request.user, data)

    return await _act(request, do)


@post("/till/goods/{id:uuid}/send-on", include_in_schema=False, status_code=303)
async def send_on(
    request: AnyRequest,
    id: FromPath[UUID],
    data: Annotated[goods.SentOn, Body(media_type=URL_ENCODED)],
) -> Response[Any]:
    """To where it belongs."""
    return await _act(request, lambda db, till: goods.send_on(db, request.user, id, data))


async def _act(
    request: AnyRequest, do: Callable[[Connection, Till], Awaitable[None]]
) -> Response[Any]:
    refusal = await act(request, do)
    if refusal is not None:
        async with begin(request.app.state.pool) as db:
            return await _page(request, db, refusal)
    return Redirect("/till/goods", status_code=303)


async def _page(
    request: AnyRequest, db: Connection, refusal: ShopError | None = None
) -> Response[Any]:
    till, language = await the_till(request, db), language_of(request)
    return render(
        request,
        "till/goods.html",
        status=refusal.status if refusal else 200,
        till=till,
        lying=await stock.aside.lying(db, till.place_id, language),
        stranded=await returns.stranded(db, till.place_id, language),
        places=await stock.places(db),
        refusal=refusal,
    )


routes: list[Any] = [look, move, send_on]
