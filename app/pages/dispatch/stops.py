"""One stop as the dispatcher sees it, with what is known of its door; and a run on paper."""

from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery
from litestar.response import Redirect
from msgspec import Meta

from app import slots
from app.db import Connection, Db, begin
from app.errors import Gone, ShopError
from app.fulfilment import delivery
from app.pages.acting import AnyRequest, Form, act_of, attempt
from app.pages.naming import in_my_language
from app.pages.rendering import render

URL_ENCODED = RequestEncodingType.URL_ENCODED


class DoorForm(Form, kw_only=True):
    """Degrees (WGS 84)."""

    day: date
    latitude: Annotated[float, Meta(ge=-90, le=90)]
    longitude: Annotated[float, Meta(ge=-180, le=180)]


class ForgetForm(Form, kw_only=True):
    day: date


@get("/dispatch/stops/{stop_id:uuid}", include_in_schema=False)
async def stop(
    request: AnyRequest, db: Db, stop_id: FromPath[UUID], day: FromQuery[date | None] = None
) -> Response[str]:
    return await _stop(request, db, stop_id, day)


@post("/dispatch/stops/{stop_id:uuid}/door", include_in_schema=False, status_code=303)
async def say_where(
    request: AnyRequest,
    stop_id: FromPath[UUID],
    data: Annotated[DoorForm, Body(media_type=URL_ENCODED)],
) -> Response[Any]:
    """The dispatcher knows where this door is; it counts from the next order on."""
    act, here = act_of(request, data), (data.latitude, data.longitude)
    refusal = await attempt(request, lambda db: delivery.say_where(db, act, stop_id, here))
    return await _after(request, stop_id, data.day, refusal)


@post("/dispatch/stops/{stop_id:uuid}/forget", include_in_schema=False, status_code=303)
async def forget_door(
    request: AnyRequest,
    stop_id: FromPath[UUID],
    data: Annotated[ForgetForm, Body(media_type=URL_ENCODED)],
) -> Response[Any]:
    """Nothing that was learned of this address is known any more."""
    act = act_of(request, data)
    refusal = await attempt(request, lambda db: delivery.forget_door(db, act, stop_id))
    return await _after(request, stop_id, data.day, refusal)


@get("/dispatch/runs/{run_id:uuid}/sheet", include_in_schema=False)
async def sheet(request: AnyRequest, db: Db, run_id: FromPath[UUID]) -> Response[str]:
    """For a driver whose phone gave up. Gone a day after the shift, as on the phone."""
    found = await delivery.sheet(db, run_id)
    if found.forget_at is not None and found.forget_at < datetime.now(UTC):
        raise Gone("This run is over for a day. Its addresses are no longer shown.", code="forget")
    zone = request.app.state.settings.zone
    day = found.run.starts_at.astimezone(zone).date()
    return render(request, "dispatch/sheet.html", sheet=found, run=found.run, day=day)


async def _stop(
    request: AnyRequest,
    db: Connection,
    stop_id: UUID,
    day: date | None,
    refusal: ShopError | None = None,
) -> Response[str]:
    found = await delivery.stop(db, stop_id)
    of_run = await delivery.sheet(db, found.run_id)
    code = slots.read_postcode(found.postcode)
    learned = await slots.plans.knows_door(db, code, found.house_number)
    return render(
        request,
        "dispatch/stop.html",
        status=refusal.status if refusal else 200,
        stop=found,
        run=of_run.run,
        parcels=of_run.parcels.get(found.fulfilment_id, []),
        lines=await in_my_language(request, db, of_run.lines.get(found.fulfilment_id, [])),
        pin=await slots.plans.pinned(db, code, found.house_number),
        stay_s=await slots.stay(db, found.postcode, found.house_number),
        known=learned or bool(found.door_note),
        day=day or found.arrives_at.astimezone(request.app.state.settings.zone).date(),
        refusal=refusal,
    )


async def _after(
    request: AnyRequest, stop_id: UUID, day: date, refusal: ShopError | None
) -> Response[Any]:
    if refusal is None:
        return Redirect(f"/dispatch/stops/{stop_id}?day={day.isoformat()}", status_code=303)
    async with begin(request.app.state.pool) as db:
        return await _stop(request, db, stop_id, day, refusal)


routes: list[Any] = [stop, say_where, forget_door, sheet]
