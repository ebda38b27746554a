"""The desk of sourcing: rules are tried on the past before they count, and what nobody can send is
seen to; everybody of the shop can read why an order comes from where it comes from."""

from uuid import UUID, uuid4

import pytest

from tests.checkout.several import TwoStores, parts_of, split_order

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
async def stores(shop):
    stage = await TwoStores.set_up(shop, here=5, there=5)
    yield stage
    assert await stage.faults() == []


async def fill_in(client, **changes):
    """The form of the rules as it stands, with some fields changed."""
    page = (await client.get("/sourcing/rules", headers=ENGLISH)).text
    fields = {"command": str(uuid4()), "seen": "0", "most": "200"}
    for name in ("parcel", "kilometre", "crowding", "store_piece", "dark_store_piece", "risk",
                 "unfilled_piece", "safety_stock"):  # fmt: skip
        assert f'name="{name}"' in page
        fields[name] = page.partition(f'name="{name}"')[2].partition('value="')[2].partition('"')[0]
    return fields | changes


async def test_rules_are_tried_seen_and_published_and_stand_in_the_next_decision(stores):
    desk = await stores.staff("dispatcher")
    await split_order(stores, quantity=1)
    place = UUID(await stores.pool.fetchval("SELECT place_id::text FROM orders.orders"))
    wrong = await desk.post(
        "/sourcing/rules/tries", data=await fill_in(desk, parcel="a lot"), headers=ENGLISH
    )
    group = {"g0-name": "Closed on Sundays", f"g0-p-{place}": "on", "g0-surcharge": "900"}
    flags = {"g0-sends": "on", "g0-cold": "on", "g0-age_limited": "on", "g0-closes": "23:59"}

    asked = await desk.post("/sourcing/rules/tries", data=await fill_in(desk, **group, **flags))
    at = asked.headers["location"]
    waits = await desk.get(at, headers=ENGLISH)
    too_soon = await desk.post(f"{at}/publish", data={"command": str(uuid4())}, headers=ENGLISH)
    await stores.work()
    seen = await desk.get(at, headers=ENGLISH)
    published = [
        await desk.post(f"{at}/publish", data={"command": str(uuid4())}, headers=ENGLISH)
        for _ in range(2)
    ]

    assert (wrong.status_code, "Please write a whole number here." in wrong.text) == (422, True)
    assert 'http-equiv="refresh"' in waits.text
    assert too_soon.status_code == 409
    assert "1 past order" in seen.text
    assert "1 of them would have come from elsewhere." in seen.text
    assert [answer.status_code for answer in published] == [303, 409]
    assert "Somebody has changed the rules meanwhile" in published[1].text
    form = (await desk.get("/sourcing/rules", headers=ENGLISH)).text
    assert "Version 1" in form
    assert 'value="Closed on Sundays"' in form

    _, second = await split_order(stores, quantity=1)
    reason = (await desk.get(f"/sourcing/orders/{second['order_id']}", headers=ENGLISH)).text
    assert "rules of version 1" in reason
    assert "chosen" in reason
    picker = await stores.staff("picker")
    assert (await picker.get("/sourcing/rules")).status_code == 403


async def test_what_nobody_can_send_is_seen_to_on_its_page(stores):
    buyer, placed = await split_order(stores, quantity=10)
    desk = await stores.staff("dispatcher", "operator")
    empty = (await desk.get("/sourcing", headers=ENGLISH)).text
    part = (await parts_of(stores, placed))[stores.place_id][0]
    by_number = await desk.get(f"/sourcing?number={placed['number'].lower()}")
    form = {"command": str(uuid4()), "part": str(part), "reason": "Flooded"}
    refused = [
        await desk.post(f"/sourcing/orders/{placed['order_id']}/refuse", data=form)
        for _ in range(2)
    ]
    again = form | {"command": str(uuid4())}
    moved_on = await desk.post(f"/sourcing/orders/{placed['order_id']}/refuse", data=again)
    await stores.pool.execute("UPDATE stock.places SET open = false WHERE id = $1", stores.place_id)
    at = f"/sourcing/{placed['order_id']}"

    listed = (await desk.get("/sourcing", headers=ENGLISH)).text
    state = (await desk.get("/state", headers=ENGLISH)).text
    in_vain = await desk.post(f"{at}/again", data={"command": str(uuid4())}, headers=ENGLISH)
    waits = await desk.post(f"{at}/wait", data={"command": str(uuid4())})
    put_off = (await desk.get("/sourcing", headers=ENGLISH)).text
    paid = await desk.post(f"{at}/give-up", data={"command": str(uuid4())})
    await stores.work()

    assert "Nothing waits" in empty
    assert by_number.headers["location"] == f"/sourcing/orders/{placed['order_id']}"
    assert [answer.status_code for answer in (*refused, moved_on)] == [303, 303, 409]
    assert placed["number"] in listed
    assert "1 order nobody can send" in state
    assert (in_vain.status_code, "Nobody can send it just now" in in_vain.text) == (409, True)
    assert (waits.status_code, paid.status_code) == (303, 303)
    assert "put off until" in put_off
    order = (await buyer.track(placed))["order"]
    assert order["state"] == "confirmed", "the other five still come"
    why = (await desk.get(f"/sourcing/orders/{placed['order_id']}", headers=ENGLISH)).text
    assert "Could not send it" in why
    assert "Nobody: 5 ×" in why
