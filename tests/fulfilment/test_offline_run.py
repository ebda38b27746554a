"""A whole run without signal, told afterwards in any order, twice: the same end, one refund."""

import asyncio
import base64
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from io import BytesIO

from PIL import Image

from app.db import new_id
from tests.fulfilment.builders import offending
from tests.fulfilment.builders import world as open_world
from tests.staff_desk import open_shop


def signature():
    body = BytesIO()
    Image.new("RGBA", (60, 30)).save(body, "PNG")
    return {"kind": "signature", "picture": base64.b64encode(body.getvalue()).decode()}


async def twelve_doors(world):
    """Orders that are packed and stand beside the van; the last one is cold in part."""
    bread = await world.product("Brood", price=250)
    milk = await world.product("Melk", price=149, storage="chilled")
    orders = [
        await world.sell(
            (bread, 2), *([(milk, 1)] if number == 12 else []), house_number=str(number)
        )
        for number in range(1, 13)
    ]
    for _ in range(2):
        for part in await world.pick_everything():
            await world.pack(part)
    return orders


async def what_the_driver_did(world, run, orders):
    """One after the other, by the phone's clock: loaded, gone, twelve doors, back."""
    rows = await world.pool.fetch("SELECT sscc FROM fulfilment.parcels ORDER BY sscc")
    totes = [row["sscc"] for row in rows]
    began = datetime.now(UTC) - timedelta(hours=2)
    acts = [{"do": "load", "code": sscc} for sscc in totes]
    acts.append({"do": "depart", "totes": totes})
    for number, order in enumerate(orders, 1):
        stop = str(await world.stop_of(order))
        if number == 5:
            acts.append({"do": "fail", "stop": stop, "reason": "not-home", "next": "again"})
        elif number == 7:
            refused = [{"line_no": 1, "quantity": 1}]
            acts.append({"do": "deliver", "stop": stop, "refused": refused})
        else:
            acts.append({"do": "deliver", "stop": stop, "proof": signature()})
    acts.append({"do": "note", "stop": stop, "words": "Second floor"})
    acts.append({"do": "back"})
    return [
        {
            "id": str(new_id()),
            "run": str(run),
            "at": (began + timedelta(minutes=n)).isoformat(),
            **act,
        }
        for n, act in enumerate(acts)
    ]


async def tell(driver, acts):
    """As a phone does: what waits for another act is sent again."""
    answer = await driver.post(
        "/api/v1/driving/replay",
        json={"acts": acts, "sent_at": (datetime.now(UTC) - timedelta(minutes=10)).isoformat()},
    )
    assert answer.status_code == 200, answer.text
    return answer.json()["results"]


async def test_twelve_doors_told_twice_and_out_of_order_end_the_same_with_one_refund(
    database_url, pool
):
    world = await open_world(pool)
    orders = await twelve_doors(world)
    run = await world.run_of(orders[0])
    before = await pool.fetch("SELECT order_id, sscc FROM fulfilment.parcels ORDER BY sscc")
    acts = await what_the_driver_did(world, run, orders)

    async with open_shop(database_url) as shop:
        driver = await shop.desk("driver")
        left, tried = acts[:], 0
        random.Random(3).shuffle(left)
        while left:
            tried += 1
            act = left.pop(0)
            [result], twin = await asyncio.gather(tell(driver, [act]), tell(driver, [act]))
            assert [result["state"]] == [one["state"] for one in twin], "told twice at once"
            if result["state"] == "waits":
                left.append(act)
            else:
                assert result["state"] == "done", (act, result)
            assert tried < 500
        assert tried > len(acts), "some came before what they follow from"
        end = await everything(pool)
        again = acts[:]
        random.Random(4).shuffle(again)
        assert {result["state"] for result in await tell(driver, again)} == {"done"}
        stranger = await (await shop.desk("picker")).post(
            "/api/v1/driving/replay", json={"acts": acts}
        )
        assert stranger.status_code == 403

    assert await everything(pool) == end
    states = Counter([(await world.state(order))[0] for order in orders])
    assert states == {"delivered": 11, "failed": 1}
    assert await world.state(orders[4]) == ("failed", "not_home")
    assert await pool.fetchval("SELECT count(*) FROM payments.refunds") == 1
    assert await world.refunds(orders[6]) == 250
    assert await pool.fetchval("SELECT count(*) FROM fulfilment.proofs") == 10
    assert await pool.fetch("SELECT order_id, sscc FROM fulfilment.parcels ORDER BY sscc") == before
    skews = await pool.fetch("SELECT DISTINCT details->'clock_off_s' AS off_s FROM fulfilment.acts")
    assert all(595 <= row["off_s"] <= 605 for row in skews if row["off_s"] is not None)
    await world.comes_again(orders[4])
    assert await world.state(orders[4]) == ("packed", "not_home")
    assert await offending(pool) == {}


async def everything(pool):
    """Where all of it stands, without the times."""
    return [
        await pool.fetch(sql)
        for sql in (
            "SELECT order_id, state, attempts, version FROM fulfilment.fulfilments ORDER BY id",
            "SELECT state, handed_to, reason, next_step, run_id FROM fulfilment.stops ORDER BY id",
            "SELECT id, amount, state FROM payments.refunds ORDER BY id",
            "SELECT product_id, on_hand, reserved FROM stock.levels ORDER BY product_id",
            "SELECT stop_id, kind, file FROM fulfilment.proofs ORDER BY stop_id",
            "SELECT pick_id, quantity, cause, becomes FROM fulfilment.refusals ORDER BY pick_id",
            "SELECT count(*) FROM jobs.events",
        )
    ]
