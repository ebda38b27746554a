"""Decisions are kept with their reason and who refused; other rules can be tried."""

import pytest

from app import sourcing
from app.db import begin, new_id
from app.errors import Conflict
from app.sourcing import Weights, queries, trying
from tests.stock.builders import offending, open_place, put_on_shelf

HOME = (52.0907, 5.1214)


@pytest.fixture
async def two_stores(db):
    near = await open_place(db, "near")
    far = await open_place(db, "far", latitude=52.15)
    cola = await put_on_shelf(db, near, pieces=5)
    await put_on_shelf(db, far, pieces=5, product=cola)
    return near, far, cola


async def decide(pool, order, places, wanted, refused_by=()):
    async with begin(pool) as db:
        asked = await sourcing.ask(db, wanted, places, point=HOME)
        choice = await sourcing.choice_for(db, asked)
        await sourcing.keep(db, order, asked, choice, refused_by)
        return choice


def senders(choice):
    return [part.place_id for part in choice.parts]


async def test_each_decision_is_kept_with_its_reason_and_who_refused(db, pool, two_stores):
    near, far, cola = two_stores
    order = new_id()

    first = await decide(pool, order, [near, far], {cola: 2})
    second = await decide(pool, order, [far], {cola: 2}, refused_by=[near])
    third = await decide(pool, order, [], {cola: 2}, refused_by=[far])

    assert (senders(first), senders(second), senders(third)) == ([near], [far], [])
    assert await sourcing.refused(db, order) == {near, far}
    kept = await sourcing.decisions(db, order)
    assert [one.attempt for one in kept] == [1, 2, 3]
    assert [one.decided for one in kept] == [first, second, third]
    assert kept[0].asked.wanted == {cola: 2}


async def test_what_nobody_can_send_is_work_for_a_person_once(db, pool, two_stores):
    near, far, cola = two_stores
    order, clerk = new_id(), new_id()

    for _ in range(2):
        choice = await decide(pool, order, [near, far], {cola: 99})
        await sourcing.open_unfilled(db, order, choice.missing)

    [work] = await sourcing.unfilled(db)
    assert (work.order_id, work.missing[0].wanted, work.missing[0].available) == (order, 99, 10)
    assert await sourcing.settle(db, order, clerk)
    assert not await sourcing.settle(db, order, clerk)
    assert await sourcing.unfilled(db) == []
    assert await offending(db) == {}


async def test_other_rules_are_tried_on_the_past_before_they_count(db, pool, two_stores):
    near, far, cola = two_stores
    for _ in range(3):
        await decide(pool, new_id(), [near, far], {cola: 2})
    await put_on_shelf(db, far, pieces=50, product=cola)

    past = await queries.last_decisions(db, 200)
    trial = trying.trial([trying.compare(one, Weights(excluded=[near])) for one in past])

    assert (trial.orders, trial.shipments_before, trial.shipments_after) == (3, 3, 3)
    assert trial.by_place == {far: 6}
    assert trial.cost_after > trial.cost_before
    assert await sourcing.weights(db) == (0, Weights())


async def test_rules_are_versions_and_nobody_overwrites_what_they_have_not_seen(
    db, pool, two_stores
):
    near, far, cola = two_stores
    async with begin(pool) as connection:
        assert await sourcing.change_rules(connection, 0, Weights(excluded=[near]), new_id()) == 1
    with pytest.raises(Conflict):
        async with begin(pool) as connection:
            await sourcing.change_rules(connection, 0, Weights(), new_id())

    choice = await decide(pool, new_id(), [near, far], {cola: 1})

    assert senders(choice) == [far]
    [kept] = await sourcing.decisions(
        db, (await db.fetchval("SELECT order_id FROM sourcing.decisions"))
    )
    assert kept.rules_version == 1


async def test_places_that_can_send_all_of_it_alone_stand_cheapest_first(db, two_stores):
    near, far, cola = two_stores

    asked = await sourcing.ask(db, {cola: 5}, [far, near], point=HOME)
    able, choice = await sourcing.able(db, asked)

    assert able == [near, far]
    assert senders(choice) == [near]
