from uuid import UUID

from app.db import Connection, Pool
from app.messaging.models import Message


async def write(db: Connection, message: Message) -> bool:
    """False when it was written before."""
    return bool(
        await db.fetchval(
            """
            INSERT INTO messaging.messages (
                   id, about, kind, language, recipient, subject, body_text, body_html, channel)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                ON CONFLICT (id) DO NOTHING
            RETURNING true
            """,
            message.id, message.about, message.kind, message.language, message.recipient,
            message.subject, message.body_text, message.body_html, message.channel,
        )
    )  # fmt: skip


async def find(db: Connection | Pool, id: UUID) -> Message | None:
    row = await db.fetchrow(
        """
        SELECT id, about, kind, language, recipient, subject, body_text, body_html, channel,
               state, written_at, sent_at
          FROM messaging.messages
         WHERE id = $1
        """,
        id,
    )
    return Message(**row) if row else None


async def newest(db: Connection, limit: int = 50) -> list[Message]:
    rows = await db.fetch(
        """
        SELECT id, about, kind, language, recipient, subject, body_text, body_html, channel,
               state, written_at, sent_at
          FROM messaging.messages
         ORDER BY written_at DESC
         LIMIT $1
        """,
        limit,
    )
    return [Message(**row) for row in rows]


async def note_sent(pool: Pool, id: UUID) -> None:
    await pool.execute(
        """
        UPDATE messaging.messages
           SET state = 'sent', sent_at = now()
         WHERE id = $1 AND state = 'waiting'
        """,
        id,
    )
