"""The green hint: times a van is near anyway, shown to half of the carts to see whether it helps."""

from collections import Counter
from datetime import timedelta
from uuid import UUID, uuid5

from app import slots
from app.db import begin, new_id
from app.slots import rules
from tests.slots.builders import delivering_place
from tests.slots.test_plans import (
    HOME,
    LATER,
    MIDNIGHT,
    NOON,
    a_day,
)
from tests.stock.builders import offending

UNTIL = MIDNIGHT + timedelta(hours=1)
ONE, TWO, THREE, FOUR = (UUID(int=n) for n in range(1, 5))


def test_one_or_two_times_are_near_and_never_all_of_them():
    assert rules.near({ONE: 40, TWO: 280, THREE: 250, FOUR: 5_000}) == {ONE, THREE}
    assert rules.near({ONE: 900, TWO: 1_001}) == {ONE}
    assert rules.near({ONE: 800, TWO: 1_000}) == {ONE, TWO}
    assert rules.near({ONE: 700, TWO: 1_000}) == {ONE}, "a third farther than in the best"
    assert rules.near({ONE: 4_000, TWO: None}) == set()
    assert rules.near({}) == set()


def test_each_cart_has_its_arm_and_half_of_them_have_each():
    carts = [uuid5(ONE, str(number)) for number in range(1_000)]

    arms = Counter(rules.arm(cart) for cart in carts)

    assert {rules.arm(ONE) for _ in range(9)} == {rules.arm(ONE)}
    assert arms.total() == 1_000
    assert 440 < arms["leaf"] < 560


async def test_a_leaf_stands_where_a_neighbour_is_visited_and_what_it_brought_is_counted(
    db, pool, place
):
    noon, later = await a_day(db, place, NOON, LATER, vans=2)
    far = (HOME[0] + 0.05, HOME[1] + 0.05)
    await slots.plans.write_points(db, "test", [("NL", "3511", *far)])
    neighbour = slots.Need(ambient_crates=1, point=(far[0] + 0.0004, far[1]))
    carts = [uuid5(ONE, str(number)) for number in range(8)]

    before = await slots.offered(db, "3511 ED", MIDNIGHT)
    for number, cart in enumerate(carts):
        async with begin(pool) as connection:
            holder = new_id()
            await slots.hold(
                connection, noon if number else later, holder, UNTIL, need=neighbour,
                at=MIDNIGHT, cart_id=cart,
            )  # fmt: skip
            await slots.confirm(connection, holder)
            if not number:
                await slots.release(connection, holder)
    after = await slots.offered(db, "3511 ED", MIDNIGHT)

    assert [offer.near for offer in before] == [False, False]
    assert {offer.id: offer.near for offer in after} == {noon: True, later: False}
    async with begin(pool) as connection:  # from two places: one order all the same
        other = await delivering_place(connection, "oost")
        there = [id for id in await a_day(connection, other, NOON) if id not in (noon, later)]
        split, parts = new_id(), dict.fromkeys([noon, *there], neighbour)
        await slots.hold_together(
            connection, noon, split, UNTIL, parts, at=MIDNIGHT, cart_id=uuid5(ONE, "split")
        )
        await slots.confirm(connection, split)
    found = {one.arm: one for one in await slots.queries.found(db)}
    assert sum(one.orders for one in found.values()) == 8
    longest = max(one.detour_m for one in found.values())
    assert 0 < longest < 20_000
    row = await db.fetchrow("SELECT max(detour_m), min(detour_m) FROM slots.holds")
    assert (row["max"] > 5_000, row["min"] < 500) == (True, True), "only the first drove there"
    assert await offending(db) == {}
