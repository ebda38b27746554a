"""At the door: line by line, by whom, how it is known, and what the shopper wants afterwards."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image

from app import files, orders
from app.db import begin, new_id
from app.errors import Conflict, Unprocessable
from app.fulfilment import Act, delivery
from app.fulfilment.delivery.door import rules
from app.fulfilment.delivery.models import Proof, Refused
from tests.fulfilment.builders import SECRET, offending

HERE = Image.Exif()
HERE[0x010F] = "A phone that says where it is"


def photo(colour="teal"):
    body = BytesIO()
    Image.new("RGB", (60, 80), colour).save(body, "JPEG", exif=HERE)
    return Proof(kind="photo", picture=body.getvalue(), words="Behind the bins")


async def test_what_is_refused_at_the_door_is_paid_back_once_and_comes_back_with_the_van(world):
    milk = await world.product("Melk", storage="chilled", price=149)
    bread = await world.product("Brood", price=250)
    jar = await world.product("Pot", price=300, deposit=15)
    order = await world.sell((milk, 2), (bread, 3), (jar, 1))
    driver, run = await world.on_the_road(order)
    stop, command = await world.stop_of(order), new_id()
    refused = [
        Refused(line_no=1, quantity=1),
        Refused(line_no=2, quantity=2, cause="damaged"),
        Refused(line_no=3, quantity=1, cause="wrong"),
    ]

    with pytest.raises(Unprocessable):
        await world.act(delivery.deliver, driver, stop, refused=[Refused(line_no=1, quantity=3)])
    for _ in range(3):
        await world.act(delivery.deliver, driver, stop, id=command, refused=refused)
    assert await world.refunds(order) == 149 + 2 * 250 + 315
    assert await world.pool.fetchval("SELECT count(*) FROM payments.refunds") == 1
    for _ in range(2):
        await world.act(delivery.come_back, driver, run, id=command)

    assert await world.state(order) == ("delivered", "delivered")
    async with begin(world.pool) as db:
        lines = (await orders.read(db, order)).lines
    assert [line.delivered_quantity for line in lines] == [1, 1, 0]
    assert await world.level(milk) == (48, 0), "it was cold"
    assert await world.level(bread) == (47, 0), "it was damaged"
    assert await world.level(jar) == (50, 0)
    assert await offending(world.pool) == {}


async def test_beer_nobody_may_take_stays_in_the_van_and_the_rest_goes_to_the_neighbour(world):
    beer = await world.product("Witbier", age_limit=18, price=500, deposit=15)
    bread = await world.product("Brood", price=250)
    order = await world.sell((beer, 2), (bread, 1))
    driver, run = await world.on_the_road(order)
    stop = await world.stop_of(order)

    with pytest.raises(Conflict) as refusal:
        await world.act(delivery.deliver, driver, stop, to="neighbour", age_checked=True)
    assert refusal.value.code == "age-check"
    await world.act(
        delivery.deliver,
        driver,
        stop,
        to="neighbour",
        refused=[Refused(line_no=1, quantity=2, cause="age")],
    )
    await world.act(delivery.come_back, driver, run)

    assert await world.refunds(order) == 2 * 515
    assert await world.level(beer) == (50, 0)
    assert await offending(world.pool) == {}


async def test_what_was_out_of_the_cold_too_long_is_not_handed_over(world):
    ice = await world.product("IJs", storage="frozen", price=399)
    bread = await world.product("Brood")
    order = await world.sell((ice, 1), (bread, 1))
    driver, _ = await world.on_the_road(order)
    stop = await world.stop_of(order)
    out_of_cold = rules.MOST_OUT_OF_COLD["frozen"] + timedelta(minutes=1)
    await world.pool.execute(
        "UPDATE fulfilment.parcels SET loaded_at = now() - $1::interval", out_of_cold
    )
    late = datetime.now(UTC)
    slow_clock = Act(new_id(), driver, late - timedelta(hours=5), clock_off_s=5 * 3600)

    with pytest.raises(Conflict) as refusal:
        async with begin(world.pool) as db:
            await delivery.deliver(db, slow_clock, stop)
    assert refusal.value.code == "too-warm", "a phone that is hours behind cools nothing"
    with pytest.raises(Conflict) as refusal:
        await world.act(delivery.deliver, driver, stop, at=late)
    assert (refusal.value.code, refusal.value.values) == ("too-warm", {"products": "IJs"})
    await world.act(delivery.deliver, driver, stop, at=late, taken_out=True)

    assert await world.refunds(order) == 399
    row = await world.pool.fetchrow("SELECT cause, becomes FROM fulfilment.refusals")
    assert tuple(row) == ("warm", "waste")
    assert await offending(world.pool) == {}


async def test_what_is_left_in_a_safe_place_is_on_a_photo_that_tells_nothing_else(world):
    bread = await world.product("Brood")
    order = await world.sell((bread, 1))
    driver, _ = await world.on_the_road(order)
    stop = await world.stop_of(order)

    for proof in (None, Proof(kind="signature", picture=photo().picture)):
        with pytest.raises(Conflict) as refusal:
            await world.act(delivery.deliver, driver, stop, to="safe-place", proof=proof)
        assert refusal.value.code == "proof-needed"
    seen = photo()
    drawn = delivery.door.redrawn(seen.picture)
    await world.act(delivery.deliver, driver, stop, to="safe-place", proof=seen, drawn=drawn)

    async with begin(world.pool) as db:
        known = await delivery.door.proof(db, order)
        kept = await files.fetch(db, known.file)
    assert (known.handed_to, known.words) == ("safe-place", "Behind the bins")
    assert Image.open(BytesIO(kept.body)).getexif() == {}
    assert not kept.public
    assert await offending(world.pool) == {}

    await world.pool.execute(
        "UPDATE fulfilment.proofs SET received_at = now() - interval '61 days'"
    )
    await delivery.door.forget(world.pool)
    async with begin(world.pool) as db:
        after = await delivery.door.proof(db, order)
        assert await files.fetch(db, known.file) is None
    assert (after.kind, after.file, after.words) == ("photo", None, "")


async def test_the_code_of_the_order_is_said_at_the_door_and_another_is_refused(world):
    bread = await world.product("Brood")
    order = await world.sell((bread, 1))
    driver, _ = await world.on_the_road(order)
    stop, pin = await world.stop_of(order), rules.pin_of(SECRET, order)
    wrong = f"{(int(pin) + 1) % 10_000:04d}"

    proof = Proof(kind="pin", pin=wrong)
    with pytest.raises(Conflict) as refusal:
        await world.act(delivery.deliver, driver, stop, proof=proof, secret=SECRET)
    assert refusal.value.code == "wrong-pin"
    proof = Proof(kind="pin", pin=pin)
    await world.act(delivery.deliver, driver, stop, proof=proof, secret=SECRET)

    assert (await world.state(order))[0] == "delivered"
    told = await world.pool.fetch("SELECT details::text FROM fulfilment.acts")
    assert not any(f'"{pin}"' in row["details"] for row in told)


async def test_a_note_of_a_door_is_there_for_the_next_driver_however_the_address_is_spelled(world):
    bread = await world.product("Brood")
    first = await world.sell((bread, 1), house_number="12a")
    other = await world.sell((bread, 1), house_number="14")
    driver, run = await world.on_the_road(first)
    stop = await world.stop_of(first)
    await world.act(delivery.door.note_door, driver, stop, "The bell is broken: knock")

    again = await world.sell((bread, 1), house_number="12 A")
    async with begin(world.pool) as db:
        stops = (await delivery.sheet(db, run)).stops
        stops += (await delivery.sheet(db, await world.run_of(again))).stops
    notes = {stop.order_id: stop.door_note for stop in stops}
    assert notes == {
        first: "The bell is broken: knock",
        again: "The bell is broken: knock",
        other: "",
    }


@pytest.mark.parametrize("back_first", [False, True])
async def test_nobody_home_and_the_shopper_chooses_when_it_comes_again(world, back_first):
    bread = await world.product("Brood")
    order = await world.sell((bread, 1))
    driver, run = await world.on_the_road(order)
    starts_at = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=2)
    slot = await world.slot(starts_at)
    await world.act(
        delivery.fail, driver, await world.stop_of(order), reason="not-home", next_step="again"
    )

    if back_first:
        await world.act(delivery.come_back, driver, run)
    for command in [new_id()] * 2:
        async with begin(world.pool) as db:
            await delivery.door.choose(db, order, command, slot)
    if not back_first:
        await world.act(delivery.come_back, driver, run)

    again = await world.run_of(order)
    window = await world.pool.fetchval("SELECT starts_at FROM fulfilment.runs WHERE id = $1", again)
    assert window == starts_at
    assert await offending(world.pool) == {}


async def test_nobody_home_and_the_shopper_rather_has_the_money_back(world):
    bread = await world.product("Brood", price=250)
    order = await world.sell((bread, 1), delivery=399)
    driver, run = await world.on_the_road(order)
    await world.act(
        delivery.fail, driver, await world.stop_of(order), reason="not-home", next_step="again"
    )

    async with begin(world.pool) as db:
        await delivery.door.choose(db, order, new_id(), None)
    await world.act(delivery.come_back, driver, run)

    assert await world.state(order) == ("returned", "cancelled")
    assert await world.refunds(order) == 250 + 399
    assert await world.level(bread) == (50, 0)
    async with begin(world.pool) as db:
        with pytest.raises(Conflict):
            await delivery.door.choose(db, order, new_id(), None)
    assert await offending(world.pool) == {}
