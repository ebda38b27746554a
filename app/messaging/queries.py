from collections.abc import Sequence
from uuid import UUID

from app.db import Connection, Pool
from app.messaging.models import Message


async def write(db: Connection, message: Message) -> bool:
    """False when it was written before."""
    return bool(
        await db.fetchval(
            """
            INSERT INTO messaging.messages (
                   id, about, kind, language, recipient, subject, body_text, body_html, channel,
                   kept)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                ON CONFLICT (id) DO NOTHING
            RETURNING true
            """,
            message.id, message.about, message.kind, message.language, message.recipient,
            message.subject, message.body_text, message.body_html, message.channel, message.kept,
        )
    )  # fmt: skip


async def find(db: Connection | Pool, id: UUID) -> Message | None:
    row = await db.fetchrow(
        """
        SELECT id, about, kind, language, recipient, subject, body_text, body_html, channel,
               state, written_at, sent_at, kept
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
               state, written_at, sent_at, kept
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
           SET state = 'sent', sent_at = now(),
               recipient = CASE WHEN kept THEN recipient ELSE '' END
         WHERE id = $1 AND state = 'waiting'
        """,
        id,
    )


async def forget_addresses(pool: Pool) -> None:
    """Those given for one mail that could not be sent for a week; nobody waits for it any more."""
    await pool.execute(
        """
        UPDATE messaging.messages
           SET recipient = ''
         WHERE NOT kept
           AND recipient <> ''
           AND written_at < now() - interval '7 days'
        """
    )


async def forget_people(db: Connection, about: Sequence[UUID], email: str) -> list[UUID]:
    """Mails and text messages about these orders, or to this address; returns which they were."""
    rows = await db.fetch(
        """
        DELETE FROM messaging.messages
         WHERE about = ANY ($1::uuid[])
            OR lower(recipient) = $2
        RETURNING id
        """,
        list(about), email,
    )  # fmt: skip
    return [row["id"] for row in rows]
