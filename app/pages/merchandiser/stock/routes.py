"""The stock desk: what lies where, corrections, counts from a file, goods under way, stopped sales."""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, QueryParameter, URLEncodedBody
from litestar.response import Redirect
from msgspec import Meta

from app import catalog, commands, staff, stock
from app.db import Connection, Db, begin
from app.errors import NotFound, ShopError, Unprocessable
from app.http.problems import language_of
from app.pages.rendering import render
from app.stock.counting.models import Reason, Unread
from app.stock.models import Channel

AnyRequest = Request[staff.Person, Any, Any]
HOME = "/merchandiser/stock"
LARGEST_LIST = 2 * 1024 * 1024
SHOWN = 200
Answer = Response[str] | Redirect
Gtin = Annotated[str, QueryParameter(max_length=14, pattern=r"^[0-9]*\Z")]
Asked = Annotated[str, QueryParameter(max_length=80, pattern=r"^[^\x00]*\Z")]
AT_ONCE = 12
Pieces = Annotated[int, Meta(ge=0, le=1_000_000)]
Some = Annotated[int, Meta(ge=1, le=1_000_000)]
Written = Annotated[str, Meta(min_length=1, max_length=2000, pattern=r"^[^\x00]*$")]


class Form(msgspec.Struct, kw_only=True):
    command: UUID
    gtin: Annotated[str, Meta(max_length=14, pattern=r"^[0-9]*$")] = ""


class Correction(Form, kw_only=True):
    place: UUID
    change: Annotated[int, Meta(ge=-1_000_000, le=1_000_000)]
    reason: Reason


class KeptBack(Form, kw_only=True):
    place: UUID
    channel: Channel
    quantity: Pieces


class Coming(Form, kw_only=True):
    place: UUID
    quantity: Some
    due_on: date
    to_order: bool = False


class CameIn(Form, kw_only=True):
    quantity: Pieces


class SupplierList(msgspec.Struct):
    command: UUID
    file: UploadFile


class Moving(Form, kw_only=True):
    from_place: UUID
    to_place: UUID
    quantity: Some


class Stopping(Form, kw_only=True):
    reason: Written
    message: Written


class CountList(msgspec.Struct):
    command: UUID
    place: UUID
    file: UploadFile


@get(HOME, include_in_schema=False)
async def desk(request: AnyRequest, db: Db, gtin: Gtin = "", q: Asked = "") -> Response[str]:
    """A product by its number, or what has the words that were typed in its name or brand."""
    asked = q.strip()
    if asked.isascii() and asked.isdigit() and len(asked) <= 14:
        return await _desk(request, db, asked)
    return await _desk(request, db, gtin, asked=asked)


@post(f"{HOME}/correction", include_in_schema=False, status_code=303)
async def correct(request: AnyRequest, data: URLEncodedBody[Correction]) -> Answer:
    async def act(db: Connection) -> None:
        spot = (await _product(db, data.gtin), data.place)
        await stock.counting.adjust(db, spot, data.change, data.reason)

    return await _carry_out(request, data, f"correct stock: {data.reason}", act)


@post(f"{HOME}/kept-back", include_in_schema=False, status_code=303)
async def keep_back(request: AnyRequest, data: URLEncodedBody[KeptBack]) -> Answer:
    async def act(db: Connection) -> None:
        spot = (await _product(db, data.gtin), data.place)
        await stock.counting.keep_back(db, spot, data.channel, data.quantity)

    return await _carry_out(request, data, "keep stock back", act)


@post(f"{HOME}/expected", include_in_schema=False, status_code=303)
async def expect(request: AnyRequest, data: URLEncodedBody[Coming]) -> Answer:
    async def act(db: Connection) -> None:
        product_id = await _product(db, data.gtin)
        await stock.coming.expect(
            db, product_id, data.place, data.quantity, data.due_on, to_order=data.to_order
        )

    return await _carry_out(request, data, "expect goods", act)


@post(f"{HOME}/expected/{{id:uuid}}", include_in_schema=False, status_code=303)
async def came_in(request: AnyRequest, id: FromPath[UUID], data: URLEncodedBody[CameIn]) -> Answer:
    return await _carry_out(
        request,
        data,
        f"goods came in: {id}",
        lambda db: stock.coming.came_in(db, id, data.quantity),
    )


