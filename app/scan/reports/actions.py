from collections.abc import Sequence
from typing import Any
from uuid import UUID

from litestar import Request

from app import commands
from app.db import Connection, new_id
from app.errors import Conflict, NotFound
from app.http.limits import REPORTS, slow_down
from app.scan.reports import queries
from app.scan.reports.models import Report, Reported


async def report(request: Request[Any, Any, Any], db: Connection, said: Report) -> int:
    """Keep that something is wrong with a code, once per id; how often it was said.

    Raises NotFound for a code that hangs nowhere, TooMany for an address that goes on and on.
    """
    await slow_down(request, "report", REPORTS)
    label = said.label.upper()
    edition_id = await queries.edition_of(db, label)
    if edition_id is None:
        raise NotFound("We do not know this code. Please check it on the poster.")

    async def keep() -> int:
        return await queries.say(db, new_id(), label, said.kind)

    times: int = await commands.once(db, edition_id, said.id, ["report", label, said.kind], keep)
    return times


async def told_of(db: Connection, site_ids: Sequence[UUID] | None = None) -> list[Reported]:
    """What nobody has looked after yet, one row per code, in walking order."""
    return await queries.unresolved(db, site_ids)


async def resolve(db: Connection, label: str, by: UUID | None) -> int:
    """Somebody has looked after it. Raises Conflict when somebody else was faster."""
    ended = await queries.resolve(db, label, by)
    if not ended:
        raise Conflict("Somebody has looked after this code already.", code="resolved-before")
    return ended
