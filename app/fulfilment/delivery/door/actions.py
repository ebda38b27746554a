"""What a driver does at a door, each act in one transaction with the order and its run locked."""

import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app import files, orders, stock
from app.db import Connection
from app.errors import Conflict, NotFound
from app.fulfilment import actions
from app.fulfilment import queries as fulfilments
from app.fulfilment.delivery import learning, planning, queries
from app.fulfilment.delivery.door import queries as doors
from app.fulfilment.delivery.door import refunding, rules
from app.fulfilment.delivery.models import Proof, Refused, Seen, StopRow
from app.fulfilment.delivery.rules import next_steps
from app.fulfilment.models import (
    Act,
    Fulfilment,
    NextStep,
    NotDelivered,
    Pick,
    Receiver,
    RefusalCause,
    Run,
    Stop,
)
from app.fulfilment.rules import after
from app.orders.models import Order


async def deliver(
    db: Connection,
    act: Act,
    stop_id: UUID,
    *,
    to: Receiver = "customer",
    age_checked: bool = False,
    taken_out: bool = False,
    refused: Sequence[Refused] = (),
    proof: Proof | None = None,
    drawn: bytes = b"",
    secret: str = "",
    seen: Seen | None = None,
) -> dict[str, Any]:
    """Handed over, but for what is refused line by line: that is paid back at once and comes back
    with the van. `drawn` is the picture of the proof as we keep it (JPEG), `secret` what the codes
    of orders are made of, `seen` where the phone is, if its driver agreed to tell.

    Raises Conflict: `age-check` when something in it is not for everybody and the driver did not
    look, or would leave it with somebody else; `recalled` or `too-warm` when something must not be
    handed over any more, unless it was taken out; `proof-needed`, `wrong-pin`; `nothing-handed-over`
    when all of it is refused. Raises Unprocessable for lines that are not in the van.
    """
    known = await stop_by(db, stop_id)

    async def do(fulfilment: Fulfilment) -> dict[str, Any]:
        run, stop = await at_the_door(db, stop_id)
        after(fulfilment.state, "deliver")
        await _check_current(db, fulfilment, stop)
        rules.check_proof(to, proof, rules.pin_of(secret, stop.order_id))
        order = await _order(db, stop.order_id)
        stays, leaves = await _sorted(db, act, fulfilment, stop, refused, taken_out=taken_out)
        lines = {line.line_no: line for line in order.lines}
        ages = [
            lines[pick.line_no].age_limit or 0
            for pick, n in leaves
            if n and lines[pick.line_no].age_limit
        ]
        rules.check_age(ages, to, age_checked=age_checked)
        await _write(db, act, stop, leaves, to, proof, drawn, age_checked=age_checked)
        if seen is not None:
            await learning.learn_door(db, stop_id, seen)
        await refunding.pay_back(db, fulfilment, stop, stays)
        await queries.hand_over_parcels(db, stop.order_id, fulfilment.id)
        if run.state == "completed":
            await refunding.put_away(db, run)
        await planning.changed(db, run, "StopDone", {"order": str(stop.order_id)})
        body: dict[str, Any] = {"to": to}
        if stays:
            body["refused"] = [[one.pick.line_no, one.quantity, one.cause] for one in stays]
        await actions.move_on(db, fulfilment, ["deliver"], "Delivered", body)
        return {"state": "delivered"}

    request: dict[str, Any] = {"do": "deliver", "stop": stop_id, "to": to}
    request["age_checked"] = age_checked
    if taken_out:
        request["taken_out"] = True
    if refused:
        request["refused"] = [[one.line_no, one.quantity, one.cause] for one in refused]
    if proof is not None:
        request["proof"] = [proof.kind, _mark(proof)]
    outcome: dict[str, Any] = await actions.carry_out(db, known.fulfilment_id, act, request, do)
    return outcome


async def fail(
    db: Connection, act: Act, stop_id: UUID, *, reason: NotDelivered, next_step: NextStep
) -> dict[str, Any]:
    """Nobody took it. What was refused, damaged or tried twice is not brought again (Conflict
    `no-second-try`). While the van is on its way it may still be handed over after all."""
    known = await stop_by(db, stop_id)

    async def do(fulfilment: Fulfilment) -> dict[str, Any]:
        run, stop = await at_the_door(db, stop_id)
        after(fulfilment.state, "fail")
        await _check_current(db, fulfilment, stop)
        choices = next_steps(reason, tries=fulfilment.attempts)
        if next_step not in choices:
            raise Conflict(
                "This cannot be brought again; take it back to the shop.",
                code="no-second-try",
                state={"allowed": choices},
            )
        await queries.note_failed(db, stop, reason, next_step, act.happened_at)
        await planning.changed(db, run, "StopFailed", {"order": str(stop.order_id)})
        body = {"reason": reason, "next": next_step}
        await actions.move_on(db, fulfilment, ["fail"], "DeliveryFailed", body)
        return {"state": "failed", "next": next_step}

    request = {"do": "fail", "stop": stop_id, "reason": reason, "next": next_step}
    outcome: dict[str, Any] = await actions.carry_out(db, known.fulfilment_id, act, request, do)
    return outcome


