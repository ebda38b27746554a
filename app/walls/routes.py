"""Walls over HTTP, for merchandisers and their programs. Changes carry the version they saw."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, delete, get, post, put
from litestar.datastructures import State
from litestar.params import FromPath, JSONBody, QueryParameter

from app import files, staff
from app.db import Connection, Db
from app.errors import NotFound
from app.http.bounds import Number, Word
from app.http.idempotency import idempotency_key
from app.walls import actions, desk, queries
from app.walls.models import (
    Arrangement,
    Details,
    Edition,
    Light,
    NewWall,
    Plan,
    Printing,
    PrintOrder,
    Put,
    Room,
    Wall,
    WallInList,
    Wishes,
)
from app.walls.press.routes import routes as press_routes
from app.walls.sites.routes import routes as site_routes

AnyRequest = Request[staff.Person, Any, Any]
LARGEST_PLAN = 512 * 1024
Distance = Annotated[int, QueryParameter(ge=100, le=10_000)]
Count = Annotated[int, QueryParameter(ge=0, le=10_000)]


@get("/api/v1/walls", tags=["walls"])
async def walls(db: Db) -> list[WallInList]:
    """All walls; those that are retired stand last."""
    return await queries.walls(db)


@post("/api/v1/walls", tags=["walls"])
async def set_up(
    request: AnyRequest, data: JSONBody[NewWall], db: Db, state: State
) -> Response[Wall]:
    """A new wall, empty. 409 when its code is taken."""
    settings = state.settings

    async def do() -> None:
        await actions.set_up(
            db, data.code, data, currency=settings.currency, time_zone=settings.time_zone
        )

    await _carry_out(request, db, "set up wall", data.code, data, do)
    return _wall(await actions.wall(db, data.code), 201)


@get("/api/v1/walls/{code:str}", tags=["walls"])
async def plan(code: FromPath[Word], db: Db) -> Response[Plan]:
    """What the next edition will show, with the version to send back as If-Match."""
    return _plan(await actions.plan(db, code))


@put("/api/v1/walls/{code:str}", tags=["walls"])
async def change(
    code: FromPath[Word], request: AnyRequest, data: JSONBody[Details], db: Db
) -> Response[Wall]:
    """Say something else about a wall. 409 with the wall as it is when somebody was faster."""
    seen = desk.version_seen(request)
    await _carry_out(
        request, db, "change wall", code, [data, seen], lambda: actions.change(db, code, data, seen)
    )
    return _wall(await actions.wall(db, code))


@put("/api/v1/walls/{code:str}/plan", tags=["walls"], request_max_body_size=LARGEST_PLAN)
async def replan(
    code: FromPath[Word], request: AnyRequest, data: JSONBody[Wishes], db: Db
) -> Response[Plan]:
    """Fill all shelves anew. Positions that come back with their id keep their past."""
    seen = desk.version_seen(request)
    await _carry_out(
        request,
        db,
        "plan wall",
        code,
        [data, seen],
        lambda: actions.replan(db, code, data.panels, seen),
    )
    return _plan(await actions.plan(db, code))


@put("/api/v1/walls/{code:str}/arrangement", tags=["walls"], request_max_body_size=LARGEST_PLAN)
async def arrange(
    code: FromPath[Word], request: AnyRequest, data: JSONBody[Arrangement], db: Db, state: State
) -> Response[Plan]:
    """Put products on as many panels as they take. 422 with how many would fit."""
    seen = desk.version_seen(request)
    base_url = state.settings.base_url
    await _carry_out(
        request,
        db,
        "arrange wall",
        code,
        [data, seen],
        lambda: actions.arrange(
            db, code, data.product_ids, data.format, seen, base_url=base_url, panels=data.panels
        ),
    )
    return _plan(await actions.plan(db, code))


@put("/api/v1/walls/{code:str}/positions/{position_id:uuid}", tags=["walls"])
async def put_product(
    code: FromPath[Word],
    position_id: FromPath[UUID],
    request: AnyRequest,
    data: JSONBody[Put],
    db: Db,
) -> Response[Plan]:
    """Another product for a position: for the next print, or at once on the posters that hang."""
    seen = desk.version_seen(request)
    await _carry_out(
        request,
        db,
        "point position" if data.right_away else "plan position",
        code,
        [str(position_id), data, seen],
        lambda: actions.put(
            db, code, position_id, data.product_id, data.facings, seen, right_away=data.right_away
        ),
    )
    return _plan(await actions.plan(db, code))


@delete("/api/v1/walls/{code:str}", tags=["walls"], status_code=200)
async def retire(code: FromPath[Word], request: AnyRequest, db: Db) -> Response[Wall]:
    """The wall sells no more; whoever scans a label that was forgotten is told so (410)."""
    await _carry_out(request, db, "retire wall", code, None, lambda: actions.retire(db, code))
    return _wall(await actions.wall(db, code))


@get("/api/v1/walls/{code:str}/editions", tags=["walls"])
async def editions(code: FromPath[Word], db: Db) -> list[Edition]:
    """Every printing of a wall, the newest first."""
    return await queries.editions(db, (await actions.wall(db, code)).id)


@post("/api/v1/walls/{code:str}/editions", tags=["walls"], status_code=202)
async def order_edition(
    code: FromPath[Word], request: AnyRequest, data: JSONBody[PrintOrder], db: Db, state: State
) -> Printing:
    """Print the wall as it is planned, at today's prices; it is drawn and proven in a while."""
    base_url, person = state.settings.base_url, request.user

    async def do() -> None:
        await actions.order_edition(
            db,
            code,
            base_url=base_url,
            last_day=data.last_day,
            phone=state.settings.phone,
            site=data.site,
            ordered_by=person.id,
            offers=await state.offers_on_posters(db, code, data.last_day),
        )

    await _carry_out(request, db, "print wall", code, data, do)
    newest = (await queries.editions(db, (await actions.wall(db, code)).id))[0]
    return await desk.progress(db, newest)


