"""The dispatcher's day: runs on a map and a line of time, a stop into another van, publish."""

from datetime import UTC, date, datetime, time, timedelta
from functools import partial
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
from app.fulfilment.delivery.door.rules import MOST_OUT_OF_COLD
from app.fulfilment.delivery.models import Meant, Moved, Shared, Sheet
from app.fulfilment.models import AT_THE_PLACE
from app.http.bounds import Quantity
from app.pages.acting import AnyRequest, Form, act_of, attempt
from app.pages.dispatch import drawing, mapping
from app.pages.rendering import render

URL_ENCODED = RequestEncodingType.URL_ENCODED
MOST_ON_MAP = 40
"""Stops; more than that are no picture any more."""


class DayForm(Form, kw_only=True):
    day: date


class BrokenForm(DayForm, kw_only=True):
    left: bool = True
    """It was on the road when that was looked at."""


class TakeOverForm(BrokenForm, kw_only=True):
    van: Quantity


class MoveForm(DayForm, kw_only=True):
    van: Quantity
    position: Quantity
    pinned: bool = True
    undo: bool = False
    seen: Quantity | None = None
    """The van it was in when that was weighed."""


@get("/dispatch", include_in_schema=False)
async def board(
    request: AnyRequest,
    db: Db,
    day: FromQuery[date | None] = None,
    moved: FromQuery[str] = "",
    window: FromQuery[str] = "",
) -> Response[str]:
    """Today, or the next day that has runs where today has none. `moved` is what was done last, so that
    it can be undone; `window` is what the map shows, like 14:00, or all."""
    shown = day or await _next_day(request, db)
    ahead = day is None and shown > _today(request)
    return await _board(request, db, shown, moved=moved, window=window, ahead=ahead)


@post("/dispatch/publish", include_in_schema=False, status_code=303)
async def publish_day(
    request: AnyRequest, data: Annotated[DayForm, Body(media_type=URL_ENCODED)]
) -> Response[Any]:
    act, (since, until) = act_of(request, data), _day(request, data.day)
    refusal = await attempt(request, lambda db: delivery.publish_day(db, act, since, until))
    return await _after(request, data.day, refusal)


@post("/dispatch/runs/{run_id:uuid}/publish", include_in_schema=False, status_code=303)
async def publish(
    request: AnyRequest,
    run_id: FromPath[UUID],
    data: Annotated[DayForm, Body(media_type=URL_ENCODED)],
) -> Response[Any]:
    act = act_of(request, data)
    refusal = await attempt(request, lambda db: delivery.publish(db, act, run_id))
    return await _after(request, data.day, refusal)


@post("/dispatch/runs/{run_id:uuid}/withdraw", include_in_schema=False, status_code=303)
async def withdraw(
    request: AnyRequest,
    run_id: FromPath[UUID],
    data: Annotated[DayForm, Body(media_type=URL_ENCODED)],
) -> Response[Any]:
    act = act_of(request, data)
    refusal = await attempt(request, lambda db: delivery.withdraw(db, act, run_id))
    return await _after(request, data.day, refusal)


@get("/dispatch/stops/{stop_id:uuid}/move", include_in_schema=False)
async def weigh(
    request: AnyRequest,
    db: Db,
    stop_id: FromPath[UUID],
    day: FromQuery[date | None] = None,
    van: FromQuery[Quantity | None] = None,
    position: FromQuery[Quantity | None] = None,
) -> Response[str]:
    """Where this stop could go and what that would cost; looking changes nothing."""
    stop = await delivery.stop(db, stop_id)
    choices: list[Moved] = []
    asked, refusal = None, None
    try:
        choices = await delivery.choices(db, stop_id)
        if van is not None and position is not None:
            asked = await delivery.cost(db, stop_id, van, position)
    except Conflict as conflict:
        refusal = conflict
    run = await delivery.queries.run(db, stop.run_id)
    return render(
        request,
        "dispatch/move.html",
        seen=run.number if run else None,
        status=refusal.status if refusal else 200,
        stop=stop,
        day=day or stop.arrives_at.astimezone(request.app.state.settings.zone).date(),
        choices=choices,
        asked=asked,
        refusal=refusal,
    )


