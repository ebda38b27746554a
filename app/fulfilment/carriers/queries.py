from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from app.db import Connection, Pool
from app.fulfilment.carriers.models import (
    Address,
    Announced,
    Announcement,
    Bookable,
    Consignment,
    Due,
    Fact,
    Kind,
    State,
)
from app.fulfilment.models import Fulfilment


async def bookable(db: Connection) -> list[Bookable]:
    """Packed, to be brought, and not in a van yet; nothing cold, and nothing with an age limit."""
    rows = await db.fetch(
        """
        SELECT fulfilment.id AS fulfilment_id, fulfilment.order_number, place.name AS place,
               place.time_zone, sold.postcode, sold.city, fulfilment.window_ends_at,
               count(parcel.id) AS parcels
          FROM fulfilment.fulfilments AS fulfilment
          JOIN stock.places AS place ON place.id = fulfilment.place_id
          JOIN orders.orders AS sold ON sold.id = fulfilment.order_id
          JOIN fulfilment.parcels AS parcel
            ON parcel.order_id = fulfilment.order_id AND parcel.fulfilment_id = fulfilment.id
         WHERE fulfilment.state = 'packed'
           AND fulfilment.way = 'delivery'
           AND NOT EXISTS (SELECT
                             FROM fulfilment.picks AS pick
                             JOIN orders.lines AS line
                               ON line.order_id = pick.order_id AND line.line_no = pick.line_no
                            WHERE pick.order_id = fulfilment.order_id
                              AND pick.fulfilment_id = fulfilment.id
                              AND pick.picked > 0
                              AND (line.age_limit IS NOT NULL OR pick.storage <> 'ambient'))
         GROUP BY fulfilment.order_id, fulfilment.id, place.id, sold.id
        HAVING bool_and(parcel.place_id IS NOT NULL)
         ORDER BY fulfilment.window_ends_at, fulfilment.order_number
         LIMIT 200
        """
    )
    return [Bookable(**row) for row in rows]


async def has_age_limit(db: Connection, fulfilment_id: UUID) -> bool:
    return bool(
        await db.fetchval(
            """
            SELECT EXISTS (SELECT
                             FROM fulfilment.picks AS pick
                             JOIN orders.lines AS line
                               ON line.order_id = pick.order_id AND line.line_no = pick.line_no
                            WHERE pick.fulfilment_id = $1
                              AND pick.picked > 0
                              AND line.age_limit IS NOT NULL)
            """,
            fulfilment_id,
        )
    )


async def book(db: Connection, fulfilment: Fulfilment, carrier: str) -> None:
    """Every parcel of it, and the order goes this way from now on; the fulfilment is locked."""
    await db.execute(
        """
        WITH way AS (
            UPDATE fulfilment.fulfilments
               SET way = 'carrier'
             WHERE order_id = $1
               AND id = $2
        )
        INSERT INTO fulfilment.consignments (order_id, parcel_id, fulfilment_id, carrier)
        SELECT parcel.order_id, parcel.id, parcel.fulfilment_id, $3
          FROM fulfilment.parcels AS parcel
         WHERE parcel.order_id = $1
           AND parcel.fulfilment_id = $2
        """,
        fulfilment.order_id, fulfilment.id, carrier,
    )  # fmt: skip


async def take_due(pool: Pool, carrier: str, most: int, lease: timedelta) -> list[Due]:
    """Parcels to announce; each is put off in the same breath, so that one worker does it."""
    rows = await pool.fetch(
        """
        UPDATE fulfilment.consignments AS consignment
           SET due_at = now() + $3, attempts = consignment.attempts + 1
          FROM (SELECT due.order_id, due.parcel_id
                  FROM fulfilment.consignments AS due
                 WHERE due.state = 'wanted'
                   AND due.carrier = $1
                   AND due.due_at <= now()
                 ORDER BY due.due_at
                 LIMIT $2
                   FOR UPDATE SKIP LOCKED) AS mine
         WHERE consignment.order_id = mine.order_id
           AND consignment.parcel_id = mine.parcel_id
        RETURNING consignment.order_id, consignment.parcel_id, consignment.attempts
        """,
        carrier, most, lease,
    )  # fmt: skip
    return [Due(**row) for row in rows]


