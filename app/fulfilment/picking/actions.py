import asyncio
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app import catalog, commands, staff, stock
from app.db import Connection, new_id
from app.errors import Conflict, Malformed, NotFound, Unprocessable
from app.fulfilment import actions
from app.fulfilment import queries as fulfilments
from app.fulfilment.delivery import planning
from app.fulfilment.models import Act, Fulfilment, Pick, ShortReason
from app.fulfilment.picking import closing, queries, walking
from app.fulfilment.picking.models import PickList
from app.fulfilment.picking.rules import TOTES_ON_A_CART, check_date, check_weight
from app.fulfilment.picking.scanned import Scanned, read_scan
from app.fulfilment.resourcing.actions import instead
from app.fulfilment.rules import Action, after
from qr_walls.errors import BadGtin

SEEN_AT_ONCE = 90
"""Of so many waiting orders those that go together are looked for."""


async def start(
    db: Connection,
    act: Act,
    place_id: UUID,
    pick_by: datetime | None = None,
    most: int = TOTES_ON_A_CART,
) -> UUID:
    """Take the most pressing order of a place onto a cart, and those that are due with it and make
    the walk longer by the least; returns the batch.

    Two who start at once get different orders. Raises Conflict when nothing is waiting.
    """

    async def once() -> dict[str, str]:
        await queries.one_cart_at_a_time(db, place_id)
        ids = await _chosen(db, place_id, pick_by, min(most, TOTES_ON_A_CART))
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
    return PickList(batch, [by_id[pick.id] for pick in walking.in_order(lines)])


async def pick(
    db: Connection,
    act: Act,
    pick_id: UUID,
    *,
    code: str | None,
    quantity: int,
    grams: int | None = None,
    best_before: date | None = None,
) -> dict[str, Any]:
    """Put so many into the tote; with `code`, what the scanner read on the pack is checked first, and
    the weight and date in it count. `grams` are of all of them.

    Raises Conflict `wrong-item` for another product, `already-picked` when fewer are open, `recalled`,
    `too-heavy`, `past-date`; Unprocessable `weight-needed`, `date-needed`, `one-by-one`.
    """
    known = await known_pick(db, pick_id)

    async def do(fulfilment: Fulfilment) -> dict[str, Any]:
        line = await known_pick(db, pick_id)
        after(fulfilment.state, "pick")
        await check_sale(db, line)
        read = None if code is None else await _check_code(db, line, code)
        check_open(line, quantity)
        weighed = check_weight(line, quantity, grams or _on_the_label(line, read, quantity))
        date_on_it = best_before or (read.best_before if read else None)
        check_date(line, date_on_it, await queries.delivered_on(db, fulfilment.id))
        await queries.note_picked(db, line, quantity, act.person.id, weighed, date_on_it)
        body = {"line": line.line_no, "quantity": quantity}
        return await go_on(db, fulfilment, line, "pick", "LinePicked", body)

    request = {"do": "pick", "pick": pick_id, "code": code, "quantity": quantity}
    if grams or best_before:
        request |= {"grams": grams, "best_before": best_before}
    outcome: dict[str, Any] = await actions.carry_out(db, known.fulfilment_id, act, request, do)
    return outcome


async def short(
    db: Connection, act: Act, pick_id: UUID, *, reason: ShortReason, quantity: int | None = None
) -> dict[str, Any]:
    """So many (None: all that are open) cannot be had here: another place sends them in the same
    window. For the others: until the order is packed they can be `found` after all; then they are
    paid back."""
    known = await known_pick(db, pick_id)

    async def do(fulfilment: Fulfilment) -> dict[str, Any]:
        line = await known_pick(db, pick_id)
        after(fulfilment.state, "short")
        missing = line.open if quantity is None else quantity
        check_open(line, missing or 1)
        elsewhere = await instead(db, fulfilment, line, missing)
        await queries.note_short(db, line, missing, reason, act.person.id)
        await queries.note_resourced(db, line, elsewhere)
        body = {"line": line.line_no, "quantity": missing, "reason": reason}
        return await go_on(db, fulfilment, line, "short", "LineShorted", body)

    request = {"do": "short", "pick": pick_id, "reason": reason, "quantity": quantity}
    outcome: dict[str, Any] = await actions.carry_out(
        db, known.fulfilment_id, act, request, do, with_others=True
    )
    return outcome


