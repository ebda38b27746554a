"""What home delivery promises, and at what price: holds, offers, kilometres, sourcing.

Instances others have measured themselves against are not part of the repository: `--data FOLDER`
says where they lie (depot_300.json, and vrptw/ with Solomon's instances).
"""

import asyncio
import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import mean

from app import db as database
from app import embedded, routing, slots, sourcing
from app.db import Pool, begin, new_id
from app.db.migrate import migrate
from app.errors import Conflict
from app.routing import insertion, verify
from app.sourcing import Weights
from tests.benchmarks import figures
from tests.benchmarks.figures import Benchmark
from tests.routing import instances, slot_day
from tests.routing.slot_day import by_cap, by_certificate, empty_day, improve_for, in_each_slot
from tests.slots.builders import a_slot, delivering_place
from tests.sourcing.instances import orders, region

SEARCH_S = 10
BOTH_CORES = (1, 2)
CLIENTS, TRIES, SLOTS, ROOM = 40, 6_000, 14, 200


async def slot_holds_per_s() -> tuple[float, float]:
    """40 clients, 6,000 tries on 14 slots of 200: exactly 2,800 holds; the ratio is to the same by
    counting first and inserting then, which overbooks."""
    async with _own_database() as pool:
        async with pool.acquire() as db:
            place = await delivering_place(db)
            hours = range(24, 24 + 2 * SLOTS, 2)
            chosen = [await a_slot(db, place, capacity=ROOM, in_hours=n) for n in hours]
            await db.execute("CREATE TABLE control (slot uuid, holder uuid)")
        ours, took = await _rush(pool, chosen, _hold)
        theirs, control = await _rush(pool, chosen, _count_then_insert)
        async with pool.acquire() as db:
            used = await db.fetchval("SELECT sum(used)::int FROM slots.slots")
            live = await db.fetchval("SELECT count(*) FROM slots.holds WHERE state = 'held'")
    if not ours == used == live == SLOTS * ROOM:
        raise RuntimeError(f"{ours} holds, {used} used, {live} live, of {SLOTS * ROOM}")
    print(f"counting first and inserting then: {theirs - SLOTS * ROOM} too many")
    return ours / took, control / took


async def slot_offer_ms() -> tuple[float, None]:
    """All seven slots of a day with some 300 stops, for one address; CPU time."""
    draft = empty_day(vans=10, crates=90)
    for request in slot_day.requests(600, 3):
        if len(insertion.stops_of(draft)) < 300:
            found = insertion.gaps(draft, in_each_slot(request.stop))
            slot = slot_day.choose(request, [n for n, gap in enumerate(found) if gap])
            if slot is not None:
                stop = in_each_slot(request.stop)[slot]
                draft = insertion.insert(draft, found[slot], stop)
    asked = [in_each_slot(request.stop) for request in slot_day.requests(200, 4)]
    started = time.process_time()
    for stops in asked:
        insertion.gaps(draft, stops)
    return 1000 * (time.process_time() - started) / len(asked), None


async def slot_accept_gain() -> tuple[float, float]:
    """Orders promised by plan, over those promised by the largest cap a slot all of which six vans
    can bring. Every promise made by plan is in a plan the verifier passes."""
    asked = list(slot_day.requests(600, 1))
    draft = await by_certificate(asked, empty_day(), partial(improve_for, seconds=1.0))
    problem, plan = insertion.problem_of(draft)
    wrong = verify.faults(problem, plan)
    if wrong:
        raise RuntimeError(f"promises broken: {wrong[:3]}")
    safe = 0
    for cap in (56, 60, 64, 68, 72, 76):
        stops = list(by_cap(asked, cap))
        if await _all_served(stops):
            safe = max(safe, len(stops))
    gain = len(problem.stops) / safe
    return gain, gain


async def sourcing_orders_per_s() -> tuple[float, None]:
    """Orders of some ten lines over twenty places, as many splits as pay; CPU time of one core."""
    asked = list(orders(500, region()))
    started = time.process_time()
    for one in asked:
        sourcing.choose(one, Weights())
    return len(asked) / (time.process_time() - started), None


async def depot_km() -> tuple[float, float]:
    """300 orders, 7 slots, 10 vans in two shifts; against VROOM's 495.5 km in the same time."""
    km = await _kilometres(instances.depot_day(_data("depot_300.json")))
    return km, km / 495.5


