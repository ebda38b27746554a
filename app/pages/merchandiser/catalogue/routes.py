"""The merchandiser's catalogue: looking, changing one product, files in and out."""

from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.datastructures import State, UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, QueryParameter, URLEncodedBody
from litestar.response import Redirect, Stream

from app import catalog, commands, staff
from app.db import Db, begin
from app.errors import Conflict, ShopError, Unprocessable
from app.pages.merchandiser.catalogue import pictures
from app.pages.merchandiser.catalogue.views import (
    HOME,
    AnyRequest,
    catalogue_page,
    import_page,
    imports_page,
    product_page,
)

LARGEST_FILE = 64 * 1024 * 1024
LARGEST_PICTURE = 12 * 1024 * 1024
PART = 1024 * 1024
MULTIPART = RequestEncodingType.MULTI_PART
Answer = Response[str] | Redirect
Cursor = Annotated[str, QueryParameter(max_length=14, pattern=r"^[0-9]*\Z")]
Search = Annotated[str, QueryParameter(max_length=100)]
Fields = dict[str, str]


class UploadForm(msgspec.Struct):
    command: UUID
    file: UploadFile


class CommandForm(msgspec.Struct):
    command: UUID


class UndoForm(msgspec.Struct):
    command: UUID
    meant: UUID = msgspec.field(name="import")


@get(HOME, include_in_schema=False)
async def products(
    request: AnyRequest,
    db: Db,
    q: Search = "",
    category: Search = "",
    after: Cursor = "",
) -> Response[str]:
    return await catalogue_page(request, db, q, category, after)


@get(f"{HOME}/products/{{id:uuid}}", include_in_schema=False)
async def product(request: AnyRequest, id: FromPath[UUID], db: Db) -> Response[str]:
    return await product_page(request, db, id)


@post(f"{HOME}/products/{{id:uuid}}", include_in_schema=False, status_code=303)
async def change(request: AnyRequest, id: FromPath[UUID], data: URLEncodedBody[Fields]) -> Answer:
    """The fields are named as the columns of a file; what the form does not hold stays as it is."""
    cells = {name: text for name, text in data.items() if name not in ("command", "version")}
    return await _change(request, id, data, cells)


@post(
    f"{HOME}/products/{{id:uuid}}/picture",
    include_in_schema=False,
    status_code=303,
    request_max_body_size=LARGEST_PICTURE,
)
async def change_picture(
    request: AnyRequest,
    id: FromPath[UUID],
    data: Annotated[pictures.PictureForm, Body(media_type=MULTIPART)],
) -> Answer:
    """Drawn anew and no larger than needed, whatever came: what strangers send is never served."""
    try:
        name = await pictures.keep(request.app.state.pool, await data.file.read())
    except ShopError as wrong:
        async with begin(request.app.state.pool) as db:
            return await product_page(request, db, id, wrong=wrong)
    fields = {"command": str(data.command), "version": str(data.version), "picture": name}
    return await _change(request, id, fields, {"picture": name})


@get(f"{HOME}/import", include_in_schema=False)
async def imports(request: AnyRequest, db: Db) -> Response[str]:
    return await imports_page(request, db)


@post(
    f"{HOME}/import",
    include_in_schema=False,
    status_code=303,
    request_max_body_size=LARGEST_FILE,
)
async def upload(
    request: AnyRequest, data: Annotated[UploadForm, Body(media_type=MULTIPART)], db: Db
) -> Redirect:
    """Nothing happens yet: a worker checks the file, and a person looks at what it would do."""

    async def act() -> str:
        name = data.file.filename or "file"
        id = await catalog.upload(db, _parts(data.file), name, request.user.id)
        await staff.note(db, request.user, "upload catalogue file", str(id))
        return str(id)

    id = await commands.once(db, request.user.id, data.command, ["upload", data.file.filename], act)
    return Redirect(f"{HOME}/imports/{id}", status_code=303)