async def note_door(db: Connection, act: Act, stop_id: UUID, words: str) -> dict[str, Any]:
    """What the next driver should know of this door; no words forget it."""
    known = await stop_by(db, stop_id)

    async def do(_: Fulfilment) -> dict[str, Any]:
        address = (await _order(db, known.order_id)).address
        door = rules.door_of(address.country, address.postcode, address.house_number)
        if words.strip():
            await doors.write_door_note(db, door, words.strip(), act.person.id)
        else:
            await doors.forget_door_note(db, door)
        return {"noted": bool(words.strip())}

    request = {"do": "note", "stop": stop_id, "words": hashlib.sha256(words.encode()).hexdigest()}
    outcome: dict[str, Any] = await actions.carry_out(db, known.fulfilment_id, act, request, do)
    return outcome


async def stop_by(db: Connection, stop_id: UUID) -> Stop:
    """Raises NotFound."""
    stop = await queries.stop(db, stop_id)
    if stop is None:
        raise NotFound("There is no such stop.")
    return stop


async def at_the_door(db: Connection, stop_id: UUID) -> tuple[Run, Stop]:
    """Under the lock of its run; a stop that is over already shows in the order's state."""
    stop = await stop_by(db, stop_id)
    [run] = await queries.lock_runs(db, [stop.run_id])
    if stop.state == "dropped":
        raise Conflict("This stop is no longer on the list.", code="moved-on")
    return run, stop


async def _check_current(db: Connection, fulfilment: Fulfilment, stop: Stop) -> None:
    """What is told of an earlier try does not end the one that is under way. Raises Conflict."""
    last = stop if stop.state == "planned" else await doors.failed_stop(db, fulfilment)
    tried_again = stop.state != "planned" and fulfilment.state == "out_for_delivery"
    if tried_again or last is None or last.id != stop.id:
        raise Conflict(
            "This order has moved on, so this step no longer fits. Look again.", code="moved-on"
        )


async def _sorted(
    db: Connection,
    act: Act,
    fulfilment: Fulfilment,
    stop: Stop,
    refused: Sequence[Refused],
    *,
    taken_out: bool,
) -> tuple[list[rules.Stays], list[tuple[Pick, int]]]:
    """What stays in the van, and how much of each pick leaves it."""
    picks = await fulfilments.picks_of(db, [fulfilment.id])
    inside = rules.going(picks, await doors.refused_of_picks(db, stop.order_id))
    stays = rules.staying(picks, inside, refused)
    row = await _row(db, stop)
    warm = rules.too_warm(row, act.at)
    stopped = await stock.stopping.stopped(db, [pick.product_id for pick in picks])
    must_stay: list[rules.Stays] = []
    left = rules.left(inside, stays)
    for pick in picks:
        recalled = pick.product_id in stopped
        if left[pick.id] and (recalled or pick.storage in warm):
            cause: RefusalCause = "recalled" if recalled else "warm"
            must_stay.append(rules.stays(pick, left[pick.id], cause))
    if must_stay and not taken_out:
        raise await _must_stay(db, stop.order_id, must_stay)
    stays = [*(one for one in stays if one.pick not in [m.pick for m in must_stay]),
             *(_with_the_rest(one, stays) for one in must_stay)]  # fmt: skip
    left = rules.left(inside, stays)
    if not any(left.values()):
        raise Conflict(
            "Nothing of it is left to hand over. Say why it was not delivered instead.",
            code="nothing-handed-over",
        )
    return stays, [(pick, left[pick.id]) for pick in picks]


def _with_the_rest(one: rules.Stays, stays: Sequence[rules.Stays]) -> rules.Stays:
    """Some of that line was refused already: all of it stays, for the stronger reason."""
    more = sum(other.quantity for other in stays if other.pick.id == one.pick.id)
    return rules.stays(one.pick, one.quantity + more, one.cause)


async def _must_stay(db: Connection, order_id: UUID, stays: Sequence[rules.Stays]) -> Conflict:
    order = await _order(db, order_id)
    wanted = {one.pick.line_no for one in stays}
    products = ", ".join(line.name for line in order.lines if line.line_no in wanted)
    if any(one.cause == "recalled" for one in stays):
        return Conflict(
            "Something in this order was recalled: {products}. Take it out before you hand "
            "over the rest.",
            code="recalled",
            products=products,
        )
    return Conflict(
        "This was out of the cold for too long: {products}. Take it out before you hand over "
        "the rest.",
        code="too-warm",
        products=products,
    )


async def _write(
    db: Connection,
    act: Act,
    stop: Stop,
    leaves: Sequence[tuple[Pick, int]],
    to: Receiver,
    proof: Proof | None,
    drawn: bytes,
    *,
    age_checked: bool,
) -> None:
    await queries.note_delivered(db, stop, to, age_checked, act.happened_at)
    for pick, quantity in leaves:
        await doors.hand_over(db, stop.order_id, pick.id, quantity)
    if proof is not None:
        file = await files.keep(db, drawn, "image/jpeg") if proof.kind != "pin" else None
        await doors.write_proof(db, stop, proof.kind, file, proof.words, act.happened_at)


async def _order(db: Connection, order_id: UUID) -> Order:
    order = await orders.read(db, order_id)
    assert order is not None, "a stop has an order"
    return order


async def _row(db: Connection, stop: Stop) -> StopRow:
    [row] = [each for each in await queries.stops(db, [stop.run_id]) if each.id == stop.id]
    return row


def _mark(proof: Proof) -> str:
    """Of a picture, a code and words only this is kept with the command."""
    return hashlib.sha256(b"\0".join(
        (proof.picture, proof.pin.encode(), proof.words.encode())
    )).hexdigest()  # fmt: skip