async def announcement(pool: Pool, due: Due) -> Announcement:
    row = await pool.fetchrow(
        """
        SELECT parcel.sscc, parcel.number, parcel.weight_g, fulfilment.order_number,
               fulfilment.window_ends_at,
               (SELECT count(*)
                  FROM fulfilment.parcels AS other
                 WHERE other.order_id = parcel.order_id
                   AND other.fulfilment_id = parcel.fulfilment_id) AS of,
               place.name AS place, place.street AS place_street, place.postcode AS place_postcode,
               place.city AS place_city, place.country AS place_country,
               sold.name, sold.phone, sold.street, sold.house_number, sold.postcode, sold.city,
               sold.country
          FROM fulfilment.parcels AS parcel
          JOIN fulfilment.fulfilments AS fulfilment
            ON fulfilment.order_id = parcel.order_id AND fulfilment.id = parcel.fulfilment_id
          JOIN stock.places AS place ON place.id = fulfilment.place_id
          JOIN orders.orders AS sold ON sold.id = parcel.order_id
         WHERE parcel.order_id = $1
           AND parcel.id = $2
        """,
        due.order_id, due.parcel_id,
    )  # fmt: skip
    assert row is not None, "a consignment has a parcel"
    return Announcement(
        sscc=row["sscc"],
        order_number=row["order_number"],
        number=row["number"],
        of=row["of"],
        weight_g=row["weight_g"],
        sender=Address(
            name=row["place"],
            street=row["place_street"],
            postcode=row["place_postcode"],
            city=row["place_city"],
            country=row["place_country"],
        ),
        receiver=Address(
            name=row["name"],
            street=f"{row['street']} {row['house_number']}",
            postcode=row["postcode"],
            city=row["city"],
            country=row["country"],
            phone=row["phone"],
        ),
        leave_with=row["window_ends_at"].isoformat(),
    )


async def note_announced(pool: Pool, due: Due, announced: Announced) -> None:
    """What the carrier told of it meanwhile stays."""
    await pool.execute(
        """
        UPDATE fulfilment.consignments
           SET state = 'announced', due_at = NULL, problem = NULL,
               reference = coalesce(reference, $3), track_at = coalesce(track_at, $4)
         WHERE order_id = $1
           AND parcel_id = $2
           AND state = 'wanted'
        """,
        due.order_id, due.parcel_id, announced.reference, announced.track_at,
    )  # fmt: skip


async def note_problem(pool: Pool, due: Due, wait: timedelta, problem: str) -> None:
    await pool.execute(
        """
        UPDATE fulfilment.consignments
           SET due_at = now() + $3, problem = $4
         WHERE order_id = $1
           AND parcel_id = $2
           AND state = 'wanted'
        """,
        due.order_id, due.parcel_id, wait, problem[:300],
    )  # fmt: skip


async def by_sscc(db: Connection, carrier: str, sscc: str) -> Consignment | None:
    rows = await db.fetch(
        """
        SELECT consignment.order_id, consignment.parcel_id
          FROM fulfilment.parcels AS parcel
          JOIN fulfilment.consignments AS consignment
            ON consignment.order_id = parcel.order_id AND consignment.parcel_id = parcel.id
         WHERE parcel.sscc = $2
           AND consignment.carrier = $1
        """,
        carrier, sscc,
    )  # fmt: skip
    found = await several(db, [tuple(row) for row in rows])
    return found[0] if found else None


async def of_order(db: Connection, order_id: UUID) -> list[Consignment]:
    rows = await db.fetch(
        """
        SELECT consignment.order_id, consignment.parcel_id
          FROM fulfilment.consignments AS consignment
          JOIN fulfilment.parcels AS parcel
            ON parcel.order_id = consignment.order_id AND parcel.id = consignment.parcel_id
         WHERE consignment.order_id = $1
         ORDER BY parcel.fulfilment_id, parcel.number
        """,
        order_id,
    )
    return await several(db, [tuple(row) for row in rows])


async def consignments(db: Connection, most: int = 200) -> list[Consignment]:
    """What is not over yet first, and what has a problem before that."""
    rows = await db.fetch(
        """
        SELECT order_id, parcel_id
          FROM fulfilment.consignments
         ORDER BY problem IS NULL, state IN ('delivered', 'returned'), booked_at DESC, parcel_id
         LIMIT $1
        """,
        most,
    )
    return await several(db, [tuple(row) for row in rows])


