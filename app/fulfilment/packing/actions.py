from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.db import Connection, new_id
from app.errors import Conflict, NotFound
from app.fulfilment import actions
from app.fulfilment import queries as fulfilments
from app.fulfilment.models import Act, Fulfilment, Storage
from app.fulfilment.packing import queries, rules
from app.fulfilment.packing.models import PackLine, Table
from app.fulfilment.picking import closing
from app.fulfilment.rules import Action, after


async def table(db: Connection, fulfilment_id: UUID) -> Table:
    """Raises NotFound."""
    fulfilment = await fulfilments.read(db, fulfilment_id)
    if fulfilment is None:
        raise NotFound("There is no such order here.")
    place, time_zone, language, note = await queries.place_and_order(db, fulfilment_id)
    return Table(
        fulfilment=fulfilment,
        place=place,
        time_zone=time_zone,
        language=language,
        note=note,
        lines=await queries.lines(db, fulfilment_id),
        parcels=await queries.parcels(db, fulfilment_id),
    )


async def seal(
    db: Connection,
    act: Act,
    fulfilment_id: UUID,
    storage: Storage,
    quantities: Mapping[UUID, int] | None = None,
) -> dict[str, Any]:
    """Close a tote of one storage class: it gets its number, and what is in it is written down.

    `quantities` by pick; None puts in all that is left of that class. With the last piece the
    order is packed; with the first tote what is missing is final and paid back. Raises Conflict when a piece lies in another tote already.
    """

    async def do(fulfilment: Fulfilment) -> dict[str, Any]:
        after(fulfilment.state, "seal")
        lines = await queries.lines(db, fulfilment_id)
        inside = _inside(lines, storage, quantities)
        await closing.close(db, fulfilment)
        sscc = rules.sscc(await queries.next_serial(db))
        parcel_id = new_id()
        number = await queries.write_parcel(
            db,
            order_id=fulfilment.order_id,
            id=parcel_id,
            fulfilment_id=fulfilment_id,
            sscc=sscc,
            storage=storage,
            weight_g=sum(line.weight_g * inside.get(line.pick_id, 0) for line in lines),
            place_id=fulfilment.place_id,
        )
        await queries.write_contents(db, fulfilment.order_id, parcel_id, inside)
        steps: list[Action] = ["seal"]
        if sum(inside.values()) == sum(line.left for line in lines):
            steps.append("finish_packing")
        moved = await actions.move_on(db, fulfilment, steps, "ParcelSealed", {"sscc": sscc})
        return {"sscc": sscc, "number": number, "state": moved.state}

    request = {
        "do": "seal",
        "fulfilment": fulfilment_id,
        "storage": storage,
        "quantities": {str(pick): n for pick, n in (quantities or {}).items()},
    }
    outcome: dict[str, Any] = await actions.carry_out(db, fulfilment_id, act, request, do)
    return outcome


def _inside(
    lines: list[PackLine], storage: Storage, quantities: Mapping[UUID, int] | None
) -> dict[UUID, int]:
    left = {line.pick_id: line.left for line in lines if line.storage == storage and line.left}
    inside = left if quantities is None else {id: n for id, n in quantities.items() if n}
    if not inside or any(n > left.get(id, 0) or n < 0 for id, n in inside.items()):
        raise Conflict(
            "Not all of this is on the table any more. Look at what is left.",
            code="not-on-the-table",
            state={"left": {str(id): n for id, n in left.items()}},
        )
    return inside
