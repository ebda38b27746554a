"""Promotions at the merchandiser's desk: written on a form, looked at, published, stopped."""

import csv
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, QueryParameter, URLEncodedBody
from litestar.response import Redirect
from msgspec import Meta

from app import commands, pricing, staff
from app.db import Connection, Db, begin, new_id
from app.errors import NotFound, ShopError, Unprocessable
from app.http.bounds import NO_CONTROLS, Number
from app.pages.merchandiser.promotions import views
from app.pages.merchandiser.promotions.views import HOME, AnyRequest
from app.pricing import State

Answer = Response[str] | Redirect
Fields = dict[str, str]
Margin = Annotated[int, QueryParameter(ge=1, le=100)]
Days = Annotated[int, QueryParameter(ge=1, le=92)]
MOST_FIELDS = 1_000


class StateForm(msgspec.Struct):
    command: UUID
    version: Number
    state: State


class CodesForm(msgspec.Struct):
    """`code` for one that is told, else so many that nobody can guess."""

    command: UUID
    name: Annotated[str, Meta(max_length=80, pattern=NO_CONTROLS)] = ""
    code: Annotated[str, Meta(max_length=60, pattern=NO_CONTROLS)] = ""
    count: Annotated[str, Meta(max_length=6, pattern="^[0-9]*$")] = ""
    most: Annotated[str, Meta(max_length=9, pattern="^[0-9]*$")] = ""


@get(HOME, include_in_schema=False)
async def overview(request: AnyRequest, db: Db) -> Response[str]:
    return await views.overview(request, db)


@get(f"{HOME}/new", include_in_schema=False)
async def new(request: AnyRequest, db: Db) -> Response[str]:
    """Nothing is made yet: its id is only proposed."""
    return await views.form_page(request, db, new_id())


@get(f"{HOME}/{{id:uuid}}", include_in_schema=False)
async def one(request: AnyRequest, id: FromPath[UUID], db: Db) -> Response[str]:
    await views.known(db, id)
    return await views.form_page(request, db, id)


@post(f"{HOME}/{{id:uuid}}", include_in_schema=False, status_code=303)
async def save(request: AnyRequest, id: FromPath[UUID], data: URLEncodedBody[Fields]) -> Answer:
    """`do` is what was pressed: look, keep as a draft, or publish."""
    command, version, do = _command(data), _version(data), data.get("do", "look")
    async with begin(request.app.state.pool) as db:
        draft = await views.read(request, db, id, version, data)
        if draft.promotion is None or do == "look":
            status = 422 if draft.promotion is None else 200
            return await views.form_page(request, db, id, draft=draft, status=status)
    promotion, state = draft.promotion, "published" if do == "publish" else "draft"

    async def act(db: Connection) -> str:
        saved = await pricing.save(db, promotion, _state(state), request.user.id)
        await staff.note(db, request.user, f"{do} promotion", str(id), f"version {saved}")
        return str(saved)

    try:
        await _once(request, command, [str(id), data], act)
    except ShopError as wrong:
        async with begin(request.app.state.pool) as db:
            return await views.form_page(request, db, id, draft=draft, wrong=wrong)
    return Redirect(f"{HOME}/{id}?saved", status_code=303)


@post(f"{HOME}/{{id:uuid}}/preview", include_in_schema=False, status_code=200)
async def preview(
    request: AnyRequest, id: FromPath[UUID], data: URLEncodedBody[Fields], db: Db
) -> Response[str]:
    """What the form as it stands would do. Changes nothing; a POST, because a form can be long."""
    return await views.preview_part(request, db, await views.read(request, db, id, 1, data))


@post(f"{HOME}/{{id:uuid}}/state", include_in_schema=False, status_code=303)
async def change_state(
    request: AnyRequest, id: FromPath[UUID], data: URLEncodedBody[StateForm]
) -> Answer:
    async def act(db: Connection) -> str:
        saved = await pricing.set_state(db, id, data.version, data.state, request.user.id)
        await staff.note(db, request.user, f"{data.state} promotion", str(id), f"version {saved}")
        return str(saved)

    return await _or_show(request, id, data.command, [str(id), data.version, data.state], act)


