"""The shopper's desk: a product behind its code, walls from afar, the scanner."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, route
from litestar.enums import HttpMethod
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from app import cart, catalog, scan
from app.db import Connection, Db
from app.errors import Malformed, NotFound, ShopError
from app.http.limits import miss
from app.http.problems import language_of
from app.languages import translate
from app.pages.rendering import render
from app.pages.shopper import account, again, basket, offline, points, rights, sharing, showing
from app.pages.shopper.walls import not_open
from app.scan.models import Code

AnyRequest = Request[Any, Any, Any]
LOOK = [HttpMethod.GET, HttpMethod.HEAD]


@get("/", include_in_schema=False)
async def home(request: AnyRequest, db: Db) -> Response[str]:
    walls = await scan.hanging(db, language_of(request))
    return render(
        request,
        "shopper/home.html",
        walls=walls,
        past=await again.last(request, db),
        bar=await showing.bar(request, db),
    )


@route("/{token:str}/01/{number:str}", http_method=LOOK, include_in_schema=False)
async def label(
    request: AnyRequest, token: FromPath[str], number: FromPath[str], db: Db
) -> Response[str]:
    """What hangs on the wall under this code. Looking changes nothing."""
    try:
        code = scan.of_address(token, number)
    except Malformed as error:
        return await _unknown(request, db, error, number)
    if scan.asks_for_links(request):
        return await scan.resolve(request, db, code)
    return await _product(request, db, code)


@route("/01/{number:str}", http_method=LOOK, include_in_schema=False)
async def number(request: AnyRequest, number: FromPath[str], db: Db) -> Response[str]:
    """The product with this number (GS1 Digital Link without a label)."""
    try:
        code = Code(gtin=scan.number(number))
    except Malformed as error:
        return await _unknown(request, db, error, number)
    if scan.asks_for_links(request):
        return await scan.resolve(request, db, code)
    return await _product(request, db, code)


@route("/{token:str}", http_method=LOOK, include_in_schema=False)
async def typed_label(request: AnyRequest, token: FromPath[str], db: Db) -> Response[str]:
    """`shop.example/kk56ar7`, as a person types it from the poster."""
    try:
        code = Code(label=scan.label(token))
    except Malformed as error:
        raise NotFound("There is nothing here.") from error
    return await _product(request, db, code)


@get("/products/{id:uuid}", include_in_schema=False)
async def product(request: AnyRequest, id: FromPath[UUID], db: Db) -> Response[str]:
    found = await catalog.product(db, id, language_of(request))
    if found is None:
        raise NotFound("There is nothing here.")
    return await _product(request, db, Code(gtin=found.gtin))


@get("/find", include_in_schema=False)
async def find(
    request: AnyRequest, db: Db, number: FromQuery[str] = ""
) -> Response[str] | Redirect:
    """What somebody typed: a product's number, a label's code, or the address of one or of a wall."""
    if wall := scan.wall_list(number[:300]):
        return Redirect(f"/w/{wall}", status_code=303)
    try:
        code = scan.read(number[:300])
    except Malformed as error:
        return await _unknown(request, db, error, number[:100])
    return Redirect(showing.address_of(code), status_code=303)


@get("/scan", include_in_schema=False)
async def scanner(request: AnyRequest, db: Db) -> Response[str]:
    return render(request, "shopper/scan.html", bar=await showing.bar(request, db), offline=False)


async def _product(request: AnyRequest, db: Connection, code: Code) -> Response[str]:
    """Found, unknown (404) and retired (410) are looked up by the same steps."""
    language = language_of(request)
    seen = await scan.look(db, code, language)
    if seen.state == "live" and seen.product is not None:
        if code.label and request.method == "GET" and not _only_fetched_ahead(request):
            request.app.state.scans.looked(code.label)
        shown = await showing.product(request, db, seen, seen.product)
        headers = scan.page_headers(request, seen.code)
        return render(request, "shopper/product.html", headers=headers, **shown)
    if seen.state == "waiting":
        return await not_open(request, db, seen)
    if seen.state == "unknown":
        await miss(request, "code")
    retired = seen.state == "retired"
    refusal = cart.in_words(
        "label-retired" if retired else "unknown-label" if code.label else "unknown-product"
    )
    maybe = [seen.product] if seen.product else []
    return await _help(request, db, refusal, maybe, code.gtin)


async def _unknown(
    request: AnyRequest, db: Connection, error: ShopError, number: str
) -> Response[str]:
    await miss(request, "code")
    if scan.asks_for_links(request):
        raise error
    maybe = await scan.look_for_meant(db, number, language_of(request))
    return await _help(request, db, error, maybe, number)


async def _help(
    request: AnyRequest,
    db: Connection,
    refusal: ShopError,
    maybe: list[catalog.Product],
    typed: str,
) -> Response[str]:
    return render(
        request,
        "shopper/unknown.html",
        status=refusal.status,
        sentence=translate(language_of(request), refusal.sentence, **refusal.values),
        maybe=maybe,
        typed=typed,
        bar=await showing.bar(request, db),
    )


def _only_fetched_ahead(request: AnyRequest) -> bool:
    """A browser or a preview looking before anybody did."""
    return "prefetch" in request.headers.get("sec-purpose", request.headers.get("purpose", ""))


routes: list[Any] = [
    home,
    label,
    number,
    typed_label,
    product,
    find,
    scanner,
    *basket.routes,
    *again.routes,
    *account.routes,
    *points.routes,
    *rights.routes,
    *sharing.routes,
    *offline.routes,
]
