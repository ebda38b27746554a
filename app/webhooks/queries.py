from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from app.db import Connection, Pool
from app.jobs import Event
from app.webhooks.models import Endpoint, Message, Parked


async def write(db: Connection, id: UUID, url: str, kinds: Sequence[str], secret: bytes) -> bool:
    """False when this address is known already."""
    return bool(
        await db.fetchval(
            """
            INSERT INTO webhooks.endpoints AS endpoint (id, url, kinds, secret)
            VALUES ($1, $2, $3, $4)
                ON CONFLICT (url) DO UPDATE
               SET id = excluded.id, kinds = excluded.kinds, secret = excluded.secret,
                   old_secret = NULL, made_at = now(), ended_at = NULL
             WHERE endpoint.ended_at IS NOT NULL
               AND NOT EXISTS (SELECT FROM webhooks.messages WHERE endpoint_id = endpoint.id)
            RETURNING true
            """,
            id, url, list(kinds), secret,
        )
    )  # fmt: skip


async def renew(db: Connection, id: UUID, secret: bytes) -> bool:
    """The one before signs as well from now on."""
    return bool(
        await db.fetchval(
            """
            UPDATE webhooks.endpoints
               SET old_secret = secret, secret = $2
             WHERE id = $1
               AND ended_at IS NULL
            RETURNING true
            """,
            id, secret,
        )
    )  # fmt: skip


async def end(db: Connection, id: UUID) -> bool:
    """It hears nothing any more; what waited for it is forgotten, and its address is free again."""
    return bool(
        await db.fetchval(
            """
            WITH gone AS (
                DELETE FROM webhooks.messages WHERE endpoint_id = $1
            )
            UPDATE webhooks.endpoints
               SET ended_at = now()
             WHERE id = $1
               AND ended_at IS NULL
            RETURNING true
            """,
            id,
        )
    )


async def endpoints(db: Connection) -> list[Endpoint]:
    rows = await db.fetch(
        """
        SELECT endpoint.id, endpoint.url, endpoint.kinds, endpoint.made_at,
               count(*) FILTER (WHERE message.state = 'waiting') AS waiting,
               count(*) FILTER (WHERE message.state = 'parked') AS parked,
               max(message.answer) FILTER (WHERE message.state <> 'delivered') AS answer
          FROM webhooks.endpoints AS endpoint
          LEFT JOIN webhooks.messages AS message
            ON message.endpoint_id = endpoint.id
           AND message.state <> 'delivered'
         WHERE endpoint.ended_at IS NULL
         GROUP BY endpoint.id
         ORDER BY endpoint.made_at
        """
    )
    return [Endpoint(**row) for row in rows]


async def hand_out(db: Connection, event: Event) -> None:
    """A message for every endpoint that wants to hear of it, once."""
    await db.execute(
        """
        INSERT INTO webhooks.messages (endpoint_id, aggregate, number, kind, happened_at, body)
        SELECT endpoint.id, $1, $2, $3, $4, $5
          FROM webhooks.endpoints AS endpoint
         WHERE endpoint.ended_at IS NULL
           AND endpoint.kinds && ARRAY[$3, '*']
            ON CONFLICT (endpoint_id, aggregate, number) DO NOTHING
        """,
        event.aggregate, event.number, event.kind, event.at,
        {**event.body, event.aggregate_kind: str(event.aggregate), "number": event.number},
    )  # fmt: skip


async def take_due(pool: Pool, limit: int, lease: timedelta) -> list[Message]:
    """The next message of each aggregate, and never the one after it. Each is put off in the same
    breath, so that one worker sends it."""
    rows = await pool.fetch(
        """
        UPDATE webhooks.messages AS message
           SET due_at = now() + $2
          FROM (SELECT due.endpoint_id, due.aggregate, due.number
                  FROM webhooks.messages AS due
                 WHERE due.state = 'waiting'
                   AND due.due_at <= now()
                   AND NOT EXISTS (SELECT
                                     FROM webhooks.messages AS earlier
                                    WHERE earlier.endpoint_id = due.endpoint_id
                                      AND earlier.aggregate = due.aggregate
                                      AND earlier.number < due.number
                                      AND earlier.state = 'waiting')
                 ORDER BY due.due_at
                 LIMIT $1
                   FOR UPDATE SKIP LOCKED) AS mine,
               webhooks.endpoints AS endpoint
         WHERE message.endpoint_id = mine.endpoint_id
           AND message.aggregate = mine.aggregate
           AND message.number = mine.number
           AND endpoint.id = message.endpoint_id
        RETURNING message.endpoint_id, endpoint.url,
                  array_remove(ARRAY[endpoint.secret, endpoint.old_secret], NULL) AS secrets,
                  message.aggregate, message.number, message.kind, message.happened_at, message.body,
                  message.attempts, message.first_failed_at
        """,
        limit, lease,
    )  # fmt: skip
    return [Message(**row) for row in rows]


async def note_delivered(pool: Pool, message: Message) -> None:
    await pool.execute(
        """
        UPDATE webhooks.messages
           SET state = 'delivered', delivered_at = now(), attempts = attempts + 1, answer = NULL
         WHERE endpoint_id = $1 AND aggregate = $2 AND number = $3
        """,
        message.endpoint_id, message.aggregate, message.number,
    )  # fmt: skip


async def note_failed(
    pool: Pool, message: Message, wait: timedelta, answer: str, *, parked: bool
) -> None:
    await pool.execute(
        """
        UPDATE webhooks.messages
           SET state = CASE WHEN $6 THEN 'parked' ELSE 'waiting' END,
               due_at = now() + $4, attempts = attempts + 1, answer = $5,
               first_failed_at = coalesce(first_failed_at, now())
         WHERE endpoint_id = $1 AND aggregate = $2 AND number = $3
        """,
        message.endpoint_id, message.aggregate, message.number, wait, answer, parked,
    )  # fmt: skip


async def parked(db: Connection, limit: int) -> list[Parked]:
    rows = await db.fetch(
        """
        SELECT message.endpoint_id, endpoint.url, message.aggregate, message.number, message.kind,
               message.attempts, message.answer
          FROM webhooks.messages AS message
          JOIN webhooks.endpoints AS endpoint ON endpoint.id = message.endpoint_id
         WHERE message.state = 'parked'
         ORDER BY message.happened_at
         LIMIT $1
        """,
        limit,
    )
    return [Parked(**row) for row in rows]


async def replay(db: Connection, endpoint_id: UUID, aggregate: UUID, number: int) -> bool:
    """It is due at once, with all its time; false when it is not parked."""
    return bool(
        await db.fetchval(
            """
            UPDATE webhooks.messages
               SET state = 'waiting', due_at = now(), attempts = 0, first_failed_at = NULL
             WHERE endpoint_id = $1 AND aggregate = $2 AND number = $3
               AND state = 'parked'
            RETURNING true
            """,
            endpoint_id, aggregate, number,
        )
    )  # fmt: skip


async def replay_all(db: Connection, endpoint_id: UUID) -> int:
    """All that is parked for it; how many."""
    count: int = await db.fetchval(
        """
        WITH again AS (
            UPDATE webhooks.messages
               SET state = 'waiting', due_at = now(), attempts = 0, first_failed_at = NULL
             WHERE endpoint_id = $1
               AND state = 'parked'
            RETURNING 1
        )
        SELECT count(*) FROM again
        """,
        endpoint_id,
    )
    return count
