"""Driving over the API: every act carries the phone's own time beside ours."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from app.db import Db, begin
from app.errors import Gone
from app.fulfilment.delivery import actions, queries
from app.fulfilment.delivery.door import keeping
from app.fulfilment.delivery.door.actions import deliver as hand_over
from app.fulfilment.delivery.door.actions import fail as nobody_took
from app.fulfilment.delivery.door.actions import note_door
from app.fulfilment.delivery.models import Proof, Refused, RunRow, Seen, Sheet
from app.fulfilment.delivery.returning import come_back as return_to_shop
from app.fulfilment.delivery.rules import believable
from app.fulfilment.delivery.tracking import following
from app.fulfilment.models import Act, DeviceTime, NextStep, NotDelivered, Receiver
from app.http.bounds import Line
from app.http.idempotency import idempotency_key

AnyRequest = Request[Any, Any, Any]

LARGEST_ACT = 1_000_000
"""Bytes of a body, with one photo."""


class Loaded(msgspec.Struct):
    """`code` as the scanner read it on the label: SSCC, with AI 00, or as a link."""

    code: Line
    happened_at: DeviceTime | None = None


class Depart(msgspec.Struct):
    leave_behind: bool = False
    happened_at: DeviceTime | None = None


class HandedOver(msgspec.Struct):
    to: Receiver = "customer"
    age_checked: bool = False
    taken_out: bool = False
    """What was recalled, or out of the cold for too long, is not handed over."""
    refused: Annotated[list[Refused], Meta(max_length=300)] = []
    proof: Proof | None = None
    seen: Seen | None = None
    happened_at: DeviceTime | None = None


class NobodyTookIt(msgspec.Struct):
    reason: NotDelivered
    next: NextStep
    happened_at: DeviceTime | None = None


class DoorNote(msgspec.Struct):
    """No words forget it."""

    words: Line
    happened_at: DeviceTime | None = None


class Back(msgspec.Struct):
    happened_at: DeviceTime | None = None


@get("/api/v1/driving", tags=["driving"])
async def runs(db: Db) -> list[RunRow]:
    """Runs from yesterday to tomorrow, and any that is on the road."""
    now = datetime.now(UTC)
    return await queries.runs(db, now - timedelta(days=1), now + timedelta(days=1))


@get("/api/v1/driving/{run_id:uuid}", tags=["driving"])
async def run(run_id: FromPath[UUID], db: Db) -> Sheet:
    """The stops of a run in order, with name, address and parcels of each. 410 a day after the
    shift: then nothing of it may be on a phone any more."""
    found = await actions.sheet(db, run_id)
    if found.forget_at is not None and found.forget_at < datetime.now(UTC):
        raise Gone("This run is over for a day. Its addresses are no longer shown.", code="forget")
    return found


@post("/api/v1/driving/{run_id:uuid}/parcels", status_code=200, tags=["driving"])
async def load(
    request: AnyRequest, run_id: FromPath[UUID], db: Db, data: JSONBody[Loaded]
) -> dict[str, Any]:
    """A parcel is in the van. 409 `wrong-van`, `already-loaded`."""
    act = _act(request, data.happened_at)
    return await actions.load(db, act, run_id, data.code)


@post("/api/v1/driving/{run_id:uuid}/depart", status_code=200, tags=["driving"])
async def depart(
    request: AnyRequest, run_id: FromPath[UUID], db: Db, data: JSONBody[Depart]
) -> dict[str, Any]:
    """The van leaves. 409 `taken-over` when another van brings all of it by now, `not-loaded` names
    orders that are not in it yet; with `leave_behind` they ride in the next van of that window."""
    act = _act(request, data.happened_at)
    return await actions.depart(db, act, run_id, leave_behind=data.leave_behind)


@post(
    "/api/v1/driving/stops/{stop_id:uuid}/delivered",
    status_code=200,
    tags=["driving"],
    request_max_body_size=LARGEST_ACT,
)
async def deliver(
    request: AnyRequest, stop_id: FromPath[UUID], data: JSONBody[HandedOver]
) -> dict[str, Any]:
    """Handed over, but for what is refused line by line: that is paid back at once. 409 `age-check`
    when the age was not checked or it was not the shopper, `recalled` and `too-warm` for what must be
    taken out, `proof-needed`, `wrong-pin`."""
    act = _act(request, data.happened_at)
    drawn = b""
    if data.proof is not None and data.proof.kind != "pin":
        drawn = await asyncio.to_thread(keeping.redrawn, data.proof.picture)
    async with begin(request.app.state.pool) as db:
        return await hand_over(
            db,
            act,
            stop_id,
            to=data.to,
            age_checked=data.age_checked,
            taken_out=data.taken_out,
            refused=data.refused,
            proof=data.proof,
            drawn=drawn,
            secret=request.app.state.settings.secret,
            seen=data.seen,
        )


@post("/api/v1/driving/stops/{stop_id:uuid}/failed", status_code=200, tags=["driving"])
async def fail(
    request: AnyRequest, stop_id: FromPath[UUID], db: Db, data: JSONBody[NobodyTookIt]
) -> dict[str, Any]:
    """Not handed over: why, and what comes next. 409 `no-second-try` for what was refused, damaged or
    tried twice. Of what comes again the cold part is picked anew."""
    act = _act(request, data.happened_at)
    return await nobody_took(db, act, stop_id, reason=data.reason, next_step=data.next)


@post("/api/v1/driving/stops/{stop_id:uuid}/note", status_code=200, tags=["driving"])
async def write_note(
    request: AnyRequest, stop_id: FromPath[UUID], db: Db, data: JSONBody[DoorNote]
) -> dict[str, Any]:
    """What the next driver should know of this door."""
    act = _act(request, data.happened_at)
    return await note_door(db, act, stop_id, data.words)


@post("/api/v1/driving/{run_id:uuid}/back", status_code=200, tags=["driving"])
async def come_back(
    request: AnyRequest, run_id: FromPath[UUID], db: Db, data: JSONBody[Back]
) -> dict[str, Any]:
    """Back at the shop: what nobody took gets its next step. 409 `stops-ahead`."""
    act = _act(request, data.happened_at)
    return await return_to_shop(db, act, run_id)


def _act(request: AnyRequest, at: datetime | None) -> Act:
    return Act(idempotency_key(request), request.user, believable(at, datetime.now(UTC)))


routes: list[Any] = [
    runs,
    run,
    load,
    depart,
    deliver,
    fail,
    write_note,
    come_back,
    *following.routes,
]
