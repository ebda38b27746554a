"""Sites over HTTP. Every step is a command; none of them leads back."""

from typing import Any

from litestar import Request, Response, delete, get, post, put
from litestar.datastructures import State
from litestar.params import FromPath, JSONBody

from app import staff
from app.db import Connection, Db
from app.errors import Malformed
from app.http.bounds import Number, Word
from app.http.idempotency import idempotency_key
from app.walls import actions as walls
from app.walls import desk, patching
from app.walls.models import Edition
from app.walls.sites import actions
from app.walls.sites.models import (
    NewSite,
    Overtaken,
    Panel,
    PanelHung,
    Site,
    SiteDetails,
    Sticker,
)
from qr_walls import links, tokens
from qr_walls.errors import WallError

AnyRequest = Request[staff.Person, Any, Any]


@get("/api/v1/sites", tags=["sites"])
async def sites(db: Db) -> list[Site]:
    """Where designs hang, or will; those that are down stand last."""
    return await actions.sites_of(db)


@get("/api/v1/sites/{site:str}", tags=["sites"])
async def site(site: FromPath[Word], db: Db) -> Response[Site]:
    """A site, with the version to send back as If-Match."""
    return _site(await actions.site(db, site))


@post("/api/v1/walls/{code:str}/sites", tags=["sites"])
async def add(
    code: FromPath[Word], request: AnyRequest, data: JSONBody[NewSite], db: Db
) -> Response[Site]:
    """One more place for a design to hang at. 409 when its code is taken."""
    await _carry_out(
        request, db, "add site", code, data, lambda: walls.add_site(db, code, data.code, data)
    )
    return _site(await actions.site(db, data.code), 201)


@put("/api/v1/sites/{site:str}", tags=["sites"])
async def change(
    site: FromPath[Word], request: AnyRequest, data: JSONBody[SiteDetails], db: Db
) -> Response[Site]:
    """Say something else about a site, or when it opens. 409 when somebody was faster."""
    seen = desk.version_seen(request)
    await _carry_out(
        request, db, "change site", site, [data, seen],
        lambda: actions.change_site(db, site, data, seen),
    )  # fmt: skip
    return _site(await actions.site(db, site))


@get("/api/v1/sites/{site:str}/panels", tags=["sites"])
async def panels(site: FromPath[Word], db: Db) -> list[Panel]:
    """Of the newest print of a site, whether they hang or not."""
    return await actions.panels(db, site)


@post("/api/v1/sites/{site:str}/panels/{number:str}", tags=["sites"], status_code=200)
async def hang(
    site: FromPath[Word],
    number: FromPath[Number],
    request: AnyRequest,
    data: JSONBody[PanelHung],
    db: Db,
) -> Site:
    """The crew scanned a code on what hangs as this panel. 409 names where it belongs instead."""
    token, by = _token(data.text), request.user.id
    await _carry_out(
        request, db, "hang panel", site, [number, token],
        lambda: actions.hang_panel(db, site, number, token, by),
    )  # fmt: skip
    return await actions.site(db, site)


@post("/api/v1/sites/{site:str}/opening", tags=["sites"], status_code=200)
async def open_now(site: FromPath[Word], request: AnyRequest, db: Db) -> Site:
    """It sells from now on, whatever its hour was. 409 unless all its panels hang."""
    await _carry_out(request, db, "open site", site, None, lambda: actions.open_site(db, site))
    return await actions.site(db, site)


@delete("/api/v1/sites/{site:str}", tags=["sites"], status_code=200)
async def take_down(site: FromPath[Word], request: AnyRequest, db: Db) -> Site:
    """Nothing hangs there any more; its codes answer 410."""
    await _carry_out(request, db, "take site down", site, None, lambda: actions.take_down(db, site))
    return await actions.site(db, site)


@get("/api/v1/sites/{site:str}/overtaken", tags=["sites"])
async def overtaken(site: FromPath[Word], db: Db) -> list[Overtaken]:
    """Labels that no longer say what holds, in walking order."""
    return await actions.overtaken(db, (await actions.site(db, site)).id)


@post("/api/v1/sites/{site:str}/patches", tags=["sites"], status_code=202)
async def order_patch(site: FromPath[Word], request: AnyRequest, db: Db, state: State) -> Edition:
    """Stickers for all of these, as an edition of its own. 409 when there is nothing to print."""
    base_url, by = state.settings.base_url, request.user.id
    await _carry_out(
        request, db, "print stickers", site, None,
        lambda: patching.order_patch(db, site, base_url=base_url, ordered_by=by),
    )  # fmt: skip
    return await patching.newest_patch(db, site)


@get("/api/v1/sites/{site:str}/stickers", tags=["sites"])
async def stickers(site: FromPath[Word], db: Db) -> list[Sticker]:
    """Printed stickers that are still to be pasted, in walking order."""
    return await actions.stickers(db, (await actions.site(db, site)).id)


@post("/api/v1/sites/{site:str}/stickers/{token:str}", tags=["sites"], status_code=200)
async def paste(
    site: FromPath[Word], token: FromPath[Word], request: AnyRequest, db: Db
) -> list[Sticker]:
    """This sticker hangs over the label it replaces; answers with those that are left."""
    await _carry_out(
        request, db, "paste sticker", site, token,
        lambda: actions.paste(db, site, [token.upper()]),
    )  # fmt: skip
    return await actions.stickers(db, (await actions.site(db, site)).id)


def _token(text: str) -> str:
    try:
        return links.read(text).token
    except WallError:
        pass
    try:
        return tokens.read(text)
    except WallError as error:
        values: dict[str, Any] = dict(error.values)
        raise Malformed(error.sentence, code="unreadable-code", **values) from error


def _site(site: Site, status: int = 200) -> Response[Site]:
    return Response(site, status_code=status, headers={"ETag": f'"{site.version}"'})


async def _carry_out(
    request: AnyRequest, db: Connection, act: str, code: str, asked: Any, do: Any
) -> None:
    await desk.carry_out(db, request.user, idempotency_key(request), act, code, asked, do, now=_now)


async def _now(db: Connection, code: str) -> Any:
    return await actions.site(db, code)


routes: list[Any] = [
    sites, site, add, change, panels, hang, open_now, take_down, overtaken, order_patch, stickers,
    paste,
]  # fmt: skip
