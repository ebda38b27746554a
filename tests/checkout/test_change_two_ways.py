"""Until picking starts either part changes, moves or is called off without the other."""

from tests.checkout.several import send
from tests.checkout.stage import FEE, open_slot
from tests.checkout.two_ways import OneStore, TwoPlaces, batch_at, pick, ways


async def change(buyer, placed, quantities, **wish):
    """Seen first, then agreed to."""
    token = placed["track_at"].rpartition("/")[2]
    wanted = {"quantities": quantities, **wish}
    seen = await send(buyer.client, f"/api/v1/orders/{token}/contents/look", wanted)
    agreed = wanted | {"total": seen["receipt"]["total"]}
    return await send(buyer.client, f"/api/v1/orders/{token}/contents", agreed)


async def test_the_brought_part_is_called_off_alone_with_what_bringing_it_costs(shop):
    town = await TwoPlaces.open(shop)
    buyer = await town.both(2, 1)
    placed = await buyer.order_and_pay()

    await change(buyer, placed, {"1": 0})
    await town.work()

    states = {way: state for way, (_, state) in (await ways(town, placed)).items()}
    assert states == {"delivery": "cancelled", "collect": "released"}
    assert await town.refunded() == 2 * (249 + 15) + FEE
    assert await town.levels() == ((10, 0), (10, 1))
    assert await town.pool.fetchval("SELECT sum(used)::int FROM slots.slots") == 0
    page = await buyer.page(placed)
    assert "Donkere winkel" in page
    assert await town.faults() == []
    more = {"added": [{"product_id": str(town.beer), "quantity": 1}]}
    asked = await change(buyer, placed, {}, **more)
    assert asked["change"]["difference"] == 180, "what comes to it is collected like the rest"


async def test_the_collected_part_is_called_off_alone_or_grows_once_it_is_paid(shop):
    town = await TwoPlaces.open(shop)
    buyer, other = await town.both(1, 2), await town.both(1, 1)
    placed, kept = await buyer.order_and_pay(), await other.order_and_pay()

    await change(buyer, placed, {"2": 0})
    grown = await change(other, kept, {"1": 2, "2": 3})
    waiting = await town.levels()
    await other.choose({"pay_at": grown["pay_at"]}, "pay")
    await town.work()

    states = {way: state for way, (_, state) in (await ways(town, placed)).items()}
    assert states == {"delivery": "released", "collect": "cancelled"}
    assert await town.refunded() == 2 * (249 + 15)
    assert waiting == ((10, 1 + 2), (10, 3)), "what is more is kept until it is paid"
    assert await town.levels() == ((10, 1 + 2), (10, 3))
    order = (await other.track(kept))["order"]
    assert [line["quantity"] for line in order["lines"]] == [2, 3]
    assert order["sums"]["total"] == 5 * (249 + 15) + FEE
    assert await town.faults() == []


async def test_another_time_is_one_of_the_van_and_what_waits_at_the_desk_waits_there(shop):
    town = await OneStore.open(shop)
    later = await open_slot(town.pool, town.place_id, in_hours=54)
    buyer = await town.both(1, 1)
    placed = await buyer.order_and_pay()
    before = (await buyer.track(placed))["order"]
    token = placed["track_at"].rpartition("/")[2]

    moved = await send(buyer.client, f"/api/v1/orders/{token}/slot", {"slot": str(later)})
    await town.work()

    assert moved["order"]["slot_id"] == str(later)
    assert moved["order"]["pick_up"] == before["pick_up"]
    windows = await town.pool.fetch("SELECT way, window_starts_at FROM fulfilment.fulfilments")
    starts = {row["way"]: row["window_starts_at"].isoformat() for row in windows}
    assert starts["collect"][:19] == before["pick_up"]["ready_by"][:19]
    assert starts["delivery"][:19] == moved["order"]["starts_at"][:19]
    assert await town.faults() == []


async def test_called_off_whole_everything_is_free_until_one_part_is_being_picked(shop):
    town = await OneStore.open(shop)
    buyer, late = await town.both(1, 1), await town.both(1, 1)
    placed, picked = await buyer.order_and_pay(), await late.order_and_pay()

    cancelled = await buyer.cancel(placed)
    await town.work()
    worker = await town.worker()
    first, _ = await batch_at(worker, town.place_id)
    await pick(worker, first)
    refused = await late.cancel(picked)

    assert cancelled.json()["order"]["state"] == "cancelled"
    assert {state for _, state in (await ways(town, placed)).values()} == {"cancelled"}
    assert await town.refunded() == placed["total"]
    assert (refused.status_code, refused.json()["code"]) == (409, "order-moved-on")
    assert await town.reserved() == 1
    assert await town.faults() == []


async def test_one_part_is_left_out_with_one_tap_on_the_page_of_the_change(shop):
    town = await TwoPlaces.open(shop)
    buyer = await town.both(1, 1)
    placed = await buyer.order_and_pay()
    path = placed["track_at"].removeprefix(town.settings.base_url) + "/change"
    english = {"Accept-Language": "en"}

    form = (await buyer.client.get(path, headers=english)).text
    seen = await buyer.client.post(path, data={"do": "without-collect"}, headers=english)

    assert "Without what is collected" in form
    assert "€2.64 is paid back" in seen.text
    assert (await buyer.track(placed))["order"]["version"] == 2, "nothing has changed yet"
