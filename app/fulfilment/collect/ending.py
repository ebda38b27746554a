"""What stays in the shop after all: back on the shelves, and paid back."""

from collections.abc import Sequence
from uuid import UUID

from app import jobs, stock
from app.db import Connection, Pool, begin
from app.fulfilment import actions
from app.fulfilment import queries as fulfilments
from app.fulfilment.collect import queries, rules
from app.fulfilment.collect.models import DeskLine, Refused
from app.fulfilment.models import Fulfilment
from app.fulfilment.picking import closing

AT_A_TIME = 50
NOT_COLLECTED, REFUSED = "not-collected", "refused"


async def put_back(pool: Pool) -> None:
    """Orders nobody came for in time: their goods are the shop's again, and all that was paid goes
    back. Any number of workers may do this at once, while desks hand over."""

    async def end(id: UUID) -> None:
        async with begin(pool) as db:
            [fulfilment] = await fulfilments.lock(db, [id])
            if not await queries.give_up(db, fulfilment):
                return
            lines = await queries.lines(db, id)
            await _end(db, fulfilment, "NotCollected", NOT_COLLECTED)
            sound = [(line, line.picked) for line in lines if not line.stopped]
            await back_on_the_shelf(db, fulfilment, sound)

    await jobs.one_by_one("an order at a desk", await queries.run_out(pool, AT_A_TIME), end)


async def nothing_taken(
    db: Connection, fulfilment: Fulfilment, lines: Sequence[DeskLine], refused: Sequence[Refused]
) -> None:
    """Somebody came, and took nothing of it home."""
    await _end(db, fulfilment, "CollectionRefused", REFUSED)
    await back_on_the_shelf(db, fulfilment, sound(lines, refused))


def sound(lines: Sequence[DeskLine], refused: Sequence[Refused]) -> list[tuple[DeskLine, int]]:
    """What of the refused goods can be sold to somebody else."""
    by_pick = {line.pick_id: line for line in lines}
    return [
        (by_pick[one.pick_id], one.quantity)
        for one in refused
        if one.reason in rules.BACK_ON_THE_SHELF
    ]


async def back_on_the_shelf(
    db: Connection, fulfilment: Fulfilment, goods: Sequence[tuple[DeskLine, int]]
) -> None:
    """What was cold is not sold again."""
    lines = [
        stock.Line(line.product_id, fulfilment.place_id, quantity)
        for line, quantity in goods
        if line.storage == "ambient" and quantity
    ]
    if lines:
        await stock.receive(db, lines, kind="returned", reference=fulfilment.order_id)


async def _end(db: Connection, fulfilment: Fulfilment, kind: str, why: str) -> None:
    await queries.empty_parcels(db, fulfilment)
    ended = await actions.move_on(db, fulfilment, ["put_back"], kind, {}, why=why)
    await closing.pay_back_part(db, ended, why)
