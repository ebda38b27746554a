"""Where postcodes are: what is known, and a file of GeoNames in."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body

from app import slots, staff
from app.db import begin
from app.pages.acting import AnyRequest
from app.pages.rendering import render

LARGEST_FILE = 64 * 1024 * 1024


class FileForm(msgspec.Struct):
    command: UUID
    file: Annotated[UploadFile, msgspec.Meta()]


@get("/dispatch/postcodes", include_in_schema=False)
async def known(request: AnyRequest) -> Response[str]:
    return await _page(request)


@post(
    "/dispatch/postcodes",
    include_in_schema=False,
    status_code=200,
    request_max_body_size=LARGEST_FILE,
)
async def load(
    request: AnyRequest,
    data: Annotated[FileForm, Body(media_type=RequestEncodingType.MULTI_PART)],
) -> Response[str]:
    """All of it or nothing; the same file again is the same points."""
    name = "".join(one for one in (data.file.filename or "file") if one.isprintable())[:60]
    pool = request.app.state.pool
    found = await slots.plans.load_postcodes(pool, await data.file.read(), f"geonames {name}")
    if not found.wrong:
        async with begin(pool) as db:
            await staff.note(db, request.user, "postcodes.import", name)
    return await _page(request, found)


async def _page(request: AnyRequest, found: slots.plans.Read | None = None) -> Response[str]:
    return render(
        request,
        "dispatch/postcodes.html",
        status=422 if found and found.wrong else 200,
        known=await slots.plans.known_points(request.app.state.pool),
        found=found,
    )


routes: list[Any] = [known, load]
