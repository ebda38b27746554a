from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from app.db import Connection
from app.fulfilment.models import Location, Pick, ShortReason, Storage
from app.fulfilment.picking.models import Batch, PickListLine, Waiting
from app.fulfilment.picking.scanned import Scanned
from app.money import Money


async def waiting(db: Connection, place_id: UUID | None) -> list[Waiting]:
    """What is to be picked, per place and deadline, the most pressing first."""
    rows = await db.fetch(
        """
        SELECT fulfilment.place_id, place.name AS place, place.time_zone, fulfilment.pick_by,
               fulfilment.window_starts_at, fulfilment.window_ends_at, fulfilment.way,
               count(*) AS orders, coalesce(sum(line.pieces), 0)::int AS pieces
          FROM fulfilment.fulfilments AS fulfilment
          JOIN stock.places AS place ON place.id = fulfilment.place_id
         CROSS JOIN LATERAL (
               SELECT sum(pick.quantity) AS pieces
                 FROM fulfilment.picks AS pick
                WHERE pick.order_id = fulfilment.order_id
                  AND pick.fulfilment_id = fulfilment.id) AS line
         WHERE fulfilment.state = 'released'
           AND ($1::uuid IS NULL OR fulfilment.place_id = $1)
         GROUP BY fulfilment.place_id, place.name, place.time_zone, fulfilment.pick_by,
                  fulfilment.window_starts_at, fulfilment.window_ends_at, fulfilment.way
         ORDER BY fulfilment.pick_by, place.name
         LIMIT 100
        """,
        place_id,
    )
    return [Waiting(**row) for row in rows]


async def open_batches(db: Connection) -> list[Batch]:
    """Carts that are being walked, with who pushes them."""
    rows = await db.fetch(
        """
        SELECT batch.id, batch.place_id, place.name AS place, batch.picker_id,
               person.name AS picker, batch.created_at,
               count(DISTINCT fulfilment.id) AS orders,
               sum(pick.quantity)::int AS pieces,
               sum(pick.picked + pick.short + pick.replaced)::int AS done
          FROM fulfilment.batches AS batch
          JOIN stock.places AS place ON place.id = batch.place_id
          LEFT JOIN staff.people AS person ON person.id = batch.picker_id
          JOIN fulfilment.fulfilments AS fulfilment ON fulfilment.batch_id = batch.id
          JOIN fulfilment.picks AS pick
            ON pick.order_id = fulfilment.order_id AND pick.fulfilment_id = fulfilment.id
           AND pick.replaces IS NULL
         WHERE batch.id IN (SELECT walked.batch_id
                              FROM fulfilment.fulfilments AS walked
                             WHERE walked.state = 'picking')
         GROUP BY batch.id, place.name, person.name
         ORDER BY batch.created_at
         LIMIT 100
        """
    )
    return [Batch(**row) for row in rows]


async def batch(db: Connection, id: UUID) -> Batch | None:
    row = await db.fetchrow(
        """
        SELECT batch.id, batch.place_id, place.name AS place, batch.picker_id,
               person.name AS picker, batch.created_at,
               count(DISTINCT fulfilment.id) AS orders,
               coalesce(sum(pick.quantity), 0)::int AS pieces,
               coalesce(sum(pick.picked + pick.short + pick.replaced), 0)::int AS done
          FROM fulfilment.batches AS batch
          JOIN stock.places AS place ON place.id = batch.place_id
          LEFT JOIN staff.people AS person ON person.id = batch.picker_id
          LEFT JOIN fulfilment.fulfilments AS fulfilment ON fulfilment.batch_id = batch.id
          LEFT JOIN fulfilment.picks AS pick
            ON pick.order_id = fulfilment.order_id AND pick.fulfilment_id = fulfilment.id
           AND pick.replaces IS NULL
         WHERE batch.id = $1
         GROUP BY batch.id, place.name, person.name
        """,
        id,
    )
    return Batch(**row) if row else None


async def one_cart_at_a_time(db: Connection, place_id: UUID) -> None:
    """Until the end of the transaction: who comes second sees what the first has taken."""
    await db.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"carts {place_id}")


