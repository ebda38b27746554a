"""Reservations of one product everybody wants, and what a checkout costs in a shop that has grown."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import redis.asyncio as redis

from app import checkout, db, stock
from app.db import Pool, begin, new_id
from app.stock.models import Line, Request
from tests.benchmarks.baskets import labels
from tests.benchmarks.ordering import make_room, ready_basket
from tests.benchmarks.running import Shop

CLIENTS = 200
SECONDS = 2.5
ROUNDS = 3
POOLS = (4, 8, 16)
POOL = 8
PLENTY = 10_000_000
FEW_ORDERS, MANY_ORDERS = 1_000, 1_000_000
CHECKOUTS = 40

# KEYS: stock, the hold, the ledger. ARGV: quantity, the hold's id. Returns 1 when it is held.
HOLD_IN_REDIS = """
if redis.call('SET', KEYS[2], '1', 'NX', 'EX', 900) == false then return 1 end
local left, wanted = tonumber(redis.call('GET', KEYS[1]) or '0'), tonumber(ARGV[1])
if left < wanted then redis.call('DEL', KEYS[2]) return 0 end
redis.call('DECRBY', KEYS[1], wanted)
redis.call('XADD', KEYS[3], '*', 'hold', ARGV[2], 'quantity', ARGV[1])
return 1
"""

# One buyer, one statement, one commit, and the same rows as ours: the level, the hold with its line,
# the ledger and the event. Nothing is read twice and no lock is held longer than the commit takes.
HOLD_ONE = """
WITH level AS (
    UPDATE stock.levels
       SET reserved = reserved + 1
     WHERE product_id = $3
       AND place_id = $4
       AND on_hand - reserved >= 1
    RETURNING product_id, place_id
), hold AS (
    INSERT INTO stock.holds (id, holder, expires_at)
    SELECT $1, $2, $5
      FROM level
    RETURNING id
), line AS (
    INSERT INTO stock.hold_lines (hold_id, product_id, place_id, quantity)
    SELECT hold.id, level.product_id, level.place_id, 1
      FROM hold, level
), entry AS (
    INSERT INTO stock.ledger (product_id, place_id, kind, reserved_change, hold_id)
    SELECT level.product_id, level.place_id, 'held', 1, hold.id
      FROM hold, level
), event AS (
    INSERT INTO jobs.events (aggregate, number, aggregate_kind, kind, body)
    SELECT id, 1, 'hold', 'StockHeld', '{}'
      FROM hold
)
SELECT id FROM hold
"""


async def reserve_coalesced_vs_single(shop: Shop) -> tuple[float, float]:
    """Reservations per second of one hot product by 200 clients, against one statement and one
    commit each, over as many connections as make that fastest."""
    pools = {size: await db.open_pool(shop.settings.database_url, size=size) for size in POOLS}
    try:
        ours = _at_the_counter(pools[POOL], await _hot_product(shop.pool))
        theirs = {
            size: _one_by_one(pool, await _hot_product(shop.pool)) for size, pool in pools.items()
        }
        tried = {size: await _rate(ask) for size, ask in theirs.items()}
        best = max(tried, key=tried.__getitem__)
        coalesced, single = await _in_turns(ours, theirs[best])
    finally:
        for pool in pools.values():
            await pool.close()
    return coalesced / max(single, *tried.values()), coalesced / max(single, *tried.values())


async def reserve_vs_redis(shop: Shop) -> tuple[float, float]:
    """... against a Lua script that decrements a counter and writes a stream, in memory only."""
    pool = await db.open_pool(shop.settings.database_url, size=POOL)
    connections = redis.BlockingConnectionPool.from_url(
        shop.settings.redis_url, max_connections=40, timeout=20
    )
    server = redis.Redis.from_pool(connections)
    try:
        ours = _at_the_counter(pool, await _hot_product(shop.pool))
        coalesced, in_redis = await _in_turns(ours, await _in_redis(server))
    finally:
        async for key in server.scan_iter("bench:*", count=1000):
            await server.unlink(key)
        await server.aclose()
        await connections.aclose()
        await pool.close()
    return coalesced / in_redis, coalesced / in_redis


async def _in_turns(*asks: Callable[[], Awaitable[object]]) -> list[float]:
    """Each one's best of some rounds: whatever else the machine does comes between both alike."""
    rounds = [[await _rate(ask) for ask in asks] for _ in range(ROUNDS)]
    return [max(rates) for rates in zip(*rounds, strict=True)]


