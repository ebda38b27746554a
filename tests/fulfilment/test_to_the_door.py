"""The whole way of an order, from confirmed to delivered, on real tables."""

from app import fulfilment
from tests.fulfilment.builders import offending


async def test_a_confirmed_order_is_picked_packed_loaded_and_delivered(world):
    milk = await world.product("Halfvolle melk", storage="chilled")
    bread = await world.product("Volkorenbrood")
    order = await world.sell((milk, 2), (bread, 1))
    assert await world.state(order) == ("released", "confirmed")

    [part] = await world.pick_everything()
    assert await world.state(order) == ("picked", "in_fulfilment")
    assert await world.level(milk) == (48, 0)

    parcels = await world.pack(part)
    assert len(parcels) == 2, "chilled goods travel apart"
    assert await world.state(order) == ("packed", "packed")

    driver, run = await world.person("driver"), await world.run_of(order)
    for parcel in parcels:
        await world.act(fulfilment.delivery.load, driver, run, parcel)
    await world.act(fulfilment.delivery.depart, driver, run)
    assert await world.state(order) == ("out_for_delivery", "on_the_way")

    await world.act(fulfilment.delivery.deliver, driver, await world.stop_of(order))
    await world.act(fulfilment.delivery.come_back, driver, run)
    assert await world.state(order) == ("delivered", "delivered")
    assert await offending(world.pool) == {}
