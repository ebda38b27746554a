"""Handhelds of another make speak JSON: repeats act once, and roles are kept apart."""

from app.db import new_id
from app.orders.rules import link_token
from tests.fulfilment.builders import SECRET
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


async def test_a_handheld_offers_something_else_and_the_shopper_says_yes_over_the_api(
    database_url, pool
):
    world = await open_world(pool)
    milk = await world.product("Melk", price=149, content_unit="g")
    other = await world.product("Volle melk", price=129, content_unit="g")
    wine = await world.product("Wijn", age_limit=18)

    async with open_shop(database_url) as shop:
        picker, merchant = await shop.desk("picker"), await shop.desk("merchandiser")
        handling = f"/api/v1/picking/handling/{other.id}"
        await merchant.put(handling, json={"item_number": "2812345", "dated": True})
        taken = await merchant.put(
            f"/api/v1/picking/handling/{milk.id}", json={"item_number": "2812345"}
        )
        spots = f"/api/v1/picking/places/{world.place}/spots"
        stands = await merchant.put(f"{spots}/{milk.id}", json={"aisle": 7, "bay": 2, "shelf": 3})
        nowhere = await merchant.put(f"{spots}/{new_id()}", json={"aisle": 7, "bay": 2, "shelf": 3})
        order = await world.sell((milk, 2), wish="ask-me")
        tracked = f"/api/v1/orders/{link_token(SECRET, order)}/substitutes"
        started = await picker.post(
            "/api/v1/picking/batches", json={"place_id": str(world.place)}, headers=keyed()
        )
        [line] = started.json()["lines"]
        pick = f"/api/v1/picking/picks/{line['id']}"
        wrong = await picker.post(f"{pick}/picked", json={"code": wine.gtin}, headers=keyed())
        refused = await picker.post(
            f"{pick}/substitutes", json={"code": wine.gtin}, headers=keyed()
        )
        [proposal] = (await picker.get(f"{pick}/substitutes")).json()
        again = keyed()
        offers = [
            await picker.post(
                f"{pick}/substitutes", json={"product_id": proposal["product_id"]}, headers=again
            )
            for _ in range(2)
        ]
        [asked] = (await shop.visitor.get(tracked)).json()
        yes, no = keyed(), keyed()
        answers = [
            await shop.visitor.post(f"{tracked}/{asked['id']}", json={"yes": word}, headers=key)
            for word, key in ((True, yes), (True, yes), (False, no))
        ]
        page = f"/orders/{link_token(SECRET, order)}"
        too_late = await shop.visitor.post(
            f"{page}/substitutes/{asked['id']}", data={"command": str(new_id()), "answer": "no"},
            headers={"accept": "text/html"},
        )  # fmt: skip

    assert taken.json()["code"] == "number-taken"
    assert (stands.status_code, nowhere.status_code) == (204, 404)
    assert (line["aisle"], line["bay"], line["shelf"]) == (7, 2, 3)
    assert (wrong.json()["code"], refused.json()["code"]) == ("wrong-item", "too-old")
    assert (line["codes"], line["substitution"]) == ([milk.gtin], "ask-me")
    assert (proposal["gtin"], proposal["charged"]) == (other.gtin, 129)
    assert offers[0].json() == offers[1].json()
    assert (asked["charged"], asked["paid"], asked["comes_if_silent"]) == (258, 298, False)
    assert [answer.status_code for answer in answers] == [200, 200, 409]
    assert answers[1].json()[0]["state"] == "accepted"
    assert too_late.status_code == 409
    assert "In plaats van Melk: 2 × Volle melk" in too_late.text


def keyed():
    return {"Idempotency-Key": str(new_id())}
