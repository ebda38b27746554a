"""A week of looking at the demo's walls: sums by label and hour, as the shop itself counts them."""

from datetime import UTC, datetime, timedelta
from random import Random

from app import scan, walls
from app.db import Pool, begin

DAYS = 7
RUSH = {7: 6, 8: 9, 9: 3, 12: 4, 13: 3, 16: 4, 17: 9, 18: 8, 19: 3}
"""Hour of the day (UTC) → how busy the platform is. The hour in which the demo opens is busy too: its
orders of today come from somewhere."""
SILENT_EVERY = 17
"""So many places apart, one that nobody looks at: too high, or pasted over."""


async def look_around(pool: Pool) -> None:
    """Eyes like the shelf at their height; about one look in three becomes an addition."""
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    hours = [now - timedelta(hours=ago) for ago in range(DAYS * 24)]
    busy = [hour for hour in hours if hour.hour in RUSH or hour == now]
    async with begin(pool) as db:
        for site in await walls.sites_of(db):
            for place, label in enumerate(await walls.hanging(db, site.id)):
                if place % SILENT_EVERY == SILENT_EVERY - 1:
                    continue
                chance = Random(f"{site.code} {label.spot}")
                liked = (0.3 + chance.random()) * (1.2 if label.shelf in (2, 3, 4) else 0.6)
                opens = [int(chance.random() * liked * RUSH.get(hour.hour, 9)) for hour in busy]
                adds = [int(looks * chance.random() * 0.7) for looks in opens]
                await scan.count(db, [label.token] * len(busy), busy, opens, adds)
