"""A basket as it changes: one server-sent event per version, resumable by the last one seen."""

from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

import msgspec

from app.cart import queries
from app.cart.models import Change, Snapshot
from app.db import Connection, Pool, begin
from app.errors import Busy
from app.jobs import Coalescer
from app.live import Hub

RECONNECT_MS = 2000


async def stream(
    pool: Pool, hub: Hub, token: bytes, cart_id: UUID, seen: int | None
) -> AsyncIterator[str]:
    """Every change after version `seen`, then each as it happens, in order and without gaps.

    A snapshot comes instead where the steps are no longer known, or another cart has followed.
    Ends with the hub; the browser then connects again.
    """
    yield f"retry: {RECONNECT_MS}\n\n"
    async for version in hub.wakes(f"cart:{cart_id}"):
        if version is None:
            yield ": still here\n\n"
            continue
        if version and seen is not None and version <= seen:
            continue
        try:
            told = queries.MOST_STEPS
            while told == queries.MOST_STEPS:
                text, told, seen, moved_on = await _news(pool, token, cart_id, seen)
                if text:
                    yield text
        except Busy:
            return  # the database is away; the browser comes back with what it has seen
        if moved_on:
            return


async def versions(pool: Pool, cart_ids: Sequence[str]) -> dict[str, int]:
    async with begin(pool) as db:
        found = await queries.versions(db, [UUID(id) for id in cart_ids])
    return {str(id): version for id, version in found.items()}


def version_in(last_event_id: str | None) -> int | None:
    """What a browser sends back when it connects again; anything else is as if nothing was seen."""
    known = last_event_id is not None and last_event_id.isascii() and last_event_id.isdigit()
    return int(last_event_id) if known and last_event_id and len(last_event_id) < 18 else None


class Missed(msgspec.Struct, frozen=True):
    """What one watcher wants to know: whose token it has, and the last version it heard of."""

    token: bytes
    cart_id: UUID
    seen: int | None


class News(msgspec.Struct, frozen=True):
    """Steps from what was seen, written out once for all who hear them, or the whole of the cart
    the token opens `now_at`."""

    now_at: UUID | None
    steps: "Steps | None"
    snapshot: Snapshot | None


class Steps(msgspec.Struct, frozen=True):
    """`text` are `count` events, the last of which leads to `version`."""

    text: str
    count: int
    version: int


async def _read(db: Connection, asked: Sequence[Missed]) -> list[News]:
    """For many watchers at once: a change of a watched cart wakes all of them together."""
    carts = await queries.of_tokens(db, list({one.token for one in asked}))
    behind = {one for one in asked if carts.get(one.token) == one.cart_id and one.seen is not None}
    changes = await queries.changes_of_many(
        db, {(one.cart_id, one.seen) for one in behind if one.seen is not None}
    )
    steps = {
        (cart_id, seen): _written(found)
        for (cart_id, seen), found in changes.items()
        if found[0].version == seen + 1
    }
    told = [
        steps.get((one.cart_id, one.seen)) if one.seen is not None and one in behind else None
        for one in asked
    ]
    whole = {
        carts[one.token]
        for one, found in zip(asked, told, strict=True)
        if found is None and one.token in carts
    }
    snapshots = await queries.snapshots(db, sorted(whole)) if whole else {}
    return [
        News(now_at, found, snapshots.get(now_at) if now_at and found is None else None)
        for now_at, found in zip([carts.get(one.token) for one in asked], told, strict=True)
    ]


_reading: Coalescer[Missed, News] = Coalescer(_read, batch=500, queue=20_000, patience_s=10)


async def _news(
    pool: Pool, token: bytes, cart_id: UUID, seen: int | None
) -> tuple[str, int, int | None, bool]:
    """The events, how many, the version they lead to, and whether another cart has followed."""
    missed = Missed(token, cart_id, seen)
    news = await _reading.submit(pool, missed)
    if (
        seen is not None
        and news.now_at == cart_id
        and news.snapshot
        and news.snapshot.version > seen
    ):
        # Changed between the two readings? Then its steps are there by now.
        news = await _reading.submit(pool, missed)
    if news.steps is not None:
        return news.steps.text, news.steps.count, news.steps.version, False
    moved_on, snapshot = news.now_at != cart_id, news.snapshot
    if snapshot is None or (snapshot.version == seen and not moved_on):
        return "", 0, seen, moved_on or snapshot is None
    return _event("snapshot", snapshot.version, snapshot), 1, snapshot.version, moved_on


def _written(changes: Sequence[Change]) -> Steps:
    events = [_event("change", change.version, change) for change in changes]
    return Steps("".join(events), len(events), changes[-1].version)


def _event(kind: str, version: int, body: Any) -> str:
    return f"id: {version}\nevent: {kind}\ndata: {msgspec.json.encode(body).decode()}\n\n"
