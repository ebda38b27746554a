from datetime import datetime
from typing import Any
from uuid import UUID

from app import commands, staff, stock
from app.db import Connection, new_id
from app.errors import Conflict, Malformed, NotFound
from app.fulfilment import actions
from app.fulfilment import queries as fulfilments
from app.fulfilment.delivery import planning
from app.fulfilment.models import Act, Fulfilment, Pick, ShortReason
from app.fulfilment.picking import queries
from app.fulfilment.picking.models import PickList
from app.fulfilment.picking.rules import TOTES_ON_A_CART, read_code, walk
from app.fulfilment.resourcing.actions import instead
from app.fulfilment.resourcing.queries import note_resourced
from app.fulfilment.rules import Action, after
from qr_walls.errors import BadGtin


async def start(
    db: Connection,
    act: Act,
    place_id: UUID,
    pick_by: datetime | None = None,
    most: int = TOTES_ON_A_CART,
) -> UUID:
    """Take the most pressing orders of a place onto a cart; returns the batch.

    Two who start at once get different orders. Raises Conflict when nothing is waiting.
    """

    async def once() -> dict[str, str]:
        ids = await queries.most_pressing(db, place_id, pick_by, min(most, TOTES_ON_A_CART))
        batch_id, tote = new_id(), 0
        await queries.write_batch(db, batch_id, place_id, act.person.id)
        for fulfilment in await fulfilments.lock(db, ids):
            if await _into_tote(db, fulfilment, batch_id, tote + 1):
                tote += 1
        if not tote:
            raise Conflict(
                "Nothing is waiting to be picked here right now.", code="nothing-to-pick"
            )
        await staff.note(db, act.person, "fulfilment.start", str(batch_id))
        return {"batch": str(batch_id)}

    request = {"do": "start", "place": place_id, "pick_by": pick_by, "most": most}
    outcome = await commands.once(db, act.person.id, act.id, request, once)
    return UUID(outcome["batch"])


async def pick_list(db: Connection, batch_id: UUID) -> PickList:
    """Raises NotFound."""
    batch = await queries.batch(db, batch_id)
    if batch is None:
        raise NotFound("There is no such batch.")
    lines = await queries.pick_list(db, batch_id)
    by_id = {line.id: line for line in lines}
    return PickList(batch, [by_id[pick.id] for pick in walk(lines)])


async def pick(
    db: Connection, act: Act, pick_id: UUID, *, code: str | None, quantity: int
) -> dict[str, Any]:
    """Put so many into the tote; with `code`, what the scanner read on the pack is checked first.

    Raises Conflict `wrong-item` for another product, `already-picked` when fewer are open.
    """
    known = await _known(db, pick_id)

    async def do(fulfilment: Fulfilment) -> dict[str, Any]:
        line = await _known(db, pick_id)
        after(fulfilment.state, "pick")
        if await stock.stopping.stopped(db, [line.product_id]):
            raise Conflict(
                "This product was recalled. Leave it where it is and report it as not there.",
                code="recalled",
                state={"pick": str(pick_id)},
            )
        if code is not None:
            await _check_code(db, line, code)
        if line.open < quantity:
            raise Conflict(
                "Somebody has picked this already. The list shows what is left.",
                code="already-picked",
                state={"pick": str(pick_id), "open": line.open},
            )
        await queries.note_picked(db, line, quantity, act.person.id)
        body = {"line": line.line_no, "quantity": quantity}
        return await _go_on(db, fulfilment, line, "pick", "LinePicked", body)

    request = {"do": "pick", "pick": pick_id, "code": code, "quantity": quantity}
    outcome: dict[str, Any] = await actions.carry_out(db, known.fulfilment_id, act, request, do)
    return outcome


