"""Cases that open by themselves."""

from uuid import uuid5

from app.cases.actions import answer, open_case
from app.db import Connection
from app.jobs import Event


async def follow_sourcing(db: Connection, event: Event) -> None:
    """Nobody can send an order, or part of it: somebody decides, and tells its shopper. Once that is
    decided the case is answered; an order without one has nothing to hear."""
    case_id = uuid5(event.aggregate, "nobody can fill it")
    if event.kind == "OrderUnfilled":
        await open_case(db, case_id, event.aggregate, "missing")
    else:
        await answer(db, case_id)
