"""The shop's own servers: real ones, in folders of their own."""

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import asyncpg
import pytest

from app import embedded
from app.settings import ROOT

HOLD = """
import sys, time
from pathlib import Path
from app import embedded
with embedded.servers(Path(sys.argv[1]), fast=True) as addresses:
    print(addresses.database_url, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


def holder_of(home):
    """Another process that holds the servers of this folder."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, home], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    return holder, holder.stdout.readline().strip()


def servers_of(home):
    """Process ids of what still runs for this folder, as the machine sees it."""
    mine = os.fsencode(home)
    room = home / "room"
    places = [mine, room.read_bytes()] if room.exists() else [mine]
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if any(place in command for place in places) and int(entry.name) != os.getpid():
            found.append((int(entry.name), command.replace(b"\0", b" ").decode()[:100]))
    return found


def wait_until_nothing_runs(home, seconds=5.0):
    until = time.monotonic() + seconds
    while servers_of(home) and time.monotonic() < until:
        time.sleep(0.05)
    return servers_of(home)


async def test_words_in_korean_can_be_searched(home):
    with embedded.servers(home, fast=True, redis=False) as addresses:
        db = await asyncpg.connect(addresses.database_url)
        await db.execute("CREATE EXTENSION pg_trgm")

        alike = await db.fetchval("SELECT similarity('멸균우유', '멸균 우유')")
        sorted_by = await db.fetchval(
            "SELECT ARRAY(SELECT unnest(ARRAY['b', 'B', 'a']) ORDER BY 1)"
        )
        await db.close()

    assert alike > 0.3
    assert sorted_by == ["B", "a", "b"]
    assert wait_until_nothing_runs(home) == []


async def test_rows_outlive_a_kill_and_no_server_does(home):
    holder, url = holder_of(home)
    db = await asyncpg.connect(url)
    await db.execute("CREATE TABLE kept (word text)")
    await db.execute("INSERT INTO kept VALUES ('melk')")

    holder.send_signal(signal.SIGKILL)
    holder.wait()
    db.terminate()

    assert wait_until_nothing_runs(home) == []
    with embedded.servers(home, fast=True) as addresses:
        db = await asyncpg.connect(addresses.database_url)
        assert await db.fetchval("SELECT word FROM kept") == "melk"
        await db.close()


async def test_a_second_process_joins_and_keeps_the_servers_when_the_first_is_killed(home):
    first, url = holder_of(home)
    with embedded.servers(home, fast=True) as addresses:
        assert addresses.database_url == url

        first.send_signal(signal.SIGKILL)
        first.wait()

        time.sleep(0.3)
        db = await asyncpg.connect(addresses.database_url)
        assert await db.fetchval("SELECT 1") == 1
        await db.close()
    assert wait_until_nothing_runs(home) == []


def test_servers_that_lost_their_guards_are_replaced(home):
    holder, url = holder_of(home)
    for pid, command in servers_of(home):
        if command.startswith("/bin/sh"):
            os.kill(pid, signal.SIGKILL)
    holder.kill()
    holder.wait()
    left = servers_of(home)

    with embedded.servers(home, fast=True) as addresses:
        assert addresses.database_url == url
        assert not set(left) & set(servers_of(home))
    assert left
    assert wait_until_nothing_runs(home) == []


def test_a_deep_folder_with_blanks_and_quotes_works(tmp_path):
    home = tmp_path / 'a shop\'s "own" folder' / ("x" * 90)

    with embedded.servers(home, fast=True) as addresses:
        subprocess.run(
            [embedded.program("psql"), addresses.database_url, "-c", "SELECT 1"],
            check=True,
            capture_output=True,
        )


def test_a_folder_closed_to_others_stays_closed(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)

    with embedded.servers(closed, fast=True) as addresses:
        assert addresses.redis_url

    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700


def test_the_sockets_are_for_their_owner_only(home):
    with embedded.servers(home, fast=True) as addresses:
        valkey = Path(addresses.redis_url.removeprefix("unix://"))

        assert stat.S_IMODE(valkey.stat().st_mode) == 0o700
        assert stat.S_IMODE(valkey.parent.stat().st_mode) == 0o700


def test_the_reason_of_a_failed_start_is_told(home):
    with embedded.servers(home, fast=True, redis=False) as addresses:
        data = Path(addresses.database_url.partition("host=")[2].replace("%2F", "/"))
    (data / "postgresql.conf").write_text("shared_buffers = 'plenty'\n")

    with (
        pytest.raises(embedded.DidNotStart, match="shared_buffers.*plenty"),
        embedded.servers(home, fast=True, redis=False),
    ):
        pass


def test_pgbench_and_the_tools_for_backup_come_along():
    for name in ("pgbench", "pg_dump", "pg_restore", "pg_basebackup"):
        subprocess.run([embedded.program(name), "--version"], check=True, capture_output=True)
