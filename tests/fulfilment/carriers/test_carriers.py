"""A carrier brings it: announced in files, followed by what comes back, whatever order it comes in."""

import asyncio
import json
import threading
from datetime import timedelta
from itertools import permutations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import fulfilment
from app.db import begin
from app.errors import Conflict
from app.fulfilment import carriers
from app.fulfilment.carriers import Fact, FileCarrier, files, rules
from tests.fulfilment.builders import NOW, offending
from tests.fulfilment.builders import world as open_world
from tests.staff_desk import open_shop

KINDS = ("accepted", "in_transit", "failed", "delivered")


def facts(sscc, *kinds):
    return [
        Fact(f"{sscc}-{n}", sscc, kind, NOW + timedelta(hours=n)) for n, kind in enumerate(kinds)
    ]


async def packed(world, *bought, parcels=1):
    order = await world.sell(*bought)
    [part] = await world.pick_everything()
    packer = await world.person("packer")
    async with begin(world.pool) as db:
        table = await fulfilment.packing.table(db, part)
    if parcels == 1:
        return order, part, await world.pack(part, packer)
    numbers = [
        (await world.act(fulfilment.packing.seal, packer, part, line.storage, {line.pick_id: line.left}))["sscc"]
        for line in table.lines
    ]  # fmt: skip
    return order, part, numbers


def told(folder, name, *found):
    """As a carrier leaves it."""
    statuses = folder / "statuses"
    statuses.mkdir(parents=True, exist_ok=True)
    body = [{"id": one.id, "sscc": one.sscc, "kind": one.kind, "at": one.at.isoformat(),
             "track_at": "https://carrier.example/t/1"} for one in found]  # fmt: skip
    (statuses / f"{name}.json").write_text(json.dumps({"facts": body}))


async def test_a_packed_order_is_announced_and_followed_to_the_door_in_files(
    database_url, pool, tmp_path
):
    world = await open_world(pool)
    bread = await world.product("Volkorenbrood")
    order, part, [sscc] = await packed(world, (bread, 2))
    folder = tmp_path / "carrier"
    carrier = FileCarrier(folder)

    async with open_shop(database_url) as shop:
        desk = await shop.desk("dispatcher")
        bookable = (await desk.get("/api/v1/carriers")).json()["bookable"]
        body, key = {"fulfilment_id": str(part)}, {"Idempotency-Key": str(order)}
        booked = [await desk.post("/api/v1/carriers/bookings", json=body, headers=key)] * 2
        folder.write_text("a file where the folder should be")  # it cannot be told now
        await carriers.announce_due(pool, carrier)
        [waits] = (await desk.get("/api/v1/carriers")).json()["consignments"]
        folder.unlink()
        await pool.execute("UPDATE fulfilment.consignments SET due_at = now()")
        await asyncio.gather(*(carriers.announce_due(pool, carrier) for _ in range(2)))
        announced = json.loads((folder / "announcements" / f"{sscc}.json").read_text())
        label = json.loads((folder / "label-requests" / f"{sscc}.json").read_text())
        told(folder, "1", *facts(sscc, *KINDS)[1:])
        told(folder, "2", *facts(sscc, *KINDS))
        told(folder, "3", *facts("0" * 18, "delivered"))
        (folder / "statuses" / "4.json").write_text('{"facts": [{"id": 1}]}')
        (folder / "statuses" / "5.json").symlink_to("/etc/hostname")
        await asyncio.gather(*(carriers.listen(pool, carrier) for _ in range(3)))
        [arrived] = (await desk.get("/api/v1/carriers")).json()["consignments"]

    assert [one["fulfilment_id"] for one in bookable] == [str(part)]
    assert [answer.json() for answer in booked] == [{"carrier": "files", "parcels": 1}] * 2
    assert (waits["state"], waits["attempts"]) == ("wanted", 1)
    assert "Not a directory" in waits["problem"] or "exists" in waits["problem"]
    assert (announced["receiver"]["street"], label["sscc"]) == ("Kanaalstraat 12", sscc)
    assert (arrived["state"], arrived["track_at"]) == ("delivered", "https://carrier.example/t/1")
    assert await world.state(order) == ("delivered", "delivered")
    assert not (folder / "announcements" / f"{sscc}.json").exists(), (
        "whose door it was is forgotten"
    )
    assert sorted(path.name for path in (folder / "statuses" / "read").iterdir()) == [
        "1.json", "2.json", "3.json",
    ]  # fmt: skip
    assert [path.name for path in (folder / "statuses" / "wrong").iterdir()] == ["4.json"]
    assert await pool.fetchval("SELECT count(*) FROM fulfilment.carrier_facts") == 4
    assert await offending(pool) == {}


