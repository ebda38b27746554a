"""Acts of a merchandiser, the same from the API and from a page: once each, and written down."""

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request

from app import commands, jobs, staff
from app.db import Connection
from app.errors import Malformed, ShopError
from app.walls import actions
from app.walls.models import Edition, Printing, Room
from qr_walls import formats, planogram
from qr_walls.model import PanelFormat


async def carry_out(
    db: Connection,
    person: staff.Person,
    command: UUID,
    act: str,
    code: str,
    request: Any,
    do: Callable[[], Awaitable[Any]],
    now: Callable[[Connection, str], Awaitable[Any]] = actions.plan,
) -> None:
    """Do it if this command is new, and note who did. A conflict carries the wall as it is `now`."""

    async def and_note() -> dict[str, Any]:
        done = await do()
        await staff.note(db, person, act, code)
        return {"done": done if isinstance(done, int) else True}

    try:
        await commands.once(
            db, person.id, command, [act, code, msgspec.to_builtins(request)], and_note
        )
    except ShopError as refusal:
        if refusal.status == 409:
            refusal.state = await _state(now(db, code))
        raise


async def progress(db: Connection, edition: Edition) -> Printing:
    """How far an edition is."""
    if edition.printed_at is not None:
        return Printing(edition, 100, "printed")
    if edition.refusal is not None:
        return Printing(edition, 100, "refused")
    task = await jobs.task(db, edition.id)
    if task is None or task.state == "failed":
        return Printing(edition, 0, "failed")
    drawing = task.note in ("drawing", "proof")
    return Printing(edition, task.progress, task.note if drawing else "waiting")  # type: ignore[arg-type]


def version_seen(request: Request[Any, Any, Any]) -> int:
    """The version in If-Match (RFC 9110, 13.1.1). Raises Malformed without one."""
    found = re.fullmatch(r'"(\d{1,18})"', request.headers.get("If-Match", ""), re.ASCII)
    if found is None:
        raise Malformed(
            "Say which version of the wall you saw, in an If-Match header.", code="version-needed"
        )
    return int(found[1])


def room(distance_mm: int, base_url: str, products: int = 0) -> Sequence[Room]:
    """What every poster size holds at a reading distance, and what `products` would take."""
    return [_room(size, distance_mm, base_url, products) for size in formats.ALL]


def _room(size: PanelFormat, distance_mm: int, base_url: str, products: int) -> Room:
    holds = planogram.capacity(size, distance_mm / 1000, base_url)
    farthest = planogram.farthest(products, size, base_url) if products else None
    needed = -(-products // holds.products) if holds.products and products else None
    return Room(
        format=size.name,
        width_mm=size.width_mm,
        height_mm=size.height_mm,
        distance_mm=distance_mm,
        columns=holds.columns,
        rows=holds.rows,
        products=holds.products,
        panels_needed=needed,
        farthest_mm=round(farthest * 1000) if farthest else None,
        with_list=planogram.panels_with_list(size, needed) if needed else None,
    )


async def _state(now: Awaitable[Any]) -> Any:
    """As it is now, for somebody whose view of it is old."""
    try:
        return msgspec.to_builtins(await now)
    except ShopError:
        return None
