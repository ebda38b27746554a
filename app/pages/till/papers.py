"""Receipts and countings on paper: printed in one tap, as a file, by mail, and found again."""

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery
from litestar.response import Redirect

from app import orders, tills
from app.db import Db, begin
from app.errors import Malformed, NotFound, ShopError
from app.http.bounds import Email
from app.http.problems import AnyRequest as Anybody
from app.http.problems import language_of
from app.languages import LANGUAGES, Language
from app.pages.rendering import render
from app.pages.till.paying import show_receipt
from app.pages.till.standing import AnyRequest, Form, act, show, the_till

URL_ENCODED = RequestEncodingType.URL_ENCODED


class HandedOut(Form, kw_only=True):
    how: Literal["print", "pdf"] = "print"
    language: Language = "nl"


class Mailed(Form, kw_only=True):
    email: Email
    language: Language = "nl"


@get("/till/receipts", include_in_schema=False)
async def found(
    request: AnyRequest, db: Db, day: FromQuery[str] = "", number: FromQuery[str] = ""
) -> Response[Any]:
    """What was sold in this shop on a day, today without one, and the closings of its tills."""
    try:
        till = await the_till(request, db)
    except ShopError as refusal:
        return await show(request, refusal)
    today = datetime.now(ZoneInfo(till.time_zone)).date()
    wrong: Malformed | None = None
    wanted, which = today, None
    try:
        wanted, which = _day(day) or today, _number(number)
    except Malformed as refusal:
        wrong = refusal
    receipts, closings = await tills.handing_out.of_day(db, till, wanted, which)
    return render(
        request,
        "till/receipts.html",
        status=wrong.status if wrong else 200,
        refusal=wrong,
        till=till,
        receipts=receipts,
        closings=closings,
        day=wanted,
        number=which,
        today=today,
    )


@post("/till/receipts/{id:uuid}/hand-out", include_in_schema=False, status_code=303)
async def hand_out(
    request: AnyRequest,
    id: FromPath[UUID],
    data: Annotated[HandedOut, Body(media_type=URL_ENCODED)],
) -> Response[Any]:
    """On the roll or as a file; the second time it is a copy, and says so."""
    handed: list[tills.Copy] = []

    async def do(db: Any, till: tills.Till) -> None:
        handed.append(
            await tills.handing_out.hand_out(db, till, request.user, data.command, id, data.how)
        )

    refusal = await act(request, do)
    if refusal is not None:
        return await _refused(request, id, refusal)
    if data.how == "print":
        return Redirect(f"/till/receipts/{id}?copy={handed[0].id}", status_code=303)
    path = f"/till/receipts/{id}/copies/{handed[0].id}/receipt.pdf"
    return Redirect(f"{path}?language={data.language}", status_code=303)


@post("/till/receipts/{id:uuid}/mail", include_in_schema=False, status_code=303)
async def mail(
    request: AnyRequest, id: FromPath[UUID], data: Annotated[Mailed, Body(media_type=URL_ENCODED)]
) -> Response[Any]:
    """To an address the customer says, which is used for this once."""
    settings = request.app.state.settings
    refusal = await act(
        request,
        lambda db, till: tills.handing_out.mail(
            db, till, request.user, data.command, id, data.email, data.language, settings
        ),
    )
    if refusal is not None:
        return await _refused(request, id, refusal)
    return Redirect(f"/till/receipts/{id}?mailed=1", status_code=303)


@get("/till/receipts/{id:uuid}/copies/{copy:uuid}/receipt.pdf", include_in_schema=False)
async def copy_of_receipt(
    request: AnyRequest, id: FromPath[UUID], copy: FromPath[UUID], language: FromQuery[str] = ""
) -> Response[bytes]:
    """As it was handed out by that form: reading it again hands out nothing."""
    state = request.app.state
    async with begin(state.pool) as db:
        till = await the_till(request, db)
        handed = await tills.copy(db, id, copy)
        receipt, order = await tills.handing_out.find(db, till, id)
        if handed is None or order is None:
            raise NotFound("There is no such receipt.")
        spoken = _language(language) or order.language
        sold = await tills.handing_out.sold(
            db, receipt, order, state.settings, copy=handed.is_copy, language=spoken
        )
    return await _pdf(lambda: tills.print_receipt(sold, spoken), order.number)


@get("/orders/{token:str}/receipt.pdf", include_in_schema=False)
async def receipt_of_order(
    request: Anybody, token: FromPath[str], language: FromQuery[str] = ""
) -> Response[bytes]:
    """What the code on a receipt opens, for who holds it: always a copy."""
    state = request.app.state
    async with begin(state.pool) as db:
        order = await orders.by_token(db, token)
        receipt = await tills.by_order(db, order.id)
        if receipt is None or receipt.state not in ("paid", "void"):
            raise NotFound("There is nothing here.")
        spoken = _language(language) or language_of(request)
        sold = await tills.handing_out.sold(
            db, receipt, order, state.settings, copy=True, language=spoken
        )
    return await _pdf(lambda: tills.print_receipt(sold, spoken), order.number)


@get("/till/drawer/x.pdf", include_in_schema=False)
async def x(request: AnyRequest) -> Response[Any]:
    """X on paper; nothing changes."""
    async with begin(request.app.state.pool) as db:
        till = await the_till(request, db)
        tills.drawers.check_open(till)
        counted = await tills.handing_out.x(db, till, datetime.now(UTC))
    return await _pdf(lambda: tills.print_counted(counted, language_of(request)), "X")


@get("/till/closings/{id:uuid}/z.pdf", include_in_schema=False)
async def z(request: AnyRequest, id: FromPath[UUID]) -> Response[Any]:
    async with begin(request.app.state.pool) as db:
        closing, _ = await tills.drawers.closing(db, await the_till(request, db), id)
        counted = await tills.handing_out.z(db, closing)
    name = f"Z-{closing.till_number}-{closing.z_number}"
    return await _pdf(lambda: tills.print_counted(counted, language_of(request)), name)


async def _refused(request: AnyRequest, id: UUID, refusal: ShopError) -> Response[Any]:
    async with begin(request.app.state.pool) as db:
        return await show_receipt(request, db, id, refusal)


async def _pdf(draw: Callable[[], bytes], name: str) -> Response[bytes]:
    """Drawn outside of any transaction, and beside the event loop."""
    return Response(
        await asyncio.to_thread(draw),
        media_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{name}.pdf"',
            "Cache-Control": "private, no-store",
        },
    )


def _language(text: str) -> Language | None:
    return next((one for one in LANGUAGES if one == text), None)


def _day(text: str) -> date | None:
    """None for nothing written. Raises Malformed."""
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip()[:20])
    except ValueError as error:
        raise Malformed("Please write the day like 2026-11-26.", code="no-day") from error
    if not 2000 <= day.year <= 2999:
        raise Malformed("Please write the day like 2026-11-26.", code="no-day")
    return day


def _number(text: str) -> int | None:
    digits = text.strip()[:20]
    if not digits:
        return None
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 9):
        raise Malformed(
            "A receipt has a number like 1234; it stands on its upper edge.", code="no-number"
        )
    return int(digits)


routes: list[Any] = [found, hand_out, mail, copy_of_receipt, receipt_of_order, x, z]
