"""The picker's desk: what to pick now, and a cart walked one line per screen."""

import re
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery
from litestar.response import Redirect
from msgspec import Meta
from msgspec.structs import replace

from app import orders
from app.db import Connection, Db, begin
from app.errors import Malformed, ShopError
from app.fulfilment import picking, substituting
from app.fulfilment.models import DeviceTime, ShortReason
from app.fulfilment.picking.models import PickListLine, Waiting
from app.fulfilment.picking.rules import colour
from app.http.bounds import Quantity
from app.http.problems import language_of
from app.languages import Language, translate
from app.pages.acting import AnyRequest, Code, Form, act_of, attempt
from app.pages.naming import in_my_language
from app.pages.rendering import render

URL_ENCODED = RequestEncodingType.URL_ENCODED
N_ = str
TOTES = {
    "red": N_("Red tote"),
    "blue": N_("Blue tote"),
    "green": N_("Green tote"),
    "yellow": N_("Yellow tote"),
    "purple": N_("Purple tote"),
    "orange": N_("Orange tote"),
}
GRAMS = re.compile(r"[0-9]{1,5}", re.ASCII)
INCOMPLETE = ("weight-needed", "date-needed")
"""What was scanned is right and stays in its field; something else has to be typed."""
PASSED_BY = ("already-picked", "moved-on")
"""The line is done, by somebody else: on to the next one."""


Typed = Annotated[str, Meta(max_length=40)]


class StartForm(Form, kw_only=True):
    place: UUID
    pick_by: DeviceTime
    most: Quantity = 6


class Handled(Form, kw_only=True):
    """What a form says of a pack beside its number, as it was typed."""

    line: UUID
    code: Code = ""
    grams: Typed = ""
    best_before: Typed = ""


class ScanForm(Handled, kw_only=True):
    pass


class PickForm(Handled, kw_only=True):
    quantity: Quantity


class ShortForm(Form, kw_only=True):
    line: UUID
    reason: ShortReason


class LineForm(Form, kw_only=True):
    line: UUID


class OfferForm(Form, kw_only=True):
    """One of the proposals, or what was scanned."""

    line: UUID
    product: UUID | None = None
    code: Code | None = None


class WithdrawForm(Form, kw_only=True):
    line: UUID
    offer: UUID


@get("/picking", include_in_schema=False)
async def overview(request: AnyRequest, db: Db) -> Response[str]:
    return await _overview(request, db)


@post("/picking/start", include_in_schema=False, status_code=303)
async def start(
    request: AnyRequest, data: Annotated[StartForm, Body(media_type=URL_ENCODED)]
) -> Response[Any]:
    try:
        async with begin(request.app.state.pool) as db:
            act = act_of(request, data)
            batch = await picking.start(db, act, data.place, data.pick_by, min(data.most, 6))
    except ShopError as refusal:
        async with begin(request.app.state.pool) as db:
            return await _overview(request, db, refusal)
    return Redirect(f"/picking/{batch}", status_code=303)


@get("/picking/{batch_id:uuid}", include_in_schema=False)
async def walk(
    request: AnyRequest, batch_id: FromPath[UUID], db: Db, line: FromQuery[UUID | None] = None
) -> Response[str]:
    """The first line that is open, or the one asked for."""
    return await _walk(request, db, batch_id, line)


@post("/picking/{batch_id:uuid}/scan", include_in_schema=False, status_code=303)
async def scan(
    request: AnyRequest,
    batch_id: FromPath[UUID],
    data: Annotated[ScanForm, Body(media_type=URL_ENCODED)],
) -> Response[Any]:
    """One piece was scanned."""
    refusal = await attempt(request, _picks(request, data, code=data.code, quantity=1))
    return await _next(request, batch_id, data.line, refusal, data)


@post("/picking/{batch_id:uuid}/picked", include_in_schema=False, status_code=303)
async def picked(
    request: AnyRequest,
    batch_id: FromPath[UUID],
    data: Annotated[PickForm, Body(media_type=URL_ENCODED)],
) -> Response[Any]:
    """All that are left of the line, by a tap."""
    refusal = await attempt(request, _picks(request, data, code=None, quantity=data.quantity))
    return await _next(request, batch_id, data.line, refusal, data)


