"""A scan over the API: what the camera read goes in, the line it made comes out."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from app import cart, db, walls
from app.cart.models import NO_EDITION, Add, Outcome
from app.db import Db, Pool
from app.errors import Conflict
from app.http.bounds import NO_CONTROLS, Amount, Quantity
from app.http.limits import miss
from app.http.problems import language_of
from app.scan import hours, linksets, names, resolving, rules
from app.scan.models import (
    Linkset,
    LookFirst,
    Resolver,
    Scanned,
    ScannedLine,
    SupportedLinkType,
)
from app.scan.reports.routes import routes as report_routes

AnyRequest = Request[Any, Any, Any]
Scannable = Annotated[str, Meta(min_length=1, max_length=300, pattern=NO_CONTROLS)]


class Scan(msgspec.Struct):
    """`text` is what the code says, or what somebody typed. `seen_product` and `seen_price` are
    sent by the tap of somebody who was shown that they differ from the poster."""

    id: UUID
    text: Scannable
    quantity: Quantity = 1
    seen_product: UUID | None = None
    seen_price: Amount | None = None


@post("/api/v1/scans", status_code=200, tags=["basket"])
async def scan(request: AnyRequest, data: JSONBody[Scan]) -> Response[Scanned]:
    """Put what was scanned into the basket, once per `id`, however often it is sent.

    400 for what is not one of our codes, 404 for an unknown and 410 for a retired one, 409 when
    product or price differ from the poster (`state` says how) or the basket cannot take it.
    """
    code = rules.read(data.text)
    [outcome], cookie = await cart.submit(
        request,
        [
            Add(
                id=data.id,
                quantity=data.quantity,
                label=code.label,
                gtin=code.gtin,
                seen_product=data.seen_product,
                seen_price=data.seen_price,
                added_from="wall",
            )
        ],
    )
    if outcome.refused:
        await _refuse(request, outcome, code.label)
    if code.label:
        request.app.state.scans.added(code.label)
    return Response(
        await _answer(request, code.label, outcome), cookies=[cookie] if cookie else None
    )


@get(
    "/01/{number:str}/{more:path}",
    status_code=307,
    tags=["resolver"],
    responses={200: ResponseSpec(Linkset, False, "All links.", linksets.MEDIA_TYPE)},
)
async def part_of(
    request: AnyRequest, number: FromPath[str], more: FromPath[str], db: Db
) -> Response[Any]:
    """A lot, a serial or a variant of a product: leads to the product, which is all we know of it.

    With `linkType`, or `Accept: application/linkset+json`, it answers as the product does. 400 for
    what is no GS1 Digital Link (`/01/` with 14 digits, then 22, 10, 21 in this order, or 235).
    """
    return await resolving.resolve_part(request, db)


@get("/.well-known/gs1resolver", tags=["resolver"])
async def resolver(request: AnyRequest) -> Response[Resolver]:
    """What this shop can do as a resolver of GS1 Digital Links: product numbers (01) alone."""
    described = Resolver(
        name="Perron",
        resolver_root=request.app.state.settings.base_url,
        supported_primary_keys=["01"],
        supported_link_type=[SupportedLinkType(linksets.VOCABULARY, linksets.PREFIX)],
        link_type_default_can_be_linkset=False,
        json_ld_context_location=linksets.CONTEXT,
    )
    headers = {"Cache-Control": "public, max-age=3600", "Access-Control-Allow-Origin": "*"}
    return Response(described, headers=headers)


async def _refuse(request: AnyRequest, outcome: Outcome, label: str) -> None:
    assert outcome.refused is not None
    if outcome.refused in ("unknown-label", "unknown-product"):
        await miss(request, "code")
    if outcome.refused == "not-open-yet":
        raise await _not_open(request, label)
    raise cart.in_words(outcome.refused, await _difference(request, outcome))


async def _not_open(request: AnyRequest, label: str) -> Conflict:
    async with db.begin(request.app.state.pool) as connection:
        at, zone = await walls.opening(connection, label) or (None, request.app.state.settings.zone)
    return hours.opens(at, zone.key, language_of(request), hours.now())


async def _difference(request: AnyRequest, outcome: Outcome) -> LookFirst | None:
    if outcome.differs is None:
        return None
    pool, language = request.app.state.pool, language_of(request)
    now, then = outcome.differs.product_id, outcome.differs.printed_product
    return LookFirst(
        product=await names.product(pool, now, language) if now else None,
        printed_product=await names.product(pool, then, language) if then else None,
        price=outcome.differs.price,
        printed_price=outcome.differs.printed_price,
    )


async def _answer(request: AnyRequest, label: str, outcome: Outcome) -> Scanned:
    pool: Pool = request.app.state.pool
    line = outcome.line
    assert line is not None, "what is not refused has changed a line"
    product = await names.product(pool, line.product_id, language_of(request))
    return Scanned(
        id=outcome.id,
        version=outcome.version,
        count=outcome.count,
        line=ScannedLine(
            product_id=line.product_id,
            handover=line.handover,
            edition_id=line.edition_id,
            label=label if line.edition_id != NO_EDITION else "",
            quantity=line.quantity,
            name=product.name if product else "",
            picture=product.picture if product else None,
            price=line.price if line.price is not None else product.price if product else 0,
            currency=product.currency if product else request.app.state.settings.currency,
        ),
    )


routes: list[Any] = [scan, part_of, resolver, *report_routes]
