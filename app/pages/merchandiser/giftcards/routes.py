"""Gift cards at the merchandiser's desk: given for goodwill, looked at with every movement, blocked."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect
from msgspec import Meta

from app import commands, staff
from app.db import Connection, Db, begin
from app.errors import Conflict, ShopError
from app.pages.merchandiser.prices.forms import amount_of
from app.pages.rendering import render
from app.payments import giftcards

AnyRequest = Request[staff.Person, Any, Any]
Answer = Response[str] | Redirect

HOME = "/merchandiser/gift-cards"
SHOWN = 100


class Given(msgspec.Struct):
    command: UUID
    amount: Annotated[str, Meta(max_length=20)]
    note: Annotated[str, Meta(min_length=3, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]


class Blocked(msgspec.Struct):
    command: UUID


@get(HOME, include_in_schema=False)
async def overview(request: AnyRequest, db: Db, ends_with: FromQuery[str] = "") -> Response[str]:
    """The newest, or those whose code ends with these four characters."""
    return await _overview(request, db, ends_with=ends_with)


@post(HOME, include_in_schema=False, status_code=200)
async def give(request: AnyRequest, data: URLEncodedBody[Given]) -> Answer:
    """A card for goodwill. Its code stands on the answer, and nowhere afterwards."""
    settings = request.app.state.settings

    async def act(db: Connection) -> str:
        amount = amount_of(data.amount, settings.currency)
        id = await giftcards.issue(
            db,
            amount,
            settings.currency,
            secret=settings.secret,
            note=data.note,
            person_id=request.user.id,
        )
        await staff.note(db, request.user, "give gift card", str(id), f"{amount}: {data.note}")
        return str(id)

    try:
        async with begin(request.app.state.pool) as db:
            asked = ["gift card", data.amount, data.note]
            id = await commands.once(db, request.user.id, data.command, asked, lambda: act(db))
            code = await giftcards.reveal(db, UUID(id), data.command, secret=settings.secret)
    except ShopError as wrong:
        async with begin(request.app.state.pool) as db:
            return await _overview(request, db, wrong)
    async with begin(request.app.state.pool) as db:
        return await _overview(request, db, code=code)


@post(f"{HOME}/{{id:uuid}}/block", include_in_schema=False, status_code=303)
async def block(request: AnyRequest, id: FromPath[UUID], data: URLEncodedBody[Blocked]) -> Answer:
    """Lost or stolen: nobody pays with it any more."""

    async def act(db: Connection) -> str:
        if not await giftcards.block(db, id):
            raise Conflict("This gift card is blocked already.", code="blocked-already")
        await staff.note(db, request.user, "block gift card", str(id))
        return str(id)

    try:
        await _once(request, data.command, ["block", str(id)], act)
    except ShopError as wrong:
        async with begin(request.app.state.pool) as db:
            return await _overview(request, db, wrong)
    return Redirect(HOME, status_code=303)


async def _overview(
    request: AnyRequest,
    db: Connection,
    wrong: ShopError | None = None,
    *,
    ends_with: str = "",
    code: str = "",
) -> Response[str]:
    cards = await giftcards.cards(db, ends_with.strip().upper()[-4:], SHOWN)
    return render(
        request,
        "merchandiser/giftcards/giftcards.html",
        status=wrong.status if wrong else 200,
        wrong=wrong,
        code=code,
        ends_with=ends_with[:8],
        cards=cards,
        moved=await giftcards.ledger(db, [card.id for card in cards]),
    )


async def _once(
    request: AnyRequest, command: UUID, asked: Any, act: Callable[[Connection], Awaitable[str]]
) -> None:
    async with begin(request.app.state.pool) as db:
        await commands.once(db, request.user.id, command, asked, lambda: act(db))


routes: list[Any] = [overview, give, block]