async def found(db: Connection, act: Act, pick_id: UUID) -> dict[str, Any]:
    """What was missing is there after all, and to be picked. Raises Conflict `paid-back` once the
    packing has begun, `nothing-short` when nothing was missing."""
    known = await known_pick(db, pick_id)

    async def do(fulfilment: Fulfilment) -> dict[str, Any]:
        line = await known_pick(db, pick_id)
        after(fulfilment.state, "found")
        if not line.missing:
            raise Conflict("Nothing is missing of this any more.", code="nothing-short")
        if line.paid_back_for:
            raise Conflict(
                "This is being packed already, and what was missing is paid back. Bring it back to "
                "its shelf.",
                code="paid-back",
            )
        await queries.note_found(db, line, act.person.id)
        body = {"line": line.line_no, "quantity": line.missing}
        return await go_on(db, fulfilment, line, "found", "LineFound", body)

    request = {"do": "found", "pick": pick_id}
    outcome: dict[str, Any] = await actions.carry_out(db, known.fulfilment_id, act, request, do)
    return outcome


async def take_out(db: Connection, act: Act, pick_id: UUID) -> dict[str, Any]:
    """Somebody tapped too fast, or dropped it: nothing of it lies in the tote, and it is to be picked.
    What has left the stock for it has left it once. Raises Conflict `nothing-picked`, and
    `being-packed` once a tote of its order is closed."""
    known = await known_pick(db, pick_id)

    async def do(fulfilment: Fulfilment) -> dict[str, Any]:
        line = await known_pick(db, pick_id)
        after(fulfilment.state, "take_out")
        if not line.picked:
            raise Conflict("Nothing of this is in a tote.", code="nothing-picked")
        if not await queries.note_taken_out(db, line, act.person.id):
            raise Conflict(
                "This order is being packed already. Tell whoever packs it what is missing.",
                code="being-packed",
            )
        body = {"line": line.line_no, "quantity": line.picked}
        return await go_on(db, fulfilment, line, "take_out", "LineTakenOut", body)

    request = {"do": "take_out", "pick": pick_id}
    outcome: dict[str, Any] = await actions.carry_out(db, known.fulfilment_id, act, request, do)
    return outcome


async def handle(
    db: Connection,
    product_id: UUID,
    *,
    weighed: bool,
    item_number: str | None,
    dated: bool,
    by: UUID | None = None,
) -> None:
    """What a picker has to do with a product beside scanning it, as a change of the catalogue that can
    be undone there; orders that are released from now on know it. Raises NotFound, Conflict
    `number-taken` for the number of another product, Unprocessable for what has no grams."""
    product = await catalog.product(db, product_id, "en")
    if product is None:
        raise NotFound("There is no such product.")
    cells = {
        "by_weight": "yes" if weighed or item_number else "no",
        "scale_number": item_number or "",
        "dated": "yes" if dated else "no",
    }
    report = await catalog.change(db, product_id, cells, product.version, by, product.currency)
    for wrong in report.complaints:
        if wrong.level == "error" and wrong.sentence == catalog.SCALE_TAKEN:
            raise Conflict(wrong.sentence, code="number-taken", **wrong.values)
        if wrong.level == "error":
            raise Unprocessable(wrong.sentence, code="cannot-be-weighed", **wrong.values)


