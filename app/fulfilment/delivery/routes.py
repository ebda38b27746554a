"""Driving over the API: every act carries the phone's own time beside ours."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.params import FromPath, JSONBody

from app.db import Db
from app.fulfilment.delivery import actions, queries
from app.fulfilment.delivery.models import RunRow, Sheet
from app.fulfilment.models import Act, DeviceTime, NextStep, NotDelivered, Receiver
from app.http.bounds import Line
from app.http.idempotency import idempotency_key

AnyRequest = Request[Any, Any, Any]


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
    """What was recalled is not handed over."""
    happened_at: DeviceTime | None = None


class NobodyTookIt(msgspec.Struct):
    reason: NotDelivered
    next: NextStep
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
    """The stops of a run in order, with name, address and parcels of each."""
    return await actions.sheet(db, run_id)


@post("/api/v1/driving/{run_id:uuid}/parcels", status_code=200, tags=["driving"])
async def load(
    request: AnyRequest, run_id: FromPath[UUID], db: Db, data: JSONBody[Loaded]
) -> dict[str, Any]:
    """A parcel is in the van. 409 `wrong-van`, `already-loaded`."""
    act = Act(idempotency_key(request), request.user, data.happened_at)
    return await actions.load(db, act, run_id, data.code)


@post("/api/v1/driving/{run_id:uuid}/depart", status_code=200, tags=["driving"])
async def depart(
    request: AnyRequest, run_id: FromPath[UUID], db: Db, data: JSONBody[Depart]
) -> dict[str, Any]:
    """The van leaves. 409 `not-loaded` names orders that are not in it yet; with `leave_behind`
    they ride in the next van of that window."""
    act = Act(idempotency_key(request), request.user, data.happened_at)
    return await actions.depart(db, act, run_id, leave_behind=data.leave_behind)


@post("/api/v1/driving/stops/{stop_id:uuid}/delivered", status_code=200, tags=["driving"])
async def deliver(
    request: AnyRequest, stop_id: FromPath[UUID], db: Db, data: JSONBody[HandedOver]
) -> dict[str, Any]:
    """Handed over. 409 `age-check` when the age was not checked or it was not the shopper."""
    act = Act(idempotency_key(request), request.user, data.happened_at)
    return await actions.deliver(
        db, act, stop_id, to=data.to, age_checked=data.age_checked, taken_out=data.taken_out
    )


@post("/api/v1/driving/stops/{stop_id:uuid}/failed", status_code=200, tags=["driving"])
async def fail(
    request: AnyRequest, stop_id: FromPath[UUID], db: Db, data: JSONBody[NobodyTookIt]
) -> dict[str, Any]:
    """Not handed over: why, and what comes next. 409 `no-second-try` for what was cold."""
    act = Act(idempotency_key(request), request.user, data.happened_at)
    return await actions.fail(db, act, stop_id, reason=data.reason, next_step=data.next)


@post("/api/v1/driving/{run_id:uuid}/back", status_code=200, tags=["driving"])
async def come_back(
    request: AnyRequest, run_id: FromPath[UUID], db: Db, data: JSONBody[Back]
) -> dict[str, Any]:
    """Back at the shop: what nobody took gets its next step. 409 `stops-ahead`."""
    act = Act(idempotency_key(request), request.user, data.happened_at)
    return await actions.come_back(db, act, run_id)


routes: list[Any] = [runs, run, load, depart, deliver, fail, come_back]
