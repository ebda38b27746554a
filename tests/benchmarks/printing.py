"""A wall to PDF and proof, beside what the codes alone cost the library everybody knows."""

import time
from datetime import UTC, datetime, timedelta

import qrcode

from app import walls
from tests.benchmarks.running import Shop

WALL = "utrecht-centraal-5"


async def wall_print_s(shop: Shop) -> tuple[float, float]:
    """Seconds from the order of an edition to its proven files; against its codes by `qrcode`."""
    started = time.perf_counter()
    edition = await walls.print_wall(
        shop.pool,
        WALL,
        base_url=shop.settings.base_url,
        last_day=(datetime.now(UTC) + timedelta(days=28)).date(),
    )
    took_s = time.perf_counter() - started
    started = time.perf_counter()
    for number in range(edition.codes):
        code = qrcode.QRCode()
        code.add_data(f"{shop.settings.base_url.upper()}/0000000/01/{number:014}")
        code.make()
    return took_s, took_s / (time.perf_counter() - started)
