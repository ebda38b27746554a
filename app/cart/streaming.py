"""A basket as it changes: one server-sent event per version, resumable by the last one seen."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

import msgspec

from app.cart import queries
from app.cart.models import Change
from app.db import Pool, begin
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
    async for version in _wakes(hub, f"cart:{cart_id}"):
        if version is None:
            yield ": still here\n\n"
            continue
        if version and seen is not None and version <= seen:
            continue
        events, seen, moved_on = await _news(pool, token, cart_id, seen)
        for event in events:
            yield event
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


async def _news(
    pool: Pool, token: bytes, cart_id: UUID, seen: int | None
) -> tuple[list[str], int | None, bool]:
    async with begin(pool) as db:
        now_at = (await queries.of_tokens(db, [token])).get(token)
        if now_at != cart_id:  # ordered or merged: begin again with the cart that followed
            if now_at is None:
                return [], seen, True
            snapshot = await queries.snapshot(db, now_at)
            return [_event("snapshot", snapshot.version, snapshot)] if snapshot else [], seen, True
        if seen is not None:
            changes = await queries.changes_since(db, cart_id, seen)
            if _complete(changes, seen):
                return _steps(changes), changes[-1].version, False
        snapshot = await queries.snapshot(db, cart_id)
    if snapshot is None or snapshot.version == seen:
        return [], seen, snapshot is None
    return [_event("snapshot", snapshot.version, snapshot)], snapshot.version, False


def _complete(changes: Sequence[Change], seen: int) -> bool:
    return bool(changes) and changes[0].version == seen + 1


def _steps(changes: Sequence[Change]) -> list[str]:
    return [_event("change", change.version, change) for change in changes]


def _event(kind: str, version: int, body: Any) -> str:
    return f"id: {version}\nevent: {kind}\ndata: {msgspec.json.encode(body).decode()}\n\n"


async def _wakes(hub: Hub, topic: str) -> AsyncIterator[int | None]:
    """First 0, once we are listening, so that nothing falls between reading and listening."""
    watching = hub.watch(topic)
    upcoming = asyncio.ensure_future(anext(watching))
    try:
        await asyncio.sleep(0)
        yield 0
        while True:
            try:
                version = await upcoming
            except StopAsyncIteration:
                return
            upcoming = asyncio.ensure_future(anext(watching))
            yield version
    finally:
        upcoming.cancel()
        with suppress(asyncio.CancelledError, StopAsyncIteration):
            await upcoming
