"""A shop in processes of its own, as customers meet it; for browsers and for kills."""

import asyncio
import os
import signal
import subprocess

import httpx
import msgspec

from app.serving.children import command
from app.settings import Settings, as_environment

OPENS_WITHIN_S = 30


class Served:
    """`url` is where it answers. Web and worker can be killed and started again one by one."""

    def __init__(self, settings: Settings, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.settings = msgspec.structs.replace(
            settings, base_url=self.url, host="127.0.0.1", port=port
        )
        self.log = settings.home / "served.log"
        self.processes: dict[str, subprocess.Popen] = {}

    async def start(self, *names: str) -> None:
        """Start `web`, `worker` or both, and wait until the web answers."""
        # Tied to this process, so that a killed test run leaves nothing behind.
        tied = {**os.environ, **as_environment(self.settings)}
        tied["PERRON_SUPERVISOR"] = str(os.getpid())
        with self.log.open("ab") as log:
            for name in names:
                self.processes[name] = subprocess.Popen(
                    command(name),
                    env=tied,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
        if "web" in names:
            await self._wait_until_open()

    def kill(self, name: str) -> None:
        """kill -9, of granian's processes too."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.processes.clear()

    async def _wait_until_open(self) -> None:
        async with httpx.AsyncClient(base_url=self.url, timeout=2) as client:
            for _ in range(OPENS_WITHIN_S * 50):
                if self.processes["web"].poll() is not None:
                    break
                try:
                    if (await client.get("/health/ready")).status_code == 200:
                        return
                except httpx.TransportError:
                    pass
                await asyncio.sleep(0.02)
        raise AssertionError("the shop did not open:\n" + self.log.read_text()[-4000:])
