"""Room in a slot is promised, moved, confirmed, given back: the hold is locked first, then slots
in the order of their ids, then the plans of their days."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

import msgspec

from app import db as database
from app import jobs, stock
from app.db import Connection, Pool, new_id
from app.errors import Conflict, NotFound
from app.jobs import News
from app.slots import plans, queries, rules
from app.slots.models import Held, Need, Offer, Serving, Slot, Template
from app.stock.models import Place

AHEAD_DAYS = 14


async def places_for(db: Connection | Pool, postcode: str) -> list[Serving]:
    """Open places that deliver there, the first to be asked first; empty outside all zones.
    Raises Unprocessable when it is no postcode."""
    return await queries.serving(db, rules.read_postcode(postcode))


async def locate(
    db: Connection | Pool, postcode: str, house_number: str = ""
) -> tuple[float, float] | None:
    """Latitude and longitude of a door that was delivered to, else of its postcode or at least its
    area, None where nobody knows. Raises Unprocessable when it is no postcode."""
    code = rules.read_postcode(postcode)
    pin = await plans.pinned(db, code, house_number) if house_number else None
    if pin is not None:
        return pin
    point = await plans.located(db, code.country, code.text.replace(" ", ""))
    return (point.latitude, point.longitude) if point else None


async def stay(db: Connection | Pool, postcode: str, house_number: str) -> int:
    """Seconds a delivery takes at this door, as far as deliveries have told. Raises Unprocessable."""
    return await plans.stay_at(db, rules.read_postcode(postcode), house_number)


async def offered(
    db: Connection | Pool,
    postcode: str,
    now: datetime,
    *,
    days: int = 3,
    place_ids: Sequence[UUID] | None = None,
    need: Need | None = None,
) -> list[Offer]:
    """Slots that can still be ordered, soonest first; full ones too, so that a page can show them.

    Where several places bring it in the same window, it is one with room: the first of `place_ids`,
    else of those to be asked by their zones.
    There is room where the order fits into the slot and a van can still come in time. `place_ids`
    are the places that have the goods, `need` is what the order takes (without its point, that of
    the postcode counts). Raises Unprocessable when it is no postcode.
    """
    until = now + timedelta(days=days)
    code = rules.read_postcode(postcode)
    need = need or Need()
    if need.point is None:
        need = msgspec.structs.replace(need, point=await locate(db, postcode))
    found = await queries.choices(db, code, now, until, place_ids, need)
    roomy = {one.slot.id: (one.slot, one.day) for one in found if one.has_room}
    fitting = await plans.fitting(db, roomy, need)
    return rules.offers(rules.ranked(found, place_ids), fitting)


async def hold(
    db: Connection,
    slot_id: UUID,
    holder: UUID,
    until: datetime,
    *,
    need: Need | None = None,
    at: datetime | None = None,
    cart_id: UUID | None = None,
) -> Held:
    """Room for one order in this slot until `until`, unless confirmed before: in the slot, and in
    the plan of the day, together. A holder has one: asked again it is the same, and another slot
    moves it, leaving the old one only when the new one has room. Raises Conflict (`slot-full`,
    `slot-closed`) or NotFound; then nothing has changed. `cart_id` says in which arm of the
    experiment with the green hint it was chosen.
    """
    need = need or Need()
    held = await queries.lock_live(db, holder)
    if held is None:
        held = await _open(db, slot_id, holder, until, need, at, cart_id)
    if held.slot_id != slot_id:
        return await _move(db, held, slot_id, until, need, at)
    if held.expires_at < until:
        await queries.renew(db, held.id, until, at)
    return held


async def hold_together(
    db: Connection,
    slot_id: UUID | None,
    holder: UUID,
    until: datetime,
    needs: Mapping[UUID, Need],
    *,
    at: datetime | None = None,
    cart_id: UUID | None = None,
) -> None:
    """Room for the parts of one order in slots of several places, `slot_id` its own where it has
    none yet: in all of `needs` or in none. What it has already stays. Raises like `hold`; then nothing has changed.
    `cart_id` as there.

    Holds come first, then slots by their ids, then the plans of their days: whoever wants the same
    ones waits, and nobody for somebody who waits.
    """
    found = {id: await _existing(db, id) for id in sorted(needs)}
    arm = rules.arm(cart_id) if cart_id else None
    async with db.transaction():
        opened: dict[UUID, Held] = {}
        for id, slot in found.items():
            name, beside = (
                (holder, None) if id == slot_id else (uuid5(holder, str(slot.place_id)), holder)
            )
            held = await queries.open_hold(
                db, new_id(), id, name, until, needs[id], arm=arm, beside=beside
            )
            if held is None:
                raise slot_full()
            opened[id] = held
        for id in found:
            if not await queries.claim(db, id, needs[id], at):
                raise await _why_not(db, id, at)
        planned = [
            await _planned(db, opened[id], slot, needs[id])
            for id, slot in sorted(found.items(), key=lambda one: one[1].place_id)
        ]
        await _tell(db, planned, "SlotHeld")


async def confirm(db: Connection, holder: UUID) -> bool:
    """The order is paid: the room is its own, at every place that sends of it. False when any of it
    ended before."""
    await _tell(db, await queries.mark_confirmed(db, holder), "SlotConfirmed")
    return await queries.has_all_its_room(db, holder)


async def release(db: Connection, holder: UUID, *, place_id: UUID | None = None) -> bool:
    """The room is free again, held or confirmed: all of it, or what it has at this place. False when
    there was none."""
    held = await queries.lock_all_live(db, holder)
    if place_id is not None:
        there = (await queries.slots_of(db, holder)).get(place_id)
        held = [one for one in held if there is not None and one.slot_id == there.id]
    if not held:
        return False
    await _tell(db, await _give_back(db, held, "released"), "SlotReleased")
    return True


async def lock(db: Connection, slot_ids: Sequence[UUID]) -> None:
    """For who gives room back and takes other room in one go: all of it is locked first, so that two
    who change places do not wait for each other."""
    await queries.lock_slots(db, sorted(slot_ids))
    await plans.lock(db, slot_ids)


async def at_the_same_time(
    db: Connection | Pool,
    postcode: str,
    starts_at: datetime,
    ends_at: datetime,
    *,
    at: datetime,
    need: Need | None = None,
) -> list[Slot]:
    """The slots of this window of every place that delivers there and has room; who has room is asked
    in the order of its zone. Raises Unprocessable when it is no postcode."""
    code = rules.read_postcode(postcode)
    until = starts_at + timedelta(microseconds=1)
    found = await queries.choices(db, code, at, until, None, need or Need())
    return [
        one.slot
        for one in found
        if one.has_room and (one.slot.starts_at, one.slot.ends_at) == (starts_at, ends_at)
    ]


async def expire(pool: Pool) -> None:
    """Holds that ran out give their room back; any number of workers may do this at once."""
    while True:
        async with database.begin(pool) as db:
            run_out = await queries.lock_run_out(db, 200)
            if not run_out:
                return
            await _tell(db, await _give_back(db, run_out, "expired"), "SlotExpired")


async def plan(
    db: Connection,
    place: Place,
    days: int,
    templates: Sequence[Template],
    *,
    now: datetime | None = None,
) -> int:
    """The slots of the coming days of a place, today's among them; returns how many are new.
    Those that are there stay as they are."""
    today = (now or datetime.now(UTC)).astimezone(ZoneInfo(place.time_zone)).date()
    windows = rules.plan(templates, today, days, time_zone=place.time_zone, country=place.country)
    await plans.draw_up(db, place, today, days, windows)
    return await queries.write_slots(db, place.id, windows)


async def plan_ahead(pool: Pool) -> None:
    """Every place's next two weeks, from its templates."""

    async def draw_up(place: stock.Place) -> None:
        async with database.begin(pool) as db:
            await plan(db, place, AHEAD_DAYS, await queries.templates(db, place.id))

    await jobs.one_by_one("slots of a place", await stock.places(pool), draw_up)


