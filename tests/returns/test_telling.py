"""What a driver took along without a signal: told afterwards, twice, and in any order."""

import asyncio
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from tests.fulfilment.builders import offending
from tests.returns.desks import mails, signed_in
from tests.returns.stage import Delivered
from tests.returns.test_asking import fetched_by_van


@pytest.fixture
async def sold(shop):
    sold = await Delivered.set_up(shop, gift=0)
    yield sold
    assert await offending(sold.pool) == {}


def act(do, run, **told):
    return {
        "id": str(uuid4()),
        "do": do,
        "run": str(run),
        "at": datetime.now(UTC).isoformat(),
        **told,
    }


async def tell(driver, *acts):
    answer = await driver.post("/api/v1/driving/replay", json={"acts": acts})
    assert answer.status_code == 200, answer.text
    return answer.json()["results"]


async def cases(sold):
    return await sold.pool.fetch("SELECT kind, words FROM cases.cases ORDER BY opened_at, id")


async def stop(sold):
    return await sold.pool.fetchval("SELECT state FROM returns.collections")


async def test_fetched_at_a_door_and_told_last_first_pays_once(sold):
    driver, run, asked = await fetched_by_van(sold, "A", leave=False)
    fetched = act("fetch", run, request=asked, amount=1000)
    left, back = act("depart", run, totes=[]), act("back", run)

    [early] = await tell(driver, fetched)
    twice = await asyncio.gather(*(tell(driver, back, fetched, left) for _ in range(2)))
    again = await tell(driver, fetched, act("fetch", run, request=asked, amount=1000))
    nobody = await tell(driver, act("not-fetched", run, request=asked, why="not-home"))
    await sold.stage.work()

    assert early["state"] == "waits"
    assert {one["state"] for answers in twice for one in answers} == {"done"}
    assert again[0]["outcome"] == {"amount": 1000, "currency": "EUR"}
    assert again[1]["problem"]["code"] == "settled-already"
    assert nobody[0]["problem"]["code"] == "moved-on", "it was fetched"
    assert sum((await sold.went_back()).values()) == 1000
    assert await stop(sold) == "collected"
    assert "CollectionFailed" not in await mails(sold)


async def test_who_was_not_home_has_chosen_another_time_by_the_time_it_is_told(sold):
    driver, run, asked = await fetched_by_van(sold, "A")
    await sold.pool.execute(
        "UPDATE returns.collections SET starts_at = starts_at + interval '1 day',"
        " ends_at = ends_at + interval '1 day'"
    )
    nobody = act("not-fetched", run, request=asked, why="not-home")

    [refused] = await tell(driver, nobody)
    assert (refused["problem"]["code"], await stop(sold)) == ("moved-on", "planned")

    fetched = act("fetch", run, request=asked, amount=2000)
    for _ in range(2):
        [refused] = await tell(driver, fetched)
    assert refused["problem"]["code"] == "less-than-said"
    assert await stop(sold) == "failed", "no other van comes for what is in this one"
    assert "CollectionFailed" not in await mails(sold), "nor is anybody asked to bring it"
    [case] = await cases(sold)
    assert case["kind"] == "other"
    assert "De bezorger heeft het meegenomen" in case["words"]
    assert sum((await sold.went_back()).values()) == 0

    fetched = act("fetch", run, request=asked)
    assert (await tell(driver, fetched))[0]["problem"]["code"] == "has-to-be-said", "half an offer"
    stranger = await signed_in(sold, "picker")
    told = await stranger.post("/api/v1/driving/replay", json={"acts": [fetched]})
    assert told.status_code == 403


async def test_what_is_told_of_a_door_after_the_van_is_back_counts_once(sold):
    run = await sold.pool.fetchval("SELECT id FROM fulfilment.runs")
    await sold.pool.execute("UPDATE catalog.products SET deposit = 15")
    driver = await signed_in(sold, "driver")
    order = str(sold.id)
    acts = [
        act("take-back", run, order=order, lines={"1": 1}, cause="damaged"),
        act("take-back", run, order=order, lines={"3": 1}, cause="changed-mind"),
        act("empties", run, order=order, counted={"15": 4}),
        act("complain", run, order=order, kind="late", words="Two hours"),
    ]

    first = await tell(driver, *acts)
    again = await tell(driver, *reversed(acts))
    nothing = await tell(driver, act("empties", run, order=order, counted={}))
    elsewhere = await tell(
        driver, act("complain", run, order=str(uuid4()), kind="late", words="Late")
    )
    await sold.pool.execute("UPDATE orders.orders SET email = ''")
    [told] = await tell(driver, act("empties", run, order=order, counted={"15": 1}))

    assert [one["state"] for one in first] == ["done", "refused", "done", "done"]
    assert [one["outcome"] for one in first if "outcome" in one] == [
        one["outcome"] for one in reversed(again) if "outcome" in one
    ]
    assert first[2]["outcome"] == {"amount": 60, "currency": "EUR"}, "its code goes by mail"
    assert sum((await sold.went_back()).values()) == first[0]["outcome"]["amount"] > 0
    assert first[1]["problem"]["code"] == "has-to-be-said"
    assert nothing[0]["problem"]["code"] == "no-empties"
    assert elsewhere[0]["problem"]["status"] == 404
    assert told["outcome"]["amount"] == 15
    assert len(told["outcome"]["code"]) > 10, "nobody could mail it"
    assert sorted(case["kind"] for case in await cases(sold)) == ["damaged", "late", "other"]
    counted = "SELECT count(*) FROM returns.empties"
    assert await sold.pool.fetchval(counted) == 2