async def depot_multitrip_km() -> tuple[float, float]:
    """The same day by 10 vans that come back for more; against one trip a shift by VROOM."""
    km = await _kilometres(instances.depot_day(_data("depot_300.json"), multi_trip=True))
    return km, km / 495.5


async def solomon_gap_percent() -> tuple[float, None]:
    """R104, C104 and RC104: percent above the best known, in doubles, the mean of the three."""
    best = json.loads(_data("vrptw/best_known.json").read_text())
    gaps = []
    for name in ("R104", "C104", "RC104"):
        problem, points = instances.solomon(_data(f"vrptw/{name}.txt"))
        plan = await routing.improve(problem, seconds=SEARCH_S, seeds=BOTH_CORES)
        if plan is None:
            raise RuntimeError(f"no plan for {name}")
        gaps.append(100 * (instances.length(plan, points) / best[name]["cost"] - 1))
    return mean(gaps), None


ALL = [
    Benchmark(
        "slot_holds_per_s",
        slot_holds_per_s,
        "holds/s",
        "count, then insert (which overbooks)",
        better="more",
        alone=True,
    ),
    Benchmark("slot_offer_ms", slot_offer_ms, "ms", "1 ms for a day", bar=1, alone=True),
    Benchmark(
        "slot_accept_gain",
        slot_accept_gain,
        "ratio",
        "the largest safe cap a slot",
        bar=1.10,
        better="more",
        alone=True,
    ),
    Benchmark(
        "sourcing_orders_per_s",
        sourcing_orders_per_s,
        "orders/s",
        "500 on one core",
        bar=500,
        better="more",
        alone=True,
    ),
    Benchmark("depot_km", depot_km, "km", "VROOM in 10 s: 495.5", bar=490, alone=True),
    Benchmark(
        "depot_multitrip_km", depot_multitrip_km, "km", "VROOM, one trip", bar=470, alone=True
    ),
    Benchmark("solomon_gap_percent", solomon_gap_percent, "%", "best known", bar=0.5, alone=True),
]


def _data(name: str) -> Path:
    if figures.data_folder is None:
        raise figures.Skipped("needs --data FOLDER with the instances")
    return figures.data_folder / name


async def _kilometres(problem: routing.Problem) -> float:
    plan = await routing.improve(problem, seconds=SEARCH_S, seeds=BOTH_CORES)
    if plan is None or plan.left:
        raise RuntimeError("no plan serves everybody in time")
    return verify.metres(problem, plan) / 1000


async def _all_served(stops) -> bool:
    """Whether the vans could bring all of it, had the cap promised it."""
    draft = empty_day()
    problem = routing.Problem(
        stops, draft.vans, routing.roads.matrix(draft.roads, draft.depot, stops)
    )
    plan = await routing.improve(problem, seconds=SEARCH_S, seeds=BOTH_CORES, all_of_them=False)
    return plan is not None and not plan.left


@asynccontextmanager
async def _own_database() -> AsyncIterator[Pool]:
    with tempfile.TemporaryDirectory(prefix="perron-benchmarks-") as folder:
        Path(folder).chmod(0o711)  # the servers run as another user under root
        with embedded.servers(Path(folder)) as servers:
            await migrate(servers.database_url)
            pool = await database.open_pool(servers.database_url, size=20)
            yield pool
            await pool.close()


async def _rush(pool, chosen, hold) -> tuple[int, float]:
    """How many of 6,000 tries by 40 clients got a place, and how long all of it took."""
    luck = random.Random(1)
    tries = iter([luck.choice(chosen) for _ in range(TRIES)])
    got = Counter()

    async def client():
        for slot in tries:
            got[await hold(pool, slot)] += 1

    started = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    return got[True], time.perf_counter() - started


async def _hold(pool, slot) -> bool:
    try:
        async with begin(pool) as db:
            await slots.hold(db, slot, new_id(), datetime.now(UTC) + timedelta(minutes=15))
    except Conflict:
        return False
    return True


async def _count_then_insert(pool, slot) -> bool:
    """The control: what is wrong everywhere."""
    async with begin(pool) as db:
        taken = await db.fetchval("SELECT count(*) FROM control WHERE slot = $1", slot)
        if taken >= ROOM:
            return False
        await db.execute("INSERT INTO control VALUES ($1, $2)", slot, new_id())
        return True