async def several(db: Connection, keys: Sequence[tuple[UUID, UUID]]) -> list[Consignment]:
    """By order and parcel, in the order given."""
    rows = await db.fetch(
        """
        SELECT consignment.order_id, consignment.parcel_id, consignment.fulfilment_id,
               fulfilment.order_number, parcel.number, parcel.sscc, consignment.carrier,
               consignment.state, consignment.reference, consignment.track_at,
               consignment.attempts, consignment.problem
          FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS wanted (order_id, parcel_id, place)
          JOIN fulfilment.consignments AS consignment
            ON consignment.order_id = wanted.order_id AND consignment.parcel_id = wanted.parcel_id
          JOIN fulfilment.parcels AS parcel
            ON parcel.order_id = consignment.order_id AND parcel.id = consignment.parcel_id
          JOIN fulfilment.fulfilments AS fulfilment
            ON fulfilment.order_id = parcel.order_id AND fulfilment.id = parcel.fulfilment_id
         ORDER BY wanted.place
        """,
        [order_id for order_id, _ in keys], [parcel_id for _, parcel_id in keys],
    )  # fmt: skip
    return [Consignment(**row) for row in rows]


async def keep_fact(db: Connection, carrier: str, fact: Fact, about: Consignment) -> bool:
    """False when it was heard before."""
    return bool(
        await db.fetchval(
            """
            INSERT INTO fulfilment.carrier_facts (
                   carrier, id, order_id, parcel_id, kind, happened_at)
            VALUES ($1, $2, $3, $4, $5, $6)
                ON CONFLICT (carrier, id) DO NOTHING
            RETURNING true
            """,
            carrier, fact.id, about.order_id, about.parcel_id, fact.kind, fact.at,
        )
    )  # fmt: skip


async def told(db: Connection, about: Consignment) -> list[tuple[Kind, datetime]]:
    rows = await db.fetch(
        """
        SELECT kind, happened_at
          FROM fulfilment.carrier_facts
         WHERE order_id = $1
           AND parcel_id = $2
        """,
        about.order_id, about.parcel_id,
    )  # fmt: skip
    return [(row["kind"], row["happened_at"]) for row in rows]


async def set_state(
    db: Connection, about: Consignment, state: State, fact: Fact, problem: str | None
) -> None:
    """Where the parcel is follows from it."""
    await db.execute(
        """
        WITH consignment AS (
            UPDATE fulfilment.consignments
               SET state = $3, due_at = NULL, problem = $6,
                   reference = coalesce($4, reference, $7), track_at = coalesce($5, track_at)
             WHERE order_id = $1
               AND parcel_id = $2
            RETURNING carrier
        )
        UPDATE fulfilment.parcels
           SET place_id = NULL,
               carrier = CASE WHEN $3 IN ('accepted', 'in_transit', 'failed')
                              THEN (SELECT carrier FROM consignment) END,
               delivered_at = CASE WHEN $3 = 'delivered' THEN coalesce(delivered_at, now()) END,
               emptied_at = CASE WHEN $3 = 'returned' THEN coalesce(emptied_at, now()) END
         WHERE order_id = $1
           AND id = $2
        """,
        about.order_id, about.parcel_id, state, fact.reference, fact.track_at, problem, about.sscc,
    )  # fmt: skip


async def note_delivered(db: Connection, fulfilment: Fulfilment) -> None:
    """Of each line what lay in parcels that came."""
    await db.execute(
        """
        UPDATE fulfilment.picks AS pick
           SET delivered = came.quantity
          FROM (SELECT content.pick_id, sum(content.quantity)::int AS quantity
                  FROM fulfilment.contents AS content
                  JOIN fulfilment.parcels AS parcel
                    ON parcel.order_id = content.order_id AND parcel.id = content.parcel_id
                 WHERE parcel.order_id = $1
                   AND parcel.fulfilment_id = $2
                   AND parcel.delivered_at IS NOT NULL
                 GROUP BY content.pick_id) AS came
         WHERE pick.order_id = $1
           AND pick.id = came.pick_id
        """,
        fulfilment.order_id, fulfilment.id,
    )  # fmt: skip
