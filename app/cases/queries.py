from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from app.cases.models import Case, Channel, Entry, Kind, Parcel, State
from app.db import Connection, Pool


async def open_(
    db: Connection, id: UUID, order_id: UUID, about: UUID | None, kind: Kind, state: State,
    words: str, due_at: datetime,
) -> bool:  # fmt: skip
    """False when it is open already."""
    return bool(
        await db.fetchval(
            """
            INSERT INTO cases.cases (id, order_id, about, kind, state, words, due_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
                ON CONFLICT (id) DO NOTHING
            RETURNING true
            """,
            id, order_id, about, kind, state, words, due_at,
        )
    )  # fmt: skip


async def read(db: Connection, id: UUID) -> Case | None:
    row = await db.fetchrow(
        """
        SELECT found.id, found.order_id, sold.number, found.about, found.kind, found.state,
               found.owner, person.name AS owner_name, found.words, found.learned, found.version,
               found.opened_at, found.due_at, found.closed_at
          FROM cases.cases AS found
          JOIN orders.orders AS sold ON sold.id = found.order_id
          LEFT JOIN staff.people AS person ON person.id = found.owner
         WHERE found.id = $1
        """,
        id,
    )
    return Case(**row) if row else None


async def about(db: Connection, about: UUID) -> Case | None:
    """The case that came with this return or request."""
    row = await db.fetchrow(
        """
        SELECT found.id, found.order_id, sold.number, found.about, found.kind, found.state,
               found.owner, person.name AS owner_name, found.words, found.learned, found.version,
               found.opened_at, found.due_at, found.closed_at
          FROM cases.cases AS found
          JOIN orders.orders AS sold ON sold.id = found.order_id
          LEFT JOIN staff.people AS person ON person.id = found.owner
         WHERE found.about = $1
         ORDER BY found.opened_at
         LIMIT 1
        """,
        about,
    )
    return Case(**row) if row else None


async def to_do(db: Connection, limit: int) -> list[Case]:
    """Those that are not closed: what waits for an answer first, then what is due first."""
    rows = await db.fetch(
        """
        SELECT found.id, found.order_id, sold.number, found.about, found.kind, found.state,
               found.owner, person.name AS owner_name, found.words, found.learned, found.version,
               found.opened_at, found.due_at, found.closed_at
          FROM cases.cases AS found
          JOIN orders.orders AS sold ON sold.id = found.order_id
          LEFT JOIN staff.people AS person ON person.id = found.owner
         WHERE found.state <> 'closed'
         ORDER BY found.state DESC, found.due_at
         LIMIT $1
        """,
        limit,
    )
    return [Case(**row) for row in rows]


async def of_order(db: Connection, order_id: UUID) -> list[Case]:
    rows = await db.fetch(
        """
        SELECT found.id, found.order_id, sold.number, found.about, found.kind, found.state,
               found.owner, person.name AS owner_name, found.words, found.learned, found.version,
               found.opened_at, found.due_at, found.closed_at
          FROM cases.cases AS found
          JOIN orders.orders AS sold ON sold.id = found.order_id
          LEFT JOIN staff.people AS person ON person.id = found.owner
         WHERE found.order_id = $1
         ORDER BY found.opened_at DESC
        """,
        order_id,
    )
    return [Case(**row) for row in rows]


async def take(db: Connection, id: UUID, owner: UUID) -> bool:
    """False when somebody else has it, or it is closed."""
    return bool(
        await db.fetchval(
            """
            UPDATE cases.cases
               SET owner = $2, version = version + 1
             WHERE id = $1
               AND state <> 'closed'
               AND (owner IS NULL OR owner = $2)
            RETURNING true
            """,
            id, owner,
        )
    )  # fmt: skip


async def give_up(db: Connection, id: UUID, owner: UUID) -> bool:
    """False when it is not theirs, or closed."""
    return bool(
        await db.fetchval(
            """
            UPDATE cases.cases
               SET owner = NULL, version = version + 1
             WHERE id = $1
               AND owner = $2
               AND state <> 'closed'
            RETURNING true
            """,
            id, owner,
        )
    )  # fmt: skip


async def become(db: Connection, id: UUID, state: State) -> bool:
    return bool(
        await db.fetchval(
            """
            UPDATE cases.cases
               SET state = $2, version = version + 1
             WHERE id = $1 AND state NOT IN ($2, 'closed')
            RETURNING true
            """,
            id, state,
        )
    )  # fmt: skip


async def close(db: Connection, id: UUID, learned: str) -> bool:
    """False when it was closed before."""
    return bool(
        await db.fetchval(
            """
            UPDATE cases.cases
               SET state = 'closed', learned = $2, closed_at = now(), version = version + 1
             WHERE id = $1 AND state <> 'closed'
            RETURNING true
            """,
            id, learned,
        )
    )  # fmt: skip


async def write(
    db: Connection, id: UUID, case_id: UUID, by: UUID | None, channel: Channel, text: str
) -> None:
    await db.execute(
        """
        INSERT INTO cases.entries (id, case_id, by, channel, text)
        VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (id) DO NOTHING
        """,
        id, case_id, by, channel, text,
    )  # fmt: skip


async def entries(db: Connection, case_id: UUID) -> list[Entry]:
    rows = await db.fetch(
        """
        SELECT entry.at, coalesce(person.name, '') AS who, entry.channel, entry.text
          FROM cases.entries AS entry
          LEFT JOIN staff.people AS person ON person.id = entry.by
         WHERE entry.case_id = $1
         ORDER BY entry.at, entry.id
        """,
        case_id,
    )
    return [Entry(**row) for row in rows]


async def count_up(db: Connection) -> int:
    """The board has changed: its new version."""
    version: int = await db.fetchval(
        """
        INSERT INTO cases.board AS board (version)
        VALUES (1)
            ON CONFLICT (one) DO UPDATE SET version = board.version + 1
        RETURNING version
        """
    )
    return version


async def versions(db: Connection | Pool, ids: Sequence[str]) -> dict[str, int]:
    """For those who watch the topic `cases:all`."""
    version: int | None = await db.fetchval("SELECT version FROM cases.board")
    return dict.fromkeys(ids, version or 0)


async def parcels(db: Connection, order_id: UUID) -> list[Parcel]:
    """In which it was brought, or is on its way."""
    rows = await db.fetch(
        """
        SELECT parcel.sscc, parcel.number, parcel.storage, parcel.delivered_at
          FROM fulfilment.parcels AS parcel
         WHERE parcel.order_id = $1
         ORDER BY parcel.number, parcel.sscc
        """,
        order_id,
    )
    return [Parcel(**row) for row in rows]


async def forget_people(db: Connection, order_ids: Sequence[UUID]) -> None:
    """How many went wrong, and how, stays; what was said does not."""
    await db.execute(
        """
        WITH theirs AS (
             UPDATE cases.cases
                SET words = '', learned = CASE WHEN learned = '' THEN '' ELSE '–' END
              WHERE order_id = ANY ($1::uuid[])
             RETURNING id)
        DELETE FROM cases.entries AS entry
         USING theirs
         WHERE entry.case_id = theirs.id
        """,
        list(order_ids),
    )
