from collections.abc import Mapping, Sequence
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from app import commands, staff, stock
from app.db import Connection, Pool
from app.errors import Conflict
from app.sourcing import queries, rules
from app.sourcing.jobs import Try
from app.sourcing.models import Asked, Choice, Part, Source, Weights
from app.staff import Person


async def ask(
    db: Connection | Pool,
    wanted: Mapping[UUID, int],
    place_ids: Sequence[UUID],
    *,
    point: tuple[float, float] | None = None,
    loads: Mapping[UUID, float] | None = None,
    leaves_at: datetime | None = None,
    cold: Sequence[UUID] = (),
    age_limited: Sequence[UUID] = (),
) -> Asked:
    """The question, with what the open places among these have now; `point` is the address,
    `loads` is how full the places' days are (0 to 1), `leaves_at` when the goods would go."""
    levels = await stock.levels(db, list(wanted))
    known = {place.id: place for place in await stock.places(db)}
    sources = [
        Source(
            place_id=id,
            kind=known[id].kind,
            distance_m=point and rules.distance_m((known[id].latitude, known[id].longitude), point),
            load=(loads or {}).get(id, 0.0),
            leaves_at=_by_the_clock(leaves_at, known[id].time_zone) if leaves_at else None,
            stock=levels.get(id, {}),
        )
        for id in place_ids
        if id in known
    ]
    return Asked(
        wanted=dict(wanted), sources=sources, cold=list(cold), age_limited=list(age_limited)
    )


def _by_the_clock(at: datetime, time_zone: str) -> time:
    return at.astimezone(ZoneInfo(time_zone)).time()


async def able(db: Connection | Pool, asked: Asked) -> tuple[list[UUID], Choice]:
    """Places that can send all of it alone, the least costly first, and the choice among them."""
    _, weights = await queries.weights(db)
    one = msgspec.structs.replace(weights, most_places=1)
    first = choice = rules.choose(asked, one)
    found: list[UUID] = []
    while choice.possible:
        found.append(choice.parts[0].place_id)
        one = msgspec.structs.replace(one, excluded=[*weights.excluded, *found])
        choice = rules.choose(asked, one)
    return found, first


async def choice_for(
    db: Connection | Pool, asked: Asked, *, only: Sequence[UUID] | None = None
) -> Choice:
    """The least costly choice under the rules as they are, among `only` these where they are given.
    Nothing is written."""
    _, weights = await queries.weights(db)
    if only is not None:
        weights = msgspec.structs.replace(weights, only=list(only), excluded=[])
    return rules.choose(asked, weights)


async def note(
    db: Connection, order_id: UUID, asked: Asked, sent: Mapping[UUID, Mapping[UUID, int]]
) -> None:
    """The shopper chose a time, and these places send it then (place → product → pieces): why it
    could be them, beside the other choices."""
    version, weights = await queries.weights(db)
    only = msgspec.structs.replace(weights, most_places=len(sent), only=list(sent))
    choice = rules.choose(asked, only)
    free = rules.choose(asked, msgspec.structs.replace(weights, most_places=len(sent)))
    kept = msgspec.structs.replace(
        choice,
        parts=[Part(place, dict(goods)) for place, goods in sent.items()],
        missing=[],
        considered=rules.considered(asked, weights, list(sent)),
        instead=free.instead,
    )
    await queries.write_decision(db, order_id, version, asked, kept, [])


async def keep(
    db: Connection, order_id: UUID, asked: Asked, choice: Choice, refused_by: Sequence[UUID]
) -> None:
    """What was chosen, and is promised to the order already, beside its reason."""
    version, _ = await queries.weights(db)
    await queries.write_decision(db, order_id, version, asked, choice, refused_by)


async def refused(db: Connection | Pool, order_id: UUID) -> set[UUID]:
    """Places that could not send it, or not what was asked of them."""
    return {place for one in await queries.decisions(db, order_id) for place in one.refused_by}


async def change_rules(db: Connection, seen: int, new: Weights, made_by: UUID) -> int:
    """A new version of the rules, made from version `seen`; returns its number. Raises Conflict when
    somebody has changed them since."""
    version, _ = await queries.weights(db)
    if version != seen or not await queries.write_weights(db, seen, new, made_by):
        raise Conflict(
            "Somebody has changed the rules meanwhile. Look at them again.", code="rules-changed"
        )
    return seen + 1


async def publish(db: Connection, person: Person, command: UUID, tried: Try) -> int:
    """Rules that were tried count from now on; returns their version. Raises Conflict while they are
    being tried, or when others were made meanwhile."""
    if tried.trial is None:
        raise Conflict("Wait until the dry run is over, then publish.", code="not-tried")

    async def act() -> dict[str, int]:
        version = await change_rules(db, tried.seen, tried.weights, person.id)
        await staff.note(db, person, "sourcing.rules", str(version))
        return {"version": version}

    asked = {"do": "publish rules", "try": tried.id}
    return int((await commands.once(db, person.id, command, asked, act))["version"])


async def may_send(db: Connection | Pool, asked: Asked, place_id: UUID) -> bool:
    """Whether the rules as they are let this place send all of it, had it enough."""
    _, weights = await queries.weights(db)
    return rules.may_send(asked, weights, place_id)
