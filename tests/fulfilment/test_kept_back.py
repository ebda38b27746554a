"""Weighed goods and substitutes that are not handed over go back for what was paid for them, once."""

from uuid import UUID

import msgspec
import pytest

from app import payments
from app.db import begin, new_id
from app.fulfilment import delivery, picking, substituting
from app.fulfilment.delivery.models import Refused
from app.fulfilment.models import Pick
from app.fulfilment.picking import rules
from app.orders.models import Line
from tests.checkout.several import TwoStores, bring, paid_back, send
from tests.checkout.stage import FEE, add, stock_up
from tests.fulfilment.builders import offending
from tests.fulfilment.collect.stage import Town, key
from tests.shelf import BEER, SHIRT, put_on_shelf


async def cheese_of(world, **named):
    cheese = await world.product(
        "Belegen kaas", price=601, content_quantity=500, content_unit="g", **named
    )
    async with begin(world.pool) as db:
        await picking.handle(db, cheese.id, weighed=True, item_number="2812345", dated=False)
    return cheese


async def walked(world, *grams, instead=None):
    """Everything is picked: of the cheese one piece of each weight; for the milk comes `instead`."""
    picker = await world.person("picker")
    batch = await world.act(picking.start, picker, world.place)
    async with begin(world.pool) as db:
        lines = (await picking.pick_list(db, batch)).lines
    for line in lines:
        if line.nominal_g:
            for weight in grams:
                await world.act(
                    picking.pick, picker, line.id, code=line.gtin, quantity=1, grams=weight
                )
        elif instead and line.name == "Melk":
            offer = await world.act(substituting.offer, picker, line.id, product_id=instead.id)
            async with begin(world.pool) as db:
                await substituting.answer(
                    db, line.order_id, new_id(), UUID(offer["substitute"]), yes=True
                )
        elif line.open:
            await world.act(picking.pick, picker, line.id, code=line.gtin, quantity=line.open)
    return list(dict.fromkeys(line.fulfilment_id for line in lines))


