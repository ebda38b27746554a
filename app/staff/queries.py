from collections.abc import Sequence
from uuid import UUID

from app.db import Connection, Pool
from app.staff.models import Account, Approver, Credentials, Person


async def person_of_session(pool: Pool, token_sha256: bytes) -> tuple[Person, bool] | None:
    """Who it is, and whether it is time to note that they were seen."""
    row = await pool.fetchrow(
        """
        SELECT person.id, person.name, person.roles,
               session.seen_at < now() - interval '1 minute' AS stale
          FROM staff.sessions AS session
          JOIN staff.people AS person ON person.id = session.person_id
         WHERE session.token_sha256 = $1
           AND session.started_at > now() - interval '12 hours'
           AND session.seen_at > now() - interval '30 minutes'
           AND person.left_at IS NULL
        """,
        token_sha256,
    )
    if row is None:
        return None
    return Person(row["id"], row["name"], row["roles"]), row["stale"]


async def touch_session(pool: Pool, token_sha256: bytes) -> None:
    await pool.execute(
        "UPDATE staff.sessions SET seen_at = now() WHERE token_sha256 = $1", token_sha256
    )


async def start_session(db: Connection, token_sha256: bytes, person_id: UUID) -> None:
    await db.execute(
        "INSERT INTO staff.sessions (token_sha256, person_id) VALUES ($1, $2)",
        token_sha256, person_id,
    )  # fmt: skip


async def end_session(db: Connection, token_sha256: bytes) -> UUID | None:
    ended: UUID | None = await db.fetchval(
        "DELETE FROM staff.sessions WHERE token_sha256 = $1 RETURNING person_id", token_sha256
    )
    return ended


async def end_sessions_of(db: Connection, person_id: UUID) -> None:
    await db.execute("DELETE FROM staff.sessions WHERE person_id = $1", person_id)


async def forget_old_sessions(pool: Pool) -> None:
    await pool.execute("DELETE FROM staff.sessions WHERE started_at < now() - interval '12 hours'")
    await pool.execute("DELETE FROM staff.attempts WHERE since < now() - interval '1 day'")


async def take_attempt(db: Connection, who_sha256: bytes, most: int, fade_s: int) -> bool:
    """False when this account or address failed too often lately; counts beforehand, not after."""
    return bool(
        await db.fetchval(
            """
            INSERT INTO staff.attempts AS attempt (who_sha256)
            VALUES ($1)
                ON CONFLICT (who_sha256) DO UPDATE
               SET failures = CASE WHEN attempt.since < now() - make_interval(secs => $3)
                                   THEN 1 ELSE attempt.failures + 1 END,
                   since    = CASE WHEN attempt.since < now() - make_interval(secs => $3)
                                   THEN now() ELSE attempt.since END
             WHERE attempt.failures < $2
                OR attempt.since < now() - make_interval(secs => $3)
            RETURNING true
            """,
            who_sha256, most, fade_s,
        )
    )  # fmt: skip


async def give_attempt_back(db: Connection, who_sha256: bytes) -> None:
    await db.execute(
        "UPDATE staff.attempts SET failures = failures - 1 WHERE who_sha256 = $1 AND failures > 0",
        who_sha256,
    )


async def forget_failures(db: Connection, who_sha256: bytes) -> None:
    await db.execute("DELETE FROM staff.attempts WHERE who_sha256 = $1", who_sha256)


async def seconds_until_fresh(db: Connection, whos: Sequence[bytes], fade_s: int) -> int:
    seconds: int = await db.fetchval(
        """
        SELECT coalesce(ceil(max(extract(epoch FROM attempt.since + make_interval(secs => $2)
                                                    - now()))), 0)::int
          FROM staff.attempts AS attempt
         WHERE attempt.who_sha256 = ANY ($1::bytea[])
        """,
        list(whos), fade_s,
    )  # fmt: skip
    return seconds