@post("/dispatch/stops/{stop_id:uuid}/move", include_in_schema=False, status_code=303)
async def move(
    request: AnyRequest,
    stop_id: FromPath[UUID],
    data: Annotated[MoveForm, Body(media_type=URL_ENCODED)],
) -> Response[Any]:
    act, was = act_of(request, data), dict[str, Any]()

    async def act_and_remember(db: Db) -> None:
        done = await delivery.move_stop(
            db,
            act,
            stop_id,
            van=data.van,
            position=data.position,
            pinned=data.pinned,
            seen=data.seen,
        )
        was.update(done["was"], now=done.get("van", data.van))

    refusal = await attempt(request, act_and_remember)
    undo = None if data.undo or not was else _undo(stop_id, was)
    return await _after(request, data.day, refusal, undo)


@post("/dispatch/stops/{stop_id:uuid}/unpin", include_in_schema=False, status_code=303)
async def unpin(
    request: AnyRequest,
    stop_id: FromPath[UUID],
    data: Annotated[DayForm, Body(media_type=URL_ENCODED)],
) -> Response[Any]:
    act = act_of(request, data)
    refusal = await attempt(request, lambda db: delivery.unpin(db, act, stop_id))
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
    refusal = await attempt(
        request, lambda db: delivery.take_over(db, act, run_id, van=data.van, left=data.left)
    )
    return await _after(request, data.day, refusal)


@post("/dispatch/runs/{run_id:uuid}/share", include_in_schema=False, status_code=303)
async def share_out(
    request: AnyRequest,
    run_id: FromPath[UUID],
    data: Annotated[BrokenForm, Body(media_type=URL_ENCODED)],
) -> Response[Any]:
    """Several vans take over; who is not reached is asked what they want."""
    act = act_of(request, data)
    refusal = await attempt(request, lambda db: delivery.share_out(db, act, run_id, left=data.left))
    return await _after(request, data.day, refusal)


@post("/dispatch/breakdowns/{id:uuid}/undo", include_in_schema=False, status_code=303)
async def undo_breakdown(
    request: AnyRequest,
    id: FromPath[UUID],
    data: Annotated[DayForm, Body(media_type=URL_ENCODED)],
) -> Response[Any]:
    """The van does leave, with everything that was in it."""
    act = act_of(request, data)
    refusal = await attempt(request, lambda db: delivery.undo(db, act, id))
    return await _after(request, data.day, refusal)


async def _breakdown(request: AnyRequest, db: Db, run_id: UUID) -> Response[str]:
    sheet = await delivery.sheet(db, run_id)
    choices: list[Meant] = []
    refusal: ShopError | None = None
    together: Shared | None = None
    now = datetime.now(UTC)
    try:
        choices = await delivery.meaning(db, run_id, now)
        if not choices or choices[0].late_min:
            together = await delivery.shared(db, run_id, now)
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
        together=together if together and (together.left or len(together.parts) > 1) else None,
        later=await delivery.later_stops(db, run_id),
        inside=delivery.in_the_van(sheet, now) if sheet.run.state in AT_THE_PLACE else None,
        most=MOST_OUT_OF_COLD,
        now=now,
        refusal=refusal,
    )


async def _after(
    request: AnyRequest, day: date, refusal: ShopError | None, undo: str | None = None
) -> Response[Any]:
    if refusal is None:
        moved = f"&moved={undo}" if undo else ""
        return Redirect(f"/dispatch?day={day.isoformat()}{moved}", status_code=303)
    async with begin(request.app.state.pool) as db:
        return await _board(request, db, day, refusal)


def _undo(stop_id: UUID, was: dict[str, Any]) -> str:
    return f"{stop_id}.{was['van']}.{was['position']}.{int(was['pinned'])}.{was['now']}"


