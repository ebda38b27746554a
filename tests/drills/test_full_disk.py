"""A disk that is full, of the machine that draws and of the database: what prints or imports says so
and is over, everything else goes on, and with room again it is done."""

import asyncio
import contextlib
import os
import resource
import subprocess
import tempfile
from pathlib import Path

import httpx
import pytest

from app import walls
from app.db import begin, new_id
from app.serving.children import command
from app.settings import as_environment
from qr_walls import gtin as gtins
from tests.catalog.sheets import BREAD, MILK, as_csv
from tests.checkout.stage import faults_in
from tests.staff_desk import employ
from tests.walls.builders import SHOP, next_month, plan_wall

pytestmark = pytest.mark.drill

PAGE = 4096
NO_ROOM = "There was no room left on the disk"


@pytest.fixture(params=["disk", "limit"])
def disk(request):
    """A folder anybody may enter: a disk of half a megabyte of its own, which takes root to mount, or
    one in which a process may have no file larger than a page, which anybody can try."""
    folder = Path(tempfile.mkdtemp(prefix="perron-disk-"))
    folder.chmod(0o777)
    mount = ["mount", "-t", "tmpfs", "-o", "size=512k,mode=0777", "tmpfs", folder]
    wanted = request.param == "disk"
    mounted = wanted and os.geteuid() == 0 and subprocess.run(mount, check=False).returncode == 0
    if wanted and not mounted:
        folder.rmdir()
        pytest.skip("a disk of its own can only be mounted by root")
    yield Disk(folder, mounted)
    if mounted:
        subprocess.run(["umount", folder], check=True)
    with contextlib.suppress(OSError):
        folder.rmdir()


class Disk:
    def __init__(self, folder, mounted):
        self.folder, self.mounted, self._filler = folder, mounted, folder / "filler"

    def fill(self):
        """To the last page: so much Python wants to see before it takes a folder for its files."""
        with contextlib.suppress(OSError), self._filler.open("wb", buffering=0) as filler:
            while True:
                filler.write(bytes(PAGE))
        os.truncate(self._filler, self._filler.stat().st_size - PAGE)

    def clear(self):
        self._filler.unlink(missing_ok=True)

    def limits(self):
        """Where nothing could be mounted: no file of a process may be larger than a page."""
        return {} if self.mounted else {"preexec_fn": no_file_larger_than_a_page}


def no_file_larger_than_a_page():
    resource.setrlimit(resource.RLIMIT_FSIZE, (PAGE, PAGE))


@pytest.fixture
async def desk(served, pool):
    """A merchandiser at a shop whose worker has not begun yet."""
    served.kill("worker")
    token, _ = await employ(pool, "merchandiser")
    headers = {"Accept-Language": "en", "Accept": "text/html"}
    async with httpx.AsyncClient(base_url=served.url, headers=headers, timeout=20) as desk:
        desk.cookies.set("staff", token)
        yield desk


async def test_a_worker_without_room_for_its_files_says_so_job_by_job(served, pool, desk, disk):
    if disk.mounted:
        disk.fill()
    begin_to_work(served, disk)
    edition = await order_a_print(pool)

    assert NO_ROOM in await until_done(desk, await upload(desk, many_goods()), "Reading")
    assert NO_ROOM in await until_done(desk, edition, "progress")
    short = await until_done(desk, await upload(desk, as_csv(MILK, BREAD)), "Reading")
    assert "Import 2 products" in short
    assert (await desk.get("/health/ready")).status_code == 200
    jobs = await pool.fetch("SELECT kind, state, attempts FROM jobs.tasks")
    assert {(row["state"], row["attempts"]) for row in jobs} == {("done", 1)}

    disk.clear()
    served.kill("worker")
    await served.start("worker")
    assert "Import 3000 products" in await until_done(
        desk, await upload(desk, many_goods()), "Reading"
    )
    assert "preview.png" in await until_done(desk, await order_a_print(pool), "progress")
    assert await faults_in(pool) == []


async def test_a_database_without_room_for_them_says_so_and_sells_on(served, pool, desk, disk):
    owner = await files_of(pool)
    if not disk.mounted or owner is None:
        pytest.skip("its tables need a disk of their own, beside a PostgreSQL of our own")
    os.chown(disk.folder, owner, -1)
    edition = await order_a_print(pool)
    async with only_so_much_room(pool, disk.folder, "files.files", "catalog.staged"):
        begin_to_work(served, disk, full=False)
        imported = await until_done(desk, await upload(desk, many_goods()), "Reading")
        printed = await until_done(desk, edition, "progress")
        added = await desk.get("/basket")
        served.kill("worker")

    assert NO_ROOM in imported
    assert NO_ROOM in printed
    assert added.status_code == 200
    assert await pool.fetchval("SELECT count(*) FROM catalog.products") == 2
    await served.start("worker")
    assert "preview.png" in await until_done(desk, await order_a_print(pool), "progress")
    assert await faults_in(pool) == []


@contextlib.asynccontextmanager
async def only_so_much_room(pool, folder, *tables):
    """These tables lie on the small disk meanwhile."""
    await pool.execute(f"CREATE TABLESPACE small LOCATION '{folder}'")
    for table in tables:
        await pool.execute(f"VACUUM FULL {table}")  # what earlier tests had in it takes no room
        await pool.execute(f"ALTER TABLE {table} SET TABLESPACE small")
    try:
        yield
    finally:
        for table in tables:
            await pool.execute(f"ALTER TABLE {table} SET TABLESPACE pg_default")
        await pool.execute("CHECKPOINT")
        await pool.execute("DROP TABLESPACE small")


async def files_of(pool):
    """The user whose files the database's are; None where they are on another machine."""
    folder = Path(await pool.fetchval("SHOW data_directory"))
    return folder.stat().st_uid if folder.exists() else None


def begin_to_work(served, disk, *, full=True):
    """A worker whose files go to the small disk. It logs nowhere: that would be a file as well."""
    tied = {**os.environ, **as_environment(served.settings)}
    tied["PERRON_SUPERVISOR"] = str(os.getpid())
    if full:
        tied["TMPDIR"] = str(disk.folder)
    served.processes["worker"] = subprocess.Popen(
        command("worker"),
        env=tied,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        **(disk.limits() if full else {}),
    )


async def order_a_print(pool):
    """The page of an edition that waits to be drawn."""
    async with begin(pool) as db:
        known = await db.fetchval("SELECT true FROM walls.walls WHERE code = 'utc-1'")
    if not known:
        await plan_wall(pool)
    async with begin(pool) as db:
        ordered = await walls.order_edition(db, "utc-1", base_url=SHOP, last_day=next_month())
    return f"/merchandiser/walls/utc-1/editions/{ordered.number}"


def many_goods():
    """A file of about half a megabyte."""
    rows = (
        MILK | {"gtin": gtins.demo(500_000 + n), "name_nl": f"Product {n} " + "x" * 100}
        for n in range(3000)
    )
    return as_csv(*rows)


async def upload(desk, body):
    answer = await desk.post(
        "/merchandiser/catalogue/import",
        data={"command": str(new_id())},
        files={"file": ("goods.csv", body, "text/csv")},
    )
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def until_done(desk, address, busy):
    async with asyncio.timeout(180):
        while busy in (page := (await desk.get(address)).text):
            await asyncio.sleep(0.1)
    return page
