"""What comes from several places is changed, moved and called off at all of them."""

from collections import Counter

from tests.checkout.several import paid_back, parts_of, send, split_order
from tests.checkout.stage import FEE, open_slot


async def test_called_off_everything_is_free_at_both_places(stores):
    buyer, placed = await split_order(stores)

    cancelled = await buyer.cancel(placed)
    await stores.work()

    assert cancelled.json()["order"]["state"] == "cancelled"
    assert {state for _, state in (await parts_of(stores, placed)).values()} == {"cancelled"}
    assert await stores.levels() == {stores.place_id: (1, 0), stores.other_place: (1, 0)}
    assert await stores.pool.fetchval("SELECT sum(used)::int FROM slots.slots") == 0
    assert await paid_back(stores, placed) == placed["total"]


async def test_fewer_is_one_delivery_and_another_time_moves_both(stores):
    buyer, placed = await split_order(stores)
    token = placed["track_at"].rpartition("/")[2]
    later = []
    for place in (stores.place_id, stores.other_place):
        later.append(await open_slot(stores.pool, place, in_hours=54))
    await stores.pool.execute(
        """
        UPDATE slots.slots AS slot
           SET starts_at = first.starts_at, ends_at = first.ends_at
          FROM slots.slots AS first
         WHERE first.id = $1 AND slot.id = $2
        """,
        *later,
    )
    order = (await buyer.track(placed))["order"]
    mine = later[0] if order["place_id"] == str(stores.place_id) else later[1]

    moved = await send(buyer.client, f"/api/v1/orders/{token}/slot", {"slot": str(mine)})
    await stores.work()
    windows = await stores.pool.fetch(
        "SELECT window_starts_at FROM fulfilment.fulfilments WHERE state = 'released'"
    )
    one = {"quantities": {"1": 1}, "total": 249 + 15 + FEE}
    await send(buyer.client, f"/api/v1/orders/{token}/contents", one)
    await stores.work()

    used = await stores.pool.fetch("SELECT id FROM slots.slots WHERE used > 0")
    assert moved["order"]["slot_id"] == str(mine)
    assert len({row["window_starts_at"] for row in windows}) == 1
    assert len(windows) == 2
    assert len(used) == 1, "the place that sends nothing any more has its room back"
    states = Counter(state for _, state in (await parts_of(stores, placed)).values())
    assert states == {"released": 1, "cancelled": 1}
    assert await stores.reserved() == 1
