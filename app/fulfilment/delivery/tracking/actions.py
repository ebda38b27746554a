from datetime import datetime
from uuid import UUID

from app import jobs, orders, slots
from app.db import Connection
from app.fulfilment.delivery import queries as runs
from app.fulfilment.delivery.tracking import queries, rules
from app.fulfilment.delivery.tracking.models import Ahead, Standing, Whereabouts
from app.fulfilment.models import Run

DRIVING_TELLS = ("RunDeparted", "StopDone", "StopFailed")
"""After these it is known where the van is; a dispatcher's plan brings times of its own."""


async def whereabouts(db: Connection, order_id: UUID) -> Whereabouts | None:
    """None when no van will come for it (any more)."""
    standing = await queries.standing(db, order_id)
    if standing is None:
        return None
    van = None
    if standing.run_state == "underway" and standing.stops_before <= rules.NEAR:
        van = await runs.last_point(db, standing.run_id)
    return rules.whereabouts(standing, van)


async def keep_told(db: Connection, event: jobs.Event) -> None:
    """A run has moved: reckon anew when it gets to each door, and tell whose page says something else
    by now. Whose time moved by more than ten minutes gets a mail (`OrderTimeMoved`), once per move:
    the time they were told last is kept. Heard twice, nothing has moved."""
    locked = await runs.lock_runs(db, [event.aggregate])
    if not locked or locked[0].state in ("planned", "completed"):
        return
    run = locked[0]
    ahead = await queries.ahead(db, run.id)
    if run.state == "underway" and event.kind in DRIVING_TELLS:
        ahead = await _reckoned(db, run, ahead)
    news = [_news(run, one, place) for place, one in enumerate(ahead)]
    await queries.note_told(
        db,
        [one.id for one in ahead],
        [told for told, _ in news],
        [shown for _, shown in news],
    )
    for one, (told, shown) in sorted(
        zip(ahead, news, strict=True), key=lambda pair: pair[0].order_id
    ):
        await _tell(db, one, told, shown)


async def _reckoned(db: Connection, run: Run, ahead: list[Ahead]) -> list[Ahead]:
    left_at = await queries.last_left_at(db, run.id) or run.departed_at or run.starts_at
    here = await runs.last_point(db, run.id) or await runs.depot(db, run.place_id)
    roads = await slots.plans.roads_of(db, run.place_id)
    doors = [(one.point, one.at_the_door_s) for one in ahead]
    arrivals = rules.arrivals_from(roads, here, left_at, run.starts_at, doors)
    await runs.put_in_order(db, run.id, [one.id for one in ahead], arrivals)
    return await queries.ahead(db, run.id)


def _news(run: Run, one: Ahead, place: int) -> tuple[datetime | None, str]:
    """What its shopper is told from now on: the time, and what the page shows."""
    standing = Standing(
        run_id=run.id,
        run_state=run.state,
        starts_at=run.starts_at,
        ends_at=run.ends_at,
        arrives_at=one.arrives_at,
        latitude=one.latitude,
        longitude=one.longitude,
        stops_before=place,
    )
    told = one.told_at
    if told is None or rules.has_moved(told, one.arrives_at):
        told = one.arrives_at
    return told, rules.shown(rules.whereabouts(standing, None))


async def _tell(db: Connection, one: Ahead, told: datetime | None, shown: str) -> None:
    moved = one.told_at is not None and told != one.told_at
    if not moved and shown == one.shown:
        return
    await orders.lock(db, one.order_id)
    kind = "OrderTimeMoved" if moved else "OrderNearer"
    await orders.tell(db, one.order_id, kind, {"arrives_at": one.arrives_at.isoformat()})