async def _open(
    db: Connection,
    slot_id: UUID,
    holder: UUID,
    until: datetime,
    need: Need,
    at: datetime | None,
    cart_id: UUID | None,
) -> Held:
    slot = await _existing(db, slot_id)
    if slot.used >= slot.capacity:  # a crowd at a full slot writes nothing; the claim decides
        raise await _why_not(db, slot_id, at)
    arm = rules.arm(cart_id) if cart_id else None
    held = await queries.open_hold(db, new_id(), slot_id, holder, until, need, arm)
    if held is None:
        twin = await queries.lock_live(db, holder)
        if twin is None:
            raise slot_full()
        return twin
    if not await queries.claim(db, slot_id, need, at):
        await queries.forget_hold(db, held.id)
        raise await _why_not(db, slot_id, at)
    try:
        held = await _planned(db, held, slot, need)
    except Conflict:
        await queries.give_back(db, [held.id], "released")
        await queries.forget_hold(db, held.id)
        raise
    await _tell(db, [held], "SlotHeld")
    return held


async def _planned(db: Connection, held: Held, slot: Slot, need: Need) -> Held:
    try:
        detour_m = await plans.include(db, held, slot, need)
        if detour_m is not None:
            return await queries.mark_planned(db, held.id, detour_m)
    except plans.NoVan as error:
        raise slot_full() from error
    return held


async def _move(
    db: Connection, held: Held, slot_id: UUID, until: datetime, need: Need, at: datetime | None
) -> Held:
    slot = await _existing(db, slot_id)
    async with db.transaction():
        await queries.lock_slots(db, [held.slot_id, slot_id])
        if not await queries.claim(db, slot_id, need, at):
            raise await _why_not(db, slot_id, at)
        try:
            detour_m = await plans.include(db, held, slot, need, from_slot=held.slot_id)
        except plans.NoVan as error:
            raise slot_full() from error
        moved = await queries.move(db, held, slot_id, until, need, detour_m)
    await _tell(db, [moved], "SlotMoved")
    return moved


async def _give_back(db: Connection, holds: Sequence[Held], how: str) -> list[Held]:
    ended = await queries.give_back(db, [held.id for held in holds], how)
    await plans.leave(db, holds)
    return ended


async def _existing(db: Connection, slot_id: UUID) -> Slot:
    slot = await queries.find(db, slot_id)
    if slot is None:
        raise NotFound("There is no such delivery time.", code="no-such-slot")
    return slot


async def _why_not(db: Connection, slot_id: UUID, at: datetime | None) -> Conflict:
    slot = await queries.find(db, slot_id)
    if slot is not None and slot.cutoff_at <= (at or datetime.now(UTC)):
        return Conflict(
            "It is too late to order for this delivery time. Please choose another one.",
            code="slot-closed",
        )
    return slot_full()


def slot_full() -> Conflict:
    return Conflict(
        "This delivery time is full by now. Please choose another one.", code="slot-full"
    )


async def _tell(db: Connection, holds: Sequence[Held], kind: str) -> None:
    news = [
        News(held.id, held.version, kind, {"holder": held.holder, "slot": held.slot_id})
        for held in holds
    ]
    await jobs.announce_all(db, aggregate="slot-hold", news=news)