@post(
    f"{HOME}/announcements",
    include_in_schema=False,
    status_code=303,
    request_max_body_size=LARGEST_LIST,
)
async def announce(
    request: AnyRequest,
    data: Annotated[SupplierList, Body(media_type=RequestEncodingType.MULTI_PART)],
) -> Answer:
    """All rows that can be used are announced; the page names the others."""
    body, unread = await data.file.read(), list[Unread]()

    async def act(db: Connection) -> str:
        made, wrong = await stock.coming.upload(db, body)
        unread.extend(wrong)
        await staff.note(db, request.user, "expect goods of a list", str(made))
        return str(made)

    asked = ["announcements", data.file.filename, hashlib.sha256(body).hexdigest()]
    try:
        async with begin(request.app.state.pool) as db:
            await commands.once(db, request.user.id, data.command, asked, lambda: act(db))
    except ShopError as wrong:
        async with begin(request.app.state.pool) as db:
            return await _desk(request, db, "", wrong)
    if not unread:
        return Redirect(HOME, status_code=303)
    async with begin(request.app.state.pool) as db:
        return await _desk(request, db, "", unread=unread)


@post(f"{HOME}/transfer", include_in_schema=False, status_code=303)
async def send(request: AnyRequest, data: URLEncodedBody[Moving]) -> Answer:
    async def act(db: Connection) -> None:
        goods = {await _product(db, data.gtin): data.quantity}
        await stock.moving.send(db, data.from_place, data.to_place, goods)

    return await _carry_out(request, data, "send goods", act)


@post(f"{HOME}/transfers/{{id:uuid}}", include_in_schema=False, status_code=303)
async def arrive(request: AnyRequest, id: FromPath[UUID], data: URLEncodedBody[Form]) -> Answer:
    return await _carry_out(
        request, data, f"goods arrived: {id}", lambda db: stock.moving.arrive(db, id)
    )


@post(f"{HOME}/stop", include_in_schema=False, status_code=303)
async def stop(request: AnyRequest, data: URLEncodedBody[Stopping]) -> Answer:
    async def act(db: Connection) -> None:
        product_id = await _product(db, data.gtin)
        await stock.stopping.stop_sale(db, product_id, data.reason, data.message)

    return await _carry_out(request, data, f"stop sale: {data.reason}", act)


@post(f"{HOME}/resume", include_in_schema=False, status_code=303)
async def resume(request: AnyRequest, data: URLEncodedBody[Form]) -> Answer:
    async def act(db: Connection) -> None:
        await stock.stopping.resume_sale(db, await _product(db, data.gtin))

    return await _carry_out(request, data, "resume sale", act)


@post(
    f"{HOME}/counts",
    include_in_schema=False,
    status_code=303,
    request_max_body_size=LARGEST_LIST,
)
async def upload(
    request: AnyRequest,
    data: Annotated[CountList, Body(media_type=RequestEncodingType.MULTI_PART)],
) -> Answer:
    """Nothing is counted yet: the page shows what taking the list over would change."""
    body, name = await data.file.read(), data.file.filename or "counts.csv"
    unread: list[Unread] = []

    async def act(db: Connection) -> str:
        if data.place not in {place.id for place in await stock.places(db)}:
            raise NotFound("There is no such place.")
        id, wrong = await stock.counting.upload(db, data.place, name, body, request.user.id)
        unread.extend(wrong)
        return str(id)

    try:
        async with begin(request.app.state.pool) as db:
            asked = ["upload counts", data.place, name, len(body)]
            made = await commands.once(db, request.user.id, data.command, asked, lambda: act(db))
    except ShopError as wrong:
        async with begin(request.app.state.pool) as db:
            return await _desk(request, db, "", wrong)
    if not unread:
        return Redirect(f"{HOME}/counts/{made}", status_code=303)
    async with begin(request.app.state.pool) as db:
        return await _count(request, db, UUID(made), unread=unread)


