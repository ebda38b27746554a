from uuid import UUID

from app.customers.models import Customer
from app.db import Connection, Pool


async def write_link(db: Connection, email: str, sha256: bytes, holds_s: int, most: int) -> bool:
    """The newest link of an address replaces the one before; false when there were too many."""
    return bool(
        await db.fetchval(
            """
            INSERT INTO customers.links AS link (email, sha256, until_at)
            VALUES ($1, $2, now() + make_interval(secs => $3))
                ON CONFLICT (email) DO UPDATE
               SET sha256 = excluded.sha256,
                   until_at = excluded.until_at,
                   used_by = NULL,
                   asked = CASE WHEN link.asked_since < now() - make_interval(secs => $3)
                                THEN 1 ELSE link.asked + 1 END,
                   asked_since = CASE WHEN link.asked_since < now() - make_interval(secs => $3)
                                      THEN now() ELSE link.asked_since END
             WHERE link.asked < $4
                OR link.asked_since < now() - make_interval(secs => $3)
            RETURNING true
            """,
            email, sha256, holds_s, most,
        )
    )  # fmt: skip


async def find_link(db: Connection, sha256: bytes) -> str | None:
    """Whose link it is, while it can be used."""
    email: str | None = await db.fetchval(
        """
        SELECT link.email
          FROM customers.links AS link
         WHERE link.sha256 = $1
           AND link.until_at > now()
           AND link.used_by IS NULL
        """,
        sha256,
    )
    return email


async def use_link(db: Connection, sha256: bytes, command: UUID) -> str | None:
    """Whose link it was; None when another command has used it, it is old or not the newest."""
    email: str | None = await db.fetchval(
        """
        UPDATE customers.links
           SET used_by = $2
         WHERE sha256 = $1
           AND until_at > now()
           AND (used_by IS NULL OR used_by = $2)
        RETURNING email
        """,
        sha256, command,
    )  # fmt: skip
    return email


async def person(db: Connection, id: UUID, email: str) -> Customer:
    """Of this address; `id` is for somebody new."""
    row = await db.fetchrow(
        """
        INSERT INTO customers.people AS person (id, email)
        VALUES ($1, $2)
            ON CONFLICT (email) DO UPDATE
           SET email = person.email
        RETURNING person.id, person.email
        """,
        id, email,
    )  # fmt: skip
    assert row is not None, "inserted or updated"
    return Customer(**row)


async def start_session(db: Connection, token_sha256: bytes, customer_id: UUID) -> None:
    await db.execute(
        """
        INSERT INTO customers.sessions (token_sha256, customer_id)
        VALUES ($1, $2)
            ON CONFLICT (token_sha256) DO NOTHING
        """,
        token_sha256, customer_id,
    )  # fmt: skip


async def of_session(db: Connection | Pool, token_sha256: bytes, lasts_s: int) -> Customer | None:
    row = await db.fetchrow(
        """
        SELECT person.id, person.email
          FROM customers.sessions AS session
          JOIN customers.people AS person ON person.id = session.customer_id
         WHERE session.token_sha256 = $1
           AND session.started_at > now() - make_interval(secs => $2)
        """,
        token_sha256, lasts_s,
    )  # fmt: skip
    return Customer(**row) if row else None


async def end_session(db: Connection, token_sha256: bytes) -> None:
    await db.execute("DELETE FROM customers.sessions WHERE token_sha256 = $1", token_sha256)


async def forget_old(pool: Pool) -> None:
    """Links and sessions that open nothing any more."""
    await pool.execute("DELETE FROM customers.links WHERE until_at < now() - interval '1 day'")
    await pool.execute(
        "DELETE FROM customers.sessions WHERE started_at < now() - interval '90 days'"
    )


async def join(db: Connection, email: str, name: str, person_id: UUID | None) -> bool | None:
    """Into a group; False for who is in it, None for an address nobody has an account with."""
    joined: bool | None = await db.fetchval(
        """
        WITH person AS (
             SELECT id
               FROM customers.people
              WHERE email = lower($1)),
             joined AS (
             INSERT INTO customers.memberships (customer_id, name, person_id)
             SELECT person.id, $2, $3 FROM person
                 ON CONFLICT DO NOTHING
             RETURNING customer_id)
        SELECT EXISTS (SELECT FROM joined)
          FROM person
        """,
        email, name, person_id,
    )  # fmt: skip
    return joined


async def leave(db: Connection, email: str, name: str) -> bool:
    """False for who is not in it."""
    return bool(
        await db.fetchval(
            """
            DELETE FROM customers.memberships AS membership
             USING customers.people AS person
             WHERE person.id = membership.customer_id
               AND person.email = lower($1)
               AND membership.name = $2
            RETURNING true
            """,
            email, name,
        )
    )  # fmt: skip


async def groups(db: Connection) -> dict[str, int]:
    """How many customers are in each group."""
    rows = await db.fetch(
        """
        SELECT membership.name, count(*) AS customers
          FROM customers.memberships AS membership
         GROUP BY membership.name
         ORDER BY membership.name
        """
    )
    return {row["name"]: row["customers"] for row in rows}


async def forget_person(db: Connection, email: str) -> None:
    """Sessions and groups go along."""
    await db.execute(
        """
        WITH links AS (
             DELETE FROM customers.links WHERE email = $1)
        DELETE FROM customers.people WHERE email = $1
        """,
        email,
    )
