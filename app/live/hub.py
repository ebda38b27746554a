import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from typing import TypeAlias

import redis.asyncio as redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from app.db import Connection, Pool, after_commit
from app.logs import log

CHANNEL = "perron:changes"
POLL_S, POLL_WITHOUT_REDIS_S = 5.0, 0.5
RECONNECT_S = 1.0
MOST_TO_TELL = 1_000
"""Topics in one message: a batch of scans is told in one breath. Of more the others hear by polling,
as they do of what happens while Redis is away."""
SILENT_S = 1.0
"""Redis is asked for a sign of life when it has said nothing for so long; without one it is away."""
TELL_EVERY_S = 0.02
"""Redis is told at once after a pause, and of what comes thick and fast in one breath: every message
is read by every process, and watchers of this one need none."""
HEARTBEAT_S = 15.0

Versions: TypeAlias = Callable[[Pool, Sequence[str]], Awaitable[dict[str, int]]]
"""Reads the versions of some ids of one kind of topic."""

_hub: "Hub | None" = None


def tell_after_commit(db: Connection, topic: str, version: int) -> None:
    """Tell the watchers of this process and, over Redis, of all others, once `db` has committed."""

    def tell() -> None:
        if _hub is not None:
            _hub.tell(topic, version)

    after_commit(db, tell)


class Hub:
    """One per process. A topic is "kind:id"; `sources` say how a kind's versions are read."""

    def __init__(self, pool: Pool, redis_url: str | None, sources: dict[str, Versions]) -> None:
        self._pool = pool
        self._sources = sources
        self._watchers: dict[str, set[asyncio.Event]] = {}
        self._versions: dict[str, int] = {}
        self._outgoing: dict[str, int] = {}
        self._has_news = asyncio.Event()
        self._closing = asyncio.Event()
        self._lost = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self.redis_works = False
        # A frozen Redis must cost milliseconds, not the library's default of twelve seconds.
        self._redis = (
            redis.Redis.from_url(
                redis_url,
                socket_timeout=None,
                socket_connect_timeout=0.5,
                retry=Retry(NoBackoff(), 0),
                decode_responses=True,
            )
            if redis_url
            else None
        )

    async def open(self) -> None:
        global _hub
        _hub = self
        self._tasks.append(asyncio.create_task(self._poll()))
        if self._redis is not None:
            self._tasks.append(asyncio.create_task(self._hear_redis(self._redis)))
            self._tasks.append(asyncio.create_task(self._tell_redis(self._redis)))

    async def close(self) -> None:
        """Ends every open stream, then stops."""
        global _hub
        _hub = None
        self.end_streams()
        await _end(self._tasks)
        if self._redis is not None:
            if self.redis_works:
                await self._publish(self._redis)
            with contextlib.suppress(RedisError, OSError, TimeoutError):
                async with asyncio.timeout(1):
                    await self._redis.aclose()

    def end_streams(self) -> None:
        self._closing.set()
        for watchers in self._watchers.values():
            for changed in watchers:
                changed.set()

    def tell(self, topic: str, version: int) -> None:
        self._note(topic, version)
        if self.redis_works and (topic in self._outgoing or len(self._outgoing) < MOST_TO_TELL):
            self._outgoing[topic] = max(version, self._outgoing.get(topic, 0))
            self._has_news.set()

    async def watch(self, topic: str, *, at_once: bool = False) -> AsyncIterator[int | None]:
        """Yields the newest version each time it may have changed, None as a heartbeat.

        `at_once`: a 0 first, when we are listening already: nothing falls between reading and that.
        """
        changed = asyncio.Event()
        self._watchers.setdefault(topic, set()).add(changed)
        try:
            if at_once:
                yield 0
            while not self._closing.is_set():
                try:
                    async with asyncio.timeout(HEARTBEAT_S):
                        await changed.wait()
                except TimeoutError:
                    yield None
                    continue
                changed.clear()
                if not self._closing.is_set():
                    yield self._versions.get(topic, 0)
        finally:
            self._leave(topic, changed)

    def wakes(self, topic: str) -> AsyncIterator[int | None]:
        return self.watch(topic, at_once=True)

    def _leave(self, topic: str, changed: asyncio.Event) -> None:
        watchers = self._watchers.get(topic, set())
        watchers.discard(changed)
        if not watchers:
            self._watchers.pop(topic, None)
            self._versions.pop(topic, None)

    def _note(self, topic: str, version: int) -> None:
        watchers = self._watchers.get(topic)
        if watchers is None or version <= self._versions.get(topic, 0):
            return
        self._versions[topic] = version
        for changed in watchers:
            changed.set()

    def _resync(self) -> None:
        """We may have missed something: everybody looks again."""
        for watchers in self._watchers.values():
            for changed in watchers:
                changed.set()

    async def _poll(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                pause_s = POLL_S if self.redis_works else POLL_WITHOUT_REDIS_S
                async with asyncio.timeout(pause_s):
                    await self._lost.wait()
            self._lost.clear()
            try:
                await self._poll_once()
            except Exception:  # noqa: BLE001  # the database may be away; watchers keep what they have
                log.warning("polling watched versions failed")

    async def _poll_once(self) -> None:
        by_kind: dict[str, list[str]] = {}
        for topic in self._watchers:
            kind, _, id = topic.partition(":")
            by_kind.setdefault(kind, []).append(id)
        for kind, ids in by_kind.items():
            for id, version in (await self._sources[kind](self._pool, ids)).items():
                self._note(f"{kind}:{id}", version)

    async def _hear_redis(self, server: "redis.Redis") -> None:
        while True:
            try:
                async with server.pubsub() as subscription:
                    async with asyncio.timeout(SILENT_S):
                        await subscription.subscribe(CHANNEL)
                    await self._listen(subscription)
            except (RedisError, OSError, ValueError, TimeoutError) as error:
                self._lose_redis(type(error).__name__)
            await asyncio.sleep(RECONNECT_S)

    async def _listen(self, subscription: "redis.client.PubSub") -> None:
        """Until it is away: a frozen server closes nothing, it only says nothing any more."""
        asked = False
        while True:
            message = await subscription.get_message(timeout=SILENT_S)
            if message is None:
                if asked:
                    raise TimeoutError
                asked = True
                async with asyncio.timeout(SILENT_S):
                    await subscription.ping()
                continue
            asked = False
            if not self.redis_works:
                self.redis_works = True
                self._resync()
            if message["type"] == "message":
                for line in message["data"].split("\n"):
                    topic, _, version = line.rpartition(" ")
                    self._note(topic, int(version))

    def _lose_redis(self, why: str) -> None:
        """From here on the versions are polled, at once for the first time."""
        if self.redis_works:
            log.warning("redis is away, polling instead", error=why)
        self.redis_works = False
        self._lost.set()

    async def _tell_redis(self, server: "redis.Redis") -> None:
        while True:
            await self._has_news.wait()
            self._has_news.clear()
            await self._publish(server)
            await asyncio.sleep(TELL_EVERY_S)

    async def _publish(self, server: "redis.Redis") -> None:
        news, self._outgoing = self._outgoing, {}
        if not news:
            return
        try:
            async with asyncio.timeout(0.5):
                lines = [f"{topic} {version}" for topic, version in news.items()]
                await server.publish(CHANNEL, "\n".join(lines))
        except (RedisError, OSError, TimeoutError) as error:
            self._lose_redis(type(error).__name__)


async def _end(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancelled until they end: what they wait for may swallow a cancellation that comes just then."""
    going = set(tasks)
    while going:
        for task in going:
            task.cancel()
        _, going = await asyncio.wait(going, timeout=0.5)