@post("/picking/{batch_id:uuid}/short", include_in_schema=False, status_code=303)
async def short(
    request: AnyRequest,
    batch_id: FromPath[UUID],
    data: Annotated[ShortForm, Body(media_type=URL_ENCODED)],
) -> Response[Any]:
    act = act_of(request, data)
    refusal = await attempt(
        request, lambda db: picking.short(db, act, data.line, reason=data.reason)
    )
    return await _next(request, batch_id, data.line, refusal)


@post("/picking/{batch_id:uuid}/found", include_in_schema=False, status_code=303)
async def found(
    request: AnyRequest,
    batch_id: FromPath[UUID],
    data: Annotated[LineForm, Body(media_type=URL_ENCODED)],
) -> Response[Any]:
    """It is there after all: back to its screen, to be scanned."""
    act = act_of(request, data)
    refusal = await attempt(request, lambda db: picking.found(db, act, data.line))
    if refusal is None:
        return Redirect(f"/picking/{batch_id}?line={data.line}", status_code=303)
    return await _next(request, batch_id, data.line, refusal)


@post("/picking/{batch_id:uuid}/taken-out", include_in_schema=False, status_code=303)
async def taken_out(
    request: AnyRequest,
    batch_id: FromPath[UUID],
    data: Annotated[LineForm, Body(media_type=URL_ENCODED)],
) -> Response[Any]:
    """It is not in its tote: back to its screen."""
    act = act_of(request, data)
    refusal = await attempt(request, lambda db: picking.take_out(db, act, data.line))
    if refusal is None:
        return Redirect(f"/picking/{batch_id}?line={data.line}", status_code=303)
    return await _next(request, batch_id, data.line, refusal)


@post("/picking/{batch_id:uuid}/offer", include_in_schema=False, status_code=303)
async def offer(
    request: AnyRequest,
    batch_id: FromPath[UUID],
    data: Annotated[OfferForm, Body(media_type=URL_ENCODED)],
) -> Response[Any]:
    """Something else instead, for all that is open of the line."""
    act = act_of(request, data)
    refusal = await attempt(
        request,
        lambda db: substituting.offer(
            db, act, data.line, product_id=data.product, code=data.code or None
        ),
        found=False,
    )
    return await _next(request, batch_id, data.line, refusal)


@post("/picking/{batch_id:uuid}/withdraw", include_in_schema=False, status_code=303)
async def withdraw(
    request: AnyRequest,
    batch_id: FromPath[UUID],
    data: Annotated[WithdrawForm, Body(media_type=URL_ENCODED)],
) -> Response[Any]:
    """Take the offer back, and on with that line."""
    act = act_of(request, data)
    refusal = await attempt(request, lambda db: substituting.withdraw(db, act, data.offer))
    if refusal is None:
        return Redirect(f"/picking/{batch_id}?line={data.line}", status_code=303)
    return await _next(request, batch_id, data.line, refusal)


def _picks(
    request: AnyRequest, data: Handled, *, code: str | None, quantity: int
) -> Callable[[Connection], Awaitable[Any]]:
    async def pick(db: Connection) -> Any:
        return await picking.pick(
            db,
            act_of(request, data),
            data.line,
            code=code,
            quantity=quantity,
            grams=_grams(data.grams),
            best_before=_day(data.best_before),
        )

    return pick


def _grams(text: str) -> int | None:
    """Raises Malformed for what is no whole number of grams."""
    if text.strip() and not GRAMS.fullmatch(text.strip()):
        raise Malformed("Write the grams as a whole number, like 480.", code="weight-needed")
    return int(text.strip() or 0) or None


