"""The merchandiser's walls: planned as a picture, printed, proven, published."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect

from app import catalog, walls
from app.db import Connection, Db
from app.errors import ShopError
from app.http.bounds import Number, Search, Word
from app.pages.merchandiser.acting import attempt
from app.pages.merchandiser.walls import files, forms
from app.pages.merchandiser.walls.offers import offers_on_posters
from app.pages.merchandiser.walls.views import (
    AnyRequest,
    compare_page,
    edition_page,
    position_page,
    wall_page,
)
from app.pages.rendering import render
from app.walls.models import Details

HOME = "/merchandiser/walls"
Answer = Response[str] | Redirect


@get(HOME, include_in_schema=False)
async def all_walls(request: AnyRequest, db: Db) -> Response[str]:
    return await _all_walls(request, db)


@post(HOME, include_in_schema=False, status_code=303)
async def set_up(
    request: AnyRequest, data: URLEncodedBody[forms.NewWallForm], db: Db, state: State
) -> Answer:
    settings = state.settings
    wrong = await attempt(
        request,
        db,
        data.command,
        "set up wall",
        data.code,
        data,
        lambda: walls.set_up(
            db,
            data.code,
            _details(data),
            currency=settings.currency,
            time_zone=settings.time_zone,
        ),
    )
    return await _all_walls(request, db, wrong) if wrong else _to(data.code)


@get("/merchandiser/walls/{code:str}", include_in_schema=False)
async def wall(code: FromPath[Word], request: AnyRequest, db: Db) -> Response[str]:
    return await wall_page(request, db, code)


@post("/merchandiser/walls/{code:str}/details", include_in_schema=False, status_code=303)
async def change(
    code: FromPath[Word], request: AnyRequest, data: URLEncodedBody[forms.DetailsForm], db: Db
) -> Answer:
    wrong = await attempt(
        request,
        db,
        data.command,
        "change wall",
        code,
        data,
        lambda: walls.change(db, code, _details(data), data.version),
    )
    return await wall_page(request, db, code, wrong) if wrong else _to(code)


@post("/merchandiser/walls/{code:str}/shelves", include_in_schema=False, status_code=303)
async def fill(
    code: FromPath[Word],
    request: AnyRequest,
    data: URLEncodedBody[forms.FillForm],
    db: Db,
    state: State,
) -> Answer:
    """Fill all shelves from chosen categories, evenly, as many products as there is room for."""
    base_url = state.settings.base_url

    async def do() -> None:
        found = await walls.wall(db, code)
        room = walls.room(found.reading_distance_mm, base_url)
        size = next((one for one in room if one.format == data.format), None)
        ids = await _evenly(db, data.categories, size.products * data.panels if size else 1)
        await walls.arrange(
            db, code, ids, data.format, data.version, base_url=base_url, panels=data.panels
        )

    wrong = await attempt(request, db, data.command, "arrange wall", code, data, do)
    return await wall_page(request, db, code, wrong) if wrong else _to(code)


@get("/merchandiser/walls/{code:str}/positions/{position_id:uuid}", include_in_schema=False)
async def position(
    code: FromPath[Word],
    position_id: FromPath[UUID],
    request: AnyRequest,
    db: Db,
    words: FromQuery[Search] = "",
) -> Response[str]:
    return await position_page(request, db, code, position_id, words)


@post(
    "/merchandiser/walls/{code:str}/positions/{position_id:uuid}",
    include_in_schema=False,
    status_code=303,
)
async def put(
    code: FromPath[Word],
    position_id: FromPath[UUID],
    request: AnyRequest,
    data: URLEncodedBody[forms.PutForm],
    db: Db,
) -> Answer:
    async def do() -> Any:
        if data.act == "beside":
            return await walls.add_beside(db, code, position_id, data.product_id, data.version)
        return await walls.put(
            db,
            code,
            position_id,
            data.product_id,
            data.facings,
            data.version,
            right_away=data.act == "now",
        )

    act = "point position" if data.act == "now" else "plan position"
    wrong = await attempt(request, db, data.command, act, code, [str(position_id), data], do)
    return await position_page(request, db, code, position_id, "", wrong) if wrong else _to(code)


@post(
    "/merchandiser/walls/{code:str}/positions/{position_id:uuid}/removal",
    include_in_schema=False,
    status_code=303,
)
async def take_away(
    code: FromPath[Word],
    position_id: FromPath[UUID],
    request: AnyRequest,
    data: URLEncodedBody[forms.VersionForm],
    db: Db,
) -> Answer:
    wrong = await attempt(
        request,
        db,
        data.command,
        "plan position",
        code,
        [str(position_id), data],
        lambda: walls.take_away(db, code, position_id, data.version),
    )
    return await position_page(request, db, code, position_id, "", wrong) if wrong else _to(code)


@post("/merchandiser/walls/{code:str}/editions", include_in_schema=False, status_code=303)
async def print_wall(
    code: FromPath[Word],
    request: AnyRequest,
    data: URLEncodedBody[forms.PrintForm],
    db: Db,
    state: State,
) -> Answer:
    """An edition for each site that was ticked, with codes and a file of its own."""

    async def do() -> None:
        offers = await offers_on_posters(db, code, data.last_day)
        for site in data.sites:
            ordered = await walls.order_edition(
                db,
                code,
                base_url=state.settings.base_url,
                last_day=data.last_day,
                phone=state.settings.phone,
                site=site,
                ordered_by=request.user.id,
                offers=offers,
            )
            if data.print_shop:
                await walls.order_file(
                    db, code, ordered.number, "print-shop", data.wishes, ordered_by=request.user.id
                )

    wrong = await attempt(request, db, data.command, "print wall", code, data, do)
    if wrong:
        return await wall_page(request, db, code, wrong)
    if len(data.sites) > 1:
        return _to(f"{code}#editions")
    newest = (await walls.editions(db, (await walls.wall(db, code)).id))[0]
    return _to(f"{code}/editions/{newest.number}")


@get("/merchandiser/walls/{code:str}/editions/{number:str}", include_in_schema=False)
async def edition(
    code: FromPath[Word], number: FromPath[Number], request: AnyRequest, db: Db
) -> Response[str]:
    return await edition_page(request, db, code, number)


@get("/merchandiser/walls/{code:str}/comparison", include_in_schema=False)
async def compare(
    code: FromPath[Word],
    request: AnyRequest,
    db: Db,
    left: FromQuery[Number],
    right: FromQuery[Number],
) -> Response[str]:
    return await compare_page(request, db, code, left, right)


@post(
    "/merchandiser/walls/{code:str}/editions/{number:str}/publication",
    include_in_schema=False,
    status_code=303,
)
async def publish(
    code: FromPath[Word],
    number: FromPath[Number],
    request: AnyRequest,
    data: URLEncodedBody[forms.CommandForm],
    db: Db,
) -> Answer:
    wrong = await attempt(
        request,
        db,
        data.command,
        "publish edition",
        code,
        number,
        lambda: walls.publish(db, code, number),
    )
    if wrong:
        return await edition_page(request, db, code, number, wrong)
    return _to(f"{code}/editions/{number}")


@post(
    "/merchandiser/walls/{code:str}/editions/{number:str}/retirement",
    include_in_schema=False,
    status_code=303,
)
async def retire_edition(
    code: FromPath[Word],
    number: FromPath[Number],
    request: AnyRequest,
    data: URLEncodedBody[forms.CommandForm],
    db: Db,
) -> Answer:
    wrong = await attempt(
        request,
        db,
        data.command,
        "retire edition",
        code,
        number,
        lambda: walls.retire_edition(db, code, number),
    )
    if wrong:
        return await edition_page(request, db, code, number, wrong)
    return _to(f"{code}/editions/{number}")


@post("/merchandiser/walls/{code:str}/retirement", include_in_schema=False, status_code=303)
async def retire(
    code: FromPath[Word], request: AnyRequest, data: URLEncodedBody[forms.CommandForm], db: Db
) -> Answer:
    wrong = await attempt(
        request, db, data.command, "retire wall", code, None, lambda: walls.retire(db, code)
    )
    return await wall_page(request, db, code, wrong) if wrong else _to(code)


async def _all_walls(
    request: AnyRequest, db: Connection, wrong: ShopError | None = None
) -> Response[str]:
    return render(
        request,
        "merchandiser/walls/walls.html",
        status=wrong.status if wrong else 200,
        walls=await walls.walls(db),
        wrong=wrong,
    )


async def _evenly(db: Connection, categories: list[str], count: int) -> list[UUID]:
    """So many products, the same number from every category, those that can be bought."""
    chosen = categories or list(await catalog.category_names(db, "en"))
    share, rest = divmod(count, max(len(chosen), 1))
    ids: list[UUID] = []
    for place, category in enumerate(chosen):
        rows = await catalog.ids_after(db, category, "", "", 200)
        found = await catalog.products(db, [row["id"] for row in rows], "en")
        on_sale = [row["id"] for row in rows if found[row["id"]].on_sale]
        ids += on_sale[: share + (place < rest)]
    return ids


def _details(form: forms.WallForm) -> Details:
    return Details(
        name=form.name,
        city=form.city,
        place_hint=form.place_hint,
        language=form.language,
        reading_distance_mm=form.reading_distance_mm,
    )


def _to(path: str) -> Redirect:
    return Redirect(f"{HOME}/{path}", status_code=303)


routes: list[Any] = [
    all_walls, set_up, wall, change, fill, position, put, take_away, print_wall, edition,
    compare, publish, retire_edition, retire, *files.routes,
]  # fmt: skip
