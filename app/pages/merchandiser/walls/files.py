"""Files for the print shop and for the office printer, ordered from the merchandiser's pages."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, URLEncodedBody
from litestar.response import Redirect

from app import walls
from app.db import Db
from app.http.bounds import Number, Word
from app.pages.merchandiser.acting import attempt
from app.pages.merchandiser.walls import forms
from app.pages.merchandiser.walls.views import AnyRequest, edition_page, wall_page

MULTIPART = RequestEncodingType.MULTI_PART
LARGEST_PROFILE = 8 * 1024 * 1024 + 64 * 1024
HOME = "/merchandiser/walls"
Answer = Response[str] | Redirect


class ProfileForm(msgspec.Struct):
    command: UUID
    file: Annotated[UploadFile, msgspec.Meta()]


@post(
    "/merchandiser/walls/{code:str}/editions/{number:str}/files",
    include_in_schema=False,
    status_code=303,
)
async def order_file(
    code: FromPath[Word],
    number: FromPath[Number],
    request: AnyRequest,
    data: URLEncodedBody[forms.FileForm],
    db: Db,
) -> Answer:
    wrong = await attempt(
        request,
        db,
        data.command,
        "order print file",
        code,
        [number, data],
        lambda: walls.order_file(
            db, code, number, data.kind, data.wishes, ordered_by=request.user.id
        ),
    )
    if wrong:
        return await edition_page(request, db, code, number, wrong)
    return Redirect(f"{HOME}/{code}/editions/{number}#file", status_code=303)


@post(
    "/merchandiser/walls/{code:str}/profiles",
    include_in_schema=False,
    status_code=303,
    request_max_body_size=LARGEST_PROFILE,
)
async def add_profile(
    code: FromPath[Word],
    request: AnyRequest,
    data: Annotated[ProfileForm, Body(media_type=MULTIPART)],
    db: Db,
) -> Answer:
    """Kept only when it is the whole profile of a press; a print shop then finds it in its list."""
    icc = await data.file.read()
    wrong = await attempt(
        request,
        db,
        data.command,
        "add profile",
        code,
        [data.file.filename, len(icc)],
        lambda: walls.add_profile(db, icc, request.user.id),
    )
    if wrong:
        return await wall_page(request, db, code, wrong)
    return Redirect(f"{HOME}/{code}#print", status_code=303)


routes: list[Any] = [order_file, add_profile]
