"""What a driver did without signal, told over HTTP."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, post
from litestar.params import JSONBody
from msgspec import Meta

from app import staff
from app.db import Connection, begin
from app.fulfilment import delivery
from app.fulfilment.models import Act, DeviceTime
from app.http.problems import Problem, problem_of
from app.returns import telling

LARGEST_REPLAY = 4_000_000
"""Bytes of a body: a phone tells of a few photos at a time."""


class Kept(msgspec.Struct):
    """What a driver's phone has kept; `sent_at` is by its own clock, now."""

    acts: Annotated[
        list[telling.Told],
        Meta(min_length=1, max_length=delivery.door.replaying.MOST_AT_ONCE),
    ]
    sent_at: DeviceTime | None = None


class Result(msgspec.Struct, omit_defaults=True):
    """Of one act. `done`; `refused`, and `problem` says why; `waits` for another one that is not told
    yet, so send it again together with that. The outcome of what was taken along has its `amount`, and of
    empties a `code` where there is no mail address to send it to."""

    id: UUID
    state: str
    outcome: dict[str, Any] | None = None
    problem: Problem | None = None


class Results(msgspec.Struct):
    """In the order of the acts. Of runs in `forget` nothing may be on the phone any more."""

    results: list[Result]
    forget: list[UUID]


@post(
    "/api/v1/driving/replay",
    status_code=200,
    tags=["driving"],
    request_max_body_size=LARGEST_REPLAY,
)
async def replay(request: Request[staff.Person, Any, Any], data: JSONBody[Kept]) -> Results:
    """What was done without signal, up to a hundred acts. Each acts once however often and in
    whichever order it arrives; one that is refused stops no other."""
    state = request.app.state

    async def carry_out(
        db: Connection, act: Act, one: telling.Told, drawn: bytes
    ) -> dict[str, Any] | None:
        return await telling.carry_out(db, act, one, drawn, state.settings)

    became = await delivery.door.replaying.apply(
        state.pool, request.user, data.acts, data.sent_at, carry_out, telling.look_after
    )
    results = [
        Result(one.id, what.state, what.outcome,
               problem_of(request, what.refusal) if what.refusal else None)
        for one, what in zip(data.acts, became, strict=True)
    ]  # fmt: skip
    async with begin(state.pool) as db:
        forget = await delivery.queries.runs_to_forget(db, sorted({one.run for one in data.acts}))
    return Results(results, forget)


routes: list[Any] = [replay]