def _undone(text: str) -> tuple[UUID, int, int, bool, int] | None:
    """Where a stop was before, and the van it is in since; None of what is not ours."""
    parts = text.split(".")
    if len(parts) != 5 or not all(part.isascii() and part.isdigit() for part in parts[1:]):
        return None
    try:
        stop_id, (van, position, pinned, now) = UUID(parts[0]), map(int, parts[1:])
    except ValueError:
        return None
    known = all(0 < one < 1000 for one in (van, position, now)) and pinned in (0, 1)
    return (stop_id, van, position, pinned == 1, now) if known else None


async def _next_day(request: AnyRequest, db: Db) -> date:
    today = _today(request)
    since, until = _day(request, today)
    if await delivery.runs(db, since, until):
        return today
    starts_at = await delivery.next_at(db, until)
    return starts_at.astimezone(request.app.state.settings.zone).date() if starts_at else today


async def _board(
    request: AnyRequest,
    db: Db,
    day: date,
    refusal: ShopError | None = None,
    *,
    moved: str = "",
    window: str = "",
    ahead: bool = False,
) -> Response[str]:
    """`ahead`: nobody asked for this day, but it is the next that has runs."""
    since, until = _day(request, day)
    found = await delivery.board(db, since, until)
    sheets = found.sheets
    now = datetime.now(UTC)
    late_by = partial(drawing.stop_late_min, now=now)
    windows = _windows(request, sheets)
    chosen = _shown(windows, window, now, stops=sum(sheet.run.stops for sheet in sheets))
    on_map = [sheet for sheet in sheets if chosen is None or sheet.run.starts_at == chosen]
    shades = mapping.colours(sheets)
    return render(
        request,
        "dispatch/board.html",
        status=refusal.status if refusal else 200,
        day=day,
        noon=since + timedelta(hours=12),
        before=day - timedelta(days=1),
        after=day + timedelta(days=1),
        sheets=sheets,
        hours=found.hours,
        pictures=[
            (mapping.draw(on_map, shades, frame, late_by), name)
            for frame, name in ((mapping.WIDE, "wide"), (mapping.NARROW, "narrow"))
        ],
        shades=[shades[sheet.run.place, sheet.run.number] for sheet in sheets],
        vans=_vans(sheets, shades),
        windows=windows,
        window=chosen,
        timeline=drawing.draw_time(found, day, now) if sheets else None,
        late=[drawing.late_min(sheet, now) for sheet in sheets],
        stop_late_min=late_by,
        after_shift=[drawing.after_shift_min(found, sheet, day) for sheet in sheets],
        undo=_undone(moved),
        broken=await delivery.queries.undoable(db, since, until),
        ahead=ahead,
        next_at=None if sheets else await delivery.next_at(db, until),
        refusal=refusal,
    )


def _vans(sheets: list[Sheet], shades: mapping.Vans) -> list[tuple[str, int]]:
    """Their names for the legend: of several places, with the place."""
    several = len({place for place, _ in shades}) > 1
    return [
        (f"{place.removeprefix('Perron ')} {number}" if several else str(number), colour)
        for (place, number), colour in sorted(shades.items())
    ]


def _windows(request: AnyRequest, sheets: list[Sheet]) -> dict[str, datetime]:
    """By their clock, soonest first."""
    zone: ZoneInfo = request.app.state.settings.zone
    starts = sorted({sheet.run.starts_at for sheet in sheets})
    return {f"{at.astimezone(zone):%H:%M}": at for at in starts}


def _shown(
    windows: dict[str, datetime], wanted: str, now: datetime, *, stops: int
) -> datetime | None:
    """Of a full day only the window that is driven now, or next; None is all of it."""
    if wanted in windows or wanted == "all" or stops <= MOST_ON_MAP:
        return windows.get(wanted)
    begun = [at for at in windows.values() if at <= now + timedelta(minutes=30)]
    return max(begun, default=min(windows.values()))


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


routes: list[Any] = [
    board,
    publish_day,
    publish,
    withdraw,
    weigh,
    move,
    unpin,
    breakdown,
    take_over,
    share_out,
    undo_breakdown,
]