@pytest.mark.parametrize("cause", ["damaged", "not-wanted"])
async def test_what_is_refused_at_the_door_brings_what_it_cost_in_the_end(world, cause):
    """The cheese is lighter than ordered, and a cheaper milk came instead of the ordered one."""
    cheese, milk = await cheese_of(world), await world.product("Melk", price=199, deposit=10)
    other, bread = await world.product("Andere melk", price=149), await world.product("Brood")
    order = await world.sell((cheese, 2), (milk, 2), (bread, 1), wish="similar")
    parts = await walked(world, 450, 401, instead=other)
    driver, _ = await world.on_the_road(order, picked=parts)
    lighter, cheaper = 1202 - 1202 * 851 // 1000, 2 * (209 - 149)
    packed = await world.refunds(order)
    command, refused = new_id(), [
        Refused(line_no=1, quantity=1, cause=cause),
        Refused(line_no=2, quantity=2, cause=cause),
    ]  # fmt: skip

    for _ in range(2):
        await world.act(
            delivery.deliver, driver, await world.stop_of(order), id=command, refused=refused
        )

    assert packed == lighter + cheaper
    half = -(-(1202 - lighter) // 2)
    assert await world.refunds(order) == packed + half + 2 * 149
    assert await world.pool.fetchval("SELECT count(*) FROM payments.refunds") == 2
    assert await offending(world.pool) == {}


async def test_what_nobody_took_at_all_brings_everything_and_not_more(world):
    cheese, milk = await cheese_of(world), await world.product("Melk", price=199)
    other = await world.product("Andere melk", price=149)
    order = await world.sell((cheese, 3), (milk, 1), wish="similar", delivery=399)
    driver, run = await world.on_the_road(
        order, picked=await walked(world, 500, 333, 550, instead=other)
    )
    await world.act(
        delivery.fail, driver, await world.stop_of(order), reason="refused", next_step="back"
    )
    await world.act(delivery.come_back, driver, run)

    assert await world.refunds(order) == 3 * 601 + 199 + 399
    assert await offending(world.pool) == {}


async def test_cold_goods_that_are_weighed_a_second_time_cost_what_was_paid_or_less(world):
    """Nobody was home: the cheese is picked and weighed anew, and what came instead of the milk was
    cold as well."""
    cheese = await cheese_of(world, storage="chilled")
    milk = await world.product("Melk", price=199, storage="chilled")
    other = await world.product("Andere melk", price=149, storage="chilled")
    bread = await world.product("Brood")
    order = await world.sell((cheese, 2), (milk, 1), (bread, 1), wish="similar")
    driver, run = await world.on_the_road(
        order, picked=await walked(world, 450, 450, instead=other)
    )
    first = 1202 - 1202 * 900 // 1000 + 50
    assert await world.refunds(order) == first
    await world.act(
        delivery.fail, driver, await world.stop_of(order), reason="not-home", next_step="again"
    )
    await world.comes_again(order)
    command = new_id()
    for _ in range(2):
        await world.act(delivery.come_back, driver, run, id=command)

    assert await world.refunds(order) == first + 149, "what came instead does not come twice"
    [part] = await walked(world, 550, 400)
    await world.pack(part)
    assert await world.refunds(order) == first + 149, "heavier than before costs no more"
    assert await offending(world.pool) == {}
    await world.pool.execute("UPDATE fulfilment.runs SET starts_at = now() + interval '1 hour'")
    driver, _ = await world.on_the_road(order, picked=[])
    await world.act(
        delivery.deliver,
        driver,
        await world.stop_of(order),
        refused=[Refused(line_no=1, quantity=2, cause="damaged")],
    )
    assert await world.refunds(order) == 1202 + 199, "all that was paid for cheese and milk"
    assert await offending(world.pool) == {}


@pytest.mark.parametrize(("grams", "taken"), [((450, 450), 1202 * 900 // 1000), ((550, 550), 1202)])
async def test_of_money_that_is_held_as_much_is_taken_as_it_weighs_and_never_more_than_ordered(
    world, grams, taken
):
    """A means that can hold money holds what was ordered; one that cannot, like a bank transfer, was
    charged that, and what is lighter goes back (see above)."""
    cheese = await cheese_of(world)
    order = await world.sell((cheese, 2), delivery=0)
    await world.pool.execute("DELETE FROM payments.captures")
    await world.pool.execute(
        "UPDATE payments.intents SET state = 'authorised', held_until = now() + interval '6 days'"
    )

    [part] = await walked(world, *grams)
    await world.pack(part)
    async with begin(world.pool) as db:
        await payments.take_held(db, order)

    assert await world.pool.fetchval("SELECT amount FROM payments.takings") == taken


@pytest.mark.drill
async def test_a_line_that_was_replaced_at_one_place_can_be_refused_at_the_door_of_another(shop):
    """Milk and bread, one of each here and there: here another milk came instead and was not wanted."""
    stage = await TwoStores.set_up(shop)
    bread = await put_on_shelf(stage.pool, BEER, name="Brood", price=250)
    other = await put_on_shelf(stage.pool, SHIRT, name="Karnemelk", price=199)
    for place in (stage.place_id, stage.other_place):
        await stock_up(stage.pool, place, bread, 1)
    await stock_up(stage.pool, stage.place_id, other, 1)
    buyer = await stage.buyer(quantity=2)
    await add(buyer.client, bread, 2)
    total = 2 * (249 + 15) + 2 * 250 + FEE
    placed = (await buyer.order(substitution="similar", total=total)).json()
    await stage.pays(placed, buyer)
    worker = await stage.staff("picker", "packer", "driver")
    token = placed["track_at"].rpartition("/")[2]

    for place in (stage.place_id, stage.other_place):
        batch = await send(worker, "/api/v1/picking/batches", {"place_id": str(place)})
        for line in batch["lines"]:
            pick = f"/api/v1/picking/picks/{line['id']}"
            if place == stage.place_id and line["product_id"] == str(stage.product_id):
                offer = await send(worker, f"{pick}/substitutes", {"product_id": str(other)})
                address = f"/api/v1/orders/{token}/substitutes/{offer['substitute']}"
                await send(buyer.client, address, {"yes": True})
            else:
                await send(worker, f"{pick}/picked", {"code": line["gtin"], "quantity": 1})
        part = batch["lines"][0]["fulfilment_id"]
        sealed = await send(worker, f"/api/v1/packing/{part}/parcels", {"storage": "ambient"})
        milk = next(
            n["line_no"] for n in batch["lines"] if n["product_id"] == str(stage.product_id)
        )
        await bring(stage, part, sealed, worker, refused=[{"line_no": milk, "quantity": 1}])
    await stage.work()

    assert await paid_back(stage, placed) == 2 * (249 + 15), "by then nothing of the milk was kept"
    assert (await buyer.track(placed))["order"]["state"] == "delivered"
    assert await stage.faults() == []


async def test_what_stays_at_the_desk_brings_what_it_cost_in_the_end(shop):
    """Lighter cheese, and a cheaper milk instead of the ordered one."""
    town = await Town.open(shop)
    cheese = await put_on_shelf(
        town.pool, SHIRT, name="Kaas", price=601, content_quantity=500, content_unit="g"
    )
    await stock_up(town.pool, town.place_id, cheese, 9)
    await town.pool.execute("UPDATE catalog.products SET by_weight = true WHERE id = $1", cheese)
    await town.pool.execute("UPDATE catalog.products SET age_limit = NULL WHERE id = $1", town.beer)
    buyer = await town.collector(2)
    await buyer.put(cheese, 3)
    placed = await buyer.order_and_pay(substitution="similar")
    picker, packer, desk = [await town.desk(role) for role in ("picker", "packer", "clerk")]
    batch = await send(picker, "/api/v1/picking/batches", {"place_id": str(town.place_id)})
    for line in batch["lines"]:
        pick = f"/api/v1/picking/picks/{line['id']}"
        if line["nominal_g"]:
            weighed = {"code": line["gtin"], "quantity": 3, "grams": 1400}
            await send(picker, f"{pick}/picked", weighed)
        else:
            await send(picker, f"{pick}/picked", {"code": line["gtin"], "quantity": 1})
            made = await send(picker, f"{pick}/substitutes", {"product_id": str(town.beer)})
            token = placed["track_at"].rpartition("/")[2]
            address = f"/api/v1/orders/{token}/substitutes/{made['substitute']}"
            await send(buyer.client, address, {"yes": True})
    part = batch["lines"][0]["fulfilment_id"]
    sealed = await send(packer, f"/api/v1/packing/{part}/parcels", {"storage": "ambient"})
    await town.shelve(sealed["sscc"])
    kaas = 1803 * 1400 // 1500
    before = await town.refunded()
    rows = await town.pool.fetch(
        "SELECT id, product_id, replaces FROM fulfilment.picks WHERE picked > 0"
    )
    ids = {row["product_id"]: str(row["id"]) for row in rows}
    stays = [
        {"pick_id": ids[cheese], "quantity": 2, "reason": "damaged"},
        {"pick_id": ids[town.beer], "quantity": 1, "reason": "not-wanted"},
    ]
    address, id = f"/api/v1/collecting/{part}/handed-over", key()
    twice = {"refused": [stays[0] | {"quantity": 1}, stays[0] | {"quantity": 1}]}

    refused = await desk.post(address, json=twice, headers=key())
    done = [
        (await desk.post(address, json={"refused": stays}, headers=id)).json() for _ in range(2)
    ]
    await town.work()

    assert before == 1803 - kaas + (249 + 15 - 180)
    assert (refused.status_code, refused.json()["code"]) == (422, "line-named-twice")
    assert [one["paid_back"] for one in done] == [-(-kaas * 2 // 3) + 180] * 2
    assert await town.refunded() == before + -(-kaas * 2 // 3) + 180
    assert await town.faults() == []


def test_all_units_together_never_bring_more_than_was_paid():
    """Cents that do not divide, at two places, one of them with cheese that is lighter."""
    line = line_of(paid=100, quantity=3, deposit=10)
    here, there = pick_of(quantity=2, picked=1, short=1), pick_of(quantity=1, picked=1)
    due = rules.due(line, here, 0, 0)
    settled = msgspec.structs.replace(here, paid_back_for=1, paid_back=due)

    assert due == 34 + 10
    assert rules.due(line, settled, 0, 0) == 0, "what is closed twice is paid back once"
    assert rules.paid_for(line, settled, 0, 0) == 33 + 10
    assert rules.paid_for(line, there, 2, 0) == 33 + 10
    lighter = pick_of(quantity=1, picked=1, nominal_g=500, weighed_g=250)
    assert rules.due(line, lighter, 1, 0) == 17
    heavier = msgspec.structs.replace(lighter, paid_back=17, weighed_g=550)
    assert (rules.due(line, heavier, 1, 0), rules.paid_for(line, heavier, 1, 0)) == (
        0,
        33 - 17 + 10,
    )


def line_of(*, paid, quantity, deposit):
    return Line(
        line_no=1, product_id=new_id(), edition_id=new_id(), gtin="", name="", picture=None,
        handover="delivery", quantity=quantity, unit_price=0, discount=0, paid=paid, vat="low",
        deposit=deposit * quantity, age_limit=None, storage="ambient",
    )  # fmt: skip


def pick_of(**changed):
    fields = {
        "order_id": new_id(), "id": new_id(), "fulfilment_id": new_id(), "line_no": 1,
        "product_id": new_id(), "quantity": 1, "picked": 0, "short": 0, "short_reason": None,
        "delivered": 0, "state": "picked", "storage": "ambient", "weight_g": 0, "aisle": 1,
        "bay": 1, "shelf": 1,
    }  # fmt: skip
    return Pick(**fields | changed)
