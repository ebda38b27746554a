"""A parcel that comes back: told to its carrier, followed on its way, and looked for where it is lost."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

import structlog

from app import cases
from app.db import Connection, Pool, begin
from app.fulfilment import carriers
from app.returns import queries

AT_ONCE = 20
LEASE = timedelta(seconds=30)
LOST_AFTER = timedelta(days=10)
"""Without a word of the carrier, once it had the parcel."""

log = structlog.get_logger()


async def announce_due(pool: Pool, carrier: carriers.Carrier) -> None:
    """Tell the carrier of parcels that will be handed in; one it does not take is told again."""
    for request_id, attempts in await queries.parcels.take_due(pool, AT_ONCE, LEASE):
        parcel = await queries.parcels.announcement(pool, request_id)
        if parcel is None:  # it came another way meanwhile, or they keep it
            await queries.parcels.tell_again(pool, request_id, None)
            continue
        try:
            announced = await carrier.announce(parcel)
        except carriers.Unreachable as error:
            log.warning("a carrier does not answer", carrier=carrier.name, why=str(error))
            again_at = datetime.now(UTC) + timedelta(seconds=min(30 * 2**attempts, 3600))
            await queries.parcels.tell_again(pool, request_id, again_at)
        else:
            await queries.parcels.note_announced(pool, request_id, announced.track_at)


async def hear(db: Connection, fact: carriers.Fact) -> bool | None:
    """Where it is now; what is older than what was heard before changes nothing. Whether it is over;
    None for no parcel of ours."""
    return await queries.parcels.note(db, fact.sscc, fact.kind, fact.at, fact.track_at)


async def where(db: Connection, request_id: UUID) -> tuple[str, str | None]:
    """How far the carrier has it, and where that can be followed."""
    return await queries.parcels.where(db, request_id)


async def look_for_lost(pool: Pool) -> None:
    """The carrier had it, and says nothing any more: somebody asks, and the customer does not wait for
    it (2011/83/EU, art. 14 (1): proof of sending is enough)."""
    async with begin(pool) as db:
        for request_id, order_id, sscc in await queries.parcels.lost(db, LOST_AFTER):
            words = f"SSCC {sscc}"
            await cases.open_case(
                db, uuid5(request_id, "lost"), order_id, "missing", about=request_id, words=words
            )
