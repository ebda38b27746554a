"""Handhelds of another make speak JSON: repeats act once, and roles are kept apart."""

from app.db import new_id
from tests.fulfilment.builders import world as open_world
from tests.staff_desk import open_shop


async def test_a_handheld_that_sends_a_scan_twice_gets_the_same_answer(database_url, pool):
    world = await open_world(pool)
    milk = await world.product("Melk")
    await world.sell((milk, 2))

    async with open_shop(database_url) as shop:
        picker, driver = await shop.desk("picker"), await shop.desk("driver")
        place = str(world.place)
        started = await picker.post(
            "/api/v1/picking/batches",
            json={"place_id": place},
            headers={"Idempotency-Key": str(new_id())},
        )
        [line] = started.json()["lines"]
        address, key = f"/api/v1/picking/picks/{line['id']}/picked", str(new_id())
        scan = {"code": milk.gtin, "quantity": 1}
        answers = [
            await picker.post(address, json=scan, headers={"Idempotency-Key": key})
            for _ in range(2)
        ]
        otherwise = await picker.post(
            address, json={**scan, "quantity": 2}, headers={"Idempotency-Key": key}
        )
        not_theirs = await driver.post(address, json=scan, headers={"Idempotency-Key": key})

    assert [answer.json() for answer in answers] == [{"state": "picking", "open": 1}] * 2
    assert (otherwise.status_code, not_theirs.status_code) == (422, 403)
