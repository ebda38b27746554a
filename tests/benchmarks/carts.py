"""The hot path beside pgbench, growing, and with a thousand watchers."""

import asyncio
import random
import re
import subprocess
import tempfile
import time
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import cast
from uuid import UUID

import msgspec

from app import cart
from app.cart import coalescing
from app.cart.actions import apply_opened
from app.cart.models import Add, Command, Outcome
from app.db import begin, lend, new_id
from app.embedded import program
from tests.benchmarks import load
from tests.benchmarks.baskets import basket, labels
from tests.benchmarks.running import Shop

PHONES, SECONDS = 64, 8.0
PGBENCH_CLIENTS = 32
"""More of them make it no faster on two cores."""
LABELS, BASKET = 64, 900
_VERSION = re.compile(rb"^id: (\d+)$", re.MULTILINE)
AN_ID = "?" * 36
WATCHERS, WATCHED, CHANGES_PER_S = 1_000, 250, 200
SMALL, LARGE = (1_000, 10_000), (1_000_000, 10_000_000)
"""Carts, and what has happened in them."""
BATCH = 32
TURNS = 5
TRAIN = 300

# The transaction of one scan in the fewest steps: look up, keep the command, move the cart (which
# locks it), its line and its story. Quantities turn round, so that no limit is reached.
SINGLE_SCAN = """
CREATE SCHEMA benchmark;
CREATE FUNCTION benchmark.scan(command uuid, of_cart uuid, of_label text, outcome jsonb, body jsonb)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    sold record;
    moved bigint;
BEGIN
    SELECT product.id, product.price, label.printed_price, edition.id AS edition_id,
           edition.valid_until INTO sold
      FROM walls.labels AS label
      JOIN walls.editions AS edition ON edition.id = label.edition_id
      JOIN catalog.codes AS code ON code.gtin = label.gtin
      JOIN catalog.products AS product ON product.id = coalesce(label.product_id, code.product_id)
     WHERE label.token = of_label AND label.state = 'live' AND product.on_sale;
    INSERT INTO commands.done (scope, id, fingerprint, outcome)
    VALUES (of_cart, command, sha256(uuid_send(command)), outcome)
        ON CONFLICT (scope, id) DO NOTHING;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    UPDATE cart.carts SET version = version + 1, items = items % 999 + 1
     WHERE id = of_cart AND state = 'open' RETURNING version INTO moved;
    INSERT INTO cart.lines AS line (cart_id, product_id, handover, edition_id, quantity, version,
                                    printed_price, honoured_until, added_from, label)
    VALUES (of_cart, sold.id, 'delivery', sold.edition_id, 1, moved, sold.printed_price,
            sold.valid_until, 'wall', of_label)
        ON CONFLICT (cart_id, product_id, handover, edition_id) DO UPDATE
       SET quantity = line.quantity % 99 + 1, version = excluded.version;
    INSERT INTO cart.changes (cart_id, version, command_id, body)
    VALUES (of_cart, moved, command, body);
    RETURN moved;
END $$;
"""


async def scan_vs_pgbench(shop: Shop) -> tuple[float, float]:
    """Scans per second over HTTP by 64 phones, against pgbench with one transaction a scan: in turns,
    and the median of the turns, because the cores of a shared machine are not the same all the time.
    """
    ratios = [(await _scan(shop)).per_s / await _pgbench_per_s(shop) for _ in range(TURNS)]
    return median(ratios), median(ratios)


async def scan_p99_ms(shop: Shop) -> tuple[float, None]:
    """Of 64 phones that scan without a pause."""
    return (await _scan(shop)).p99_ms, None


async def scan_alone_ms(shop: Shop) -> tuple[float, float]:
    """How much later a lone scan is answered because others might come, without HTTP."""
    texts = await labels(shop)
    cookie = await basket(shop, texts[0])
    token = sha256(cookie.partition("=")[2].encode()).digest()
    async with begin(shop.pool) as db:
        cart_id = await cart.of_token(db, token)
    assert cart_id is not None
    together, alone = [], []
    for n in range(600):
        label = texts[n % len(texts)].split("/")[-3]
        started = time.perf_counter()
        await coalescing.submit(shop.pool, token, Add(id=new_id(), label=label))
        between = time.perf_counter()
        async with begin(shop.pool) as db:
            found = await cart.of_token(db, token)
            assert found is not None
            await cart.apply(db, [Add(id=new_id(), cart_id=found, label=label, quantity=1)])
        together.append(between - started)
        alone.append(time.perf_counter() - between)
    more_ms = (median(together) - median(alone)) * 1000
    return more_ms, median(together) / median(alone)


