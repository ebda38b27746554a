"""Who waits is told a window that narrows, sees the van once it is near, and hears when it moves."""

from datetime import UTC, datetime, timedelta

import pytest

from app import jobs, orders
from app.consequences import register
from app.db import begin
from app.fulfilment import delivery
from app.fulfilment.delivery import tracking
from app.fulfilment.delivery.tracking import rules
from app.fulfilment.delivery.tracking.models import Standing
from tests.fulfilment.builders import TONIGHT, offending

SIX = datetime(2026, 11, 26, 18, tzinfo=UTC)


def standing(state="underway", *, before=0, arrives_at=SIX + timedelta(minutes=42)):
    return Standing(
        run_id=None,
        run_state=state,
        starts_at=SIX,
        ends_at=SIX + timedelta(hours=2),
        arrives_at=arrives_at,
        latitude=52.09,
        longitude=5.12,
        stops_before=before,
    )


def test_the_window_narrows_and_the_van_shows_only_when_it_is_near():
    steps = [
        rules.whereabouts(standing("planned"), (52.0, 5.0)),
        rules.whereabouts(standing("published"), (52.0, 5.0)),
        rules.whereabouts(standing(before=7), (52.0, 5.0)),
        rules.whereabouts(standing(before=3), (52.093, 5.12)),
        rules.whereabouts(standing(), (52.0, 5.0)),
    ]

    assert [step.stage for step in steps] == ["waits", "planned", "on_the_way", "near", "next"]
    minutes = [(step.latest - step.earliest) // timedelta(minutes=1) for step in steps]
    assert minutes == sorted(minutes, reverse=True)
    assert minutes[0] == 120
    assert minutes[-1] <= 20
    assert all(step.earliest <= SIX + timedelta(minutes=42) <= step.latest for step in steps)
    shown = [(step.stops_before, step.away_km) for step in steps]
    assert shown[:3] == [(None, None)] * 3
    assert shown[3:] == [(3, 0.5), (0, 13.0)]


@pytest.mark.parametrize(("minutes", "moved"), [(10, False), (-10, False), (11, True), (-11, True)])
def test_ten_minutes_are_no_move(minutes, moved):
    assert rules.has_moved(SIX, SIX + timedelta(minutes=minutes)) is moved
    assert not rules.has_moved(None, SIX)


async def hear(world, kinds):
    """What happened to runs since, as the worker hears it, each twice."""
    rows = await world.pool.fetch(
        """
        SELECT aggregate, number, aggregate_kind, kind, body, at
          FROM jobs.events
         WHERE kind = ANY ($1)
         ORDER BY at, number
        """,
        kinds,
    )
    for row in rows:
        for _ in range(2):
            async with begin(world.pool) as db:
                await tracking.keep_told(db, jobs.Event(**row))


async def told(world, order):
    async with begin(world.pool) as db:
        happened = [one.kind for one in await orders.timeline(db, order)]
    return happened.count("OrderTimeMoved"), happened.count("OrderNearer")


async def test_a_mail_when_the_time_moves_by_more_than_ten_minutes_and_one_per_move(
    world, settings
):
    bread = await world.product("Brood")
    order_ids = [await world.sell((bread, 1), house_number=str(n)) for n in range(1, 7)]
    driver, run = await world.on_the_road(*order_ids)
    rows = await world.pool.fetch(
        "SELECT id, order_id FROM fulfilment.stops WHERE run_id = $1 ORDER BY position", run
    )
    first, second, last = rows[0], rows[1], rows[-1]
    await hear(world, ["RunDeparted"])
    async with begin(world.pool) as db:
        found = await tracking.whereabouts(db, last["order_id"])
        near = await tracking.whereabouts(db, second["order_id"])
    assert (found.stage, found.stops_before, found.away_km) == ("on_the_way", None, None)
    assert TONIGHT[0] <= found.latest
    assert (near.stage, near.stops_before) == ("near", 1)
    assert {await told(world, one) for one in order_ids} == {(0, 1)}

    late = TONIGHT[0] + timedelta(minutes=25)
    await world.act(delivery.deliver, driver, first["id"], at=late)
    await world.pool.execute(
        "UPDATE fulfilment.stops SET received_at = happened_at WHERE state = 'delivered'"
    )
    await hear(world, ["StopDone"])
    assert {(await told(world, row["order_id"]))[0] for row in rows[1:]} == {1}
    assert (await told(world, first["order_id"]))[0] == 0

    await world.act(delivery.deliver, driver, second["id"], at=late + timedelta(minutes=6))
    await world.pool.execute(
        "UPDATE fulfilment.stops SET received_at = happened_at WHERE state = 'delivered'"
    )
    await hear(world, ["StopDone"])
    assert (await told(world, last["order_id"]))[0] == 1, "some minutes are no move"

    event = await world.pool.fetchrow(
        "SELECT * FROM jobs.events WHERE kind = 'OrderTimeMoved' AND aggregate = $1",
        last["order_id"],
    )
    write = tracking.mail_writer(settings)
    for _ in range(2):
        async with begin(world.pool) as db:
            await write(db, jobs.Event(**event))
    mails = await world.pool.fetch("SELECT subject, body_text FROM messaging.messages")
    assert len(mails) == 1
    assert "komt tussen" in mails[0]["subject"]
    assert await offending(world.pool) == {}


def test_everything_that_moves_a_run_is_heard(settings):
    register(jobs.registered, settings)

    heard = [jobs.registered.consumers[kind] for kind in tracking.MOVES_TIMES]

    assert all("tell when the van comes" in names for names in heard)
    assert "mail about another time" in jobs.registered.consumers["OrderTimeMoved"]
