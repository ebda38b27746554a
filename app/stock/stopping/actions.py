from uuid import UUID

from app import catalog, jobs
from app.db import Connection, new_id
from app.errors import Conflict, NotFound
from app.stock.actions import tell_watchers
from app.stock.stopping import queries


async def stop_sale(db: Connection, product_id: UUID, reason: str, message: str) -> UUID:
    """From the commit on nobody sells it, whatever else the catalogue says; those who bought it are
    written to (`SaleStopped`). Raises Conflict when its sale is stopped already, NotFound."""
    if not await catalog.stop(db, product_id, stopped=True):
        raise NotFound("There is no such product.")
    id = new_id()
    if not await queries.write_stop(db, id, product_id, reason, message):
        raise Conflict("The sale of this product is stopped already.", code="stopped-already")
    await jobs.announce(
        db,
        aggregate="stop",
        id=id,
        number=1,
        kind="SaleStopped",
        body={"product": str(product_id)},
    )
    await tell_watchers(db, [product_id])
    return id


async def resume_sale(db: Connection, product_id: UUID) -> None:
    """It may be sold again. Raises Conflict when it was not stopped."""
    id = await queries.end_stop(db, product_id)
    if id is None:
        raise Conflict("The sale of this product is not stopped.", code="not-stopped")
    await catalog.stop(db, product_id, stopped=False)
    await jobs.announce(
        db,
        aggregate="stop",
        id=id,
        number=2,
        kind="SaleResumed",
        body={"product": str(product_id)},
    )
    await tell_watchers(db, [product_id])
