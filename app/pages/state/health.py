"""How the shop is doing, in a few numbers; the same for the page and for monitoring."""

import msgspec
from litestar.datastructures import State

from app import db, jobs, payments
from app.db.migrate import at_head
from app.jobs import Depth, Failed, Kind, Parked
from app.payments.models import Oddity

SHOWN = 50
WORKERS_ARE_AWAY_AFTER_S = 30.0


class Health(msgspec.Struct, frozen=True):
    database: str
    database_bytes: int
    newest_schema: bool
    redis_works: bool
    worker_swept_s: float | None
    pool_used: int
    pool_size: int

    @property
    def worker_works(self) -> bool:
        return self.worker_swept_s is not None and self.worker_swept_s < WORKERS_ARE_AWAY_AFTER_S


class Queues(msgspec.Struct, frozen=True):
    consumers: list[Depth]
    steps: list[Kind]


class WorkItems(msgspec.Struct, frozen=True):
    """What waits for a person."""

    parked: list[Parked]
    failed: list[Failed]
    oddities: list[Oddity]


async def health(state: State, connection: db.Connection) -> Health:
    version, size = await db.server(connection)
    return Health(
        database=version,
        database_bytes=size,
        newest_schema=await at_head(connection),
        redis_works=state.hub.redis_works,
        worker_swept_s=await jobs.seconds_since_a_worker_swept(connection),
        pool_used=state.pool.get_size() - state.pool.get_idle_size(),
        pool_size=state.pool.get_max_size(),
    )


async def queues(connection: db.Connection) -> Queues:
    return Queues(await jobs.depths(connection), await jobs.kinds_of_steps(connection))


async def work_items(connection: db.Connection) -> WorkItems:
    return WorkItems(
        await jobs.parked(connection, SHOWN),
        await jobs.failed(connection, SHOWN),
        await payments.oddities(connection, SHOWN),
    )
