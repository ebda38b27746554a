"""A phone that listens to its basket as a browser does: it connects again with what it heard last."""

import asyncio
import contextlib
import time

import httpx
import msgspec


class Listener:
    """`heard` is every version in the order of hearing; `snapshots` those that came as a whole."""

    def __init__(self, url: str, cookie: str, seen: int | None = None) -> None:
        self.url, self.cookie = url, cookie
        self.heard: list[int] = []
        self.snapshots: list[int] = []
        self.bodies: dict[int, dict] = {}
        self.at: dict[int, float] = {}
        self.seen = seen
        self._task: asyncio.Task | None = None

    def start(self) -> "Listener":
        self._task = asyncio.create_task(self._listen())
        return self

    async def stop(self) -> None:
        """As when the signal is lost: nothing is said, and what comes is missed."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def hears(self, version: int, within_s: float) -> float:
        """Waits until it has heard of `version`; returns when that was."""
        until = time.monotonic() + within_s
        while (self.seen or 0) < version:
            assert time.monotonic() < until, f"heard {self.heard[-5:]}, not {version}"
            await asyncio.sleep(0.01)
        return self.at.get(version, time.monotonic())

    async def _listen(self) -> None:
        async with httpx.AsyncClient(base_url=self.url, timeout=30) as client:
            while True:
                with contextlib.suppress(httpx.TransportError):
                    await self._once(client)
                await asyncio.sleep(0.05)

    async def _once(self, client: httpx.AsyncClient) -> None:
        headers = {"Cookie": self.cookie}
        if self.seen is not None:
            headers["Last-Event-ID"] = str(self.seen)
        async with client.stream("GET", "/api/v1/cart/events", headers=headers) as answer:
            event: dict[str, str] = {}
            async for line in answer.aiter_lines():
                if line:
                    name, _, value = line.partition(": ")
                    event[name] = value
                elif "id" in event:
                    self._note(event)
                    event = {}

    def _note(self, event: dict[str, str]) -> None:
        version = int(event["id"])
        self.heard.append(version)
        if event["event"] == "snapshot":
            self.snapshots.append(version)
        self.bodies[version] = msgspec.json.decode(event["data"])
        self.at[version] = time.monotonic()
        self.seen = version
