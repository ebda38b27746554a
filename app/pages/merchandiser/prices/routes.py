"""Price lists at the merchandiser's desk: put up, looked at, ended; and the groups they can be for."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect
from msgspec import Meta

from app import catalog, commands, customers, pricing, staff, stock
from app.db import Connection, Db, begin
from app.errors import NotFound, ShopError, Unprocessable
from app.http.bounds import Email
from app.http.problems import language_of
from app.pages.merchandiser.prices import forms
from app.pages.rendering import render
from app.pricing import PriceList

AnyRequest = Request[staff.Person, Any, Any]
Answer = Response[str] | Redirect
Fields = dict[str, str]

HOME = "/merchandiser/prices"
SHOWN = 300


class Ended(msgspec.Struct):
    command: UUID


class Joined(msgspec.Struct):
    """`do`: into the group, or out of it."""

    command: UUID
    email: Email
    group: Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[^\x00-\x1f\x7f]+$")]
    do: Annotated[str, Meta(pattern="^(join|leave)$")] = "join"


@get(HOME, include_in_schema=False)
async def overview(request: AnyRequest, db: Db) -> Response[str]:
    return await _overview(request, db)


@get(f"{HOME}/{{id:uuid}}", include_in_schema=False)
async def one(request: AnyRequest, db: Db, id: FromPath[UUID]) -> Response[str]:
    """Every price on it, beside that of the catalogue."""
    found = next((one for one in await pricing.all_lists(db, SHOWN) if one.id == id), None)
    if found is None:
        raise NotFound("There is nothing here.")
    prices = await pricing.prices_on(db, id)
    goods = await catalog.products(db, list(prices), language_of(request))
    return render(
        request,
        "merchandiser/prices/list.html",
        list=found,
        prices=[(goods.get(product_id), amount) for product_id, amount in prices.items()],
        standing=_standing(found, datetime.now(UTC)),
        places={place.id: place.name for place in await stock.places(db)},
    )


@post(HOME, include_in_schema=False, status_code=303)
async def put_up(request: AnyRequest, data: URLEncodedBody[Fields]) -> Answer:
    """Its prices count from its first moment to its last, for the sales it is about."""
    id = _command(data)
    settings, now = request.app.state.settings, datetime.now(UTC)
    try:
        async with begin(request.app.state.pool) as db:
            ids = await catalog.ids_by_codes(db, forms.numbers(data))
            places = {place.id for place in await stock.places(db)}
        written = forms.read(data, settings.currency, settings.zone, ids, places, now)

        async def act(db: Connection) -> str:
            await pricing.put_up(
                db,
                id,
                written.name,
                settings.currency,
                written.from_at,
                written.until_at,
                written.prices,
                channel=written.channel,
                place_id=written.place_id,
                customer_group=written.customer_group,
                person_id=request.user.id,
                now=now,
            )
            await staff.note(db, request.user, "put up price list", str(id), written.name)
            return str(id)

        await _once(request, id, ["list", data], act)
    except ShopError as wrong:
        async with begin(request.app.state.pool) as db:
            return await _overview(request, db, wrong, data)
    return Redirect(f"{HOME}#lists", status_code=303)


@post(f"{HOME}/{{id:uuid}}/end", include_in_schema=False, status_code=303)
async def take_down(request: AnyRequest, id: FromPath[UUID], data: URLEncodedBody[Ended]) -> Answer:
    async def act(db: Connection) -> str:
        await pricing.take_down(db, id, datetime.now(UTC), request.user.id)
        await staff.note(db, request.user, "take down price list", str(id))
        return str(id)

    try:
        await _once(request, data.command, ["end", str(id)], act)
    except ShopError as wrong:
        async with begin(request.app.state.pool) as db:
            return await _overview(request, db, wrong)
    return Redirect(f"{HOME}#lists", status_code=303)


@post(f"{HOME}/groups", include_in_schema=False, status_code=303)
async def group(request: AnyRequest, data: URLEncodedBody[Joined]) -> Answer:
    """Somebody with an account is in a group of customers from now on, or no more."""
    name = data.group.strip()

    async def act(db: Connection) -> str:
        if name in ("", "members"):
            raise Unprocessable("Whoever has an account is a member already. Choose another name.")
        if data.do == "leave":
            await customers.leave(db, data.email, name)
        elif await customers.join(db, data.email, name, request.user.id) is None:
            raise Unprocessable("Nobody has an account with this e-mail address yet.")
        await staff.note(db, request.user, f"{data.do} customer group", name)
        return name

    try:
        await _once(request, data.command, ["group", data.email, name, data.do], act)
    except ShopError as wrong:
        async with begin(request.app.state.pool) as db:
            return await _overview(request, db, wrong)
    return Redirect(f"{HOME}#groups", status_code=303)


async def _overview(
    request: AnyRequest,
    db: Connection,
    wrong: ShopError | None = None,
    written: Fields | None = None,
) -> Response[str]:
    lists, now = await pricing.all_lists(db, SHOWN), datetime.now(UTC)
    return render(
        request,
        "merchandiser/prices/prices.html",
        status=wrong.status if wrong else 200,
        wrong=wrong,
        written=written or {},
        lists=[(one, _standing(one, now)) for one in lists],
        places={place.id: place.name for place in await stock.places(db)},
        channels=forms.CHANNELS,
        groups=await customers.groups(db),
    )


def _standing(one: PriceList, now: datetime) -> str:
    if one.until_at is not None and one.until_at <= max(now, one.from_at):
        return "over"
    if one.ended_at is not None and one.from_at > now:
        return "over"
    return "coming" if one.from_at > now else "running"


async def _once(
    request: AnyRequest, command: UUID, asked: Any, act: Callable[[Connection], Awaitable[str]]
) -> None:
    async with begin(request.app.state.pool) as db:
        await commands.once(db, request.user.id, command, asked, lambda: act(db))


def _command(data: Fields) -> UUID:
    try:
        return UUID(data.get("command", ""))
    except ValueError as error:
        raise Unprocessable("We could not read this request.") from error


routes: list[Any] = [overview, one, put_up, take_down, group]
