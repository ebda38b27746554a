"""A site at the desk and on the crew's phone: planned, hung panel by panel, open, patched, down."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect

from app import scan, walls
from app.db import Connection, Db
from app.errors import ShopError
from app.http.bounds import Number, Word
from app.pages.merchandiser.acting import AnyRequest, attempt
from app.pages.merchandiser.sites import forms
from app.pages.merchandiser.sites.views import Day, hanging_page, heat_page, site_page
from app.pages.merchandiser.walls.views import wall_page
from app.walls.sites.rules import check_time_zone

HOME = "/merchandiser/sites"
Answer = Response[str] | Redirect


@post("/merchandiser/walls/{code:str}/sites", include_in_schema=False, status_code=303)
async def add(
    code: FromPath[Word], request: AnyRequest, data: URLEncodedBody[forms.NewSiteForm], db: Db
) -> Answer:
    async def do() -> None:
        zone = data.time_zone or (await walls.wall(db, code)).time_zone
        check_time_zone(zone)
        await walls.add_site(db, code, data.code, data.details(zone))

    wrong = await attempt(request, db, data.command, "add site", code, data, do)
    return await wall_page(request, db, code, wrong) if wrong else _to(data.code)


@get("/merchandiser/sites/{site:str}", include_in_schema=False)
async def site(site: FromPath[Word], request: AnyRequest, db: Db) -> Response[str]:
    return await site_page(request, db, site)


@post("/merchandiser/sites/{site:str}/details", include_in_schema=False, status_code=303)
async def change(
    site: FromPath[Word], request: AnyRequest, data: URLEncodedBody[forms.DetailsForm], db: Db
) -> Answer:
    async def do() -> None:
        zone = data.time_zone or (await walls.site(db, site)).time_zone
        check_time_zone(zone)
        await walls.change_site(db, site, data.details(zone), data.version)

    wrong = await attempt(request, db, data.command, "change site", site, data, do)
    return await _on_its_page(request, db, site, wrong)


@post("/merchandiser/sites/{site:str}/opening", include_in_schema=False, status_code=303)
async def open_now(
    site: FromPath[Word], request: AnyRequest, data: URLEncodedBody[forms.CommandForm], db: Db
) -> Answer:
    wrong = await attempt(
        request, db, data.command, "open site", site, None, lambda: walls.open_site(db, site)
    )
    return await _on_its_page(request, db, site, wrong)


@post("/merchandiser/sites/{site:str}/down", include_in_schema=False, status_code=303)
async def take_down(
    site: FromPath[Word], request: AnyRequest, data: URLEncodedBody[forms.CommandForm], db: Db
) -> Answer:
    wrong = await attempt(
        request, db, data.command, "take site down", site, None, lambda: walls.take_down(db, site)
    )
    return await _on_its_page(request, db, site, wrong)


@get("/merchandiser/sites/{site:str}/hanging", include_in_schema=False)
async def hanging(
    site: FromPath[Word], request: AnyRequest, db: Db, panel: FromQuery[Number] = 0
) -> Response[str]:
    return await hanging_page(request, db, site, panel)


@post("/merchandiser/sites/{site:str}/hanging/panel", include_in_schema=False, status_code=303)
async def hang_panel(
    site: FromPath[Word], request: AnyRequest, data: URLEncodedBody[forms.PanelForm], db: Db
) -> Answer:
    """The crew scanned a code on what hangs at this place."""

    async def do() -> None:
        token = scan.read(data.text).label
        await walls.hang_panel(db, site, data.panel, token, request.user.id)

    wrong = await attempt(request, db, data.command, "hang panel", site, data, do)
    return await _while_hanging(request, db, site, data.panel, wrong)


@post("/merchandiser/sites/{site:str}/hanging/all", include_in_schema=False, status_code=303)
async def hang_all(
    site: FromPath[Word], request: AnyRequest, data: URLEncodedBody[forms.CommandForm], db: Db
) -> Answer:
    wrong = await attempt(
        request, db, data.command, "hang all panels", site, None,
        lambda: walls.hang_all(db, site, request.user.id),
    )  # fmt: skip
    return await _on_its_page(request, db, site, wrong)


@post("/merchandiser/sites/{site:str}/hanging/sticker", include_in_schema=False, status_code=303)
async def paste(
    site: FromPath[Word], request: AnyRequest, data: URLEncodedBody[forms.StickerForm], db: Db
) -> Answer:
    async def do() -> None:
        await walls.paste(db, site, [scan.read(data.text).label])

    wrong = await attempt(request, db, data.command, "paste sticker", site, data, do)
    return await _while_hanging(request, db, site, 0, wrong)


@post("/merchandiser/sites/{site:str}/hanging/stickers", include_in_schema=False, status_code=303)
async def paste_all(
    site: FromPath[Word], request: AnyRequest, data: URLEncodedBody[forms.CommandForm], db: Db
) -> Answer:
    """Every sticker of the sheets hangs, as somebody saw who needed no scanner."""

    async def do() -> None:
        left = await walls.stickers(db, (await walls.site(db, site)).id)
        await walls.paste(db, site, [one.token for one in left])

    wrong = await attempt(request, db, data.command, "paste all stickers", site, None, do)
    return await _while_hanging(request, db, site, 0, wrong)


@get("/merchandiser/sites/{site:str}/heat", include_in_schema=False)
async def heat(
    site: FromPath[Word],
    request: AnyRequest,
    db: Db,
    first: FromQuery[Day] = "",
    last: FromQuery[Day] = "",
    of: FromQuery[Day] = "opens",
) -> Response[str]:
    return await heat_page(request, db, site, first, last, of)


async def _on_its_page(
    request: AnyRequest, db: Connection, code: str, wrong: ShopError | None
) -> Answer:
    return await site_page(request, db, code, wrong) if wrong else _to(code)


async def _while_hanging(
    request: AnyRequest, db: Connection, code: str, panel: int, wrong: ShopError | None
) -> Answer:
    if wrong:
        return await hanging_page(request, db, code, panel, wrong)
    return _to(f"{code}/hanging?done=1")


def _to(path: str) -> Redirect:
    return Redirect(f"{HOME}/{path}", status_code=303)


routes: list[Any] = [
    add, site, change, open_now, take_down, hanging, hang_panel, hang_all, paste, paste_all, heat,
]  # fmt: skip
