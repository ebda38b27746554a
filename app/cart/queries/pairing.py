"""Codes that hand a basket over, looks that are allowed, and copies behind links."""

from typing import Any
from uuid import UUID

import asyncpg

from app.cart.models import Role, View
from app.db import Connection, Pool


async def offer(
    db: Connection,
    sha256: bytes,
    cart_id: UUID | None,
    view_id: UUID | None,
    role: str,
    holds_s: int,
) -> None:
    await db.execute(
        """
        INSERT INTO cart.pairings (sha256, cart_id, view_id, role, until_at)
        VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5))
        """,
        sha256, cart_id, view_id, role, holds_s,
    )  # fmt: skip


async def find(db: Connection, sha256: bytes) -> asyncpg.Record | None:
    """What a code offers or asks for, while it holds. Looking uses nothing up."""
    return await db.fetchrow(
        """
        SELECT pairing.cart_id, pairing.view_id, pairing.role
          FROM cart.pairings AS pairing
         WHERE pairing.sha256 = $1 AND pairing.until_at > now()
        """,
        sha256,
    )


async def take(db: Connection, sha256: bytes) -> asyncpg.Record | None:
    """Once: whoever comes second finds nothing. The cart is the one it has become meanwhile."""
    return await db.fetchrow(
        """
        DELETE FROM cart.pairings AS pairing
         WHERE pairing.sha256 = $1 AND pairing.until_at > now()
        RETURNING (SELECT coalesce(cart.alias_of, cart.id)
                     FROM cart.carts AS cart
                    WHERE cart.id = pairing.cart_id) AS cart_id,
                  pairing.view_id, pairing.role
        """,
        sha256,
    )


async def open_view(
    db: Connection, id: UUID, sha256: bytes, cart_id: UUID | None, role: Role, holds_s: int
) -> None:
    await db.execute(
        """
        INSERT INTO cart.views (id, sha256, cart_id, role, until_at)
        VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5))
        """,
        id, sha256, cart_id, role, holds_s,
    )  # fmt: skip


async def fill_view(db: Connection, id: UUID, cart_id: UUID, role: Role) -> bool:
    """The till that asked sees this basket now; once."""
    return bool(
        await db.fetchval(
            """
            UPDATE cart.views
               SET cart_id = $2, role = $3
             WHERE id = $1 AND cart_id IS NULL AND until_at > now()
            RETURNING true
            """,
            id, cart_id, role,
        )
    )  # fmt: skip


async def view(db: Connection | Pool, sha256: bytes) -> View | None:
    """What this token may look at, and how; None once it was ended."""
    row = await db.fetchrow(
        """
        SELECT view.id, coalesce(cart.alias_of, cart.id) AS cart_id, view.role, view.until_at,
               view.opened_at
          FROM cart.views AS view
          LEFT JOIN cart.carts AS cart ON cart.id = view.cart_id
         WHERE view.sha256 = $1 AND view.until_at > now()
        """,
        sha256,
    )
    return View(**row) if row else None


async def views_of(db: Connection, cart_id: UUID) -> list[View]:
    rows = await db.fetch(
        """
        SELECT view.id, view.cart_id, view.role, view.until_at, view.opened_at
          FROM cart.views AS view
         WHERE view.cart_id IN (SELECT cart.id
                                  FROM cart.carts AS cart
                                 WHERE cart.id = $1 OR cart.alias_of = $1)
           AND view.until_at > now()
         ORDER BY view.opened_at
        """,
        cart_id,
    )
    return [View(**row) for row in rows]


async def end_view(db: Connection, id: UUID, cart_id: UUID) -> None:
    """Only a look at one's own basket can be ended."""
    await db.execute(
        """
        DELETE FROM cart.views
         WHERE id = $1
           AND cart_id IN (SELECT cart.id
                             FROM cart.carts AS cart
                            WHERE cart.id = $2 OR cart.alias_of = $2)
        """,
        id, cart_id,
    )  # fmt: skip


async def helped(db: Connection, sha256: bytes) -> asyncpg.Record | None:
    """The basket a helper's view is of, and a token of it (none where its owner has signed out), so
    that commands go the way all go."""
    return await db.fetchrow(
        """
        SELECT view.cart_id, token.sha256 AS token
          FROM cart.views AS view
          LEFT JOIN cart.tokens AS token ON token.cart_id = view.cart_id
         WHERE view.sha256 = $1
           AND view.until_at > now()
           AND view.role = 'help'
           AND view.cart_id IS NOT NULL
         LIMIT 1
        """,
        sha256,
    )


async def write_share(
    db: Connection, sha256: bytes, lines: list[dict[str, Any]], currency: str, holds_s: int
) -> None:
    await db.execute(
        """
        INSERT INTO cart.shares (sha256, lines, currency, until_at)
        VALUES ($1, $2, $3, now() + make_interval(secs => $4))
        """,
        sha256, lines, currency, holds_s,
    )  # fmt: skip


async def share(db: Connection, sha256: bytes) -> list[dict[str, Any]] | None:
    lines: list[dict[str, Any]] | None = await db.fetchval(
        """
        SELECT share.lines
          FROM cart.shares AS share
         WHERE share.sha256 = $1 AND share.until_at > now()
        """,
        sha256,
    )
    return lines


async def forget_old(db: Connection) -> None:
    await db.execute("DELETE FROM cart.pairings WHERE until_at < now()")
    await db.execute("DELETE FROM cart.views WHERE until_at < now()")
    await db.execute("DELETE FROM cart.shares WHERE until_at < now()")
