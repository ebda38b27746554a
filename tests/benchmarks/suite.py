"""All benchmarks, in the order in which they are run: memory at rest before any work, and first of
all what needs no shop."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks import (
    baskets,
    carts,
    delivery,
    encoding,
    importing,
    ordering,
    picking,
    pricing,
    printing,
    returning,
    stock,
    walls,
)
from tests.benchmarks.figures import Benchmark, Figure, Skipped
from tests.benchmarks.running import Shop, memory_mb, open_shop

AT_REST_AFTER_S = 8
"""What the processes import after they have opened is there by then, too."""


async def web_rss_mb(shop: Shop) -> tuple[float, None]:
    return memory_mb(shop.pid, "web"), None


async def worker_rss_mb(shop: Shop) -> tuple[float, None]:
    return memory_mb(shop.pid, "worker"), None


async def start_again_s(shop: Shop) -> tuple[float, None]:
    return shop.started_again_s, None


ALL = [
    Benchmark("web_rss_mb", web_rss_mb, "MB", "150 MB at rest", bar=150),
    Benchmark("worker_rss_mb", worker_rss_mb, "MB", "200 MB at rest", bar=200),
    Benchmark("start_again_s", start_again_s, "s", "3 s to the first page", bar=3),
    Benchmark(
        "scan_vs_limit",
        baskets.scan_vs_limit,
        "ratio",
        "the same commands, one a transaction, bare asyncpg",
        better="more",
    ),
    Benchmark(
        "read_cart_vs_limit",
        baskets.read_cart_vs_limit,
        "ratio",
        "the same statements, bare asyncpg",
        better="more",
    ),
    Benchmark(
        "checkout_vs_limit",
        ordering.checkout_vs_limit,
        "ratio",
        "the same statements, bare asyncpg",
        bar=0.5,
        better="more",
    ),
    Benchmark(
        "return_vs_limit",
        returning.return_vs_limit,
        "ratio",
        "the same statements, bare asyncpg",
        bar=0.4,
        better="more",
    ),
    Benchmark(
        "encode_vs_qrcode",
        encoding.encode_vs_qrcode,
        "ratio",
        "the same codes by `qrcode`, all masks scored",
        bar=15,
        better="more",
        alone=True,
    ),
    Benchmark("wall_500_pdf_s", walls.wall_500_pdf_s, "s", "1.5 s", bar=1.5, alone=True),
    Benchmark(
        "wall_500_proof_s", walls.wall_500_proof_s, "s", "3 s, PDF and proof", bar=3, alone=True
    ),
    Benchmark("wall_500_rss_mb", walls.wall_500_rss_mb, "MB", "300 MB", bar=300, alone=True),
    Benchmark("wall_500_kb", walls.wall_500_kb, "kB", "400 kB, no pictures", bar=400, alone=True),
    Benchmark(
        "codes_read_share",
        walls.codes_read_share,
        "of 1",
        "all, by two readers, also through a phone",
        bar=1,
        better="more",
        alone=True,
    ),
    *delivery.ALL,
    *picking.ALL,
    Benchmark(
        "reserve_coalesced_vs_single",
        stock.reserve_coalesced_vs_single,
        "ratio",
        "the same rows by one statement each, 200 clients",
        bar=10,
        better="more",
    ),
    Benchmark(
        "reserve_vs_redis",
        stock.reserve_vs_redis,
        "ratio",
        "a Lua script in memory, 200 clients",
        bar=3,
        better="more",
    ),
    Benchmark(
        "checkout_growth",
        stock.checkout_growth,
        "ratio",
        "a million orders against a thousand",
        bar=1.3,
    ),
    Benchmark(
        "price_30_lines_ms",
        pricing.price_30_lines_ms,
        "ms",
        "200 promotions run; median",
        bar=1,
        alone=True,
    ),
    Benchmark(
        "price_100_lines_ms",
        pricing.price_100_lines_ms,
        "ms",
        "200 promotions run; median",
        bar=5,
        alone=True,
    ),
    Benchmark(
        "pricing_share_of_checkout",
        pricing.pricing_share_of_checkout,
        "ratio",
        "a checkout of 30 lines over HTTP",
        bar=0.2,
    ),
    Benchmark("wall_print_s", printing.wall_print_s, "s", "its codes alone, by qrcode"),
    Benchmark(
        "import_rows_per_s", importing.import_rows_per_s, "rows/s", "COPY alone", better="more"
    ),
    Benchmark(
        "scan_vs_pgbench",
        carts.scan_vs_pgbench,
        "ratio",
        "pgbench, one transaction a scan",
        bar=1.0,
        better="more",
    ),
    Benchmark("scan_p99_ms", carts.scan_p99_ms, "ms", "50 ms with 64 phones", bar=50),
    Benchmark("scan_alone_ms", carts.scan_alone_ms, "ms", "0.3 ms later than alone", bar=0.3),
    Benchmark("train_p95_ms", carts.train_p95_ms, "ms", "500 ms with 300 phones", bar=500),
    Benchmark("live_p95_ms", carts.live_p95_ms, "ms", "50 ms with 1,000 watchers", bar=50),
    # The last one: it leaves a million baskets behind.
    Benchmark("scan_growth", carts.scan_growth, "ratio", "among 1,000 baskets", bar=1.3),
]


async def measure(benchmarks: Sequence[Benchmark], home: Path) -> list[Figure]:
    """A shop is opened only for figures that need one."""
    taken = [await _figure(one) for one in benchmarks if one.alone]
    figures = [figure for figure in taken if figure is not None]
    in_a_shop = [one for one in benchmarks if not one.alone]
    if not in_a_shop:
        return figures
    async with open_shop(home) as shop:
        await asyncio.sleep(AT_REST_AFTER_S)
        taken = [await _figure(one, shop) for one in in_a_shop]
        return figures + [figure for figure in taken if figure is not None]


async def _figure(benchmark: Benchmark, *shop: Shop) -> Figure | None:
    """None for a figure that cannot be taken here; why is said."""
    print(f"measuring {benchmark.name} ...", file=sys.stderr, flush=True)
    try:
        return benchmark.judge(*await benchmark.measure(*shop))
    except Skipped as why:
        print(f"{benchmark.name} {why}", file=sys.stderr, flush=True)
        return None
