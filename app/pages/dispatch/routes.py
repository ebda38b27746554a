"""The dispatcher's day: runs on a map and a line of time, a stop into another van, publish."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery
from litestar.response import Redirect

from app.db import Db, begin
from app.errors import Conflict, ShopError
from app.fulfilment import delivery
from app.fulfilment.delivery.models import Meant
from app.fulfilment.delivery.rules import length_km
from app.http.bounds import Quantity
from app.pages.acting import AnyRequest, Form, act_of, attempt
from app.pages.dispatch import drawing
from app.pages.rendering import render

URL_ENCODED = RequestEncodingType.URL_ENCODED


class DayForm(Form, kw_only=True):
    day: date


class TakeOverForm(DayForm, kw_only=True):
    van: Quantity


class MoveForm(DayForm, kw_only=True):
    van: Quantity
    position: Quantity


@get("/dispatch", include_in_schema=False)
async def board(request: AnyRequest, db: Db, day: FromQuery[date | None] = None) -> Response[str]:
    return await _board(request, db, day or _today(request))


@post("/dispatch/runs/{run_id:uuid}/publish", include_in_schema=False, status_code=303)
async def publish(
    request: AnyRequest,
    run_id: FromPath[UUID],
    data: Annotated[DayForm, Body(media_type=URL_ENCODED)],
) -> Response[Any]:
    act = act_of(request, data)
    refusal = await attempt(request, lambda db: delivery.publish(db, act, run_id))
    return await _after(request, data.day, refusal)


@post("/dispatch/stops/{stop_id:uuid}/move", include_in_schema=False, status_code=303)
async def move(
    request: AnyRequest,
    stop_id: FromPath[UUID],
    data: Annotated[MoveForm, Body(media_type=URL_ENCODED)],
) -> Response[Any]:
    act = act_of(request, data)
    refusal = await attempt(
        request,
        lambda db: delivery.move_stop(db, act, stop_id, van=data.van, position=data.position),
    )
    return await _after(request, data.day, refusal)


@get("/dispatch/runs/{run_id:uuid}/breakdown", include_in_schema=False)
async def breakdown(request: AnyRequest, db: Db, run_id: FromPath[UUID]) -> Response[str]:
    """What it would mean if this van broke down now; looking changes nothing."""
    return await _breakdown(request, db, run_id)


@post("/dispatch/runs/{run_id:uuid}/breakdown", include_in_schema=False, status_code=303)
async def take_over(
    request: AnyRequest,
    run_id: FromPath[UUID],
    data: Annotated[TakeOverForm, Body(media_type=URL_ENCODED)],
) -> Response[Any]:
    act = act_of(request, data)
    refusal = await attempt(request, lambda db: delivery.take_over(db, act, run_id, van=data.van))
    return await _after(request, data.day, refusal)


async def _breakdown(request: AnyRequest, db: Db, run_id: UUID) -> Response[str]:
    sheet = await delivery.sheet(db, run_id)
    choices: list[Meant] = []
    refusal: ShopError | None = None
    try:
        choices = await delivery.meaning(db, run_id, datetime.now(UTC))
    except Conflict as conflict:
        refusal = conflict
    zone: ZoneInfo = request.app.state.settings.zone
    return render(
        request,
        "dispatch/breakdown.html",
        status=refusal.status if refusal else 200,
        run=sheet.run,
        day=sheet.run.starts_at.astimezone(zone).date(),
        choices=choices,
        refusal=refusal,
    )


async def _after(request: AnyRequest, day: date, refusal: ShopError | None) -> Response[Any]:
    if refusal is None:
        return Redirect(f"/dispatch?day={day.isoformat()}", status_code=303)
    async with begin(request.app.state.pool) as db:
        return await _board(request, db, day, refusal)


async def _board(
    request: AnyRequest, db: Db, day: date, refusal: ShopError | None = None
) -> Response[str]:
    since, until = _day(request, day)
    sheets = [
        sheet
        for sheet in await delivery.day(db, since, until)
        if since <= sheet.run.starts_at < until
    ]
    depots, ways = drawing.draw_map(sheets)
    starts, ends = drawing.hours(sheets) if sheets else (since, until)
    hours = int((ends - starts) / timedelta(hours=1))
    return render(
        request,
        "dispatch/board.html",
        status=refusal.status if refusal else 200,
        day=day,
        noon=since + timedelta(hours=12),
        before=day - timedelta(days=1),
        after=day + timedelta(days=1),
        sheets=sheets,
        depots=depots,
        ways=ways,
        width=drawing.WIDTH,
        height=drawing.HEIGHT,
        hours=[(round(100 * n / hours, 2), starts + timedelta(hours=n)) for n in range(hours + 1)],
        bars=[drawing.bar(sheet, starts, ends) for sheet in sheets],
        late=[drawing.late_min(sheet) for sheet in sheets],
        kilometres=[
            length_km(
                (sheet.run.latitude, sheet.run.longitude),
                [(stop.latitude, stop.longitude) for stop in sheet.stops],
            )
            for sheet in sheets
        ],
        refusal=refusal,
    )


def _today(request: AnyRequest) -> date:
    return datetime.now(request.app.state.settings.zone).date()


def _day(request: AnyRequest, day: date) -> tuple[datetime, datetime]:
    """From midnight to midnight by the shop's own clock, whatever the length of that day."""
    zone: ZoneInfo = request.app.state.settings.zone
    day = min(max(day, date(2000, 1, 1)), date(2200, 1, 1))
    midnight = [
        datetime.combine(day + timedelta(days=n), time(), zone).astimezone(UTC) for n in (0, 1)
    ]
    return midnight[0], midnight[1]


routes: list[Any] = [board, publish, move, breakdown, take_over]
