"""What a parcel service brings instead of a van: give it away, and see where it is."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import URLEncodedBody
from litestar.response import Redirect

from app.db import Connection, Db, begin
from app.errors import ShopError
from app.fulfilment import carriers
from app.pages.acting import AnyRequest, Form, act_of, attempt
from app.pages.rendering import render


class BookForm(Form, kw_only=True):
    fulfilment: UUID


@get("/dispatch/carriers", include_in_schema=False)
async def overview(request: AnyRequest, db: Db) -> Response[str]:
    return await _overview(request, db)


@post("/dispatch/carriers", include_in_schema=False, status_code=303)
async def book(request: AnyRequest, data: URLEncodedBody[BookForm]) -> Response[Any]:
    act = act_of(request, data)
    refusal = await attempt(request, lambda db: carriers.book(db, act, data.fulfilment, "files"))
    if refusal is None:
        return Redirect("/dispatch/carriers", status_code=303)
    async with begin(request.app.state.pool) as db:
        return await _overview(request, db, refusal)


async def _overview(
    request: AnyRequest, db: Connection, refusal: ShopError | None = None
) -> Response[str]:
    return render(
        request,
        "dispatch/carriers.html",
        status=refusal.status if refusal else 200,
        bookable=await carriers.bookable(db),
        consignments=await carriers.consignments(db),
        refusal=refusal,
    )


routes: list[Any] = [overview, book]
