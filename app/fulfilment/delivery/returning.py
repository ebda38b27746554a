"""Back at the shop, van empty: what nobody took, and what was refused at a door."""

from typing import Any
from uuid import UUID

from app import commands
from app.db import Connection
from app.errors import Conflict
from app.fulfilment import actions
from app.fulfilment.delivery import planning, queries
from app.fulfilment.delivery.actions import run_and_parts
from app.fulfilment.delivery.door import again, refunding
from app.fulfilment.delivery.door import queries as doors
from app.fulfilment.delivery.models import StopRow
from app.fulfilment.models import Act, Fulfilment


async def come_back(db: Connection, act: Act, run_id: UUID) -> dict[str, Any]:
    """What is tried again goes the way its shopper chose (of that, what was cold is picked anew or
    paid back) or waits for their choice, the rest is paid back; what was refused is put away. Raises
    Conflict `not-on-the-road`, `stops-ahead`."""

    async def once() -> dict[str, Any]:
        run, parts = await run_and_parts(db, run_id, failed=True)
        if run.state != "underway":
            raise Conflict("This van is not on the road.", code="not-on-the-road")
        ahead = [part for part in parts if part.state == "out_for_delivery"]
        if ahead:
            raise Conflict(
                "There are still stops ahead.",
                code="stops-ahead",
                state={"orders": [part.order_number for part in ahead]},
            )
        await planning.changed(db, run, "RunCompleted", {}, state="completed")
        for stop in await queries.stops(db, [run_id]):
            if stop.state == "failed":
                [part] = [each for each in parts if each.id == stop.fulfilment_id]
                await _bring_in(db, act, part, stop)
        await refunding.put_away(db, run)
        return {"done": len(parts)}

    outcome: dict[str, Any] = await commands.once(db, run_id, act.id, {"do": "come_back"}, once)
    return outcome


async def _bring_in(db: Connection, act: Act, part: Fulfilment, stop: StopRow) -> None:
    """As the shopper chose by now; of what comes again and nobody chose for, they still can."""
    wish = await doors.chosen(db, part.id, part.order_id)
    if stop.next_step == "back":
        await again.give_up(db, part)
    elif wish is None:
        await again.wait_for_choice(db, part, stop)
    else:
        await again.do_as_chosen(db, part, stop, wish)
    await actions.note(db, part, act, "come_back", {"next": stop.next_step})
