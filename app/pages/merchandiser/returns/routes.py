"""What came back and what was complained of, as pictures; the goods themselves; and how long each class
of products may come back."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect
from msgspec import Meta

from app import returns, stock
from app.db import Connection, Db, begin
from app.errors import ShopError, Unprocessable
from app.http.bounds import Line, Word
from app.http.problems import language_of
from app.pages.merchandiser.acting import AnyRequest
from app.pages.rendering import render
from app.pages.returning import goods
from app.returns import Exempt

A_YEAR = 365
Days = Annotated[int, Meta(ge=0, le=3650)]
HOME = "/merchandiser/returns"


class Period(msgspec.Struct, kw_only=True):
    command: UUID
    category: Word
    days: Line
    """As it was written."""
    reason: Exempt = ""


@get(HOME, include_in_schema=False)
async def insight(request: AnyRequest, db: Db, days: FromQuery[int] = 30) -> Response[Any]:
    """Of so many days, of a year at most."""
    days, language = min(max(days, 1), A_YEAR), language_of(request)
    return render(
        request,
        "merchandiser/returns/insight.html",
        days=days,
        causes=await returns.by_cause(db, days),
        products=await returns.by_product(db, days, language),
        walls=await returns.by_wall(db, days),
        places=await returns.by_place(db, days),
        complaints_by_wall=await returns.complaints_by_wall(db, days),
        complaints_by_batch=await returns.complaints_by_batch(db, days),
        shorts_by_product=await returns.shorts_by_product(db, days, language),
        shorts_by_place=await returns.shorts_by_place(db, days),
        often=await returns.often(db, days),
    )


@get(f"{HOME}/windows", include_in_schema=False)
async def windows(request: AnyRequest, db: Db) -> Response[Any]:
    """Class by class."""
    return await _windows(request, db)


@post(f"{HOME}/windows", include_in_schema=False, status_code=303)
async def set_window(request: AnyRequest, data: URLEncodedBody[Period]) -> Response[Any]:
    async def do(db: Connection) -> None:
        days = _days(data.days)
        await returns.set_window(db, request.user, data.command, data.category, days, data.reason)

    return await _act(request, do, partial(_windows, written=data), f"{HOME}/windows")


def _days(text: str) -> int:
    try:
        return msgspec.convert(text.strip(), Days, strict=False)
    except msgspec.ValidationError as error:
        raise Unprocessable(
            "Write the days as a whole number: 0 for none, at most 3650.", code="no-such-days"
        ) from error


@get(f"{HOME}/goods", include_in_schema=False)
async def lying(request: AnyRequest, db: Db) -> Response[Any]:
    """Of all places."""
    return await _goods(request, db)


@post(f"{HOME}/goods", include_in_schema=False, status_code=303)
async def move(request: AnyRequest, data: URLEncodedBody[goods.Moved]) -> Response[Any]:
    """Somebody has looked at it."""
    return await _act(
        request, lambda db: goods.move(db, request.user, data), _goods, f"{HOME}/goods"
    )


@post(f"{HOME}/goods/{{id:uuid}}/send-on", include_in_schema=False, status_code=303)
async def send_on(
    request: AnyRequest, id: FromPath[UUID], data: URLEncodedBody[goods.SentOn]
) -> Response[Any]:
    """To where it belongs."""
    return await _act(
        request, lambda db: goods.send_on(db, request.user, id, data), _goods, f"{HOME}/goods"
    )


async def _act(
    request: AnyRequest,
    do: Callable[[Connection], Awaitable[None]],
    page: Callable[[AnyRequest, Connection, ShopError], Awaitable[Response[Any]]],
    home: str,
) -> Response[Any]:
    try:
        async with begin(request.app.state.pool) as db:
            await do(db)
    except ShopError as refusal:
        async with begin(request.app.state.pool) as db:
            return await page(request, db, refusal)
    return Redirect(home, status_code=303)


async def _windows(
    request: AnyRequest,
    db: Connection,
    refusal: ShopError | None = None,
    written: Period | None = None,
) -> Response[Any]:
    return render(
        request,
        "merchandiser/returns/windows.html",
        status=refusal.status if refusal else 200,
        windows=await returns.windows(db, language_of(request), returns.USUAL_DAYS),
        written=written if refusal else None,
        refusal=refusal,
    )


async def _goods(
    request: AnyRequest, db: Connection, refusal: ShopError | None = None
) -> Response[Any]:
    language = language_of(request)
    return render(
        request,
        "merchandiser/returns/goods.html",
        status=refusal.status if refusal else 200,
        lying=await stock.aside.lying(db, None, language),
        stranded=await returns.stranded(db, None, language),
        places=await stock.places(db),
        refusal=refusal,
    )


routes: list[Any] = [insight, windows, set_window, lying, move, send_on]
