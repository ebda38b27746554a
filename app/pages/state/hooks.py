"""The operator's page of other people's servers: who hears what, what they did not take."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import URLEncodedBody
from litestar.response import Redirect
from msgspec import Meta

from app import commands, staff, webhooks
from app.db import Connection, Db, begin
from app.errors import Conflict, ShopError
from app.http.bounds import Version
from app.pages.rendering import render

AnyRequest = Request[staff.Person, Any, Any]
HOME = "/state/webhooks"
SHOWN = 50
Written = Annotated[str, Meta(max_length=2000)]


class NewEndpoint(msgspec.Struct):
    """As somebody wrote it: it stays in its fields when it is refused."""

    command: UUID
    url: Written = ""
    kinds: Written = "*"


class OneEndpoint(msgspec.Struct):
    command: UUID
    id: UUID


class OneMessage(msgspec.Struct):
    command: UUID
    id: UUID
    aggregate: UUID
    number: Version


@get(HOME, include_in_schema=False)
async def hooks(request: AnyRequest, db: Db) -> Response[str]:
    return await _page(request, db)


@post(HOME, include_in_schema=False, status_code=200)
async def add(request: AnyRequest, data: URLEncodedBody[NewEndpoint]) -> Response[str]:
    """The page that answers is the only one that ever shows the secret."""
    kinds = [kind.strip() for kind in data.kinds.split(",") if kind.strip()] or ["*"]
    url = data.url.strip()

    async def act(db: Connection) -> tuple[str, str]:
        settings = request.app.state.settings
        id, secret = await webhooks.add(db, url, kinds, settings.secret)
        return str(id), secret

    return await _show_secret(request, data.command, ["add webhook", url, kinds], act, data)


@post(f"{HOME}/secret", include_in_schema=False, status_code=200)
async def renew(request: AnyRequest, data: URLEncodedBody[OneEndpoint]) -> Response[str]:
    async def act(db: Connection) -> tuple[str, str]:
        settings = request.app.state.settings
        return str(data.id), await webhooks.renew_secret(db, data.id, settings.secret)

    return await _show_secret(request, data.command, ["renew webhook secret", str(data.id)], act)


@post(f"{HOME}/removal", include_in_schema=False, status_code=303)
async def remove(request: AnyRequest, data: URLEncodedBody[OneEndpoint], db: Db) -> Redirect:
    async def act() -> str:
        await webhooks.remove(db, data.id)
        await staff.note(db, request.user, "remove webhook", str(data.id))
        return "removed"

    await commands.once(db, request.user.id, data.command, ["remove webhook", data.id], act)
    return Redirect(HOME, status_code=303)


@post(f"{HOME}/replay", include_in_schema=False, status_code=303)
async def replay(request: AnyRequest, data: URLEncodedBody[OneMessage], db: Db) -> Redirect:
    """Send one that was parked once more."""

    async def act() -> str:
        if not await webhooks.replay(db, data.id, data.aggregate, data.number):
            raise Conflict("Somebody else has dealt with this already.")
        subject = f"{data.id} {data.aggregate} {data.number}"
        await staff.note(db, request.user, "send webhook again", subject)
        return "queued"

    await commands.once(db, request.user.id, data.command, ["replay", data], act)
    return Redirect(HOME, status_code=303)


@post(f"{HOME}/replay-all", include_in_schema=False, status_code=303)
async def replay_all(request: AnyRequest, data: URLEncodedBody[OneEndpoint], db: Db) -> Redirect:
    async def act() -> int:
        count = await webhooks.replay_all(db, data.id)
        await staff.note(db, request.user, "send all webhooks again", str(data.id))
        return count

    await commands.once(db, request.user.id, data.command, ["replay all", data.id], act)
    return Redirect(HOME, status_code=303)


async def _show_secret(
    request: AnyRequest,
    command: UUID,
    asked: list[Any],
    act: Callable[[Connection], Awaitable[tuple[str, str]]],
    written: NewEndpoint | None = None,
) -> Response[str]:
    secret = ""

    async def once() -> str:
        nonlocal secret
        id, secret = await act(db)
        await staff.note(db, request.user, asked[0], id)
        return id

    pool = request.app.state.pool
    try:
        async with begin(pool) as db:
            await commands.once(db, request.user.id, command, asked, once)
    except ShopError as wrong:
        async with begin(pool) as db:
            return await _page(request, db, wrong=wrong, written=written)
    async with begin(pool) as db:
        return await _page(request, db, secret=secret)


async def _page(
    request: AnyRequest,
    db: Connection,
    *,
    secret: str = "",
    wrong: ShopError | None = None,
    written: NewEndpoint | None = None,
) -> Response[str]:
    return render(
        request,
        "state/hooks.html",
        status=wrong.status if wrong else 200,
        endpoints=await webhooks.endpoints(db),
        parked=await webhooks.parked(db, SHOWN),
        secret=secret,
        wrong=wrong,
        written=written,
        told=webhooks.TOLD,
    )


routes: list[Any] = [hooks, add, renew, remove, replay, replay_all]