async def _chosen(
    db: Connection, place_id: UUID, pick_by: datetime | None, most: int
) -> list[UUID]:
    due = await queries.most_pressing(db, place_id, pick_by, SEEN_AT_ONCE)
    spots = await queries.spots(db, due)
    walks = [walking.walk_of(spots[id]) for id in due]
    pressing = sum(at == next(iter(due.values())) for at in due.values())
    # Some ten milliseconds that nobody else has to wait for.
    chosen = await asyncio.to_thread(walking.first_cart, walks, pressing, most) if due else []
    ids = list(due)
    return [ids[each] for each in sorted(chosen)]


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


async def go_on(
    db: Connection,
    fulfilment: Fulfilment,
    line: Pick,
    step: Action,
    kind: str,
    body: dict[str, Any],
) -> dict[str, Any]:
    """The last line ends the picking. What is all there leaves the stock at once; where something is
    missing it waits, for it may be found after all."""
    picks = await fulfilments.picks_of(db, [fulfilment.id])
    steps: list[Action] = [step]
    if all(pick.state != "open" for pick in picks):
        steps.append("finish_picking" if any(pick.picked for pick in picks) else "give_up")
    moved = await actions.move_on(db, fulfilment, steps, kind, body)
    ordered = [pick for pick in picks if pick.replaces is None]
    of_product = [pick for pick in ordered if pick.product_id == line.product_id]
    if all(pick.picked == pick.quantity for pick in of_product):
        await closing.take_from_stock(db, fulfilment, of_product)
    if moved.state == "cancelled":
        await closing.take_from_stock(db, fulfilment, ordered)
        await planning.drop(db, moved)
        await closing.pay_back_part(db, moved, "short")
    return {"state": moved.state, "open": next(p.open for p in picks if p.id == line.id)}


async def check_sale(db: Connection, line: Pick) -> None:
    """Raises Conflict `recalled`."""
    if await stock.stopping.stopped(db, [line.product_id]):
        raise Conflict(
            "This product was recalled. Leave it where it is and report it as not there.",
            code="recalled",
            state={"pick": str(line.id)},
        )


def _on_the_label(line: Pick, scanned: Scanned | None, quantity: int) -> int | None:
    """The grams a label says, which are of one piece. Raises Unprocessable `one-by-one`."""
    grams = scanned.grams if scanned else None
    if grams and quantity > 1 and line.nominal_g is not None:
        raise Unprocessable(
            "This label is of one piece. Scan each of them, or type what they weigh together.",
            code="one-by-one",
        )
    return grams


def check_open(line: Pick, quantity: int) -> None:
    """Raises Conflict `already-picked`."""
    if not 0 < quantity <= line.open:
        raise Conflict(
            "Somebody has picked this already. The list shows what is left.",
            code="already-picked",
            state={"pick": str(line.id), "open": line.open},
        )


async def known_pick(db: Connection, pick_id: UUID) -> Pick:
    """Raises NotFound."""
    pick = await queries.pick(db, pick_id)
    if pick is None:
        raise NotFound("There is no such line to pick.")
    return pick


async def _check_code(db: Connection, line: Pick, code: str) -> Scanned:
    name, gtin = await queries.name_and_gtin(db, line.order_id, line.line_no)
    scanned = read(code)
    if gtin == scanned.gtin or await queries.product_of_scan(db, scanned) == line.product_id:
        return scanned
    raise Conflict(
        "Wrong item: this is not {name}. Put it back and look again.",
        code="wrong-item",
        state={"pick": str(line.id), "wanted": gtin, "scanned": scanned.gtin},
        name=name,
    )


async def product_of(db: Connection, code: str) -> UUID | None:
    """Whose bars these are; None for a product we do not know. Raises Malformed."""
    return await queries.product_of_scan(db, read(code))


def read(code: str) -> Scanned:
    """Raises Malformed."""
    try:
        return read_scan(code)
    except BadGtin as error:
        raise Malformed(
            "We could not read that code. Scan the bars on the pack again.", code="unreadable-code"
        ) from error