async def most_pressing(
    db: Connection, place_id: UUID, pick_by: datetime | None, most: int
) -> dict[UUID, datetime]:
    """Orders that wait, with the time by which they have to be picked; the most pressing first."""
    rows = await db.fetch(
        """
        SELECT fulfilment.id, fulfilment.pick_by
          FROM fulfilment.fulfilments AS fulfilment
         WHERE fulfilment.place_id = $1
           AND fulfilment.state = 'released'
           AND ($2::timestamptz IS NULL OR fulfilment.pick_by = $2)
         ORDER BY fulfilment.pick_by, fulfilment.id
         LIMIT $3
        """,
        place_id, pick_by, most,
    )  # fmt: skip
    return {row["id"]: row["pick_by"] for row in rows}


async def spots(db: Connection, ids: Iterable[UUID]) -> dict[UUID, list[tuple[Storage, Location]]]:
    """Where what is in these orders stands."""
    found: dict[UUID, list[tuple[Storage, Location]]] = {id: [] for id in ids}
    rows = await db.fetch(
        """
        SELECT fulfilment_id, storage, aisle, bay, shelf
          FROM fulfilment.picks
         WHERE fulfilment_id = ANY ($1)
        """,
        list(found),
    )
    for fulfilment_id, storage, *spot in rows:
        found[fulfilment_id].append((storage, Location(*spot)))
    return found


async def write_batch(db: Connection, id: UUID, place_id: UUID, picker_id: UUID) -> None:
    await db.execute(
        "INSERT INTO fulfilment.batches (id, place_id, picker_id) VALUES ($1, $2, $3)",
        id, place_id, picker_id,
    )  # fmt: skip


async def put_in_tote(
    db: Connection, order_id: UUID, fulfilment_id: UUID, batch_id: UUID, tote: int
) -> None:
    await db.execute(
        """
        UPDATE fulfilment.fulfilments
           SET batch_id = $3, tote = $4
         WHERE order_id = $1
           AND id = $2
        """,
        order_id, fulfilment_id, batch_id, tote,
    )  # fmt: skip


async def pick(db: Connection, id: UUID) -> Pick | None:
    row = await db.fetchrow(
        """
        SELECT order_id, id, fulfilment_id, line_no, product_id, quantity, picked, short,
               resourced, short_reason, delivered, state, storage, weight_g, aisle, bay, shelf, replaces,
               offered, replaced, paid_back_for, paid_back, nominal_g, weighed_g, dated, best_before
          FROM fulfilment.picks
         WHERE id = $1
        """,
        id,
    )
    return Pick(**row) if row else None


async def note_picked(
    db: Connection, pick: Pick, quantity: int, picker_id: UUID, grams: int, best_before: date | None
) -> None:
    await db.execute(
        """
        UPDATE fulfilment.picks
           SET picked = picked + $3, picker_id = $4, weighed_g = weighed_g + $5,
               best_before = least(best_before, $6), changed_at = now()
         WHERE order_id = $1
           AND id = $2
        """,
        pick.order_id, pick.id, quantity, picker_id, grams, best_before,
    )  # fmt: skip


async def note_found(db: Connection, pick: Pick, picker_id: UUID) -> None:
    """All that was missing is to be picked again; what another place sends by now stays with it."""
    await db.execute(
        """
        UPDATE fulfilment.picks
           SET short = resourced, picker_id = $3, changed_at = now(),
               short_reason = CASE WHEN resourced > 0 THEN short_reason END
         WHERE order_id = $1
           AND id = $2
        """,
        pick.order_id, pick.id, picker_id,
    )  # fmt: skip


async def note_taken_out(db: Connection, pick: Pick, picker_id: UUID) -> bool:
    """All that was picked of it is to be picked again; False once a tote of its order is closed."""
    row = await db.fetchrow(
        """
        UPDATE fulfilment.picks AS pick
           SET picked = 0, weighed_g = 0, best_before = NULL, picker_id = $3, changed_at = now()
         WHERE order_id = $1
           AND id = $2
           AND NOT EXISTS (SELECT
                             FROM fulfilment.parcels AS parcel
                            WHERE parcel.order_id = pick.order_id
                              AND parcel.fulfilment_id = pick.fulfilment_id)
        RETURNING id
        """,
        pick.order_id, pick.id, picker_id,
    )  # fmt: skip
    return row is not None


