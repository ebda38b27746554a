"""One web process: granian in front, the app behind."""

import asyncio
import gc
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

from app import lifeline, logs
from app.settings import Settings, load

HEADERS_WITHIN_MS = 5_000
LARGEST_HEADERS = 64 * 1024
MOST_CONNECTIONS = 16_384
STREAMS_END_WITHIN_S = 0.3
REQUESTS_END_WITHIN_S = 4
CLOSING = signal.SIGUSR1
COLLECT_AFTER = (20_000, 20, 50)
"""Objects that came and did not go, before Python looks for circles among the youngest; a request
leaves none behind, and looking makes everybody wait."""


class Web(MPServer):
    def _stop_workers(self) -> None:
        """Granian waits for open connections, and a live cart is one that never ends by itself."""
        for worker in self.wrks:
            if worker.is_alive():  # type: ignore[no-untyped-call]
                os.kill(worker.inner.pid, CLOSING)
        time.sleep(STREAMS_END_WITHIN_S)
        super()._stop_workers()  # type: ignore[no-untyped-call]


def run(settings: Settings, certificate: Path | None = None, key: Path | None = None) -> None:
    """Serve until told to stop; open streams are ended, requests have some seconds to finish."""
    Web(
        "app.serving.web:application",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        loop=Loops.uvloop,
        http=HTTPModes.http1,
        websockets=False,
        workers=settings.web_processes,
        backlog=2048,
        backpressure=MOST_CONNECTIONS,
        http1_settings=HTTP1Settings(
            header_read_timeout=HEADERS_WITHIN_MS, max_buffer_size=LARGEST_HEADERS
        ),
        workers_kill_timeout=REQUESTS_END_WITHIN_S,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
        ssl_cert=certificate,
        ssl_key=key,
    ).serve()


def application() -> Any:
    """What granian loads in each of its processes."""
    from app import db
    from app.http import health
    from app.main import create_app

    lifeline.tie_to_parent()
    settings = load()
    logs.configure(as_json=not sys.stderr.isatty(), level=settings.log_level.upper())
    try:
        asyncio.run(db.knock(settings.database_url))
    except db.CannotConnect as reason:
        sys.exit(str(reason))  # and granian begins another one, which knocks again
    app = create_app(settings)

    def close() -> None:
        health.close(app.state)
        app.state.hub.end_streams()

    async def listen_for_the_end() -> None:
        asyncio.get_running_loop().add_signal_handler(CLOSING, close)

    app.on_startup += [listen_for_the_end, _leave_what_stays]
    return app


async def _leave_what_stays() -> None:
    """The routes and their signatures live as long as the process: no collection need look at them."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
