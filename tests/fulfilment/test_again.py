"""Nobody was home, and the goods stand in the shop again: their shopper comes for them, or does not say
what to do."""

from datetime import time, timedelta

import pytest

from app import collecting, slots
from app.collecting import Desk, Hours
from app.db import begin, new_id
from app.errors import Conflict, NotFound
from app.fulfilment import collect, delivery
from tests.fulfilment.builders import NOW, SECRET, offending

ALWAYS = Desk(
    hours=[Hours(day, time(0, 0), time(23, 59)) for day in range(1, 8)],
    ready_minutes=30,
    on_holidays=True,
)


async def choose(world, order, *, slot=None, collect=True, id=None):
    async with begin(world.pool) as db:
        return await delivery.door.choose(db, order, id or new_id(), slot, collect=collect)


async def not_home(world, *bought, back=True, next_step="again"):
    order = await world.sell(*bought)
    driver, run = await world.on_the_road(order)
    stop = await world.stop_of(order)
    await world.act(delivery.fail, driver, stop, reason="not-home", next_step=next_step)
    if back:
        await world.act(delivery.come_back, driver, run)
    return order, driver, run


@pytest.mark.parametrize("before_it_is_back", [True, False])
async def test_who_was_not_home_comes_for_it_and_what_was_cold_is_picked_anew_or_paid_back(
    world, before_it_is_back
):
    milk = await world.product("Melk", storage="chilled", price=149, pieces=4)
    ice = await world.product("IJs", storage="frozen", price=400, pieces=1)
    bread, beer = await world.product("Brood"), await world.product("Bier", age_limit=18)
    goods = [(milk, 2), (bread, 1), (beer, 1)] + ([(ice, 1)] if before_it_is_back else [])
    order, driver, run = await not_home(world, *goods, back=not before_it_is_back)
    with pytest.raises(Conflict):
        await choose(world, order)  # there is no desk
    async with begin(world.pool) as db:
        await collecting.set_up(db, world.place, ALWAYS)

    for command in [new_id()] * 2:
        await choose(world, order, id=command)
    if before_it_is_back:
        assert await world.state(order) == ("failed", "not_home"), "the van has it still"
        await world.act(delivery.come_back, driver, run)
    assert await offending(world.pool) == {}
    if not before_it_is_back:  # there is milk enough, so it is picked anew
        assert await world.state(order) == ("released", "not_home")
        [part] = await world.pick_everything()
        await world.pack(part)
    clerk = await world.person("clerk")
    for row in await world.pool.fetch(
        "SELECT sscc FROM fulfilment.parcels WHERE emptied_at IS NULL"
    ):
        shelved = await world.act(collect.shelve, clerk, row["sscc"], "A3", secret=SECRET)
    assert shelved["ready"]
    part = await world.pool.fetchval("SELECT id FROM fulfilment.fulfilments")
    async with begin(world.pool) as db:
        code = collect.code_of(SECRET, part)
        assert await collect.by_code(db, code) == part
    with pytest.raises(Conflict):
        await world.act(collect.hand_over, clerk, part)  # nobody looked at an age
    done = await world.act(collect.hand_over, clerk, part, age_checked=True)

    assert done["handed_over"] == (2 if before_it_is_back else 4)
    cold_back = 2 * 149 + 400 if before_it_is_back else 0
    assert await world.refunds(order) == cold_back
    state = await world.state(order)
    assert state[0] == "delivered"
    assert await offending(world.pool) == {}


async def test_who_says_nothing_for_two_days_has_the_money_back_and_who_says_it_in_time_does_not(
    world,
):
    bread = await world.product("Brood", price=250)
    silent, *_ = await not_home(world, (bread, 1))
    async with begin(world.pool) as db:
        await collecting.set_up(db, world.place, ALWAYS)
    await delivery.door.end_silent(world.pool)
    assert await world.state(silent) == ("failed", "not_home"), "there are two days"

    overdue = "UPDATE fulfilment.stops SET choose_until = now() - interval '1 second'"
    await world.pool.execute(overdue)
    for _ in range(2):
        await delivery.door.end_silent(world.pool)

    assert await world.state(silent) == ("returned", "cancelled")
    assert await world.refunds(silent) == 250 + 399
    assert await world.level(bread) == (50, 0)
    with pytest.raises(Conflict):
        await choose(world, silent)

    spoke, *_ = await not_home(world, (bread, 1))
    await choose(world, spoke)
    await world.pool.execute(
        "UPDATE fulfilment.collections SET ready_at = now(), code_hash = sha256('x'), "
        "ready_by = now() - interval '2 days', keep_until = now() - interval '1 second'"
    )
    await delivery.door.end_silent(world.pool)
    assert await world.state(spoke) == ("packed", "not_home")
    await collect.put_back(world.pool)
    assert await world.state(spoke) == ("returned", "cancelled"), "and nobody came for it"
    assert await world.refunds(spoke) == 250 + 399
    assert await offending(world.pool) == {}


async def test_what_goes_back_by_the_drivers_word_is_not_chosen_and_a_late_delivery_still_counts(
    world,
):
    bread = await world.product("Brood")
    refused, driver, run = await not_home(world, (bread, 1), back=False, next_step="back")
    async with begin(world.pool) as db:
        await collecting.set_up(db, world.place, ALWAYS)
    with pytest.raises(Conflict):
        await choose(world, refused)
    with pytest.raises((Conflict, NotFound)):
        await choose(world, refused, slot=new_id(), collect=False)
    await world.act(delivery.come_back, driver, run)
    assert await world.state(refused) == ("returned", "cancelled")

    told_late, driver, run = await not_home(world, (bread, 1))
    stop = await world.stop_of(told_late)
    over = await world.slot(NOW)
    async with begin(world.pool) as db:
        await slots.hold(db, over, told_late, NOW + timedelta(hours=1), at=NOW - timedelta(days=1))
        await slots.confirm(db, told_late)
    with pytest.raises(Conflict, match="too late to order"):  # its room is still its own
        await choose(world, told_late, slot=over, collect=False)
    await world.act(delivery.deliver, driver, stop)

    assert await world.state(told_late) == ("delivered", "delivered")
    with pytest.raises(Conflict):
        await choose(world, told_late)
    assert await offending(world.pool) == {}


async def test_what_is_told_late_of_the_first_try_does_not_end_the_second(world):
    bread = await world.product("Brood")
    order, *_ = await not_home(world, (bread, 1))
    first = await world.stop_of(order)
    await world.comes_again(order)
    driver, run = await world.on_the_road(order, picked=[])

    with pytest.raises(Conflict):
        await world.act(delivery.deliver, driver, first)
    with pytest.raises(Conflict):
        await world.act(delivery.fail, driver, first, reason="not-home", next_step="back")
    await world.act(delivery.deliver, driver, await world.stop_of(order))
    await world.act(delivery.come_back, driver, run)

    assert await world.state(order) == ("delivered", "delivered")
    assert await offending(world.pool) == {}
