"""Files for a print shop or an office printer, over HTTP."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, JSONBody

from app import files, staff
from app.db import Db
from app.errors import NotFound
from app.http.bounds import Number, Word
from app.http.idempotency import idempotency_key
from app.walls import actions as walls
from app.walls import desk
from app.walls.press import actions, queries
from app.walls.press.models import FileOrder, Making, NewProfile, Profile

AnyRequest = Request[staff.Person, Any, Any]
LARGEST_PROFILE = 11 * 1024 * 1024  # 8 MB in base64


@get("/api/v1/posters/profiles", tags=["walls"])
async def profiles(db: Db) -> list[Profile]:
    """ICC profiles of presses, the one used last first."""
    return await queries.profiles(db)


@post(
    "/api/v1/posters/profiles",
    tags=["walls"],
    status_code=200,
    request_max_body_size=LARGEST_PROFILE,
)
async def add_profile(request: AnyRequest, data: JSONBody[NewProfile], db: Db) -> list[Profile]:
    """The profile of a press, to order files with. 422 unless it is a whole CMYK output profile."""

    async def do() -> None:
        await actions.add_profile(db, data.icc, request.user.id)

    await desk.carry_out(
        db, request.user, idempotency_key(request), "add profile", "profiles", data, do,
        now=_nothing,
    )  # fmt: skip
    return await queries.profiles(db)


@get("/api/v1/walls/{code:str}/editions/{number:str}/files", tags=["walls"])
async def files_of(code: FromPath[Word], number: FromPath[Number], db: Db) -> list[Making]:
    """Every kind of file an edition can have besides its poster, and how far each is."""
    return await actions.files_of(db, await walls.edition(db, code, number))


@post("/api/v1/walls/{code:str}/editions/{number:str}/files", tags=["walls"], status_code=202)
async def order_file(
    code: FromPath[Word],
    number: FromPath[Number],
    request: AnyRequest,
    data: JSONBody[FileOrder],
    db: Db,
) -> list[Making]:
    """Ask for a file; it is drawn and proven in a while. 409 while one is in the making."""

    async def do() -> None:
        await actions.order_file(
            db, code, number, data.kind, data.press, ordered_by=request.user.id
        )

    await desk.carry_out(
        db, request.user, idempotency_key(request), "order print file", code, [number, data], do
    )
    return await actions.files_of(db, await walls.edition(db, code, number))


@get("/api/v1/walls/{code:str}/editions/{number:str}/files/{kind:str}", tags=["walls"])
async def file(
    code: FromPath[Word], number: FromPath[Number], kind: FromPath[Word], db: Db
) -> Response[bytes]:
    """The newest file of this kind: `print-shop`, `tiles-a4` or `tiles-a3`."""
    made = await actions.file_of(db, await walls.edition(db, code, number), kind)
    found = await files.fetch(db, made.file or "")
    if found is None:
        raise NotFound("There is no such file of this edition yet.")
    scale = "-1-to-10" if made.scale == 10 else ""
    name = f"{code}-{number}-{made.kind}{scale}.pdf"
    return Response(
        found.body,
        media_type=found.media_type,
        headers={
            # The newest one is another one once it is made again.
            "Cache-Control": "private, no-cache",
            "ETag": f'"{made.file}"',
            "Content-Disposition": f'attachment; filename="{name}"',
        },
    )


async def _nothing(_: Any, __: str) -> None:
    """A profile is nobody's to change."""


routes: list[Any] = [profiles, add_profile, files_of, order_file, file]
