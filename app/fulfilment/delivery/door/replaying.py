"""What a driver did without signal, told afterwards: each act once, in whichever order it arrives.

Three things keep the order of arrival from mattering: a driving off names the totes that are in the
van; what happened at a door waits until its van has left, and a coming back until all doors are told
of; and a door that failed may still be delivered, never the other way round. What waits is not
written down, so the phone sends it again.

What is brought is told here. What a driver takes along besides (returns, empties) is told in the same
breath, and carried out by who knows of it: `apply` is given how.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeAlias
from uuid import UUID

import msgspec
from msgspec import Meta

from app.db import Connection, Pool, begin
from app.errors import ShopError
from app.fulfilment.delivery import queries
from app.fulfilment.delivery.actions import depart, load
from app.fulfilment.delivery.door import keeping
from app.fulfilment.delivery.door.actions import deliver, fail, note_door, stop_by
from app.fulfilment.delivery.models import Proof, Refused, Seen
from app.fulfilment.delivery.returning import come_back
from app.fulfilment.delivery.rules import believable
from app.fulfilment.models import Act, DeviceTime, NextStep, NotDelivered, Receiver
from app.http.bounds import Line
from app.staff import Person

MOST_AT_ONCE = 100
MOST_OFF_S = 300
"""A clock that is further off is noted with the act."""
BEFORE_LEAVING = ("planned", "published")


class Telling(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="do", forbid_unknown_fields=True
):
    """`id` is new for each act and the same whenever it is sent, `at` is by the phone's clock."""

    id: UUID
    run: UUID
    at: DeviceTime


class Loaded(Telling, frozen=True, kw_only=True, tag="load"):
    """`code` as the scanner read it on the label of a tote."""

    code: Line


class Departed(Telling, frozen=True, kw_only=True, tag="depart"):
    """`totes` are the numbers (SSCC) of all that are in the van."""

    totes: Annotated[list[Line], Meta(max_length=300)] = []
    leave_behind: bool = True


class HandedOver(Telling, frozen=True, kw_only=True, tag="deliver"):
    stop: UUID
    to: Receiver = "customer"
    age_checked: bool = False
    taken_out: bool = False
    refused: Annotated[list[Refused], Meta(max_length=300)] = []
    proof: Proof | None = None
    seen: Seen | None = None


class NobodyTookIt(Telling, frozen=True, kw_only=True, tag="fail"):
    stop: UUID
    reason: NotDelivered
    next: NextStep


class Noted(Telling, frozen=True, kw_only=True, tag="note"):
    stop: UUID
    words: Line


class CameBack(Telling, frozen=True, kw_only=True, tag="back"):
    pass


Brought: TypeAlias = Loaded | Departed | HandedOver | NobodyTookIt | Noted | CameBack


class Became(msgspec.Struct, frozen=True):
    """What became of an act: `waits` for another one that is not told yet."""

    state: Literal["done", "refused", "waits"]
    outcome: dict[str, Any] | None = None
    refusal: ShopError | None = None


CarryOut: TypeAlias = Callable[[Connection, Act, Any, bytes], Awaitable[dict[str, Any] | None]]
"""One act, in its transaction, with the picture of its proof as we keep it; None when it waits."""
Refuse: TypeAlias = Callable[[Connection, Act, Any, ShopError], Awaitable[None]]
"""What follows, in a transaction of its own, when one is refused; again whenever that is told."""


async def apply(
    pool: Pool,
    person: Person,
    told: Sequence[Telling],
    sent_at: datetime | None,
    carry_out: CarryOut,
    refuse: Refuse,
) -> list[Became]:
    """Each in a transaction of its own, one for one; what waits is tried again after the others."""
    now = datetime.now(UTC)
    off_s = int((now - sent_at).total_seconds()) if believable(sent_at, now) and sent_at else 0
    clock_off_s = off_s if abs(off_s) > MOST_OFF_S else 0
    became: dict[int, Became] = {}
    open_ = list(range(len(told)))
    while open_:
        for number in open_:
            one = told[number]
            act = Act(one.id, person, believable(one.at, now), clock_off_s)
            became[number] = await _try(pool, act, one, carry_out)
            refusal = became[number].refusal
            if became[number].state == "refused" and refusal is not None:
                async with begin(pool) as db:
                    await refuse(db, act, one, refusal)
        waiting = [number for number in open_ if became[number].state == "waits"]
        if len(waiting) == len(open_):
            break
        open_ = waiting
    return [became[number] for number in range(len(told))]


async def carry_out(
    db: Connection, act: Act, one: Brought, drawn: bytes, secret: str
) -> dict[str, Any] | None:
    """What a driver did with what is brought; None while something that comes before is not told."""
    return None if await _is_early(db, one) else await _carry_out(db, act, one, drawn, secret)


async def _try(pool: Pool, act: Act, one: Telling, carry_out: CarryOut) -> Became:
    try:
        drawn = b""
        if isinstance(one, HandedOver) and one.proof is not None and one.proof.kind != "pin":
            drawn = await asyncio.to_thread(keeping.redrawn, one.proof.picture)
        async with begin(pool) as db:
            outcome = await carry_out(db, act, one, drawn)
            return Became("waits") if outcome is None else Became("done", outcome)
    except ShopError as refusal:
        if isinstance(one, Loaded) and refusal.code == "already-loaded":
            return Became("done", {})
        if refusal.status >= 429:
            return Became("waits", refusal=refusal)
        return Became("refused", refusal=refusal)


async def _is_early(db: Connection, one: Brought) -> bool:
    """Something that comes before it is not told yet."""
    match one:
        case HandedOver() | NobodyTookIt():
            stop = await stop_by(db, one.stop)
            run = await queries.run(db, stop.run_id)
            return run is not None and stop.run_id == one.run and run.state in BEFORE_LEAVING
        case CameBack():
            run = await queries.run(db, one.run)
            ahead = await queries.doors(db, one.run)
            return run is not None and (run.state in BEFORE_LEAVING or bool(ahead))
        case _:
            return False


async def _carry_out(
    db: Connection, act: Act, one: Brought, drawn: bytes, secret: str
) -> dict[str, Any]:
    match one:
        case Loaded():
            return await load(db, act, one.run, one.code)
        case Departed():
            return await depart(db, act, one.run, leave_behind=one.leave_behind, totes=one.totes)
        case HandedOver():
            return await deliver(
                db,
                act,
                one.stop,
                to=one.to,
                age_checked=one.age_checked,
                taken_out=one.taken_out,
                refused=one.refused,
                proof=one.proof,
                drawn=drawn,
                secret=secret,
                seen=one.seen,
            )
        case NobodyTookIt():
            return await fail(db, act, one.stop, reason=one.reason, next_step=one.next)
        case Noted():
            return await note_door(db, act, one.stop, one.words)
        case CameBack():
            return await come_back(db, act, one.run)