@get(f"{HOME}/imports/{{id:uuid}}", include_in_schema=False)
async def one_import(request: AnyRequest, id: FromPath[UUID], db: Db) -> Response[str]:
    return await import_page(request, db, id)


@post(f"{HOME}/imports/{{id:uuid}}", include_in_schema=False, status_code=303)
async def take_over(
    request: AnyRequest, id: FromPath[UUID], data: URLEncodedBody[CommandForm]
) -> Answer:
    async def act(db: Db) -> str:
        await catalog.want(db, id)
        await staff.note(db, request.user, "import catalogue file", str(id))
        return "wanted"

    try:
        async with begin(request.app.state.pool) as db:
            await commands.once(
                db, request.user.id, data.command, ["import", str(id)], lambda: act(db)
            )
    except (Conflict, Unprocessable) as wrong:
        async with begin(request.app.state.pool) as db:
            return await import_page(request, db, id, wrong)
    return Redirect(f"{HOME}/imports/{id}", status_code=303)


@post(f"{HOME}/undo", include_in_schema=False, status_code=303)
async def undo(request: AnyRequest, data: URLEncodedBody[UndoForm]) -> Answer:
    async def act(db: Db) -> str:
        done = await catalog.undo(db, request.user.id, data.meant)
        await staff.note(db, request.user, "undo catalogue import", str(done.id))
        return str(done.id)

    asked = ["undo", str(data.meant)]
    try:
        async with begin(request.app.state.pool) as db:
            id = await commands.once(db, request.user.id, data.command, asked, lambda: act(db))
    except (Conflict, Unprocessable) as wrong:
        async with begin(request.app.state.pool) as db:
            return await imports_page(request, db, wrong)
    return Redirect(f"{HOME}/imports/{id}", status_code=303)


@get(f"{HOME}/export.csv", include_in_schema=False)
async def export_csv(state: State) -> Stream:
    return Stream(
        catalog.as_csv(state.pool),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": 'attachment; filename="catalogue.csv"',
            "Cache-Control": "private, no-store",
        },
    )


@get(f"{HOME}/export.xlsx", include_in_schema=False)
async def export_xlsx(state: State) -> Response[bytes]:
    return Response(
        await catalog.as_xlsx(state.pool),
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={
            "Content-Disposition": 'attachment; filename="catalogue.xlsx"',
            "Cache-Control": "private, no-store",
        },
    )


class _Refused(Exception):
    """Undoes the command: what is wrong is shown beside the fields."""

    def __init__(self, report: catalog.Report) -> None:
        self.report = report


async def _change(request: AnyRequest, id: UUID, data: Fields, cells: Fields) -> Answer:
    form = _read_form(data)

    async def act(db: Db) -> str:
        currency = request.app.state.settings.currency
        report = await catalog.change(db, id, cells, form.version, request.user.id, currency)
        if report.found.errors:
            raise _Refused(report)
        await staff.note(db, request.user, "change product", str(id))
        return "changed" if report.applied else "same"

    pool = request.app.state.pool
    try:
        async with begin(pool) as db:
            await commands.once(db, request.user.id, form.command, [str(id), data], lambda: act(db))
    except _Refused as refused:
        async with begin(pool) as db:
            return await product_page(
                request, db, id, cells=cells, complaints=refused.report.complaints
            )
    except Conflict as wrong:
        async with begin(pool) as db:
            return await product_page(request, db, id, wrong=wrong)
    return Redirect(f"{HOME}/products/{id}?saved", status_code=303)


class _Form(msgspec.Struct):
    command: UUID
    version: Annotated[int, msgspec.Meta(ge=0, le=2**53)]


def _read_form(data: Fields) -> _Form:
    try:
        return msgspec.convert(data, _Form, strict=False)
    except msgspec.ValidationError as error:
        raise Unprocessable("We could not read this request.") from error


async def _parts(file: UploadFile) -> AsyncIterator[bytes]:
    while part := await file.read(PART):
        yield part


routes: list[Any] = [
    products, product, change, change_picture, imports, upload, one_import, take_over, undo,
    export_csv, export_xlsx,
]  # fmt: skip
