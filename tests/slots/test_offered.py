"""What a shopper can choose: who delivers there, what still has room, and until when."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from app import slots
from app.errors import Conflict, Unprocessable
from tests.slots.builders import EVENING, MORNING, a_slot, delivering_place, hold

MONDAY_NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)  # 12:00 in Utrecht
ONE_O_CLOCK = MONDAY_NOON + timedelta(hours=1)


async def test_tonight_is_offered_until_one_o_clock(db, place):
    await slots.plan(db, place, 1, [EVENING], now=MONDAY_NOON)

    before = await slots.offered(db, "3511 ED", ONE_O_CLOCK - timedelta(seconds=1))
    after = await slots.offered(db, "3511 ED", ONE_O_CLOCK)

    assert [offer.starts_at for offer in before] == [datetime(2026, 11, 23, 17, tzinfo=UTC)]
    assert (before[0].fee, before[0].left, before[0].fullness) == (395, 4, "free")
    assert after == []


@pytest.mark.parametrize(
    ("night", "one_o_clock"),
    [
        (datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 3, 29, 11, tzinfo=UTC)),
        (datetime(2026, 10, 25, tzinfo=UTC), datetime(2026, 10, 25, 12, tzinfo=UTC)),
    ],
)
async def test_on_the_days_the_clock_is_put_forward_or_back_it_is_one_o_clock_by_that_clock(
    db, pool, place, night, one_o_clock
):
    await slots.plan(db, place, 1, [EVENING], now=night)

    [offer] = await slots.offered(db, "3511 ED", one_o_clock - timedelta(seconds=1))
    await hold(pool, offer.id, at=one_o_clock - timedelta(seconds=1))

    assert await slots.offered(db, "3511 ED", one_o_clock) == []
    with pytest.raises(Conflict) as refusal:
        await hold(pool, offer.id, at=one_o_clock)
    assert refusal.value.code == "slot-closed"
    assert offer.starts_at - one_o_clock == timedelta(hours=5)


async def test_a_place_in_seoul_has_no_slots_at_chuseok_and_seouls_own_clock(db, place):
    seoul = msgspec.structs.replace(place, country="KR", time_zone="Asia/Seoul")
    await slots.plan(db, seoul, 5, [EVENING], now=datetime(2026, 9, 22, 16, tzinfo=UTC))

    rows = await db.fetch("SELECT starts_at FROM slots.slots ORDER BY starts_at")
    assert [row["starts_at"] for row in rows] == [
        datetime(2026, 9, 23, 9, tzinfo=UTC),
        datetime(2026, 9, 27, 9, tzinfo=UTC),
    ]


async def test_only_days_asked_for_are_offered(db, place):
    await slots.plan(db, place, 10, [EVENING], now=MONDAY_NOON)

    assert len(await slots.offered(db, "3511ED", MONDAY_NOON)) == 3
    assert len(await slots.offered(db, "3511ED", MONDAY_NOON, days=5)) == 5


async def test_a_full_slot_is_shown_as_full(db, pool, place):
    slot = await a_slot(db, place, capacity=1)
    await hold(pool, slot)

    [offer] = await slots.offered(db, "3511 ED", datetime.now(UTC))

    assert (offer.fullness, offer.left) == ("full", 0)


async def test_of_two_places_the_preferred_one_with_room_brings_it(db, pool, place):
    spare = await delivering_place(db, "spare", priority=2)
    await slots.plan(db, place, 2, [EVENING], now=MONDAY_NOON)
    await slots.plan(db, spare, 2, [EVENING], now=MONDAY_NOON)
    tonight, tomorrow = await slots.offered(db, "3511 ED", MONDAY_NOON)
    for _ in range(4):
        await hold(pool, tonight.id, at=MONDAY_NOON)

    offers = await slots.offered(db, "3511 ED", MONDAY_NOON)
    of_spare = await slots.offered(db, "3511 ED", MONDAY_NOON, place_ids=[spare.id])

    assert [offer.place_id for offer in offers] == [spare.id, place.id]
    assert [offer.place_id for offer in of_spare] == [spare.id, spare.id]
    assert tomorrow.id == offers[1].id


async def test_nobody_delivers_outside_the_zones_or_from_a_closed_place(db, place):
    await delivering_place(db, "closed", first="9700", last="9799", is_open=False)

    assert [one.place_id for one in await slots.places_for(db, "3599 zz")] == [place.id]
    assert await slots.places_for(db, "3600 AA") == []
    assert await slots.places_for(db, "9711 AA") == []


async def test_planning_twice_makes_no_slot_twice(db, place):
    first = await slots.plan(db, place, 3, [EVENING, MORNING], now=MONDAY_NOON)
    again = await slots.plan(db, place, 4, [EVENING, MORNING], now=MONDAY_NOON)

    assert (first, again) == (6, 2)


async def test_the_timer_plans_two_weeks_from_the_templates(db, pool, place):
    await slots.write_templates(db, place.id, [EVENING])
    await slots.plan_ahead(pool)

    offers = await slots.offered(db, "3511 ED", datetime.now(UTC), days=14)

    assert len(offers) >= 10, "some days may be holidays"


async def test_a_program_asks_for_slots_by_postcode(shop, db, place):
    await a_slot(db, place)

    answer = await shop.get(
        "/api/v1/slots", params={"postcode": "3511ed"}, headers={"Accept-Language": "nl"}
    )

    assert answer.status_code == 200
    assert answer.json()["postcode"] == "3511 ED"
    assert answer.json()["slots"][0]["promise"].startswith(("Voor ", "Bestel "))


@pytest.mark.parametrize(
    "postcode", ["0511 AB", "3511 SS", "3511", "٣٥١١ AB", "3511\u0000AB", "", "x" * 500]
)
async def test_what_is_no_postcode_is_refused_in_a_sentence(shop, postcode):
    answer = await shop.get("/api/v1/slots", params={"postcode": postcode})

    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_postcodes_are_read_as_people_write_them():
    assert slots.read_postcode(" 3511ed ").text == "3511 ED"
    with pytest.raises(Unprocessable):
        slots.read_postcode("3511 SD")
