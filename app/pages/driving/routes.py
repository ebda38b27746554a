"""The driver's desk: load the van, the next stop big, what happens at the door."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery
from litestar.response import Redirect
from msgspec.structs import replace

from app import orders, returns
from app.db import Db, begin
from app.errors import Gone, ShopError
from app.fulfilment import delivery
from app.fulfilment.delivery.door.rules import MOST_OUT_OF_COLD
from app.fulfilment.delivery.models import DoorLine, Sheet, StopRow
from app.fulfilment.delivery.rules import next_steps
from app.fulfilment.models import NextStep, NotDelivered
from app.http.bounds import Line
from app.pages.acting import AnyRequest, Code, Form, act_of, attempt
from app.pages.driving import offline
from app.pages.driving.forms import handing_over
from app.pages.naming import in_my_language
from app.pages.rendering import render
from app.pages.returning import points_lost

URL_ENCODED = RequestEncodingType.URL_ENCODED
REASONS: tuple[NotDelivered, ...] = ("not-home", "refused", "address", "access", "damaged", "age")


class LoadForm(Form, kw_only=True):
    code: Code


class DepartForm(Form, kw_only=True):
    leave_behind: bool = False


class NoteForm(Form, kw_only=True):
    words: Line = ""


class FailForm(Form, kw_only=True):
    reason: NotDelivered
    next: NextStep = "back"


@get("/driving", include_in_schema=False)
async def overview(request: AnyRequest, db: Db) -> Response[str]:
    now = datetime.now(UTC)
    runs = await delivery.runs(db, now - timedelta(hours=18), now + timedelta(hours=30))
    return render(request, "driving/overview.html", runs=runs)


@get("/driving/{run_id:uuid}", include_in_schema=False)
async def run(
    request: AnyRequest, run_id: FromPath[UUID], db: Db, stop: FromQuery[UUID | None] = None
) -> Response[str]:
    return await _run(request, db, run_id, stop)


@post("/driving/{run_id:uuid}/load", include_in_schema=False, status_code=303)
async def load(
    request: AnyRequest,
    run_id: FromPath[UUID],
    data: Annotated[LoadForm, Body(media_type=URL_ENCODED)],
) -> Response[Any]:
    act = act_of(request, data)
    refusal = await attempt(
        request, lambda db: delivery.load(db, act, run_id, data.code), found=False
    )
    return await _after(request, run_id, None, refusal)


@post("/driving/{run_id:uuid}/depart", include_in_schema=False, status_code=303)
async def depart(
    request: AnyRequest,
    run_id: FromPath[UUID],
    data: Annotated[DepartForm, Body(media_type=URL_ENCODED)],
) -> Response[Any]:
    act = act_of(request, data)
    refusal = await attempt(
        request, lambda db: delivery.depart(db, act, run_id, leave_behind=data.leave_behind)
    )
    return await _after(request, run_id, None, refusal)


@post("/driving/{run_id:uuid}/{stop_id:uuid}/delivered", include_in_schema=False, status_code=303)
async def delivered(
    request: AnyRequest,
    run_id: FromPath[UUID],
    stop_id: FromPath[UUID],
    data: Annotated[dict[str, str], Body(media_type=URL_ENCODED)],
) -> Response[Any]:
    """Without a script: line by line and with the code of the order; a photo needs the script."""
    form, told = handing_over(data)
    act = act_of(request, form)
    refusal = await attempt(
        request,
        lambda db: delivery.deliver(
            db,
            act,
            stop_id,
            to=told.to,
            age_checked=told.age_checked,
            taken_out=told.taken_out,
            refused=told.refused,
            proof=told.proof,
            secret=request.app.state.settings.secret,
        ),
    )
    return await _after(request, run_id, stop_id, refusal)


@post("/driving/{run_id:uuid}/{stop_id:uuid}/failed", include_in_schema=False, status_code=303)
async def failed(
    request: AnyRequest,
    run_id: FromPath[UUID],
    stop_id: FromPath[UUID],
    data: Annotated[FailForm, Body(media_type=URL_ENCODED)],
) -> Response[Any]:
    act = act_of(request, data)
    refusal = await attempt(
        request,
        lambda db: delivery.fail(db, act, stop_id, reason=data.reason, next_step=data.next),
    )
    return await _after(request, run_id, stop_id, refusal)


@post("/driving/{run_id:uuid}/{stop_id:uuid}/note", include_in_schema=False, status_code=303)
async def note(
    request: AnyRequest,
    run_id: FromPath[UUID],
    stop_id: FromPath[UUID],
    data: Annotated[NoteForm, Body(media_type=URL_ENCODED)],
) -> Response[Any]:
    act = act_of(request, data)
    refusal = await attempt(
        request, lambda db: delivery.door.note_door(db, act, stop_id, data.words)
    )
    return await _after(request, run_id, stop_id, refusal)


@post("/driving/{run_id:uuid}/back", include_in_schema=False, status_code=303)
async def back(
    request: AnyRequest,
    run_id: FromPath[UUID],
    data: Annotated[Form, Body(media_type=URL_ENCODED)],
) -> Response[Any]:
    act = act_of(request, data)
    refusal = await attempt(request, lambda db: delivery.come_back(db, act, run_id))
    return await _after(request, run_id, None, refusal)


async def _after(
    request: AnyRequest, run_id: UUID, stop_id: UUID | None, refusal: ShopError | None
) -> Response[Any]:
    if refusal is None:
        return Redirect(f"/driving/{run_id}", status_code=303)
    async with begin(request.app.state.pool) as db:
        return await _run(request, db, run_id, stop_id, refusal)


async def _run(
    request: AnyRequest,
    db: Db,
    run_id: UUID,
    wanted: UUID | None,
    refusal: ShopError | None = None,
) -> Response[str]:
    sheet = await delivery.sheet(db, run_id)
    if sheet.forget_at is not None and sheet.forget_at < datetime.now(UTC):
        raise Gone("This run is over for a day. Its addresses are no longer shown.", code="forget")
    ahead = [stop for stop in sheet.stops if stop.state == "planned"]
    secret, door = request.app.state.settings.secret, delivery.door
    along = await returns.collecting.along(db, run_id, [stop.order_id for stop in sheet.stops])
    return render(
        request,
        "driving/run.html",
        status=refusal.status if refusal else 200,
        sheet=replace(sheet, lines=await _in_my_language(request, db, sheet)),
        loading=sheet.run.state in ("planned", "published"),
        here=next((stop for stop in ahead if stop.id == wanted), None) or sheet.next,
        steps=_steps,
        navigation=_navigation,
        pin_check=lambda stop: door.pin_check(stop.id, door.pin_of(secret, stop.order_id)),
        cold={storage: int(most.total_seconds()) for storage, most in MOST_OUT_OF_COLD.items()},
        along=along,
        offers=await _offers(db, [one for part in along.values() for one, _ in part]),
        deposits=await returns.deposits(db, request.app.state.settings.currency),
        refusal=refusal,
        refused_at=wanted,
    )


async def _offers(db: Db, fetched: Sequence[returns.Collection]) -> dict[UUID, dict[str, Any]]:
    """What is to be said at each door where something is fetched: request id → lines, cause, sum. None
    where it cannot come back any more; the shop says why when it is told."""
    found: dict[UUID, dict[str, Any]] = {}
    for one in fetched:
        asked = await returns.request(db, one.request_id)
        order = await orders.read(db, one.order_id)
        if one.state != "planned" or asked is None or order is None:
            continue
        wanted = returns.Wanted(lines=asked.lines, cause=asked.cause, request=asked.id)
        with suppress(ShopError):
            offer = await returns.offer(db, order, wanted)
            found[asked.id] = {
                "lines": asked.lines, "cause": asked.cause,
                "amount": offer.amount, "currency": offer.currency,
                "points": await points_lost(db, order, offer),
            }  # fmt: skip
    return found


async def _in_my_language(request: AnyRequest, db: Db, sheet: Sheet) -> dict[UUID, list[DoorLine]]:
    lines = [line for of_one in sheet.lines.values() for line in of_one]
    found: dict[UUID, list[DoorLine]] = {}
    for line in await in_my_language(request, db, lines):
        found.setdefault(line.fulfilment_id, []).append(line)
    return found


def _steps(stop: StopRow) -> dict[NotDelivered, list[NextStep]]:
    return {reason: next_steps(reason, tries=stop.tries) for reason in REASONS}


def _navigation(stop: StopRow | returns.Collection) -> str:
    """Opens the phone's own navigation; the address goes to no server of ours."""
    address = f"{stop.street} {stop.house_number}, {stop.postcode} {stop.city}"
    return f"geo:0,0?q={quote(address)}"


routes: list[Any] = [overview, run, load, depart, delivered, failed, note, back, *offline.routes]
