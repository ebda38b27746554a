"""Setting up, opening, counting and closing."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect
from msgspec import Meta

from app import tills
from app.db import Db, begin
from app.errors import ShopError
from app.pages.rendering import render
from app.pages.till.standing import AnyRequest, Coins, Form, Reason, act, coins, show, the_till

URL_ENCODED = RequestEncodingType.URL_ENCODED
TillNumber = Annotated[int, Meta(ge=1, le=999)]


class SetUp(Form, kw_only=True):
    place: UUID
    number: TillNumber


class Counted(Form, kw_only=True):
    amount: Coins


class Closed(Counted, kw_only=True):
    """`sure` is the amount that was asked about, said once more."""

    sure: Coins = ""


class InOrOut(Form, kw_only=True):
    amount: Coins
    reason: Reason
    way: Annotated[str, Meta(pattern="^(in|out)$")] = "in"


@post("/till/set-up", include_in_schema=False, status_code=303)
async def set_up(
    request: AnyRequest, data: Annotated[SetUp, Body(media_type=URL_ENCODED)]
) -> Response[Any]:
    """This device becomes that till."""
    try:
        async with begin(request.app.state.pool) as db:
            token = await tills.drawers.set_up(db, request.user, data.place, data.number)
    except ShopError as refusal:
        return await show(request, refusal)
    cookie = tills.cookie_of(request.app.state, token)
    return Redirect("/till", status_code=303, cookies=[cookie])


@post("/till/open", include_in_schema=False, status_code=303)
async def open_drawer(
    request: AnyRequest, data: Annotated[Counted, Body(media_type=URL_ENCODED)]
) -> Response[Any]:
    """With the float that was counted."""
    currency = request.app.state.settings.currency

    async def do(db: Any, till: tills.Till) -> None:
        amount = coins(data.amount, currency)
        await tills.drawers.open_drawer(db, till, request.user, data.command, amount, currency)

    refusal = await act(request, do)
    if refusal is not None:
        return await show(request, refusal, written=data.amount)
    return Redirect("/till", status_code=303)


@get("/till/drawer", include_in_schema=False)
async def drawer(request: AnyRequest, db: Db) -> Response[Any]:
    """X: where the drawer stands, what was sold, and the way to closing."""
    return await _drawer(request, db)


@post("/till/drawer", include_in_schema=False, status_code=303)
async def move(
    request: AnyRequest, data: Annotated[InOrOut, Body(media_type=URL_ENCODED)]
) -> Response[Any]:
    """Money is put in or taken out, for a reason."""

    async def do(db: Any, till: tills.Till) -> None:
        amount = coins(data.amount, request.app.state.settings.currency)
        signed = amount if data.way == "in" else -amount
        await tills.drawers.move(db, till, request.user, data.command, signed, data.reason)

    refusal = await act(request, do)
    if refusal is None:
        return Redirect("/till/drawer", status_code=303)
    async with begin(request.app.state.pool) as db:
        return await _drawer(request, db, refusal)


@post("/till/close", include_in_schema=False, status_code=303)
async def close(
    request: AnyRequest, data: Annotated[Closed, Body(media_type=URL_ENCODED)]
) -> Response[Any]:
    """Z: what was counted stands beside what should be there."""
    shift: list[UUID] = []

    async def do(db: Any, till: tills.Till) -> None:
        amount = coins(data.amount, request.app.state.settings.currency)
        sure = bool(data.sure) and data.sure == data.amount
        shift.append(
            await tills.drawers.close(db, till, request.user, data.command, amount, sure=sure)
        )

    refusal = await act(request, do)
    if refusal is None:
        return Redirect(f"/till/closings/{shift[0]}", status_code=303)
    async with begin(request.app.state.pool) as db:
        return await _drawer(request, db, refusal, counted=data.amount)


@get("/till/closings/{id:uuid}", include_in_schema=False)
async def closing(request: AnyRequest, db: Db, id: FromPath[UUID]) -> Response[Any]:
    found, sums = await tills.drawers.closing(db, await the_till(request, db), id)
    vat = await tills.drawers.vat(db, found.shift_id)
    return render(request, "till/closing.html", closing=found, sums=sums, vat=vat, refusal=None)


async def _drawer(
    request: AnyRequest, db: Any, refusal: ShopError | None = None, *, counted: str = ""
) -> Response[Any]:
    try:
        till = await the_till(request, db)
        sums, movements = await tills.drawers.look(db, till)
        vat = await tills.drawers.vat(db, tills.drawers.check_open(till))
    except ShopError as closed:
        return await show(request, refusal or closed)
    return render(
        request,
        "till/drawer.html",
        status=refusal.status if refusal else 200,
        refusal=refusal,
        till=till,
        sums=sums,
        movements=movements,
        vat=vat,
        receipts=await tills.receipts.sold(db, till),
        written={"counted": counted},
    )


routes: list[Any] = [set_up, open_drawer, drawer, move, close, closing]
