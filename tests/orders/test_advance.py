"""Where an order may go, who is told, and who may open it."""

from datetime import UTC, datetime, timedelta

import pytest

from app import orders
from app.db import NOTHING, begin, new_id
from app.errors import Conflict, NotFound
from app.orders.models import Address, Contact, Line, NewOrder, Sums
from app.orders.rules import link_token, number_of

SECRET = "a secret of the tests that is long enough"


def an_order(**changes) -> NewOrder:
    starts_at = datetime.now(UTC) + timedelta(hours=20)
    lines = [a_line(1, quantity=2, unit_price=149), a_line(2, quantity=1, unit_price=200)]
    defaults = {
        "id": new_id(),
        "cart_id": new_id(),
        "place_id": new_id(),
        "slot_id": new_id(),
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=2),
        "contact": Contact("Min Janssen", "min@example.nl", "06 12345678"),
        "address": Address("Oudegracht", "12", "3511 AB", "Utrecht"),
        "note": "",
        "substitution": "similar",
        "language": "nl",
        "currency": "EUR",
        "sums": Sums(498, 0, 0, 395, 893),
        "receipt": {"total": 893},
        "lines": lines,
    }
    return NewOrder(**(defaults | changes))


def a_line(line_no, *, quantity, unit_price) -> Line:
    return Line(
        line_no=line_no, product_id=new_id(), edition_id=NOTHING, gtin="09521234543213",
        name="Halfvolle melk", picture=None, handover="delivery", quantity=quantity,
        unit_price=unit_price, discount=0, paid=quantity * unit_price, vat="low", deposit=0,
        age_limit=None, storage="chilled",
    )  # fmt: skip


@pytest.fixture
async def order_id(pool):
    new = an_order()
    async with begin(pool) as db:
        await orders.place(db, new, secret=SECRET)
    yield new.id
    assert await pool.fetch("SELECT * FROM checks.order_totals") == []
    assert await pool.fetch("SELECT * FROM checks.outbox") == []


async def become(pool, order_id, *states, **details):
    for state in states:
        async with begin(pool) as db:
            await orders.advance(db, order_id, state, **details)


async def test_the_way_to_the_door_is_told_step_by_step(pool, order_id):
    await become(pool, order_id, "confirmed", "in_fulfilment", "packed", "on_the_way", "delivered")

    async with begin(pool) as db:
        told = [one.kind for one in await orders.timeline(db, order_id)]
        order = await orders.read(db, order_id)
    assert told == [
        "OrderPlaced", "OrderConfirmed", "OrderBeingPicked", "OrderPacked", "OrderOnTheWay",
        "OrderDelivered",
    ]  # fmt: skip
    assert [line.delivered_quantity for line in order.lines] == [2, 1]


async def test_becoming_what_it_is_tells_nothing(pool, order_id):
    await become(pool, order_id, "confirmed", "confirmed")

    assert (await orders.versions(pool, [str(order_id)]))[str(order_id)] == 2


async def test_what_was_missing_at_the_door_is_not_counted_as_delivered(pool, order_id):
    await become(pool, order_id, "confirmed", "packed", "on_the_way")
    await become(pool, order_id, "part_delivered", delivered={1: 1})

    async with begin(pool) as db:
        order = await orders.read(db, order_id)
    assert [line.delivered_quantity for line in order.lines] == [1, 0]


@pytest.mark.parametrize("to", ["in_fulfilment", "packed", "on_the_way", "delivered"])
async def test_nothing_is_picked_before_it_is_paid(pool, order_id, to):
    with pytest.raises(Conflict):
        await become(pool, order_id, to)


async def test_what_was_delivered_stays_delivered(pool, order_id):
    await become(pool, order_id, "confirmed", "packed", "on_the_way", "delivered")

    with pytest.raises(Conflict):
        await become(pool, order_id, "cancelled")


async def test_only_the_token_of_its_link_opens_an_order(pool, order_id):
    token = link_token(SECRET, order_id)

    async with begin(pool) as db:
        assert (await orders.by_token(db, token)).id == order_id
        for wrong in ("", token[:-1], token.upper(), str(order_id), number_of(order_id)):
            with pytest.raises(NotFound):
                await orders.by_token(db, wrong)


async def test_a_number_that_is_taken_is_given_to_nobody_else(pool, order_id):
    taken = await pool.fetchval("SELECT number FROM orders.orders WHERE id = $1", order_id)
    new = an_order()
    await pool.execute(
        "UPDATE orders.orders SET number = $2 WHERE id = $1", order_id, number_of(new.id)
    )

    async with begin(pool) as db:
        number = await orders.place(db, new, secret=SECRET)

    assert number not in (taken, number_of(new.id))
