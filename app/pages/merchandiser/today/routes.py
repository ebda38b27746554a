"""What the walls need today: labels to patch, codes to look after, sites that open."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Response, get, post
from litestar.datastructures import State
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect
from msgspec import Meta, Struct

from app import scan, walls
from app.db import Connection, Db
from app.errors import ShopError
from app.http.bounds import Word
from app.pages.merchandiser.acting import AnyRequest, attempt
from app.pages.merchandiser.today.views import of_today
from app.pages.merchandiser.walls.offers import offers_on_posters
from app.pages.merchandiser.walls.views import USUAL_PROMISE
from app.pages.rendering import render

HOME = "/merchandiser"
Token = Annotated[str, Meta(min_length=7, max_length=7, pattern=r"^[0-9A-Z]{7}$")]


class CommandForm(Struct):
    command: UUID


class LookedAfter(Struct):
    command: UUID
    label: Token


@get(HOME, include_in_schema=False)
async def today(request: AnyRequest, db: Db) -> Response[str]:
    return await _today(request, db)


@post("/merchandiser/sites/{site:str}/patches", include_in_schema=False, status_code=303)
async def print_stickers(
    site: FromPath[Word],
    request: AnyRequest,
    data: URLEncodedBody[CommandForm],
    db: Db,
    state: State,
) -> Response[str] | Redirect:
    """One tap: stickers for every label of a site that no longer says what holds."""
    here = await walls.site(db, site)

    async def do() -> None:
        hangs_until = (scan.hours.now().astimezone(state.settings.zone) + USUAL_PROMISE).date()
        await walls.order_patch(
            db,
            site,
            base_url=state.settings.base_url,
            ordered_by=request.user.id,
            offers=await offers_on_posters(db, here.wall_code, hangs_until),
        )

    wrong = await attempt(request, db, data.command, "print stickers", site, None, do)
    if wrong:
        return await _today(request, db, wrong)
    newest = await walls.newest_patch(db, site)
    address = f"/merchandiser/walls/{here.wall_code}/editions/{newest.number}"
    return Redirect(address, status_code=303)


@post("/merchandiser/reports", include_in_schema=False, status_code=303)
async def looked_after(
    request: AnyRequest, data: URLEncodedBody[LookedAfter], db: Db
) -> Response[str] | Redirect:
    wrong = await attempt(
        request, db, data.command, "look after code", data.label, data.label,
        lambda: scan.reports.resolve(db, data.label, request.user.id),
    )  # fmt: skip
    return await _today(request, db, wrong) if wrong else Redirect(HOME, status_code=303)


async def _today(
    request: AnyRequest, db: Connection, wrong: ShopError | None = None
) -> Response[str]:
    return render(
        request,
        "merchandiser/today/today.html",
        status=wrong.status if wrong else 200,
        wrong=wrong,
        **await of_today(request, db),
    )


routes: list[Any] = [today, print_stickers, looked_after]