@get(f"{HOME}/counts/{{id:uuid}}", include_in_schema=False)
async def count(request: AnyRequest, id: FromPath[UUID], db: Db) -> Response[str]:
    return await _count(request, db, id)


@post(f"{HOME}/counts/{{id:uuid}}", include_in_schema=False, status_code=303)
async def take_over(request: AnyRequest, id: FromPath[UUID], data: URLEncodedBody[Form]) -> Answer:
    async def act(db: Connection) -> str:
        await stock.counting.take_over(db, id)
        await staff.note(db, request.user, "take over counts", str(id))
        return "counted"

    try:
        async with begin(request.app.state.pool) as db:
            asked = ["take over counts", id]
            await commands.once(db, request.user.id, data.command, asked, lambda: act(db))
    except ShopError as wrong:
        async with begin(request.app.state.pool) as db:
            return await _count(request, db, id, wrong)
    return Redirect(f"{HOME}/counts/{id}", status_code=303)


async def _carry_out(
    request: AnyRequest, data: Form, what: str, act: Callable[[Connection], Awaitable[object]]
) -> Answer:
    async def noted(db: Connection) -> str:
        await act(db)
        await staff.note(db, request.user, what, data.gtin)
        return "done"

    try:
        async with begin(request.app.state.pool) as db:
            asked = [what, data]
            await commands.once(db, request.user.id, data.command, asked, lambda: noted(db))
    except ShopError as wrong:
        async with begin(request.app.state.pool) as db:
            return await _desk(request, db, data.gtin, wrong)
    return Redirect(f"{HOME}?gtin={data.gtin}" if data.gtin else HOME, status_code=303)


async def _product(db: Connection, gtin: str) -> UUID:
    found = await catalog.ids_by_codes(db, [gtin.zfill(14)])
    if not found:
        raise NotFound("There is no product with this number.")
    return found[gtin.zfill(14)]


async def _named(db: Connection, words: str, language: str) -> list[catalog.Product]:
    ids = [row["id"] for row in await catalog.ids_after(db, None, words, "", AT_ONCE)]
    found = await catalog.products(db, ids, language)
    return [found[id] for id in ids if id in found]


async def _desk(
    request: AnyRequest,
    db: Connection,
    gtin: str,
    wrong: ShopError | None = None,
    unread: list[Unread] | None = None,
    asked: str = "",
) -> Response[str]:
    product = await catalog.by_code(db, gtin.zfill(14), language_of(request)) if gtin else None
    if gtin and product is None and wrong is None:
        wrong = Unprocessable("There is no product with this number.")
    stops = await stock.stopping.running(db)
    return render(
        request,
        "merchandiser/stock/stock.html",
        status=wrong.status if wrong else 200,
        gtin=gtin,
        asked=asked,
        named=await _named(db, asked, language_of(request)) if asked else [],
        product=product,
        wrong=wrong,
        places=await stock.places(db),
        standing=await stock.counting.standing(db, product.id) if product else [],
        kept_back=await stock.counting.kept_back(db, product.id) if product else {},
        expected=await stock.coming.expected_of(db, product.id) if product else [],
        unread=unread or [],
        transfers=await stock.moving.under_way(db),
        stops=stops,
        stopped=product is not None and product.id in {one.product_id for one in stops},
        counts=await stock.counting.newest_counts(db, 10),
    )


async def _count(
    request: AnyRequest,
    db: Connection,
    id: UUID,
    wrong: ShopError | None = None,
    unread: list[Unread] | None = None,
) -> Response[str]:
    found = await stock.counting.count_of(db, id)
    if found is None:
        raise NotFound("There is no such list.")
    differences = await stock.counting.differences(db, id, SHOWN)
    ids = [one.product_id for one in differences]
    return render(
        request,
        "merchandiser/stock/count.html",
        status=wrong.status if wrong else 200,
        count=found,
        differences=differences,
        names=await catalog.products(db, ids, language_of(request)),
        wrong=wrong,
        unread=unread or [],
    )


routes: list[Any] = [
    desk, correct, keep_back, expect, came_in, announce, send, arrive, stop, resume, upload, count,
    take_over,
]  # fmt: skip
