"""However the shop ends, nothing of it runs on, and every row is there the next time."""

import os
import signal
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from app import embedded
from tests.drills.shop_process import ShopProcess

pytestmark = pytest.mark.drill

GONE_WITHIN_S = 5.0


@pytest.fixture(scope="module")
def shop():
    """A shop with a filled demo; every test leaves it closed."""
    with tempfile.TemporaryDirectory(prefix="perron-drill-") as folder:
        os.chmod(folder, 0o711)
        shop = ShopProcess(Path(folder) / "home").start().wait_until_open()
        shop.end(signal.SIGINT)
        yield shop
        if shop.left():
            shop.process.kill()
            shop.wait_until_nothing_is_left(GONE_WITHIN_S)


def test_after_kill_9_nothing_is_left_and_the_next_start_has_every_row(shop):
    shop.start().wait_until_open()
    shop.verb(
        "staff", "add", "an", "--name", "An Bakker", "--role", "picker", told="lang genoeg 1\n"
    )

    shop.end(signal.SIGKILL)
    assert shop.wait_until_nothing_is_left(GONE_WITHIN_S) == {}

    shop.start().wait_until_open()
    assert "An Bakker" in shop.verb("staff", "list")
    assert shop.verb("check") == ""
    shop.end(signal.SIGINT)
    assert shop.wait_until_nothing_is_left(GONE_WITHIN_S) == {}


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_told_to_stop_the_shop_closes_within_five_seconds(shop, how):
    shop.start().wait_until_open()

    started = time.monotonic()
    assert shop.end(how) == 0

    assert shop.wait_until_nothing_is_left(GONE_WITHIN_S) == {}
    assert time.monotonic() - started < GONE_WITHIN_S


def test_a_web_process_that_crashed_is_started_again(shop):
    shop.start().wait_until_open()
    [web] = [
        pid for pid, command in shop.left().items() if command.endswith(" web ") and _leads(pid)
    ]

    os.kill(web, signal.SIGKILL)
    until = time.monotonic() + 60
    while web in shop.left() or shop.status("/health/ready") != 200:
        assert time.monotonic() < until
        time.sleep(0.1)

    shop.end(signal.SIGINT)
    assert shop.wait_until_nothing_is_left(GONE_WITHIN_S) == {}


def _leads(pid):
    """Whether this is granian's main process, not one of those it forked."""
    parent = int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    return b"web" not in Path(f"/proc/{parent}/cmdline").read_bytes()


def test_a_first_start_that_is_killed_half_way_is_made_good_by_the_next(tmp_path):
    tmp_path.chmod(0o711)
    cut_off = ShopProcess(tmp_path / "home").start()
    mark = tmp_path / "home" / "postgres18" / "perron.unfinished"
    room = tmp_path / "home" / "room"
    until = time.monotonic() + 120
    while not mark.exists():
        if room.exists():
            mark = Path(room.read_text(), "postgres18", "perron.unfinished")
        assert time.monotonic() < until, cut_off.out.read_text()
        time.sleep(0.05)
    time.sleep(2)

    cut_off.end(signal.SIGKILL)
    assert cut_off.wait_until_nothing_is_left(GONE_WITHIN_S) == {}

    again = ShopProcess(tmp_path / "home").start().wait_until_open()
    assert again.verb("check") == ""
    assert list((tmp_path / "home" / "posters").glob("*.pdf"))
    again.end(signal.SIGINT)
    assert again.wait_until_nothing_is_left(GONE_WITHIN_S) == {}


def test_a_second_shop_in_the_same_folder_says_where_the_first_is(shop):
    shop.start().wait_until_open()

    second = subprocess.run(
        [shop.python, "-m", "app"],
        cwd=shop.folder,
        env=shop.env,
        capture_output=True,
        text=True,
        check=False,
    )

    assert second.returncode == 1
    assert second.stderr.startswith(f"This shop is open already, at {shop.url}.")
    shop.end(signal.SIGINT)


def test_a_taken_port_gives_the_next_one_or_when_it_was_chosen_one_sentence(shop):
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("0.0.0.0", 0))
        taken.listen()
        port = taken.getsockname()[1]

        refused = subprocess.run(
            [shop.python, "-m", "app", "--port", str(port)],
            cwd=shop.folder,
            env=shop.env,
            capture_output=True,
            text=True,
            check=False,
        )

    assert refused.stderr == f"Port {port} is taken; set PERRON_PORT to another one.\n"
    assert refused.returncode == 1


def test_the_shop_closes_at_once_though_a_customer_watches_a_basket(shop):
    shop.start().wait_until_open()
    opened, ended = threading.Event(), threading.Event()

    def watch():
        with httpx.Client(base_url=shop.url, timeout=60) as customer:
            put_in_basket(customer, something_for_sale(shop.home))
            with customer.stream("GET", "/api/v1/cart/events") as stream:
                assert stream.status_code == 200
                opened.set()
                stream.read()
        ended.set()

    threading.Thread(target=watch, daemon=True).start()
    assert opened.wait(20)

    started = time.monotonic()
    assert shop.end(signal.SIGTERM) == 0
    assert time.monotonic() - started < GONE_WITHIN_S
    assert ended.wait(5)
    assert shop.wait_until_nothing_is_left(GONE_WITHIN_S) == {}


def put_in_basket(customer, product_id):
    add = {"do": "add", "id": str(uuid4()), "product_id": product_id, "quantity": 1}
    customer.post("/api/v1/cart/commands", json=add).raise_for_status()


def something_for_sale(home):
    with embedded.servers(home, redis=False) as addresses:
        asked = "SELECT id FROM catalog.products WHERE on_sale LIMIT 1"
        done = subprocess.run(
            [embedded.program("psql"), addresses.database_url, "-Atc", asked],
            capture_output=True,
            text=True,
            check=True,
        )
    return done.stdout.strip()
