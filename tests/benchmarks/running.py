"""A whole shop for the benchmarks: `python3 -m app` in a folder of its own, fsync on, the demo in it."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from app import db, embedded
from app.db import Pool
from app.settings import Settings, load
from tests.benchmarks.load import ask, request

FIRST_START_S = 600


class Shop(msgspec.Struct, frozen=True):
    """Where it is served, its database, and how long its second start took to the first page."""

    port: int
    settings: Settings
    pool: Pool
    pid: int
    started_again_s: float


@asynccontextmanager
async def open_shop(home: Path) -> AsyncIterator[Shop]:
    """Started twice: the first start fills the demo, the second is the one a shopkeeper knows."""
    port = free_port()
    env = {
        **os.environ,
        "PERRON_HOME": str(home),
        "PERRON_PORT": str(port),
        "PERRON_HOST": "127.0.0.1",
        "PERRON_LOG_LEVEL": "warning",
    }
    with subprocess.Popen(_SERVE, env=env, stdout=subprocess.DEVNULL) as first:
        await _first_page(port, first, FIRST_START_S)
        first.terminate()
    started = time.perf_counter()
    with subprocess.Popen(_SERVE, env=env, stdout=subprocess.DEVNULL) as again:
        await _first_page(port, again, 60)
        started_again_s = time.perf_counter() - started
        with embedded.servers(home) as servers:
            env |= {"DATABASE_URL": servers.database_url, "REDIS_URL": servers.redis_url}
            pool = await db.open_pool(servers.database_url, size=16)
            try:
                yield Shop(port, load(env), pool, again.pid, started_again_s)
            finally:
                await pool.close()
                again.terminate()


_SERVE = [sys.executable, "-m", "app", "serve"]


async def _first_page(port: int, process: "subprocess.Popen[bytes]", patience_s: float) -> None:
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the shop closed with {process.returncode} before it opened")
        try:
            status, _, _ = await ask(port, request("GET", "/"))
        except (OSError, asyncio.IncompleteReadError):
            status = 0
        if status == 200:
            return
        await asyncio.sleep(0.02)
    raise TimeoutError(f"no page at port {port} within {patience_s} s")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def memory_mb(supervisor: int, verb: str) -> float:
    """Resident memory of the child that was started with `verb`, and of all it started."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    [root] = [pid for pid in children.get(supervisor, []) if verb in _words(pid)]
    family, todo = [], [root]
    while todo:
        one = todo.pop()
        family.append(one)
        todo += children.get(one, [])
    return sum(_resident_kb(one) for one in family) / 1024


def _words(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")


def _resident_kb(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0