@post(f"{HOME}/{{id:uuid}}/codes", include_in_schema=False, status_code=303)
async def make_codes(
    request: AnyRequest, id: FromPath[UUID], data: URLEncodedBody[CodesForm]
) -> Answer:
    most = int(data.most) if data.most.strip("0") else None

    async def act(db: Connection) -> str:
        await views.known(db, id)
        if data.code:
            batch = await pricing.name_code(db, id, data.code, most, request.user.id)
        else:
            count = int(data.count or 0)
            name = data.name or f"{count} ×"
            batch = await pricing.make_codes(db, id, name, count, most or 1, request.user.id)
        await staff.note(db, request.user, "make coupons", str(batch))
        return str(batch)

    asked = ["codes", str(id), data.name, data.code, data.count, data.most]
    return await _or_show(request, id, data.command, asked, act)


@get(f"{HOME}/{{id:uuid}}/codes/{{batch_id:uuid}}/codes.csv", include_in_schema=False)
async def export_codes(
    request: AnyRequest, id: FromPath[UUID], batch_id: FromPath[UUID], db: Db
) -> Response[str]:
    if batch_id not in {batch.id for batch in await pricing.batches(db, id)}:
        raise NotFound("There is nothing here.")
    text = StringIO()
    sheet = csv.writer(text)
    sheet.writerow(["code", "orders", "used"])
    for row in await pricing.codes_of_batch(db, batch_id):
        sheet.writerow([pricing.in_groups(row["code"]), row["most"] or "", row["used"]])
    return Response(
        text.getvalue(),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="codes-{batch_id}.csv"',
            "Cache-Control": "private, no-store",
        },
    )


@get(f"{HOME}/{{id:uuid}}/simulation", include_in_schema=False)
async def simulate(
    request: AnyRequest, id: FromPath[UUID], db: Db, margin: Margin = 25, days: Days = 30
) -> Response[str]:
    """Last month's orders once more, with this promotion."""
    found = await views.known(db, id)
    if found.promotion is None:
        raise Unprocessable("This promotion cannot be read, so it cannot be tried.")
    since = datetime.now(UTC) - timedelta(days=days)
    currency = request.app.state.settings.currency
    simulation = await pricing.simulate(db, found.promotion, since, margin, currency)
    return await views.form_page(request, db, id, simulation=simulation)


@post(f"{HOME}/bars", include_in_schema=False, status_code=303)
async def keep_back(request: AnyRequest, data: URLEncodedBody[Fields]) -> Answer:
    """A class of goods is not sold from somewhere, or not at some hours."""
    id = _command(data)
    pool = request.app.state.pool
    try:
        bar = views.read_bar(request, id, data)
    except Unprocessable as wrong:
        async with begin(pool) as db:
            return await views.overview(request, db, wrong)

    async def act(db: Connection) -> str:
        await pricing.write_bar(db, bar, request.user.id)
        await staff.note(db, request.user, "keep back goods", str(id))
        return str(id)

    await _once(request, id, ["bar", data], act)
    return Redirect(f"{HOME}#bars", status_code=303)


@post(f"{HOME}/bars/{{id:uuid}}/end", include_in_schema=False, status_code=303)
async def sell_again(
    request: AnyRequest, id: FromPath[UUID], data: URLEncodedBody[Fields]
) -> Answer:
    async def act(db: Connection) -> str:
        if await pricing.end_bar(db, id):
            await staff.note(db, request.user, "sell goods again", str(id))
        return str(id)

    await _once(request, _command(data), ["end", str(id)], act)
    return Redirect(f"{HOME}#bars", status_code=303)


async def _or_show(
    request: AnyRequest,
    id: UUID,
    command: UUID,
    asked: Any,
    act: Callable[[Connection], Awaitable[str]],
) -> Answer:
    try:
        await _once(request, command, asked, act)
    except ShopError as wrong:
        if wrong.status == 404:
            raise
        async with begin(request.app.state.pool) as db:
            return await views.form_page(request, db, id, wrong=wrong)
    return Redirect(f"{HOME}/{id}?saved", status_code=303)


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


def _version(data: Fields) -> int:
    text = data.get("version", "1")
    if len(data) > MOST_FIELDS or not text.isascii() or not text.isdecimal() or len(text) > 9:
        raise Unprocessable("We could not read this request.")
    return max(1, int(text))


def _state(state: str) -> State:
    return "published" if state == "published" else "draft"


routes: list[Any] = [
    overview, new, one, save, preview, change_state, make_codes, export_codes, simulate,
    keep_back, sell_again,
]  # fmt: skip
