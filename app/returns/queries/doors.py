"""Whom a van visits."""

from datetime import datetime
from uuid import UUID

from app.db import Connection
from app.returns.models import Door


async def door(db: Connection, run_id: UUID, order_id: UUID) -> Door | None:
    """None where this van does not come; by a stop of its own, or to fetch something."""
    row = await db.fetchrow(
        """
        SELECT run.id AS run_id, run.place_id, run.state, sold.id AS order_id, sold.number,
               sold.currency, sold.email
          FROM fulfilment.runs AS run
          JOIN orders.orders AS sold ON sold.id = $2
         WHERE run.id = $1
           AND (EXISTS (SELECT
                          FROM fulfilment.stops AS stop
                         WHERE stop.order_id = $2
                           AND stop.run_id = $1
                           AND stop.state <> 'dropped')
                OR EXISTS (SELECT
                             FROM returns.collections AS fetched
                             JOIN returns.requests AS asked ON asked.id = fetched.request_id
                            WHERE asked.order_id = $2
                              AND fetched.state <> 'off'
                              AND fetched.place_id = run.place_id
                              AND fetched.starts_at = run.starts_at
                              AND fetched.ends_at = run.ends_at))
        """,
        run_id, order_id,
    )  # fmt: skip
    return Door(**row) if row else None


async def door_of_window(db: Connection, run_id: UUID, order_id: UUID) -> Door | None:
    """The same, also where the stop has gone to another van of the window meanwhile, or another time
    was chosen for what is fetched: a driver was there."""
    row = await db.fetchrow(
        """
        SELECT run.id AS run_id, run.place_id, run.state, sold.id AS order_id, sold.number,
               sold.currency, sold.email
          FROM fulfilment.runs AS run
          JOIN orders.orders AS sold ON sold.id = $2
         WHERE run.id = $1
           AND (EXISTS (SELECT
                          FROM fulfilment.stops AS stop
                          JOIN fulfilment.runs AS van ON van.id = stop.run_id
                         WHERE stop.order_id = $2
                           AND van.place_id = run.place_id
                           AND van.starts_at = run.starts_at)
                OR EXISTS (SELECT
                             FROM returns.collections AS fetched
                             JOIN returns.requests AS asked ON asked.id = fetched.request_id
                            WHERE asked.order_id = $2
                              AND fetched.place_id = run.place_id))
        """,
        run_id, order_id,
    )  # fmt: skip
    return Door(**row) if row else None


async def run(db: Connection, id: UUID) -> tuple[UUID, datetime, datetime, int, str] | None:
    """Place, window, number of the van, and where it is."""
    row = await db.fetchrow(
        "SELECT place_id, starts_at, ends_at, number, state FROM fulfilment.runs WHERE id = $1", id
    )
    return tuple(row.values()) if row else None
