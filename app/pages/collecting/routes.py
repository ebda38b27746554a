"""The collect desk: on which shelf it waits, whose it is, and out of our hands, all or part of it."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect
from msgspec import Meta
from msgspec.structs import replace

from app import collecting
from app.db import Connection, Db, begin
from app.errors import Malformed, ShopError
from app.fulfilment import collect
from app.fulfilment.collect.models import REASONS, Reason, Refused
from app.http.bounds import Line
from app.pages.acting import AnyRequest, Code, Form, act_of, attempt
from app.pages.naming import in_my_language
from app.pages.rendering import render

Shelf = Annotated[str, Meta(max_length=60, pattern=r"^[^\x00-\x1f\x7f]*$")]


class Found(Form, kw_only=True):
    code: Code = ""
    number: Line = ""
    name: Line = ""


class ShelveForm(Form, kw_only=True):
    code: Code
    shelf: Shelf


@get("/collecting", include_in_schema=False)
async def overview(
    request: AnyRequest, db: Db, place: FromQuery[UUID | None] = None
) -> Response[str]:
    """What waits at the desk: to be found, to be shelved, to be put back."""
    return await _overview(request, db, place)


@post("/collecting/find", include_in_schema=False, status_code=303)
async def find(
    request: AnyRequest, data: URLEncodedBody[Found], place: FromQuery[UUID | None] = None
) -> Response[Any]:
    """By the code that is shown, or by order number and name. Nothing changes: it is a POST so that
    a name stands in no address."""
    try:
        async with begin(request.app.state.pool) as db:
            if data.code.strip():
                found = await collect.by_code(db, data.code)
            else:
                found = await collect.by_name(db, data.number, data.name)
    except ShopError as refusal:
        async with begin(request.app.state.pool) as db:
            return await _overview(request, db, place, refusal, data)
    return Redirect(f"/collecting/{found}", status_code=303)


@post("/collecting/shelve", include_in_schema=False, status_code=303)
async def shelve(
    request: AnyRequest, data: URLEncodedBody[ShelveForm], place: FromQuery[UUID | None] = None
) -> Response[Any]:
    act, secret = act_of(request, data), request.app.state.settings.secret
    refusal = await attempt(
        request,
        lambda db: collect.shelve(db, act, data.code, data.shelf, secret=secret),
        found=False,
    )
    if refusal is None:
        return Redirect(_home(place), status_code=303)
    async with begin(request.app.state.pool) as db:
        return await _overview(request, db, place, refusal, data)


@get("/collecting/{fulfilment_id:uuid}", include_in_schema=False)
async def counter(request: AnyRequest, fulfilment_id: FromPath[UUID], db: Db) -> Response[str]:
    return await _counter(request, db, fulfilment_id)


@post("/collecting/{fulfilment_id:uuid}/hand-over", include_in_schema=False, status_code=303)
async def hand_over(
    request: AnyRequest, fulfilment_id: FromPath[UUID], data: URLEncodedBody[dict[str, str]]
) -> Response[Any]:
    """All of it, or all but what stays here: `q-<pick>` pieces of a pick because of `r-<pick>`."""
    form = Form(command=_id(data.get("command", "")), at=data.get("at", "")[:40])
    act = act_of(request, form)
    async with begin(request.app.state.pool) as db:
        lines = (await collect.at_desk(db, fulfilment_id)).lines
    refused = [one for line in lines if (one := _kept(data, line.pick_id))]
    refusal = await attempt(
        request,
        lambda db: collect.hand_over(
            db, act, fulfilment_id, refused=refused, age_checked=data.get("age_checked") == "true"
        ),
    )
    if refusal is None:
        return Redirect(f"/collecting/{fulfilment_id}", status_code=303)
    async with begin(request.app.state.pool) as db:
        return await _counter(request, db, fulfilment_id, refusal, data)


@post("/collecting/{fulfilment_id:uuid}/clear", include_in_schema=False, status_code=303)
async def clear(
    request: AnyRequest,
    fulfilment_id: FromPath[UUID],
    data: URLEncodedBody[Form],
    place: FromQuery[UUID | None] = None,
) -> Response[Any]:
    act = act_of(request, data)
    refusal = await attempt(request, lambda db: collect.clear(db, act, fulfilment_id))
    if refusal is None:
        return Redirect(_home(place), status_code=303)
    async with begin(request.app.state.pool) as db:
        return await _overview(request, db, place, refusal)


def _home(place: UUID | None) -> str:
    """Who works at one place stays with it."""
    return f"/collecting?place={place}" if place else "/collecting"


async def _overview(
    request: AnyRequest,
    db: Connection,
    place: UUID | None,
    refusal: ShopError | None = None,
    typed: Found | ShelveForm | None = None,
) -> Response[str]:
    """`typed` is what was refused."""
    return render(
        request,
        "collecting/overview.html",
        status=refusal.status if refusal else 200,
        orders=await collect.waiting(db, place),
        desks=await collecting.desks(db),
        place=place,
        shelving=typed if isinstance(typed, ShelveForm) else None,
        sought=typed if isinstance(typed, Found) else None,
        refusal=refusal,
        may_hand_over=bool({"clerk", "supervisor"} & set(request.user.roles)),
    )


async def _counter(
    request: AnyRequest,
    db: Connection,
    fulfilment_id: UUID,
    refusal: ShopError | None = None,
    written: dict[str, str] | None = None,
) -> Response[str]:
    desk = await collect.at_desk(db, fulfilment_id)
    return render(
        request,
        "collecting/counter.html",
        status=refusal.status if refusal else 200,
        desk=replace(desk, lines=await in_my_language(request, db, desk.lines)),
        reasons=REASONS,
        refusal=refusal,
        written=written or {},
    )


def _kept(data: dict[str, str], pick_id: UUID) -> Refused | None:
    text = data.get(f"q-{pick_id}", "").strip()
    if text in ("", "0"):
        return None
    reason = data.get(f"r-{pick_id}", "not-wanted")
    if not (text.isascii() and text.isdigit() and len(text) <= 2) or reason not in REASONS:
        raise Malformed("We could not read this request.")
    chosen: Reason = next(one for one in REASONS if one == reason)
    return Refused(pick_id, int(text), chosen)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Malformed("We could not read this request.") from error


routes: list[Any] = [overview, find, shelve, counter, hand_over, clear]
