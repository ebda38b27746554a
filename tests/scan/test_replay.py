"""Scans of a phone that had no signal: each acts once and is told what became of it."""

import random

from app.db import new_id
from tests.cart.builders import print_label, put_on_shelf


async def replay(shop, scans):
    answer = await shop.post("/api/v1/scans/replay", json={"scans": scans})
    assert answer.status_code == 200, answer.text
    return answer.json()["results"]


async def test_a_shuffled_replay_of_fifty_twice_has_forty_five_effects(shop, db):
    shelf = [(await put_on_shelf(db, number=9000 + n)) for n in range(9)]
    labels = [(await print_label(db, milk, number))[0] for milk, number in shelf]
    retired, _ = await print_label(db, *shelf[0], state="retired")
    good = [
        {"id": str(new_id()), "text": f"HTTP://SHOP.TEST/{labels[n % 9]}/01/{shelf[n % 9][1]}"}
        for n in range(45)
    ]
    invalid = [
        {"id": str(new_id()), "text": text} for text in (retired, "0000000", "https://example.com/")
    ]
    kept = [*good, *invalid, good[3], good[17]]
    random.Random(7).shuffle(kept)

    first = await replay(shop, kept)
    await shop.app.state.scans.write()
    counted = await db.fetchval(
        "SELECT sum(adds)::int FROM scan.counts WHERE label = ANY($1::text[])", labels
    )
    random.Random(8).shuffle(kept)
    second = await replay(shop, kept)

    by_id = {result["id"]: result for result in first}
    assert len(first) == len(second) == 50
    assert [by_id[one["id"]]["problem"]["status"] for one in invalid] == [410, 404, 400]
    assert [by_id[one["id"]]["problem"]["code"] for one in invalid] == [
        "label-retired", "unknown-label", "unreadable-code",
    ]  # fmt: skip
    assert sum("scanned" in result for result in first) == 47
    assert counted == 45
    read = (await shop.get("/api/v1/cart")).json()
    assert (read["count"], read["version"]) == (45, 45)
    again = {result["id"]: result for result in second}
    for one in good:
        assert again[one["id"]]["scanned"] == by_id[one["id"]]["scanned"]
    assert await db.fetch("SELECT * FROM checks.cart_commands") == []


async def test_a_price_that_rose_meanwhile_is_told_with_the_new_one(shop, db):
    milk, number = await put_on_shelf(db, price=250, number=9100)
    label, _ = await print_label(db, milk, number, price=200, days=-1, since_days=9)

    [result] = await replay(shop, [{"id": str(new_id()), "text": label}])

    assert result["problem"]["code"] == "price-changed"
    assert (result["problem"]["state"]["price"], result["problem"]["state"]["printed_price"]) == (
        250,
        200,
    )


async def test_a_code_from_another_world_keeps_no_other_waiting(shop, db):
    """A camera reads business cards and tickets as well; what waits behind them must not wait for ever."""
    _, number = await put_on_shelf(db, number=9200)
    card = "BEGIN:VCARD\nN:de Vries;Kim\nEND:VCARD"
    texts = (card, "x" * 2_953, "https://shop.test/\u0000", number)

    results = await replay(shop, [{"id": str(new_id()), "text": text} for text in texts])

    assert [result.get("problem", {}).get("code") for result in results] == [
        *["unreadable-code"] * 3, None
    ]  # fmt: skip
    assert results[3]["scanned"]["count"] == 1


async def test_guesses_of_somebody_without_a_basket_leave_nothing_behind(shop, db):
    _, number = await put_on_shelf(db, number=9201)
    before = await db.fetchval("SELECT count(*) FROM cart.carts")
    guesses = [{"id": str(new_id()), "text": text} for text in ("0000000", "0000001")]

    refused = await replay(shop, guesses)

    assert [one["problem"]["code"] for one in refused] == ["unknown-label"] * 2
    assert await db.fetchval("SELECT count(*) FROM cart.carts") == before
    assert not shop.cookies
    mixed = await replay(shop, [*guesses, {"id": str(new_id()), "text": number}])
    assert [one.get("problem", {}).get("code") for one in mixed] == [
        *["unknown-label"] * 2, None
    ]  # fmt: skip


async def test_nothing_and_too_much_are_refused(shop):
    one = {"id": str(new_id()), "text": "0000000"}
    for scans in ([], [one] * 101):
        answer = await shop.post("/api/v1/scans/replay", json={"scans": scans})
        assert answer.status_code == 400