async def short(
    db: Connection, act: Act, pick_id: UUID, *, reason: ShortReason, quantity: int | None = None
) -> dict[str, Any]:
    """So many (None: all that are open) cannot be had here: another place sends them in the same
    window, or they are paid back."""
    known = await _known(db, pick_id)

    async def do(fulfilment: Fulfilment) -> dict[str, Any]:
        line = await _known(db, pick_id)
        after(fulfilment.state, "short")
        missing = line.open if quantity is None else quantity
        if not 0 < missing <= line.open:
            raise Conflict(
                "Somebody has picked this already. The list shows what is left.",
                code="already-picked",
                state={"pick": str(pick_id), "open": line.open},
            )
        elsewhere = await instead(db, fulfilment, line, missing)
        amount = await actions.pay_back(db, line, missing - elsewhere, "short")
        await queries.note_short(db, line, missing, reason, act.person.id)
        await note_resourced(db, line.order_id, line.id, elsewhere)
        body = {"line": line.line_no, "quantity": missing, "reason": reason, "owed": amount}
        return await _go_on(db, fulfilment, line, "short", "LineShorted", body)

    request = {"do": "short", "pick": pick_id, "reason": reason, "quantity": quantity}
    outcome: dict[str, Any] = await actions.carry_out(db, known.fulfilment_id, act, request, do)
    return outcome


async def _into_tote(db: Connection, fulfilment: Fulfilment, batch_id: UUID, tote: int) -> bool:
    """False when its shopper called it off a moment ago."""
    try:
        async with db.transaction():
            await actions.keep_up(db, fulfilment)
            await queries.put_in_tote(db, fulfilment.order_id, fulfilment.id, batch_id, tote)
            await actions.move_on(
                db, fulfilment, ["start"], "PickingStarted", {"batch": str(batch_id)}
            )
    except Conflict:
        return False
    return True


async def _go_on(
    db: Connection,
    fulfilment: Fulfilment,
    line: Pick,
    step: Action,
    kind: str,
    body: dict[str, Any],
) -> dict[str, Any]:
    """What was picked leaves the stock once its product is done; the last line ends the picking."""
    picks = await fulfilments.picks_of(db, [fulfilment.id])
    of_product = [pick for pick in picks if pick.product_id == line.product_id]
    steps: list[Action] = [step]
    if all(pick.state != "open" for pick in picks):
        steps.append("finish_picking" if any(pick.picked for pick in picks) else "give_up")
    moved = await actions.move_on(db, fulfilment, steps, kind, body)
    if all(pick.state != "open" for pick in of_product):
        await _take_from_stock(db, fulfilment, of_product)
    if moved.state == "cancelled":
        await planning.drop(db, moved)
        await actions.pay_back_part(db, moved)
    return {"state": moved.state, "open": next(p.open for p in picks if p.id == line.id)}


async def _take_from_stock(db: Connection, fulfilment: Fulfilment, picks: list[Pick]) -> None:
    product_id, place_id = picks[0].product_id, fulfilment.place_id
    found = sum(pick.picked for pick in picks)
    promised = await queries.promised(db, fulfilment.order_id, product_id, place_id)
    for number, (hold_id, quantity) in enumerate(promised, start=1):
        taken = found if number == len(promised) else min(found, quantity)
        found -= taken
        await stock.take(db, hold_id, [stock.Line(product_id, place_id, taken)])


async def _check_code(db: Connection, line: Pick, code: str) -> None:
    name, gtin = await queries.name_and_gtin(db, line.order_id, line.line_no)
    try:
        scanned = read_code(code)
    except BadGtin as error:
        raise Malformed(
            "We could not read that code. Scan the bars on the pack again.", code="unreadable-code"
        ) from error
    if scanned == gtin or await queries.product_of_code(db, scanned) == line.product_id:
        return
    raise Conflict(
        "Wrong item: this is not {name}. Put it back and look again.",
        code="wrong-item",
        state={"pick": str(line.id), "wanted": gtin, "scanned": scanned},
        name=name,
    )


async def _known(db: Connection, pick_id: UUID) -> Pick:
    pick = await queries.pick(db, pick_id)
    if pick is None:
        raise NotFound("There is no such line to pick.")
    return pick