async def test_what_we_stumble_over_keeps_no_other_news_waiting(world, tmp_path, monkeypatch):
    bread = await world.product("Volkorenbrood", price=200)
    order, part, [sscc] = await packed(world, (bread, 1))
    await world.act(carriers.book, await world.person("dispatcher"), part, "files")
    carrier, statuses = carriers.FileCarrier(tmp_path), tmp_path / "statuses"
    statuses.mkdir()
    monkeypatch.setattr(files, "MOST_AT_ONCE", 1)
    [known] = facts(sscc, "in_transit")
    stranger = Fact("odd", "0" * 18, "accepted", NOW)
    for name, said in {"1": stranger, "2": known}.items():
        told = msgspec.json.encode({"facts": [said]})
        (statuses / f"{name}.json").write_bytes(told)

    async def of_returns(db, fact):
        raise ZeroDivisionError(fact.id)

    for _ in range(2):
        await carriers.listen(world.pool, carrier, of_returns)

    assert (await carriers.of_order(world.pool, order))[0].state == "in_transit"
    assert [path.name for path in statuses.glob("*.json")] == ["1.json"], "told again later"


async def test_of_two_parcels_one_comes_back_and_is_paid_back_once_whatever_is_told_when(world):
    bread = await world.product("Volkorenbrood", price=200)
    jam = await world.product("Jam", price=300)
    order, part, [first, second] = await packed(world, (bread, 2), (jam, 1), parcels=2)
    await world.act(carriers.book, await world.person("dispatcher"), part, "files")
    news = facts(first, *KINDS) + facts(second, "in_transit", "returned")

    for fact in [*news[::-1], *news, Fact("late", first, "returned", NOW + timedelta(days=2))]:
        await carriers.hear(world.pool, "files", fact)

    assert await world.state(order) == ("delivered", "delivered")
    assert await world.refunds(order) == 300
    assert await world.level(jam) == (50, 0)
    [one, other] = await carriers.of_order(world.pool, order)
    assert (one.state, other.state) == ("delivered", "returned")
    assert one.problem == "returned, after it was delivered", "somebody has to ask them"
    assert await offending(world.pool) == {}


async def test_what_all_comes_back_is_paid_back_and_what_is_cold_or_for_adults_never_goes(world):
    bread = await world.product("Volkorenbrood", price=200)
    milk, beer = (
        await world.product("Melk", storage="chilled"),
        await world.product("Witbier", age_limit=18),
    )
    person = await world.person("dispatcher")
    order, part, [sscc] = await packed(world, (bread, 1))
    await world.act(carriers.book, person, part, "files")
    for fact in facts(sscc, "in_transit", "failed", "returned"):
        await carriers.hear(world.pool, "files", fact)
    refused = {}
    for product in (milk, beer):
        _, cold, _ = await packed(world, (product, 1))
        with pytest.raises(Conflict) as error:
            await world.act(carriers.book, person, cold, "files")
        refused[product.name] = error.value.code

    assert await world.state(order) == ("returned", "cancelled")
    assert await world.refunds(order) == 200 + 399
    assert refused == {"Melk": "cold-by-carrier", "Witbier": "age-by-carrier"}
    assert await offending(world.pool) == {}


@given(st.lists(st.sampled_from([*KINDS, "returned"]), min_size=1, max_size=4))
def test_where_a_parcel_stands_does_not_depend_on_what_was_heard_first(kinds):
    history = [(kind, NOW + timedelta(hours=n)) for n, kind in enumerate(kinds)]

    assert len({rules.state_of(one) for one in permutations(history)}) == 1


async def test_a_folder_that_hangs_is_given_up_and_keeps_nobody_else_waiting(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "PATIENCE_S", 0.05)
    carrier, lets_go = carriers.FileCarrier(tmp_path), threading.Event()
    carrier._hands.submit(lets_go.wait)

    with pytest.raises(carriers.Unreachable):
        await carrier.news()
    assert await asyncio.to_thread(lambda: "the others go on") == "the others go on"
    lets_go.set()

    assert await carrier.news() == []


def test_what_a_carrier_says_of_a_time_nobody_lives_in_cannot_be_read():
    said = {"id": "1", "sscc": "0" * 18, "kind": "accepted", "at": "0001-01-01T00:00:00+14:00"}

    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"facts": [said]}, files.Told)