@get("/api/v1/walls/{code:str}/editions/{number:str}", tags=["walls"])
async def edition(code: FromPath[Word], number: FromPath[Number], db: Db) -> Printing:
    """An edition, how far it is, and what its proof found."""
    return await desk.progress(db, await actions.edition(db, code, number))


@get("/api/v1/walls/{code:str}/editions/{number:str}/poster.pdf", tags=["walls"])
async def poster(code: FromPath[Word], number: FromPath[Number], db: Db) -> Response[bytes]:
    """The file for the print shop: one page per panel, at its real size."""
    found = await actions.edition(db, code, number)
    return await _file(db, found.pdf, f"{code}-{number}.pdf")


@get("/api/v1/walls/{code:str}/editions/{number:str}/proof.pdf", tags=["walls"])
async def proof_sheet(code: FromPath[Word], number: FromPath[Number], db: Db) -> Response[bytes]:
    """The wall on one page, with what its proof found of every code."""
    found = await actions.edition(db, code, number)
    sheet = found.proof.sheet if found.proof else None
    return await _file(db, sheet, f"{code}-{number}-proof.pdf")


@get("/api/v1/walls/{code:str}/editions/{number:str}/lights", tags=["walls"])
async def lights(code: FromPath[Word], number: FromPath[Number], db: Db) -> list[Light]:
    """What the proof found of every code, in walking order; shelf 0 is the code of the wall's list."""
    found = await actions.edition(db, code, number)
    return await queries.lights(db, found.wall_id, number)


@get("/api/v1/walls/{code:str}/editions/{number:str}/preview.png", tags=["walls"])
async def preview(code: FromPath[Word], number: FromPath[Number], db: Db) -> Response[bytes]:
    """The panels side by side, as a picture of the finished file."""
    found = await actions.edition(db, code, number)
    return await _file(db, found.png, None)


@post("/api/v1/walls/{code:str}/editions/{number:str}/publication", tags=["walls"], status_code=200)
async def publish(
    code: FromPath[Word], number: FromPath[Number], request: AnyRequest, db: Db
) -> Edition:
    """Released to be printed: its codes sell as soon as its site is open. 409 unless every code on
    it was read in its proof."""
    await _carry_out(
        request, db, "publish edition", code, number, lambda: actions.publish(db, code, number)
    )
    return await actions.edition(db, code, number)


@post("/api/v1/walls/{code:str}/editions/{number:str}/retirement", tags=["walls"], status_code=200)
async def retire_edition(
    code: FromPath[Word], number: FromPath[Number], request: AnyRequest, db: Db
) -> Edition:
    """Its posters are down; its codes answer 410."""
    await _carry_out(
        request,
        db,
        "retire edition",
        code,
        number,
        lambda: actions.retire_edition(db, code, number),
    )
    return await actions.edition(db, code, number)


@get("/api/v1/posters/room", tags=["walls"])
async def room(state: State, distance_mm: Distance = 600, products: Count = 0) -> list[Room]:
    """What every poster size holds at a reading distance, and what so many products would take."""
    return list(desk.room(distance_mm, state.settings.base_url, products))


async def _carry_out(
    request: AnyRequest, db: Connection, act: str, code: str, asked: Any, do: Any
) -> None:
    await desk.carry_out(db, request.user, idempotency_key(request), act, code, asked, do)


def _wall(wall: Wall, status: int = 200) -> Response[Wall]:
    return Response(wall, status_code=status, headers={"ETag": f'"{wall.version}"'})


def _plan(found: Plan) -> Response[Plan]:
    return Response(found, headers={"ETag": f'"{found.wall.version}"'})


async def _file(db: Connection, name: str | None, saved_as: str | None) -> Response[bytes]:
    file = await files.fetch(db, name) if name else None
    if file is None:
        raise NotFound("This edition is not printed yet.")
    headers = {"Cache-Control": "private, max-age=31536000, immutable"}
    if saved_as:
        headers["Content-Disposition"] = f'attachment; filename="{saved_as}"'
    return Response(file.body, media_type=file.media_type, headers=headers)


routes: list[Any] = [
    walls, set_up, plan, change, replan, arrange, put_product, retire, editions, order_edition,
    proof_sheet, edition, lights, poster, preview, publish, retire_edition, room, *press_routes,
    *site_routes,
]  # fmt: skip
