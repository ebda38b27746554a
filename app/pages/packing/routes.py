"""The packer's desk: what belongs in, close the tote, print its label and the slip."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery
from litestar.response import Redirect
from msgspec import Meta
from msgspec.structs import replace

from app.db import Connection, Db, begin
from app.errors import Malformed, NotFound, ShopError, Unprocessable
from app.fulfilment import packing
from app.fulfilment.models import Storage
from app.fulfilment.packing.rules import LANGUAGES
from app.fulfilment.picking.rules import colour
from app.http.problems import language_of
from app.pages.acting import AnyRequest, Form, act_of, attempt
from app.pages.naming import in_my_language
from app.pages.packing import words
from app.pages.rendering import render

URL_ENCODED = RequestEncodingType.URL_ENCODED


Fields = Annotated[dict[str, str], Body(media_type=URL_ENCODED)]

Pieces = Annotated[int, Meta(ge=0, le=999)]


class SealForm(Form, kw_only=True):
    storage: Storage


@get("/packing", include_in_schema=False)
async def overview(
    request: AnyRequest, db: Db, code: FromQuery[str | None] = None
) -> Response[Any]:
    """Orders on the table; `code` is what the scanner read on a slip or a label."""
    refusal: ShopError | None = None
    if code:
        try:
            return Redirect(f"/packing/{await _find(db, code)}", status_code=303)
        except ShopError as error:
            refusal = error
    return render(
        request,
        "packing/overview.html",
        status=refusal.status if refusal else 200,
        orders=await packing.to_pack(db),
        colour=colour,
        refusal=refusal,
    )


@get("/packing/{fulfilment_id:uuid}", include_in_schema=False)
async def table(request: AnyRequest, fulfilment_id: FromPath[UUID], db: Db) -> Response[str]:
    return await _table(request, db, fulfilment_id)


@post("/packing/{fulfilment_id:uuid}/seal", include_in_schema=False, status_code=303)
async def seal(
    request: AnyRequest,
    fulfilment_id: FromPath[UUID],
    data: Fields,
) -> Response[Any]:
    """Close a tote with all that is left of its storage class, or with `q-<pick>` pieces of each pick:
    the rest goes into the next one."""
    form = _form(data)
    act = act_of(request, form)

    async def close(db: Connection) -> None:
        await packing.seal(db, act, fulfilment_id, form.storage, _inside(data))

    refusal = await attempt(request, close)
    if refusal is None:
        return Redirect(f"/packing/{fulfilment_id}", status_code=303)
    async with begin(request.app.state.pool) as db:
        return await _table(request, db, fulfilment_id, refusal, data)


@get("/packing/{fulfilment_id:uuid}/labels.pdf", include_in_schema=False)
async def labels(
    request: AnyRequest, fulfilment_id: FromPath[UUID], number: FromQuery[int | None] = None
) -> Response[bytes]:
    """One A6 page for each tote, or for the one of that number."""
    async with begin(request.app.state.pool) as db:
        found = await packing.table(db, fulfilment_id)
    wanted = [each for each in found.parcels if number in (None, each.number)]
    if not wanted:
        raise NotFound("There is no such file.")
    base_url, language = request.app.state.settings.base_url, language_of(request)
    pages = [words.label(found, parcel, base_url, language) for parcel in wanted]
    name = f"label-{found.fulfilment.order_number}.pdf"
    return await _pdf(name, packing.print_labels, pages, language)


@get("/packing/{fulfilment_id:uuid}/labels.zpl", include_in_schema=False)
async def labels_zpl(
    request: AnyRequest,
    fulfilment_id: FromPath[UUID],
    db: Db,
    number: FromQuery[int | None] = None,
) -> Response[str]:
    """The same for a label printer: its driver, or `nc printer 9100`, takes it as it is."""
    found = await packing.table(db, fulfilment_id)
    wanted = [each for each in found.parcels if number in (None, each.number)]
    if not wanted:
        raise NotFound("There is no such file.")
    language = language_of(request)
    language = language if language in LANGUAGES else "en"
    base_url = request.app.state.settings.base_url
    pages = [words.label(found, parcel, base_url, language) for parcel in wanted]
    name = f"label-{found.fulfilment.order_number}.zpl"
    return Response(
        packing.print_labels_zpl(pages),
        media_type="text/plain; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )


@get("/packing/{fulfilment_id:uuid}/slip.pdf", include_in_schema=False)
async def slip(request: AnyRequest, fulfilment_id: FromPath[UUID]) -> Response[bytes]:
    """What the shopper finds in the tote, in their language."""
    async with begin(request.app.state.pool) as db:
        found = await packing.table(db, fulfilment_id)
    paper = words.slip(found, request.app.state.settings.base_url)
    name = f"slip-{found.fulfilment.order_number}.pdf"
    return await _pdf(name, packing.print_slip, paper, found.language)


@get("/00/{sscc:str}", include_in_schema=False)
async def parcel(request: Request[Any, Any, Any], sscc: FromPath[str], db: Db) -> Response[Any]:
    """The code on a label. Staff come to their desk; anybody else learns whose it is, no more."""
    found = await packing.parcel(db, sscc)
    return await _whose(request, db, found.fulfilment_id, found.run_id)


@get("/SLIP/{number:str}", include_in_schema=False)
async def paper(request: Request[Any, Any, Any], number: FromPath[str], db: Db) -> Response[Any]:
    """The code on a packing slip; in capitals, so that it needs a smaller symbol."""
    found = await packing.by_order_number(db, number.upper())
    if found is None:
        raise NotFound("There is no such order.")
    return await _whose(request, db, found, None)


async def _whose(
    request: Request[Any, Any, Any], db: Db, fulfilment_id: UUID, run_id: UUID | None
) -> Response[Any]:
    if request.user is not None:
        if "driver" in request.user.roles and run_id is not None:
            return Redirect(f"/driving/{run_id}", status_code=303)
        if "packer" in request.user.roles:
            return Redirect(f"/packing/{fulfilment_id}", status_code=303)
    found = await packing.table(db, fulfilment_id)
    return render(request, "packing/found.html", number=found.fulfilment.order_number)


async def _table(
    request: AnyRequest,
    db: Db,
    fulfilment_id: UUID,
    refusal: ShopError | None = None,
    written: dict[str, str] | None = None,
) -> Response[str]:
    found = await packing.table(db, fulfilment_id)
    return render(
        request,
        "packing/table.html",
        status=refusal.status if refusal else 200,
        table=replace(found, lines=await in_my_language(request, db, found.lines)),
        colour=colour,
        refusal=refusal,
        written=written or {},
    )


def _form(data: dict[str, str]) -> SealForm:
    try:
        return msgspec.convert(
            {name: data[name] for name in ("command", "at", "storage") if name in data}, SealForm
        )
    except msgspec.ValidationError as error:
        raise Malformed("We could not read this request.") from error


def _inside(data: dict[str, str]) -> dict[UUID, int] | None:
    """None for all of it. Raises Unprocessable for what is no number of pieces, and for none at all."""
    typed = {name[2:]: text.strip() or "0" for name, text in data.items() if name.startswith("q-")}
    try:
        pieces = {UUID(id): msgspec.convert(n, Pieces, strict=False) for id, n in typed.items()}
    except (ValueError, msgspec.ValidationError):
        pieces = {}
    if typed and not any(pieces.values()):
        raise Unprocessable(
            "Write how many of each lie in this tote, in whole numbers.", code="no-such-pieces"
        )
    return pieces or None


async def _find(db: Db, code: str) -> UUID:
    """By order number, slip or label. Raises NotFound, Malformed."""
    by_number = await packing.by_order_number(db, code.strip().rpartition("/")[2].upper()[:20])
    if by_number is not None:
        return by_number
    return (await packing.parcel(db, code[:300])).fulfilment_id


async def _pdf(
    name: str, draw: Callable[..., bytes], content: Any, language: str
) -> Response[bytes]:
    """Drawn in a thread: some ten milliseconds that nobody else has to wait for."""
    body = await asyncio.to_thread(draw, content, packing.faces(), language, datetime.now(UTC))
    return Response(
        body,
        media_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )


routes: list[Any] = [overview, table, seal, labels, labels_zpl, slip, parcel, paper]
