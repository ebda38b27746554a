"""A wall for who cannot see, reach or scan it, and a word about codes that are spoiled."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect
from msgspec import Meta, Struct

from app import catalog, scan
from app.db import Connection, Db
from app.errors import Conflict, NotFound, ShopError
from app.http.problems import language_of
from app.languages import translate
from app.pages.rendering import render
from app.pages.shopper import showing
from app.pages.switch import own_address
from app.scan.models import Seen
from app.scan.reports.models import Kind, Report, Token

AnyRequest = Request[Any, Any, Any]
By = Annotated[str, Meta(max_length=10)]


class Spoiled(Struct):
    """What somebody says about a code, with a tap."""

    command: UUID
    label: Token
    kind: Kind
    back: Annotated[str, Meta(max_length=300)] = "/"


@get(["/walls/{code:str}", "/w/{code:str}", "/W/{code:str}"], include_in_schema=False)
async def wall(
    request: AnyRequest, code: FromPath[str], db: Db, by: FromQuery[By] = ""
) -> Response[str]:
    """What its header code opens: the whole wall as a list, by category or as it hangs."""
    language = language_of(request)
    found = await scan.wall(db, code[:40], language)
    if found is None:
        raise NotFound("There is no such wall.")
    if not found.open:
        wait = scan.hours.opens(found.opens_at, found.time_zone, language, scan.hours.now())
        return await _not_open(request, db, wait, found.name, found.place_hint, found.city)
    return render(
        request,
        "shopper/wall.html",
        wall=found,
        by="shelf" if by == "shelf" else "category",
        categories=await catalog.category_names(db, language),
        scarce=await showing.scarce(request, db, {one.product.id for one in found.labels}),
        told="told" in request.query_params,
        added="added" in request.query_params,
        problem=showing.problem(request),
        phone=request.app.state.settings.phone,
        bar=await showing.bar(request, db),
    )


@post("/reports", include_in_schema=False, status_code=303)
async def report(request: AnyRequest, data: URLEncodedBody[Spoiled], db: Db) -> Redirect:
    await scan.reports.report(request, db, Report(data.command, data.label, data.kind))
    back = own_address(data.back).partition("?")[0]
    return Redirect(f"{back}?told=1", status_code=303)


async def not_open(request: AnyRequest, db: Connection, seen: Seen) -> Response[str]:
    """A label whose site is not open yet says when it will be."""
    zone = seen.time_zone or request.app.state.settings.time_zone
    wait = scan.hours.opens(seen.opens_at, zone, language_of(request), scan.hours.now())
    return await _not_open(request, db, wait, seen.wall_name, seen.place_hint, "")


async def _not_open(
    request: AnyRequest, db: Connection, wait: Conflict, name: str, place: str, city: str
) -> Response[str]:
    """404: there is nothing here for now. Retry-After says when there will be."""
    return render(
        request,
        "shopper/not_open.html",
        status=404,
        headers={"Retry-After": str(wait.retry_after_s)} if wait.retry_after_s else {},
        sentence=_in_words(request, wait),
        name=name,
        where=", ".join(part for part in (place, city) if part),
        bar=await showing.bar(request, db),
    )


def _in_words(request: AnyRequest, wait: ShopError) -> str:
    return translate(language_of(request), wait.sentence, **wait.values)


routes: list[Any] = [wall, report]
