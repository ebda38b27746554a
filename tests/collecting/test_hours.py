"""When an order is ready at a desk, and until when it is kept: by the clock of the place."""

from datetime import UTC, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from app.collecting import Desk, Hours, rules
from app.collecting.models import Promise, Spot
from app.errors import Conflict
from tests.staff_desk import open_shop
from tests.stock.builders import open_place

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def spot(*, opens=time(8), closes=time(20), days=range(1, 7), zone="Europe/Amsterdam", **desk):
    hours = [Hours(day, opens, closes) for day in days]
    return Spot(
        place_id=UUID(int=1), name="Perron Oost", street="Wilgenkade 1", postcode="3572 PK",
        city="Utrecht", country="NL", time_zone=zone, latitude=52.1, longitude=5.1,
        desk=Desk(hours=hours, ready_minutes=120, **desk),
    )  # fmt: skip


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


@pytest.mark.parametrize(
    ("now", "ready", "until"),
    [
        ("2026-11-25T10:05", "2026-11-25T12:15", "2026-11-28T20:00"),
        # Half an hour of work is done in the evening, the rest in the morning.
        ("2026-11-25T19:30", "2026-11-26T09:30", "2026-11-28T20:00"),
        ("2026-11-25T23:50", "2026-11-26T10:00", "2026-11-28T20:00"),
        # On Sunday nobody is there.
        ("2026-11-28T19:00", "2026-11-30T09:00", "2026-12-03T20:00"),
        # Christmas is a Friday and a Saturday.
        ("2026-12-24T19:59", "2026-12-28T10:00", "2026-12-31T20:00"),
        # The night in which the clock is put back has an hour more, the desk opens at eight.
        ("2026-10-24T21:00", "2026-10-26T10:00", "2026-10-29T20:00"),
    ],
)
def test_an_order_is_ready_after_so_much_open_time_and_kept_for_days(now, ready, until):
    found = rules.promise(spot(), at(now))

    assert found == Promise(at(ready).astimezone(UTC), at(until).astimezone(UTC))


def test_in_the_short_night_an_hour_of_the_clock_is_no_hour_of_work():
    desk = spot(opens=time(0), closes=time(12), days=range(1, 8))

    found = rules.promise(desk, at("2026-03-29T01:30"))

    assert found.ready_by == at("2026-03-29T04:30").astimezone(UTC)


def test_a_desk_that_never_opens_promises_nothing():
    assert rules.promise(spot(days=()), at("2026-11-25T10:00")) is None


def test_what_was_shown_is_kept_for_half_an_hour_and_never_made_longer():
    found = Promise(at("2026-11-25T12:30"), at("2026-11-28T20:00"))

    assert rules.still(at("2026-11-25T12:15"), found).ready_by == at("2026-11-25T12:15")
    assert rules.still(at("2999-01-01T00:00"), found) == found
    with pytest.raises(Conflict):
        rules.still(at("2026-11-25T11:45"), found)


async def test_a_merchandiser_opens_a_desk_and_hours_that_are_none_are_refused(database_url, pool):
    place = await open_place(pool, "lombok")
    hours = [{"weekday": 1, "opens": "09:00:00", "closes": "18:00:00"}]
    address = f"/api/v1/places/{place}/desk"
    async with open_shop(database_url) as shop:
        desk = await shop.desk("merchandiser")
        none = await shop.visitor.get(address)
        wrong = [
            await desk.put(address, json={"hours": what}, headers=key(n))
            for n, what in enumerate([[hours[0] | {"closes": "08:00:00"}], hours * 2])
        ]
        made = await desk.put(address, json={"hours": hours, "keep_days": 5}, headers=key(3))
        seen = (await shop.visitor.get(address)).json()
        form = {
            "command": str(UUID(int=9)), "place": str(place), "version": "1", "open": "true",
            "opens-2": "08:00", "closes-2": "20:00", "ready_minutes": "60", "keep_days": "2",
        }  # fmt: skip
        page = await desk.get("/merchandiser/collecting")
        forms = [
            await desk.post("/merchandiser/collecting", data=form | change)
            for change in (
                {"closes-2": "7 o'clock"}, {}, {}, {"command": str(UUID(int=8)), "hint": "late"},
            )
        ]  # fmt: skip
        later = (await shop.visitor.get(address)).json()
        points = (await shop.visitor.get("/api/v1/collecting/points")).json()["points"]

    assert (none.status_code, made.status_code) == (404, 200)
    assert [(answer.status_code, answer.json()["code"]) for answer in wrong] == [
        (422, "no-such-hours")
    ] * 2
    assert (seen["hours"], seen["keep_days"]) == (hours, 5)
    assert 'value="18:00"' in page.text
    assert 'value="7 o&#39;clock"' in forms[0].text, "what was written is not lost"
    assert forms[0].text.count("<details open>") == 1
    assert [answer.status_code for answer in forms] == [422, 303, 303, 409], (
        "seen before it changed"
    )
    assert (later["hours"][0]["weekday"], later["keep_days"], later["hint"]) == (2, 2, "")
    assert [point["place_id"] for point in points] == [str(place)]


def key(n):
    return {"Idempotency-Key": str(UUID(int=n + 1))}
