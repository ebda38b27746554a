"""What was paid for goods that come back pays for what is taken instead: the money stays where it is,
and the books of both orders say so."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

import msgspec

from app import jobs
from app.db import Connection, new_id
from app.money import Money
from app.payments import queries
from app.payments.rules import PROMISED, shares

EXCHANGED = "exchanged"


class Moved(msgspec.Struct, frozen=True):
    """So much of a tender pays for another order: `source` is the tender it came in with at first."""

    refund_id: UUID
    source: UUID
    provider: str
    amount: Money


async def set_aside(db: Connection, order_id: UUID, id: UUID, amount: Money) -> list[Moved] | None:
    """Part of what was paid for this order is no longer for it, by the tenders it came with, the last
    one first. `lay_moved` must follow in the same transaction. None when that much did not come in.
    """
    intents = list(reversed(await queries.lock_intents_of_order(db, order_id)))
    split = shares(amount, [await queries.left_to_move(db, intent.id) for intent in intents])
    if split is None:
        return None
    moved = []
    for intent, part in zip(intents, split, strict=False):
        if part:
            part_id = uuid5(id, str(intent.id))
            source = await queries.set_aside(db, part_id, intent.id, part, EXCHANGED)
            moved.append(Moved(part_id, source, intent.provider, part))
            body = {"order": str(order_id), "refund": str(part_id), "amount": part,
                    "reason": EXCHANGED}  # fmt: skip
            await jobs.announce(
                db, aggregate="payment", id=intent.id, number=await queries.bump(db, intent.id),
                kind="PaymentRefunded", body=body,
            )  # fmt: skip
    return moved


async def promise(
    db: Connection, order_id: UUID, amount: Money, currency: str, until: datetime
) -> None:
    """So much of this order will be paid with goods that are to come back: it waits for them like for
    any other payment, until `lay_moved` pays it, or it is off."""
    await queries.write_promise(db, new_id(), order_id, PROMISED, amount, currency, until)


async def promised(db: Connection, order_id: UUID) -> Money:
    """What still is to come back for it; 0 when nothing is."""
    return await queries.promised(db, order_id, PROMISED)


async def lay_moved(
    db: Connection, order_id: UUID, moved: Sequence[Moved], currency: str, *, place: int
) -> UUID | None:
    """It pays for this order, at once, in the place of what was promised; the last tender it makes."""
    if moved:
        await queries.end_promise(db, order_id, PROMISED)
    last = None
    for number, one in enumerate(moved):
        last = new_id()
        await queries.write_moved(
            db, last, order_id, one.provider, one.amount, currency, one.source, place + number,
            one.refund_id,
        )  # fmt: skip
        for version, kind in enumerate(("PaymentIntended", "PaymentCaptured"), start=1):
            await jobs.announce(
                db, aggregate="payment", id=last, number=version, kind=kind,
                body={"order": str(order_id)},
            )  # fmt: skip
    return last