async def scan_growth(shop: Shop) -> tuple[float, float]:
    """The cost of a scan among a million baskets and ten million events, to that among a thousand."""
    took = []
    for carts, events in (SMALL, LARGE):
        await _fill(shop, carts, events)
        took.append(await _cost_of_a_scan(shop))
    ratio = took[1] / took[0]
    return ratio, ratio


async def live_p95_ms(shop: Shop) -> tuple[float, None]:
    """From sending a change to each of its watchers: a thousand of them, 200 changes a second."""
    took_ms = await load.apart(_heard(shop, await labels(shop)))
    return took_ms[int(len(took_ms) * 0.95)], None


async def _heard(shop: Shop, texts: list[str]) -> list[float]:
    """How long each change took to each of its watchers, the shortest first."""
    cookies = await _together([basket(shop, texts[n % len(texts)]) for n in range(WATCHED)], 32)
    sent: dict[tuple[int, int], float] = {}
    watchers = [_Watcher(shop, cookies[n % WATCHED], n % WATCHED, sent) for n in range(WATCHERS)]
    await _together([watcher.open() for watcher in watchers], 32)
    await _change(shop, cookies, texts, sent, SECONDS)
    await asyncio.sleep(1)
    took_ms = sorted(ms for watcher in watchers for ms in watcher.took_ms)
    for watcher in watchers:
        watcher.close()
    expected = len(sent) * WATCHERS // WATCHED
    if len(took_ms) < expected:
        raise RuntimeError(f"of {expected} changes {len(took_ms)} were heard")
    return took_ms


async def train_p95_ms(shop: Shop) -> tuple[float, None]:
    """Three hundred phones behind one address that scan one wall within three seconds."""
    texts = await labels(shop)
    took_ms: list[float] = []

    async def phone(number: int) -> None:
        await asyncio.sleep(random.random() * 3)  # not a secret
        body = msgspec.json.encode({"id": str(new_id()), "text": texts[number % len(texts)]})
        started = time.perf_counter()
        status, _, _ = await load.ask(shop.port, load.request("POST", "/api/v1/scans", body))
        took_ms.append((time.perf_counter() - started) * 1000)
        if status != 200:
            raise RuntimeError(f"a phone was answered {status}")

    await asyncio.gather(*(phone(number) for number in range(TRAIN)))
    took_ms.sort()
    return took_ms[int(TRAIN * 0.95)], None


