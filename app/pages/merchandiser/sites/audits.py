"""A walk along a wall on a phone: one code after the other, and what was found at its end."""

import re
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.datastructures import State
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect

from app import catalog, scan
from app.db import Connection, Db
from app.errors import ShopError
from app.http.bounds import Word
from app.http.problems import language_of
from app.pages.merchandiser.acting import AnyRequest, attempt
from app.pages.merchandiser.sites import forms
from app.pages.merchandiser.sites.views import site_page
from app.pages.rendering import render
from app.scan.audits.models import Expected, Spot, Walk
from app.scan.audits.rules import next_spot

HOME = "/merchandiser/audits"
Answer = Response[str] | Redirect


@post("/merchandiser/sites/{site:str}/audits", include_in_schema=False, status_code=303)
async def start(
    site: FromPath[Word], request: AnyRequest, data: URLEncodedBody[forms.CommandForm], db: Db
) -> Answer:
    begun: list[UUID] = []

    async def do() -> None:
        begun.append(await scan.audits.start(db, site, request.user.id))

    wrong = await attempt(request, db, data.command, "begin audit", site, None, do)
    if wrong:
        return await site_page(request, db, site, wrong)
    # Sent a second time it is the same walk: the newest one of this site.
    walk = begun[0] if begun else await scan.audits.newest(db, site)
    return Redirect(f"{HOME}/{walk}", status_code=303)


@get("/merchandiser/audits/{id:uuid}", include_in_schema=False)
async def audit(id: FromPath[UUID], request: AnyRequest, db: Db) -> Response[str]:
    return await _page(request, db, id)


@post("/merchandiser/audits/{id:uuid}/scans", include_in_schema=False, status_code=303)
async def check(
    id: FromPath[UUID],
    request: AnyRequest,
    data: URLEncodedBody[forms.ScanForm],
    db: Db,
    state: State,
) -> Answer:
    at = Spot(data.panel, data.shelf, data.place)
    wrong = await attempt(
        request, db, data.command, "check code", str(id), data,
        lambda: scan.audits.check(db, id, data.text, at, base_url=state.settings.base_url),
    )  # fmt: skip
    if wrong:
        return await _page(request, db, id, wrong)
    return Redirect(f"{HOME}/{id}?was={at.panel}-{at.shelf}-{at.place}", status_code=303)


@post("/merchandiser/audits/{id:uuid}/end", include_in_schema=False, status_code=303)
async def end(
    id: FromPath[UUID], request: AnyRequest, data: URLEncodedBody[forms.CommandForm], db: Db
) -> Answer:
    wrong = await attempt(
        request, db, data.command, "end audit", str(id), None, lambda: scan.audits.end(db, id)
    )
    if wrong:
        return await _page(request, db, id, wrong)
    return Redirect(f"{HOME}/{id}", status_code=303)


async def _page(
    request: AnyRequest, db: Connection, id: UUID, wrong: ShopError | None = None
) -> Response[str]:
    walk = await scan.audits.audit(db, id)
    was = _spot(request.query_params.get("was", ""))
    last = next((one for one in reversed(walk.scans) if one.spot == was), None)
    ended = walk.audit.report is not None
    return render(
        request,
        "merchandiser/sites/report.html" if ended else "merchandiser/sites/walk.html",
        status=wrong.status if wrong else 200,
        walk=walk,
        audit=walk.audit,
        here=_here(request, walk, was),
        last=last,
        belongs={one.label: one for one in walk.expected},
        at_spot={one.spot: one for one in walk.expected},
        done=len({scan.spot for scan in walk.scans}),
        products=await _products(db, walk, language_of(request)),
        wrong=wrong,
    )


def _here(request: AnyRequest, walk: Walk, was: Spot | None) -> Expected | None:
    """Where somebody says they stand, else the next label that was not read yet."""
    asked = _spot(request.query_params.get("at", ""))
    stands = next((one for one in walk.expected if one.spot == asked), None)
    return stands or next_spot(walk.expected, walk.scans, was)


def _spot(text: str) -> Spot | None:
    found = re.fullmatch(r"(\d{1,2})-(\d{1,2})-(\d{1,2})", text[:12], re.ASCII)
    return Spot(*(int(part) for part in found.groups())) if found else None


async def _products(db: Connection, walk: Walk, language: str) -> dict[UUID, catalog.Product]:
    ids = {one.product_id for one in walk.expected}
    if walk.audit.report is not None:
        ids |= {one.product_id for one in walk.audit.report.missing}
    return await catalog.products(db, list(ids), language)


routes: list[Any] = [start, audit, check, end]