async def checkout_growth(shop: Shop) -> tuple[float, float]:
    """What a checkout takes with a million orders in the books, against a thousand. A first round in
    each is for the log: after the checkpoint that ends a fill, every page is written whole once."""
    took = []
    for orders in (FEW_ORDERS, MANY_ORDERS):
        await _fill_up_to(shop.pool, orders)
        await _checkout_s(shop)
        took.append(await _checkout_s(shop))
    return took[1] / took[0], took[1] / took[0]


def _at_the_counter(pool: Pool, hot: tuple[UUID, UUID]) -> Callable[[], Awaitable[object]]:
    async def ask() -> object:
        until = datetime.now(UTC) + timedelta(minutes=20)
        return await stock.submit(pool, Request(new_id(), new_id(), (Line(*hot, 1),), until))

    return ask


def _one_by_one(pool: Pool, hot: tuple[UUID, UUID]) -> Callable[[], Awaitable[object]]:
    async def ask() -> object:
        until = datetime.now(UTC) + timedelta(minutes=20)
        async with pool.acquire() as connection:
            return await connection.fetchval(HOLD_ONE, new_id(), new_id(), *hot, until)

    return ask


async def _rate(ask: Callable[[], Awaitable[object]]) -> float:
    done = 0
    end = time.perf_counter() + SECONDS

    async def client() -> None:
        nonlocal done
        while time.perf_counter() < end:
            if await ask() is None:
                raise RuntimeError("the hot product was sold out")
            done += 1

    started = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    return done / (time.perf_counter() - started)


async def _in_redis(server: redis.Redis) -> Callable[[], Awaitable[object]]:
    await server.set("bench:stock", PLENTY)
    hold = server.register_script(HOLD_IN_REDIS)
    await hold(keys=["bench:stock", "bench:hold:first", "bench:ledger"], args=[1, "first"])

    async def ask() -> object:
        id = new_id().hex
        keys = ("bench:stock", f"bench:hold:{id}", "bench:ledger")
        return await server.evalsha(hold.sha, 3, *keys, 1, id) or None  # type: ignore[misc]

    return ask


async def _hot_product(pool: Pool) -> tuple[UUID, UUID]:
    async with begin(pool) as connection:
        place = (await stock.places(connection))[0]
        product_id = new_id()
        await stock.receive(connection, [Line(product_id, place.id, PLENTY)])
    return product_id, place.id


async def _checkout_s(shop: Shop) -> float:
    """The median of some checkouts, one after the other, without HTTP."""
    texts, here = await labels(shop), checkout.Shop.at(shop.pool, shop.settings)
    await make_room(shop)
    took = []
    for number in range(CHECKOUTS):
        _, wanted, cart_id = await ready_basket(shop, texts, number)
        started = time.perf_counter()
        await checkout.place(here, cart_id, new_id(), wanted, "nl")
        took.append(time.perf_counter() - started)
    return statistics.median(took)


async def _fill_up_to(pool: Pool, orders: int) -> None:
    """Orders of the past with all a checkout leaves behind, so that every index has its size.

    What they point to is made in the same breath, so nobody has to look it up row by row, and no
    consumer has to hear of what is long over; every CHECK and unique constraint holds as always."""
    missing = orders - await pool.fetchval("SELECT count(*) FROM orders.orders")
    async with pool.acquire() as db:
        await db.execute("SET statement_timeout = 0; SET lock_timeout = 0")
        await db.execute("SET session_replication_role = replica; SET synchronous_commit = off")
        for first in range(0, missing, AT_A_TIME):
            async with db.transaction():
                await db.execute(
                    """
                    CREATE TEMPORARY TABLE past ON COMMIT DROP AS
                    SELECT uuidv7() AS id, uuidv7() AS cart, uuidv7() AS hold, uuidv7() AS intent
                      FROM generate_series(1, $1::int)
                    """.replace("$1", str(min(AT_A_TIME, missing - first)))
                )
                for statement in PAST:
                    await db.execute(statement, timeout=900)
        for table in FILLED:
            await db.execute(f"VACUUM ANALYZE {table}", timeout=900)
        await db.execute("CHECKPOINT", timeout=900)
        for name in ("statement_timeout", "lock_timeout", "session_replication_role"):
            await db.execute(f"RESET {name}")
        await db.execute("RESET synchronous_commit")


