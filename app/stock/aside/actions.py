from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app import commands, staff
from app.db import Connection
from app.errors import Conflict, NotFound
from app.staff import Person
from app.stock.actions import receive
from app.stock.aside import queries, rules
from app.stock.aside.models import Goal, Goods, State
from app.stock.models import Line


async def put(db: Connection, goods: Sequence[Goods], reference: UUID) -> None:
    """It came back and lies aside. `reference` is the order; the caller's command keeps a repeat from
    counting twice."""
    together: dict[tuple[UUID, UUID, State], int] = {}
    for one in goods:
        key = (one.product_id, one.place_id, one.state)
        together[key] = together.get(key, 0) + one.quantity
    if together:
        await queries.put(db, dict(sorted(together.items())), "returned", reference)


async def move(
    db: Connection,
    person: Person,
    command: UUID,
    product_id: UUID,
    place_id: UUID,
    state: State,
    to: Goal,
    quantity: int,
    reason: str = "",
) -> None:
    """Somebody has looked at it: back onto the shelf, to be sold for less, or thrown away. Raises
    Conflict for a way there is not (`no-such-way`, `was-cold`) and for more than lies there
    (`more-than-there`)."""

    async def act() -> dict[str, Any]:
        storage = await queries.storage(db, product_id)
        if storage is None:
            raise NotFound("We do not know a product with this number.", code="unknown-product")
        rules.check_way(storage, state, to)
        spot = (product_id, place_id, state)
        kind = "restocked" if to == "shelf" else "moved"
        if not await queries.take(db, spot, quantity, kind, command, person.id, reason):
            raise Conflict("So many do not lie there any more.", code="more-than-there")
        if to == "shelf":
            line = Line(product_id, place_id, quantity)
            await receive(db, [line], kind="returned", reference=command)
        else:
            goods = {(product_id, place_id, to): quantity}
            await queries.put(db, goods, kind, command, person.id, reason)
        note = f"{place_id}: {quantity} {state} -> {to} {reason}".rstrip()
        await staff.note(db, person, "stock.aside", str(product_id), note)
        return {"moved": quantity}

    asked = {
        "do": "move aside", "product": product_id, "place": place_id, "state": state, "to": to,
        "quantity": quantity, "reason": reason,
    }  # fmt: skip
    await commands.once(db, person.id, command, asked, act)