async def note_paid_back(
    db: Connection, order_id: UUID, fulfilment_id: UUID, amounts: Mapping[UUID, Money]
) -> None:
    """What is paid back now, by pick, on top of what was."""
    await db.execute(
        """
        UPDATE fulfilment.picks AS pick
           SET paid_back_for = short - resourced + replaced,
               paid_back = paid_back + coalesce((
                   SELECT due.amount
                     FROM unnest($3::uuid[], $4::bigint[]) AS due (pick_id, amount)
                    WHERE due.pick_id = pick.id), 0)
         WHERE order_id = $1
           AND fulfilment_id = $2
        """,
        order_id, fulfilment_id, list(amounts), list(amounts.values()),
    )  # fmt: skip


async def settled(db: Connection, order_id: UUID, besides: UUID) -> dict[int, int]:
    """Line number → units whose money went back, at whichever place: they were not there, were
    refused at a door, or came back with a part; without those that came back with the part
    `besides`."""
    rows = await db.fetch(
        """
        SELECT pick.line_no,
               sum(pick.paid_back_for
                   + CASE WHEN part.state IN ('delivered', 'returned') AND part.id <> $2
                          THEN pick.picked - pick.delivered
                          ELSE coalesce(refused.units, 0) END)::int AS units
          FROM fulfilment.picks AS pick
          JOIN fulfilment.fulfilments AS part
            ON part.order_id = pick.order_id AND part.id = pick.fulfilment_id
          LEFT JOIN LATERAL (
               SELECT sum(refusal.quantity) AS units
                 FROM fulfilment.refusals AS refusal
                WHERE refusal.order_id = pick.order_id
                  AND refusal.pick_id = pick.id) AS refused ON true
         WHERE pick.order_id = $1
           AND pick.replaces IS NULL
         GROUP BY pick.line_no
        """,
        order_id, besides,
    )  # fmt: skip
    return {row["line_no"]: row["units"] for row in rows}


async def kept_back(db: Connection, order_id: UUID) -> dict[UUID, int]:
    """Pick → units that were not handed over at a door, and settled there."""
    rows = await db.fetch(
        """
        SELECT pick_id, sum(quantity)::int AS units
          FROM fulfilment.refusals
         WHERE order_id = $1
         GROUP BY pick_id
        """,
        order_id,
    )
    return {row["pick_id"]: row["units"] for row in rows}


async def charged(db: Connection, order_id: UUID) -> dict[UUID, Money]:
    """Pick → what the shopper pays for its substitutes."""
    rows = await db.fetch(
        """
        SELECT pick_id, sum(charged)::bigint AS charged
          FROM fulfilment.substitutes
         WHERE order_id = $1
           AND state = 'accepted'
         GROUP BY pick_id
        """,
        order_id,
    )
    return {row["pick_id"]: row["charged"] for row in rows}


async def charged_for(db: Connection, pick: Pick) -> Money:
    """What the shopper pays for this substitute."""
    amount: Money = await db.fetchval(
        """
        SELECT coalesce(sum(charged), 0)::bigint
          FROM fulfilment.substitutes
         WHERE order_id = $1
           AND pick_id = $2
           AND product_id = $3
           AND state = 'accepted'
        """,
        pick.order_id, pick.replaces, pick.product_id,
    )  # fmt: skip
    return amount


async def delivered_on(db: Connection, fulfilment_id: UUID) -> date:
    """The day at its place on which it is brought."""
    day: date = await db.fetchval(
        """
        SELECT (fulfilment.window_starts_at AT TIME ZONE place.time_zone)::date
          FROM fulfilment.fulfilments AS fulfilment
          JOIN stock.places AS place ON place.id = fulfilment.place_id
         WHERE fulfilment.id = $1
        """,
        fulfilment_id,
    )
    return day


async def note_short(
    db: Connection, pick: Pick, quantity: int, reason: ShortReason, picker_id: UUID
) -> None:
    await db.execute(
        """
        UPDATE fulfilment.picks
           SET short = short + $3, short_reason = $4, picker_id = $5, changed_at = now()
         WHERE order_id = $1
           AND id = $2
        """,
        pick.order_id, pick.id, quantity, reason, picker_id,
    )  # fmt: skip


