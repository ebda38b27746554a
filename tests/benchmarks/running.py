"""A whole shop for the benchmarks: durable servers, the demo in it, web and worker as processes."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from app import db, embedded
from app.db.migrate import migrate
from app.settings import Settings, load
from tests.benchmarks.load import ask, request


class Shop(msgspec.Struct, frozen=True):
    """Where it is served, and the processes that serve it."""

    port: int
    settings: Settings
    web: int
    worker: int


@asynccontextmanager
async def open_shop(home: Path) -> AsyncIterator[Shop]:
    """Servers with fsync on, the demo filled in, one web process and one worker."""
    from app import demo

    with embedded.servers(home) as servers:
        port = free_port()
        env = {
            **os.environ,
            "DATABASE_URL": servers.database_url,
            "REDIS_URL": servers.redis_url,
            "PERRON_HOME": str(home),
            "PERRON_PORT": str(port),
            "PERRON_BASE_URL": f"http://localhost:{port}",
            "PERRON_LOG_LEVEL": "warning",
        }
        settings = load(env)
        await migrate(servers.database_url)
        pool = await db.open_pool(servers.database_url)
        await demo.fill(pool, settings)
        await pool.close()
        with _process("web", env) as web, _process("worker", env) as worker:
            await ready(port)
            yield Shop(port, settings, web.pid, worker.pid)
            web.terminate()
            worker.terminate()


def _process(verb: str, env: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "app", verb], env=env, stdin=subprocess.PIPE, stdout=sys.stderr
    )


async def ready(port: int, path: str = "/health/ready", patience_s: float = 60) -> None:
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        try:
            status, _, _ = await ask(port, request("GET", path))
        except OSError:
            status = 0
        if status == 200:
            return
        await asyncio.sleep(0.02)
    raise TimeoutError(f"nothing answered at port {port} within {patience_s} s")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def memory_mb(pid: int) -> float:
    """Resident memory of a process and everything it started."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    family, todo = [], [pid]
    while todo:
        one = todo.pop()
        family.append(one)
        todo += children.get(one, [])
    return sum(_resident_kb(one) for one in family) / 1024


def _resident_kb(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0