async def _scan(shop: Shop) -> load.Run:
    """Each phone goes along the wall, and takes another basket before one is full. What it sends is
    made ready as far as it can be: as pgbench, the client should cost next to nothing."""
    texts = (await labels(shop))[:LABELS]
    cookies = await _together([basket(shop, texts[n % LABELS]) for n in range(PHONES * 4)], 8)
    heads, ids = [], f"{new_id()}"[:14]
    for cookie in cookies:
        sent = load.request("POST", "/api/v1/scans", _body(AN_ID, texts[0]), cookie=cookie)
        heads.append(sent.partition(AN_ID.encode())[0])
    tails = [_body(AN_ID, text).partition(AN_ID.encode())[2] for text in texts]
    done = [0] * PHONES

    def scan(phone: int) -> bytes:
        done[phone] = turn = done[phone] + 1
        id = f"{ids}7{phone:03x}-8000-{turn:012x}"
        return b"%b%b%b" % (
            heads[phone + PHONES * (turn // BASKET)],
            id.encode(),
            tails[(phone + turn) % LABELS],
        )

    run = await load.drive(shop.port, PHONES, SECONDS, scan)
    if run.statuses.keys() != {200}:
        raise RuntimeError(f"answers that should not be: {run.statuses}")
    return run


def _body(id: str, text: str) -> bytes:
    return msgspec.json.encode({"id": id, "text": text})


async def _pgbench_per_s(shop: Shop) -> float:
    """A cart for each client, which goes along the same wall; rows of the same size; each id made
    by its client, and nobody waits for the cart of another."""
    texts = (await labels(shop))[:LABELS]
    carts = [UUID(int=n + 1) for n in range(PGBENCH_CLIENTS)]
    await shop.pool.execute("DELETE FROM cart.carts WHERE id = ANY($1)", carts)
    await shop.pool.execute("DELETE FROM commands.done WHERE scope = ANY($1)", carts)
    await shop.pool.execute("DELETE FROM cart.changes WHERE cart_id = ANY($1)", carts)
    await shop.pool.execute("DROP SCHEMA IF EXISTS benchmark CASCADE")
    await shop.pool.execute(SINGLE_SCAN)
    await shop.pool.executemany(
        "INSERT INTO cart.carts (id, currency) VALUES ($1, 'EUR')", [(id,) for id in carts]
    )
    newest = "SELECT outcome FROM commands.done WHERE outcome ? 'line' ORDER BY at DESC LIMIT 1"
    outcome = msgspec.json.encode(await shop.pool.fetchval(newest)).decode()
    newest = "SELECT body FROM cart.changes WHERE body ? 'line' ORDER BY at DESC LIMIT 1"
    body = msgspec.json.encode(await shop.pool.fetchval(newest)).decode()
    with tempfile.TemporaryDirectory() as folder:
        for n, text in enumerate(texts):
            label = text.split("/")[-3]
            Path(folder, f"{n}.sql").write_text(
                "\\set i :i + 1\n\\set cart :client_id + 1\n\\set number :i * 1000 + :client_id\n"
                f"SELECT benchmark.scan(lpad(to_hex(:number::bigint), 32, '0')::uuid,"
                f" lpad(to_hex(:cart::bigint), 32, '0')::uuid, '{label}', '{outcome}', '{body}');\n"
            )
        command = [str(program("pgbench")), "-n", "-M", "prepared", "-D", "i=0", "-j", "2"]
        command += ["-c", str(PGBENCH_CLIENTS), "-T", str(int(SECONDS))]
        command += [f"--file={folder}/{n}.sql" for n in range(LABELS)]
        done = await asyncio.to_thread(
            subprocess.run,
            [*command, shop.settings.database_url],
            capture_output=True,
            text=True,
            check=True,
        )
    [line] = [line for line in done.stdout.splitlines() if line.startswith("tps = ")]
    return float(line.split()[2])


async def _fill(shop: Shop, carts: int, events: int) -> None:
    """So many baskets with a line each, and so many commands and changes, spread over them."""
    missing = carts - await shop.pool.fetchval("SELECT count(*) FROM cart.carts")
    async with shop.pool.acquire() as db:
        await db.execute("SET statement_timeout = 0")
        # A million lines whose cart is made in the same statement need not be asked for it.
        await db.execute("SET session_replication_role = replica")
        await db.execute("SET synchronous_commit = off")
        product = await db.fetchval("SELECT id FROM catalog.products WHERE on_sale LIMIT 1")
        each = max(events // carts, 1)
        await db.execute(
            """
            WITH made AS (
                 INSERT INTO cart.carts (id, version, items, currency)
                 SELECT uuidv7(), $3, 1, 'EUR' FROM generate_series(1, $1) RETURNING id),
                 line AS (
                 INSERT INTO cart.lines (cart_id, product_id, handover, edition_id, quantity,
                                         added_from, version)
                 SELECT made.id, $2, 'delivery', '00000000-0000-0000-0000-000000000000', 1, 'wall', $3
                   FROM made),
                 token AS (
                 INSERT INTO cart.tokens (sha256, cart_id)
                 SELECT sha256(uuid_send(made.id)), made.id FROM made),
                 done AS (
                 INSERT INTO commands.done (scope, id, fingerprint, outcome)
                 SELECT made.id, uuidv7(), sha256('x'), '{"version": 1, "count": 1}'
                   FROM made CROSS JOIN generate_series(1, $3))
            INSERT INTO cart.changes (cart_id, version, command_id, body)
            SELECT made.id, step, uuidv7(), '{"delta": 1, "count": 1}'
              FROM made CROSS JOIN generate_series(1, $3) AS step
            """,
            missing, product, each, timeout=3600,
        )  # fmt: skip
        for table in ("cart.carts", "cart.tokens", "cart.lines", "cart.changes", "commands.done"):
            await db.execute(f"VACUUM ANALYZE {table}", timeout=3600)
        await db.execute("CHECKPOINT", timeout=3600)
        for name in ("statement_timeout", "session_replication_role", "synchronous_commit"):
            await db.execute(f"RESET {name}")


async def _cost_of_a_scan(shop: Shop) -> float:
    """Seconds, in batches as the coalescer makes them, on baskets from anywhere."""
    texts = await labels(shop)
    some = """
        SELECT cart.id
          FROM cart.carts AS cart TABLESAMPLE system_rows(4000)
          JOIN cart.tokens AS token ON token.cart_id = cart.id
         WHERE token.sha256 = sha256(uuid_send(cart.id))
        """
    await shop.pool.execute("CREATE EXTENSION IF NOT EXISTS tsm_system_rows")
    carts: list[UUID] = [row["id"] for row in await shop.pool.fetch(some)]
    random.shuffle(carts)
    took = []
    for turn in range(120):
        asks: list[tuple[bytes, Command]] = [
            (
                sha256(carts[(turn * BATCH + n) % len(carts)].bytes).digest(),
                Add(
                    id=new_id(),
                    label=texts[(turn + n) % len(texts)].split("/")[-3],
                    added_from="wall",
                ),
            )
            for n in range(BATCH)
        ]
        started = time.perf_counter()
        async with lend(shop.pool) as db:
            outcomes = await apply_opened(db, asks)
        took.append(time.perf_counter() - started)
        if any(not isinstance(one, Outcome) or one.refused for one in outcomes):
            raise RuntimeError("a scan was not carried out")
    return median(took[20:]) / BATCH


async def _change(
    shop: Shop,
    cookies: list[str],
    texts: list[str],
    sent: dict[tuple[int, int], float],
    seconds: float,
) -> None:
    """At an even pace; each basket is changed by one sender, so its versions are known ahead."""
    versions = [1] * WATCHED
    started = time.perf_counter()
    asking: list[asyncio.Task[None]] = []

    async def change(which: int) -> None:
        body = msgspec.json.encode({"id": str(new_id()), "text": texts[which % len(texts)]})
        asked = load.request("POST", "/api/v1/scans", body, cookie=cookies[which])
        status, _, _ = await load.ask(shop.port, asked)
        if status != 200:
            raise RuntimeError(f"a change was answered {status}")

    for n in range(int(seconds * CHANGES_PER_S)):
        await asyncio.sleep(max(0, started + n / CHANGES_PER_S - time.perf_counter()))
        which = n % WATCHED
        versions[which] += 1
        sent[which, versions[which]] = time.perf_counter()
        asking.append(asyncio.create_task(change(which)))
    await asyncio.gather(*asking)


class _Watcher(asyncio.Protocol):
    """Listens to one basket. No stream reader: a thousand of them would keep a core busy that
    the shop is measured on."""

    def __init__(
        self, shop: Shop, cookie: str, which: int, sent: dict[tuple[int, int], float]
    ) -> None:
        self.took_ms: list[float] = []
        self._shop = shop
        self._cookie = cookie
        self._which = which
        self._sent = sent
        self._listens = asyncio.get_running_loop().create_future()

    async def open(self) -> None:
        """Until it has heard of the basket as it is."""
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: self, "127.0.0.1", self._shop.port)
        await self._listens

    def close(self) -> None:
        self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(load.request("GET", "/api/v1/cart/events", cookie=self._cookie))

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        for version in _VERSION.findall(data):
            if not self._listens.done():
                self._listens.set_result(None)
            at = self._sent.get((self._which, int(version)))
            if at is not None:
                self.took_ms.append((now - at) * 1000)

    def connection_lost(self, error: Exception | None) -> None:
        if not self._listens.done():
            self._listens.set_exception(error or ConnectionResetError("the shop hung up"))


async def _together(jobs: list, at_once: int) -> list:  # type: ignore[type-arg]
    limit = asyncio.Semaphore(at_once)

    async def one(job):  # type: ignore[no-untyped-def]
        async with limit:
            return await job

    return await asyncio.gather(*(one(job) for job in jobs))
