"""A scan over the API: what the camera read goes in, the line it made comes out."""

from typing import Any

from litestar import Response, get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody

from app import cart
from app.db import Db
from app.scan import linksets, replaying, resolving, rules
from app.scan.answering import AnyRequest, Scan, answer_to, check_known, list_of, refuse, wish
from app.scan.models import Linkset, Resolver, Scanned, SupportedLinkType, WallListed
from app.scan.reports.routes import routes as report_routes


@post("/api/v1/scans", status_code=200, tags=["basket"])
async def scan(request: AnyRequest, data: JSONBody[Scan]) -> Response[Scanned | WallListed]:
    """Put what was scanned into the basket, once per `id`, however often it is sent.

    The code of a whole wall fills no basket: it is answered with `kind` `list` and the address that
    shows the wall as a list.

    400 for what is not one of our codes, 404 for an unknown and 410 for a retired one, 409 when
    product or price differ from the poster (`state` says how) or the basket cannot take it.
    """
    if site := rules.wall_list(data.text):
        return Response(await list_of(request, data, site))
    code = rules.read(data.text)
    await check_known(request, code)
    [outcome], cookie = await cart.submit(request, [wish(data, code)])
    if outcome.refused:
        await refuse(request, outcome, code.label)
    if code.label:
        request.app.state.scans.added(code.label)
    return Response(
        await answer_to(request, code.label, outcome), cookies=[cookie] if cookie else None
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


routes: list[Any] = [scan, part_of, resolver, *replaying.routes, *report_routes]
