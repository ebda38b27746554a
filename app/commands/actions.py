import hashlib
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import msgspec

from app.commands import queries
from app.db import Connection, Pool
from app.db import begin as transaction
from app.errors import ShopError, Unprocessable

DEPENDS_ON_STATE = {409, 410}
KEPT_DAYS, AT_ONCE = 90, 5_000
"""No handheld or till sends again later than a season; a few thousand at a time lock nobody out."""

_encode = msgspec.json.Encoder(order="deterministic").encode


async def once(
    db: Connection, scope: UUID, id: UUID, request: Any, act: Callable[[], Awaitable[Any]]
) -> Any:
    """Carry out `act` if this id is new in its scope; returns what it did, now or earlier.

    A refusal that depends on state (409, 410) is a value: it is kept and given again. Any other
    error undoes everything, the id included. Raises Unprocessable for an id used otherwise.
    """
    earlier = await begin(db, scope, id, request)
    if earlier is not None:
        return _given_again(earlier)
    try:
        async with db.transaction():
            outcome = await act()
    except ShopError as refusal:
        if refusal.status not in DEPENDS_ON_STATE:
            raise
        await finish(db, scope, id, {"refused": _kept(refusal)})
        refusal.recorded = True
        raise
    await finish(db, scope, id, {"done": outcome})
    return outcome


async def begin(db: Connection, scope: UUID, id: UUID, request: Any) -> Any | None:
    """None when this id is new in its scope and yours to carry out; else what it did before.

    `scope` is the cart or order, else the principal. Raises Unprocessable when the same id came
    with another request.
    """
    mark = fingerprint(request)
    if await queries.claim(db, scope, id, mark):
        return None
    earlier = await queries.find(db, scope, id)
    if earlier["fingerprint"] != mark:
        raise Unprocessable(
            "This request id was already used for something else. Send it again with a new id.",
            code="id-used-otherwise",
        )
    return earlier["outcome"]


async def kept(db: Connection, scope: UUID, id: UUID) -> Any | None:
    """What this command did, for whoever only looks; None when it did nothing, or is not there."""
    outcome = await queries.outcome(db, scope, id)
    return outcome.get("done") if outcome else None


async def forget_old(pool: Pool) -> None:
    """A sweep of the worker. What arrives after that is a new command."""
    gone = AT_ONCE
    while gone == AT_ONCE:
        async with transaction(pool) as db:
            gone = await queries.forget(db, KEPT_DAYS, AT_ONCE)


async def finish(db: Connection, scope: UUID, id: UUID, outcome: Any) -> None:
    """Keep what was done. It must not be None, and never holds a whole cart or personal data."""
    await queries.keep_outcome(db, scope, id, outcome)


async def copy_to(db: Connection, scope: UUID, survivor: UUID) -> None:
    """What was done in one scope counts as done in another, e.g. in the cart that follows it."""
    await queries.copy_to(db, scope, survivor)


def fingerprint(request: Any) -> bytes:
    return hashlib.sha256(_encode(request)).digest()


def _kept(refusal: ShopError) -> dict[str, Any]:
    values = {name: str(value) for name, value in refusal.values.items()}
    return {
        "status": refusal.status,
        "code": refusal.code,
        "sentence": refusal.sentence,
        "values": values,
    }


def _given_again(outcome: Any) -> Any:
    if "refused" not in outcome:
        return outcome["done"]
    kept = outcome["refused"]
    refusal = ShopError(kept["sentence"], code=kept["code"], **kept["values"])
    refusal.status = kept["status"]
    raise refusal