async def credentials(pool: Pool, login: str) -> Credentials | None:
    row = await pool.fetchrow(
        """
        SELECT id, name, roles, password_hash
          FROM staff.people
         WHERE login = $1
           AND left_at IS NULL
        """,
        login,
    )
    return Credentials(**row) if row else None


async def approver(pool: Pool, login: str, badge_sha256: bytes) -> Approver | None:
    """Whose login or whose badge it is."""
    row = await pool.fetchrow(
        """
        SELECT id, name, roles, pin_hash, badge_sha256 = $2 AS by_badge
          FROM staff.people
         WHERE (login = $1 OR badge_sha256 = $2)
           AND left_at IS NULL
         LIMIT 1
        """,
        login, badge_sha256,
    )  # fmt: skip
    return Approver(**row) if row else None


async def write_pin(db: Connection, login: str, pin_hash: str) -> UUID | None:
    changed: UUID | None = await db.fetchval(
        "UPDATE staff.people SET pin_hash = $2 WHERE login = $1 RETURNING id", login, pin_hash
    )
    return changed


async def write_badge(db: Connection, login: str, badge_sha256: bytes) -> UUID | None:
    changed: UUID | None = await db.fetchval(
        "UPDATE staff.people SET badge_sha256 = $2 WHERE login = $1 RETURNING id",
        login, badge_sha256,
    )  # fmt: skip
    return changed


async def write_person(
    db: Connection, id: UUID, name: str, login: str, password_hash: str, roles: Sequence[str]
) -> bool:
    """False when somebody has that login already."""
    return bool(
        await db.fetchval(
            """
            INSERT INTO staff.people (id, name, login, password_hash, roles)
            VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT (login) DO NOTHING
            RETURNING true
            """,
            id, name, login, password_hash, list(roles),
        )
    )  # fmt: skip


async def write_password(db: Connection, login: str, password_hash: str) -> UUID | None:
    changed: UUID | None = await db.fetchval(
        "UPDATE staff.people SET password_hash = $2 WHERE login = $1 RETURNING id",
        login, password_hash,
    )  # fmt: skip
    return changed


async def people(db: Connection) -> list[Account]:
    rows = await db.fetch(
        """
        SELECT id, name, login, roles, left_at IS NULL AS working
          FROM staff.people
         ORDER BY login
        """
    )
    return [Account(**row) for row in rows]


async def write_audit(
    db: Connection, id: UUID, person_id: UUID | None, act: str, subject: str, reason: str
) -> None:
    await db.execute(
        """
        INSERT INTO staff.audit (id, person_id, act, subject, reason)
        VALUES ($1, $2, $3, $4, $5)
        """,
        id, person_id, act, subject, reason,
    )  # fmt: skip


async def only_one_seals(db: Connection) -> bool:
    """The chain has one end, so one sweeper at a time adds to it."""
    return bool(await db.fetchval("SELECT pg_try_advisory_xact_lock(hashtext('staff.seals'))"))


async def seal_next(db: Connection) -> bool:
    """Seals the oldest entry that has none; false when there is none.

    An entry commits seconds after its time stands in it, so the order of seals is the order in
    which the sweeper saw them, and it looks back a week.
    """
    return bool(
        await db.fetchval(
            """
            INSERT INTO staff.seals (number, audit_id, sha256)
            SELECT coalesce(before.number, 0) + 1, entry.id,
                   staff.seal_of(coalesce(before.sha256, ''::bytea), entry)
              FROM (SELECT *
                      FROM staff.audit AS fresh
                     WHERE fresh.at > now() - interval '7 days'
                       AND NOT EXISTS (SELECT FROM staff.seals AS seal
                                        WHERE seal.audit_id = fresh.id)
                     ORDER BY fresh.at, fresh.id
                     LIMIT 1) AS entry
              LEFT JOIN (SELECT number, sha256
                           FROM staff.seals
                          ORDER BY number DESC
                          LIMIT 1) AS before ON true
            RETURNING true
            """
        )
    )