async def note_resourced(db: Connection, pick: Pick, quantity: int) -> None:
    await db.execute(
        """
        UPDATE fulfilment.picks
           SET resourced = resourced + $3, changed_at = now()
         WHERE order_id = $1
           AND id = $2
        """,
        pick.order_id, pick.id, quantity,
    )  # fmt: skip


async def pick_list(db: Connection, batch_id: UUID) -> list[PickListLine]:
    """What was ordered; what stands for it is told with the offers."""
    rows = await db.fetch(
        """
        SELECT pick.order_id, pick.id, pick.fulfilment_id, pick.line_no, pick.product_id,
               pick.quantity, pick.picked, pick.short, pick.resourced, pick.short_reason,
               pick.delivered, pick.state,
               pick.storage, pick.weight_g, pick.aisle, pick.bay, pick.shelf, pick.replaces,
               pick.offered, pick.replaced, pick.paid_back_for, pick.paid_back, pick.nominal_g,
               pick.weighed_g, pick.dated, pick.best_before,
               (fulfilment.window_starts_at AT TIME ZONE place.time_zone)::date AS delivered_on,
               ARRAY(SELECT code.gtin FROM catalog.codes AS code
                      WHERE code.product_id = pick.product_id
                      ORDER BY code.gtin) AS codes,
               product.scale_number AS item_number,
               line.name, line.gtin, line.picture, line.age_limit, sold.note,
               coalesce(line.substitution, sold.substitution) AS substitution,
               fulfilment.order_number, fulfilment.state AS fulfilment_state, fulfilment.tote
          FROM fulfilment.fulfilments AS fulfilment
          JOIN fulfilment.picks AS pick
            ON pick.order_id = fulfilment.order_id AND pick.fulfilment_id = fulfilment.id
          JOIN orders.orders AS sold ON sold.id = pick.order_id
          JOIN orders.lines AS line
            ON line.order_id = pick.order_id AND line.line_no = pick.line_no
          JOIN stock.places AS place ON place.id = fulfilment.place_id
          LEFT JOIN catalog.products AS product ON product.id = pick.product_id
         WHERE fulfilment.batch_id = $1
           AND pick.replaces IS NULL
         ORDER BY pick.id
        """,
        batch_id,
    )
    return [PickListLine(**row) for row in rows]


async def name_and_gtin(db: Connection, order_id: UUID, line_no: int) -> tuple[str, str]:
    row = await db.fetchrow(
        "SELECT name, gtin FROM orders.lines WHERE order_id = $1 AND line_no = $2",
        order_id, line_no,
    )  # fmt: skip
    assert row is not None, "a pick has a line"
    return row["name"], row["gtin"]


async def product_of_scan(db: Connection, scanned: Scanned) -> UUID | None:
    """By a code of the catalogue, or by the shop's own number on a label of the scale."""
    id: UUID | None = await db.fetchval(
        """
        SELECT product_id FROM catalog.codes WHERE gtin = $1
         UNION ALL
        SELECT id FROM catalog.products WHERE scale_number = $2
         LIMIT 1
        """,
        scanned.gtin, scanned.item,
    )  # fmt: skip
    return id


async def promised(
    db: Connection, order_id: UUID, place_id: UUID, product_ids: Sequence[UUID], *, collected: bool
) -> dict[UUID, list[tuple[UUID, int]]]:
    """Product → the holds that promise it to the order at this place, and how many each: mostly one;
    more where what another place did not have was added. What is brought and what is `collected` of
    one order are promised apart."""
    rows = await db.fetch(
        """
        SELECT line.product_id, hold.id, line.quantity
          FROM stock.holds AS hold
          JOIN stock.hold_lines AS line ON line.hold_id = hold.id
         WHERE hold.holder = $1
           AND hold.state = 'confirmed'
           AND line.place_id = $2
           AND line.product_id = ANY ($3)
           AND line.picked IS NULL
           AND (EXISTS (SELECT FROM orders.desk_holds AS desk WHERE desk.hold_id = hold.id) = $4
                OR NOT EXISTS (SELECT FROM orders.pick_ups AS kept WHERE kept.order_id = $1))
         ORDER BY line.product_id, hold.id
        """,
        order_id, place_id, list(product_ids), collected,
    )  # fmt: skip
    found: dict[UUID, list[tuple[UUID, int]]] = {}
    for product_id, *promise in rows:
        found.setdefault(product_id, []).append((promise[0], promise[1]))
    return found