def _day(text: str) -> date | None:
    """Raises Malformed for a day that is not in the calendar."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Malformed(
            "There is no such day. Please type the date again.", code="date-needed"
        ) from error


def _today(request: AnyRequest) -> date:
    return datetime.now(request.app.state.settings.zone).date()


def _by_day(request: AnyRequest, waiting: list[Waiting]) -> list[tuple[date, list[Waiting]]]:
    """What is overdue is of today."""
    zone, days = request.app.state.settings.zone, dict[date, list[Waiting]]()
    for group in waiting:
        day = max(_today(request), group.pick_by.astimezone(zone).date())
        days.setdefault(day, []).append(group)
    return sorted(days.items())


async def _overview(request: AnyRequest, db: Db, refusal: ShopError | None = None) -> Response[str]:
    return render(
        request,
        "picking/overview.html",
        status=refusal.status if refusal else 200,
        days=_by_day(request, await picking.waiting(db, None)),
        today=_today(request),
        batches=await picking.open_batches(db),
        refusal=refusal,
    )


async def _walk(
    request: AnyRequest,
    db: Db,
    batch_id: UUID,
    wanted: UUID | None,
    refusal: ShopError | None = None,
    typed: Handled | None = None,
) -> Response[str]:
    """What was `typed` stays where something is missing beside it."""
    listed = await picking.pick_list(db, batch_id)
    listed = replace(listed, lines=await in_my_language(request, db, listed.lines))
    here = next((line for line in listed.lines if line.id == wanted), None) or listed.next
    after = [line for line in listed.lines if line.open and line is not here]
    offers = await in_my_language(request, db, await substituting.of_batch(db, batch_id))
    said = await _said(db, listed.lines)
    found = await substituting.proposals(db, here.id) if here and here.open else []
    return render(
        request,
        "picking/walk.html",
        status=refusal.status if refusal else 200,
        batch=listed.batch,
        lines=listed.lines,
        here=here,
        following=after[0] if after else None,
        cart=_cart(batch_id, listed.lines, said, language_of(request)),
        said=said.get(here.id, "") if here else "",
        proposals=await in_my_language(request, db, found),
        offers=offers,
        coming=[] if here else await picking.waiting(db, listed.batch.place_id),
        today=_today(request),
        waiting=any(offer.state == "offered" for offer in offers),
        colour=colour,
        tote_words=TOTES,
        typed=typed if refusal and refusal.code in INCOMPLETE else None,
        refusal=refusal,
    )


async def _said(db: Db, lines: list[PickListLine]) -> dict[UUID, str]:
    """What shoppers said about single products, by line."""
    notes = {id: await orders.line_notes(db, id) for id in {line.order_id for line in lines}}
    return {line.id: notes[line.order_id].get(line.product_id, "") for line in lines}


def _cart(
    batch_id: UUID, lines: list[PickListLine], said: dict[UUID, str], language: Language
) -> dict[str, Any]:
    """All a handheld needs to go on in a cellar: what is open, in walking order."""
    open_lines = [
        {
            "id": line.id,
            "name": line.name,
            "gtin": line.gtin.lstrip("0")[:-4],
            "gtin_end": line.gtin[-4:],
            "codes": sorted({line.gtin, *line.codes}),
            "item": line.item_number,
            "aisle": line.aisle,
            "bay": line.bay,
            "shelf": line.shelf,
            "picture": line.picture,
            "tote": line.tote,
            "colour": colour(line.tote),
            "tote_name": translate(language, TOTES[colour(line.tote)]),
            "order": line.order_number,
            "note": line.note,
            "said": said[line.id],
            "open": line.open,
            "nominal": line.nominal_g,
            "dated": line.dated,
            "age": line.age_limit,
            "about": translate(language, N_("about {g} g each"), g=line.nominal_g or 0),
            "chilled": line.storage == "chilled",
            "frozen": line.storage == "frozen",
        }
        for line in lines
        if line.open
    ]
    return {"batch": batch_id, "lines": open_lines}


async def _next(
    request: AnyRequest,
    batch_id: UUID,
    line: UUID,
    refusal: ShopError | None,
    typed: Handled | None = None,
) -> Response[Any]:
    if refusal is None:
        return Redirect(f"/picking/{batch_id}", status_code=303)
    async with begin(request.app.state.pool) as db:
        stay = None if refusal.code in PASSED_BY else line
        return await _walk(request, db, batch_id, stay, refusal, typed)


routes: list[Any] = [
    overview, start, walk, scan, picked, short, found, taken_out, offer, withdraw,
]  # fmt: skip