AT_A_TIME = 100_000
FILLED = (
    "orders.orders", "orders.lines", "stock.holds", "stock.hold_lines", "stock.ledger",
    "slots.holds", "payments.intents", "payments.captures", "checkout.attempts", "jobs.events",
)  # fmt: skip
PAST = (
    """
    INSERT INTO orders.orders (
           id, number, token_hash, cart_id, state, place_id, slot_id, starts_at, ends_at, name, email,
           phone, street, house_number, postcode, city, language, currency, subtotal, discount,
           deposits, delivery, total, receipt, placed_at, confirmed_at, delivered_at)
    SELECT past.id,
           'P-' || upper(substr(md5(past.id::text), 1, 4)) || '-' || upper(md5(past.cart::text)),
           sha256(past.id::text::bytea), past.cart, 'delivered', place.id, past.cart,
           now() - interval '30 days', now() - interval '30 days' + interval '2 hours', 'Past', 'past@example.org',
           '0612345678', 'Straat', '1', '3511 AB', 'Utrecht', 'nl', 'EUR', 300, 0, 0, 0, 300, '{}',
           now() - interval '31 days', now() - interval '31 days', now() - interval '30 days'
      FROM past
     CROSS JOIN (SELECT id FROM stock.places ORDER BY code LIMIT 1) AS place
    """,
    """
    INSERT INTO orders.lines (
           order_id, line_no, product_id, edition_id, gtin, name, handover, quantity, unit_price, paid,
           vat, delivered_quantity)
    SELECT past.id, line_no, past.hold, past.hold, '09521234543213', 'Melk', 'delivery', 1, 100, 100,
           'low', 1
      FROM past
     CROSS JOIN generate_series(1, 3) AS line_no
    """,
    """
    INSERT INTO stock.holds (id, holder, state, expires_at, made_at)
    SELECT hold, id, 'taken', now() - interval '31 days', now() - interval '31 days'
      FROM past
    """,
    """
    INSERT INTO stock.hold_lines (hold_id, product_id, place_id, quantity, picked)
    SELECT past.hold, past.hold, place.id, 3, 3
      FROM past
     CROSS JOIN (SELECT id FROM stock.places ORDER BY code LIMIT 1) AS place
    """,
    """
    INSERT INTO stock.ledger (product_id, place_id, kind, on_hand_change, reserved_change, hold_id)
    SELECT past.hold, place.id, step.kind, step.on_hand, step.reserved, past.hold
      FROM past
     CROSS JOIN (SELECT id FROM stock.places ORDER BY code LIMIT 1) AS place
     CROSS JOIN (VALUES ('held', 0, 3), ('taken', -3, -3)) AS step (kind, on_hand, reserved)
    """,
    """
    INSERT INTO slots.holds (id, slot_id, holder, state, expires_at, made_at)
    SELECT cart, cart, id, 'released', now() - interval '31 days', now() - interval '31 days'
      FROM past
    """,
    """
    INSERT INTO payments.intents (
           id, order_id, provider, amount, currency, state, expires_at, settled_at)
    SELECT intent, id, 'test', 300, 'EUR', 'captured', now() - interval '31 days',
           now() - interval '31 days'
      FROM past
    """,
    """
    INSERT INTO payments.captures (intent_id, reference, amount)
    SELECT intent, 'past', 300
      FROM past
    """,
    """
    INSERT INTO checkout.attempts (id, cart_id, command, fingerprint, state, order_id, slot_id, intent_id)
    SELECT hold, cart, hold, sha256(''), 'paid', id, cart, intent
      FROM past
    """,
    """
    INSERT INTO jobs.events (aggregate, number, aggregate_kind, kind, body)
    SELECT id, 1, 'order', 'OrderPlaced', '{}'
      FROM past
    """,
)
