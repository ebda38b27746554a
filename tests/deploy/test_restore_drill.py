"""The whole cluster comes back to a point in time, under load, with every promise kept."""

import asyncio
import contextlib
import os
import shutil
import subprocess
import tempfile
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from app import embedded
from app.db.migrate import migrate
from app.embedded.programs import folder_of_postgres
from app.embedded.room import room_in
from app.main import create_app
from app.settings import Settings
from tests.checkout.stage import Stage
from tests.conftest import open_for_business

pytestmark = pytest.mark.drill

SCRIPT = Path("deploy/restore-drill").resolve()


async def test_a_lost_machine_comes_back_to_the_moment_before(redis_url):
    with tempfile.TemporaryDirectory(prefix="perron-drill-") as folder:
        os.chmod(folder, 0o711)
        home = Path(folder) / "home"
        home.mkdir(mode=0o711)
        with embedded.servers(home, redis=False) as own:
            room = room_in(home)
            script = Path(shutil.copy(SCRIPT, room.own("drill")))
            tools = Tools(room, folder_of_postgres(room), own.database_url, script)
            await migrate(own.database_url)
            settings = Settings(
                home=home, secret="a secret of the tests that is long enough",
                base_url="http://shop.test", database_url=own.database_url, redis_url=redis_url,
            )  # fmt: skip
            app = create_app(settings)
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)
            async with open_for_business(app), httpx.AsyncClient(transport=transport) as client:
                client.app = app
                before, moment, after = await sold_under_load(client, tools)
            tools.end_receiving()

            done = tools.drill(moment)

        assert done.returncode == 0, done.stderr
        assert "came back to" in done.stdout
        with tools.reopened() as ask:
            numbers = set(ask("SELECT number FROM orders.orders").split())
    assert before <= numbers
    assert not after & numbers


async def sold_under_load(client, tools):
    """Orders acknowledged before the moment to come back to, the moment, and orders after it."""
    stage = await Stage.set_up(client, quantity=1000)
    tools.begin_receiving()
    before, after = set(), set()
    selling = asyncio.create_task(sell(stage, before))
    await asyncio.to_thread(tools.take_base)
    await asyncio.sleep(1.5)
    await until_some(before)
    selling.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await selling
    moment = await stage.pool.fetchval("SELECT clock_timestamp()")
    later = asyncio.create_task(sell(stage, after))
    await asyncio.sleep(1)
    await until_some(after)
    later.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await later
    await stage.pool.execute("SELECT pg_switch_wal()")
    assert before
    assert after
    return before, moment, after


async def until_some(sold):
    async with asyncio.timeout(60):
        while not sold:
            await asyncio.sleep(0.05)


async def sell(stage, sold):
    while True:
        buyer = await stage.buyer()
        placed = (await asyncio.shield(asyncio.create_task(buyer.order()))).json()
        sold.add(placed["number"])
        await buyer.choose(placed, "pay")
        await stage.work()


class Tools:
    """PostgreSQL's own programs, run as the user who runs the server."""

    def __init__(self, room, programs, url, script):
        self._room, self._programs, self._script = room, programs, script
        self._socket = parse_qs(urlsplit(url).query)["host"][0]
        self._base, self._wal = room.own("drill") / "base", room.own("wal")
        self._back = room.own("drill") / "back"

    def begin_receiving(self):
        command = self._command("pg_receivewal", "-D", self._wal, "--no-loop", "--synchronous")
        self._receiving = subprocess.Popen(
            command, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            **self._room.run_as(),
        )  # fmt: skip

    def take_base(self):
        self._run(
            self._command("pg_basebackup", "--checkpoint=fast", "-X", "none", "-D", self._base)
        )

    def end_receiving(self):
        self._receiving.terminate()
        self._receiving.wait(10)

    def drill(self, moment: datetime):
        return subprocess.run(
            [self._script, self._base, self._wal, moment.isoformat(), self._back],
            env={"PATH": os.environ["PATH"], "PG_BIN": str(self._programs)},
            cwd="/", capture_output=True, text=True, check=False, timeout=120,
            **self._room.run_as(),
        )  # fmt: skip

    @contextlib.contextmanager
    def reopened(self):
        control = [self._programs / "pg_ctl", "-D", self._back / "data", "-w"]
        self._run([*control, "-l", self._back / "log", "start"])
        try:
            yield self._ask
        finally:
            self._run([*control, "-m", "fast", "stop"])

    def _ask(self, sql):
        at = ["-h", self._back / "socket", "-U", "postgres", "-d", "perron"]
        return self._run([self._programs / "psql", *at, "-tAc", sql])

    def _command(self, program, *arguments):
        at = ["-h", self._socket, "-U", "postgres"]
        return [self._programs / program, *at, *arguments]

    def _run(self, command):
        done = subprocess.run(
            command, cwd="/", capture_output=True, text=True, check=False, timeout=120,
            stdin=subprocess.DEVNULL, **self._room.run_as(),
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout
