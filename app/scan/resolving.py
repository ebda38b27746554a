"""The shop as a resolver of product numbers, for programs (GS1-Conformant Resolver Standard 1.2).

A phone that opens a code gets the page itself, at the address on the wall. Only who asks for a
link type, or accepts nothing but a linkset, is answered from here.
"""

from typing import Any
from urllib.parse import quote

import msgspec
from litestar import MediaType, Request, Response

from app import cart, catalog
from app.catalog.models import Product
from app.db import Connection
from app.errors import Malformed, NotFound
from app.http.limits import miss
from app.http.problems import language_of
from app.scan import linksets
from app.scan.looking import look
from app.scan.models import Code, Linkset
from qr_walls import digital_link
from qr_walls.digital_link import DigitalLink
from qr_walls.errors import BadDigitalLink

AnyRequest = Request[Any, Any, Any]

FRESH_FOR_S = 60
"""A position may be re-pointed at any time; nothing that leads on is kept longer."""


def asks_for_links(request: AnyRequest) -> bool:
    """Whether a program asks, and wants no page."""
    return _wanted(request) != ""


async def resolve(request: AnyRequest, db: Connection, code: Code) -> Response[Any]:
    """The linkset of the number this code was printed with, or a redirect to one of its links.

    400 for an address that is no GS1 Digital Link, 404 for an unknown number or a link type it
    does not have, 410 for a retired label.
    """
    asked = _address_of(request)
    code, product = await _printed(request, db, code)
    same = DigitalLink(code.gtin, asked.qualifiers)
    settings, language = request.app.state.settings, language_of(request)
    found = linksets.targets(product, code, settings.base_url, settings.languages, language)
    wanted = _wanted(request)
    if wanted == linksets.LINKSET:
        links = linksets.linkset(found, product, code.gtin, settings.base_url)
        return _linkset(links, _headers(request, code, same))
    if wanted not in found:
        raise NotFound("There is no such link here. linkType=all names those there are.")
    return _lead_on(request, found[wanted].href, _headers(request, code, same))


async def resolve_part(request: AnyRequest, db: Connection) -> Response[Any]:
    """A lot or a serial: answered as its product is, and people are led to that."""
    asked = _address_of(request)
    code = Code(gtin=asked.gtin)
    if asks_for_links(request):
        return await resolve(request, db, code)
    same = DigitalLink(asked.gtin, asked.qualifiers)
    address = f"{request.app.state.settings.base_url}{linksets.address(code)}"
    return _lead_on(request, address, _headers(request, code, same))


def _address_of(request: AnyRequest) -> DigitalLink:
    """The address of this request, read strictly. A slash at its end is forgiven. Raises Malformed."""
    scope = request.scope
    raw = scope.get("raw_path") or quote(scope["path"]).encode()
    path = raw.partition(b"?")[0].decode("latin-1").rstrip("/")
    query = scope["query_string"].decode("latin-1")
    try:
        return digital_link.read(f"{request.app.state.settings.base_url}{path}?{query}")
    except BadDigitalLink as error:
        raise Malformed(
            "This address is no GS1 Digital Link of a product. {reason}",
            code="malformed-link",
            reason=str(error),
        ) from error


def page_headers(request: AnyRequest, code: Code) -> dict[str, str]:
    """What the page at a code's address says to programs."""
    same = DigitalLink(code.gtin)
    link = linksets.link_header(code, same, request.app.state.settings.base_url)
    return {"Link": link, "Vary": "Cookie, Accept, Accept-Language"}


async def _printed(request: AnyRequest, db: Connection, code: Code) -> tuple[Code, Product]:
    """As a resolver the shop answers for the number on the label, whatever is sold there now."""
    language = language_of(request)
    seen = await look(db, code, language)
    if seen.state == "retired":
        raise cart.in_words("label-retired")
    known = seen.state in ("live", "waiting")  # a number is known before its wall is open
    ids = await catalog.ids_by_codes(db, [seen.code.gtin]) if known else {}
    product = await catalog.product(db, ids[seen.code.gtin], language) if ids else None
    if product is None:
        await miss(request, "code")
        raise cart.in_words("unknown-label" if code.label else "unknown-product")
    return seen.code, product


def _linkset(links: Linkset, headers: dict[str, str]) -> Response[Any]:
    context = f'<{linksets.CONTEXT}>; rel="http://www.w3.org/ns/json-ld#context"'
    headers["Link"] += f', {context}; type="application/ld+json"'
    return Response(
        msgspec.json.encode(links),
        status_code=200,
        media_type=linksets.MEDIA_TYPE,
        headers=headers,
    )


def _lead_on(request: AnyRequest, target: str, headers: dict[str, str]) -> Response[Any]:
    """A redirect for now, never for good: what is printed outlives what it leads to."""
    query = request.scope["query_string"].decode("latin-1")
    headers["Location"] = linksets.passed_on(target, query)
    return Response(b"", status_code=307, media_type=MediaType.TEXT, headers=headers)


def _headers(request: AnyRequest, code: Code, same: DigitalLink) -> dict[str, str]:
    """Public facts, which scripts of any site may read."""
    return {
        "Cache-Control": f"public, max-age={FRESH_FOR_S}",
        "Vary": "Accept, Accept-Language",
        "Link": linksets.link_header(code, same, request.app.state.settings.base_url),
        "Access-Control-Allow-Origin": "*",
    }


def _wanted(request: AnyRequest) -> str:
    accept = request.headers.get("accept", "")
    return linksets.wanted(request.query_params.get("linkType", ""), accept)
