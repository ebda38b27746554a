"""Acts of a merchandiser's page: done once, or refused in words on the page they came from."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from litestar import Request

from app import staff, walls
from app.db import Connection
from app.errors import ShopError

AnyRequest = Request[staff.Person, Any, Any]


async def attempt(
    request: AnyRequest,
    db: Connection,
    command: UUID,
    act: str,
    code: str,
    asked: Any,
    do: Callable[[], Awaitable[Any]],
) -> ShopError | None:
    """Do it; a refusal comes back to be shown on the page it came from.

    A refusal that was recorded stays recorded, any other leaves no trace.
    """
    attempt = db.transaction()
    await attempt.start()
    try:
        await walls.carry_out(db, request.user, command, act, code, asked, do, now=_nothing)
    except ShopError as refusal:
        await (attempt.commit() if refusal.recorded else attempt.rollback())
        if refusal.status == 404 and refusal.code == "not-found":
            raise
        return refusal
    await attempt.commit()
    return None


async def _nothing(_: Connection, __: str) -> None:
    """A page shows what is there by itself."""
