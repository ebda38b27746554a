"""A till is set up, opened with a float, counted and closed."""

import hashlib
import secrets
from uuid import UUID

from app import commands, pricing, staff
from app.db import Connection, new_id
from app.errors import Conflict, NotFound, Unprocessable
from app.money import Money
from app.orders.invoicing.models import VatSum
from app.staff import Person
from app.tills import queries, rules
from app.tills.models import Closing, Kind, Movement, Sums, Till

NOT_OPEN = "Open the till first: count what is in the drawer."
NOT_THERE = "That much is not in the drawer. Put money in first, and write it down under Drawer."


async def set_up(db: Connection, person: Person, place_id: UUID, number: int) -> str:
    """This device is that till from now on; returns the token it keeps. Raises Conflict when the
    till is at work on another device, unless a supervisor says so."""
    token = secrets.token_urlsafe(24)
    supervisor = person.may("supervisor")
    till_id = await queries.stand(
        db, new_id(), place_id, number, sha256_of(token), take_over=supervisor
    )
    if till_id is None:
        raise Conflict(
            "This till is open on another device. Close it there, or ask a supervisor.",
            code="till-elsewhere",
        )
    await staff.note(db, person, "till.set_up", str(till_id))
    return token


async def open_drawer(
    db: Connection, till: Till, person: Person, command: UUID, float_: Money, currency: str
) -> None:
    """With what lies in it. Raises Conflict when it is open already."""

    async def act() -> dict[str, str]:
        shift_id = new_id()
        if not await queries.open_shift(db, shift_id, till.id, person.id, currency):
            raise Conflict("This till is open already.", code="till-open")
        await queries.move(db, new_id(), shift_id, "float", float_, person.id)
        await staff.note(db, person, "till.open", str(shift_id))
        return {"shift": str(shift_id)}

    await commands.once(db, till.id, command, {"do": "open", "float": float_}, act)


async def move(
    db: Connection, till: Till, person: Person, command: UUID, amount: Money, reason: str
) -> None:
    """Money is put in (above zero) or taken out, for a reason. Raises Conflict for more than
    there is."""

    async def act() -> dict[str, str]:
        shift_id = await at_work(db, till)
        if (await queries.sums(db, shift_id)).expected + amount < 0:
            raise Conflict(NOT_THERE, code="not-in-drawer")
        kind: Kind = "paid-in" if amount >= 0 else "paid-out"
        await queries.move(db, new_id(), shift_id, kind, amount, person.id, reason=reason)
        await staff.note(db, person, f"till.{kind}", str(shift_id), reason)
        return {"kind": kind}

    asked = {"do": "move", "amount": amount, "reason": reason}
    await commands.once(db, till.id, command, asked, act)


def rounding(till: Till, total: Money, currency: str) -> Money:
    """What is added to a total in cash, below zero taken off, as the coins of the country go."""
    return pricing.in_cash(total, currency, till.country) - total


async def count_out(
    db: Connection,
    till: Till,
    id: UUID,
    shift_id: UUID,
    cash: Money,
    person_id: UUID,
    reason: str,
    *,
    owed: bool = False,
) -> Money:
    """Money goes back out of the drawer, in the coins there are; returns how much. The caller's command
    keeps a repeat from counting twice. Raises Unprocessable for more than there is, unless it is `owed`
    already: then it is counted out whatever the books say."""
    assert till.currency is not None, "the till is open"
    round_by = rounding(till, cash, till.currency)
    if not owed:
        await check_in_drawer(db, shift_id, cash + round_by)
    await queries.move(
        db, id, shift_id, "refund", -(cash + round_by), person_id, rounding=-round_by, reason=reason
    )
    return cash + round_by


async def check_in_drawer(db: Connection, shift_id: UUID, amount: Money) -> None:
    """Raises Unprocessable where so much cannot be taken out of it: nothing of what it was for is
    kept then, not even the refusal, so that the same may be done once money was put in."""
    if amount > 0 and (await queries.sums(db, shift_id)).expected < amount:
        raise Unprocessable(NOT_THERE, code="not-in-drawer")


async def counted_last(db: Connection, till: Till) -> Money | None:
    """At the last closing of this till; None before its first."""
    return await queries.counted_last(db, till.id)


async def look(db: Connection, till: Till) -> tuple[Sums, list[Movement]]:
    """X: where the drawer stands now; nothing changes. Raises Conflict when it is closed."""
    shift_id = check_open(till)
    return await queries.sums(db, shift_id), await queries.movements(db, shift_id)


async def vat(db: Connection, shift_id: UUID) -> list[VatSum]:
    """Of what was sold in it, by rate."""
    return await queries.vat(db, shift_id)


async def close(
    db: Connection,
    till: Till,
    person: Person,
    command: UUID,
    counted: Money,
    *,
    sure: bool = False,
) -> UUID:
    """Z: what was counted is kept beside what should be there. Raises Conflict while a receipt is
    open or parked: somebody may come back for it; Unprocessable for a count that is much off, unless
    they are `sure`."""

    async def act() -> dict[str, str]:
        shift_id = await at_work(db, till)
        waiting = await queries.receipts(db, shift_id, ("open", "parked", "paying"), 1)
        if waiting:
            raise Conflict(
                "A receipt is still open or parked. Finish it or void it first.",
                code="receipt-open",
            )
        sums = await queries.sums(db, shift_id)
        rules.check_count(counted, sums.expected, till.currency or "", sure=sure)
        await queries.close_shift(db, shift_id, person.id, sums.expected, counted)
        difference = counted - sums.expected
        await staff.note(db, person, "till.close", str(shift_id), f"difference {difference}")
        return {"shift": str(shift_id)}

    done = await commands.once(db, till.id, command, {"do": "close", "counted": counted}, act)
    return UUID(done["shift"])


async def closing(db: Connection, till: Till, shift_id: UUID) -> tuple[Closing, Sums]:
    """Of any till of this shop. Raises NotFound."""
    found = await queries.closing(db, shift_id)
    if found is None or found.place_id != till.place_id:
        raise NotFound("There is no such closing.")
    return found, await queries.sums(db, shift_id)


async def at_work(db: Connection, till: Till) -> UUID:
    """The shift of this till, locked: sales, counting and closing are one after the other.
    Raises Conflict when it is closed."""
    shift_id = check_open(till)
    if not await queries.lock_shift(db, shift_id):
        raise Conflict(NOT_OPEN, code="till-closed")
    return shift_id


def sha256_of(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def check_open(till: Till) -> UUID:
    """The shift that is at work. Raises Conflict when the till is closed."""
    if till.shift_id is None:
        raise Conflict(NOT_OPEN, code="till-closed")
    return till.shift_id
