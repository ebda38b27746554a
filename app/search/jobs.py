from datetime import timedelta

from app.db import Pool
from app.jobs import Event, Register
from app.search.actions import refresh


def register(jobs: Register) -> None:
    """At once after an import; the sweep finds whatever else has changed."""
    jobs.when_outside("CatalogueImported", "search", _after_import)
    jobs.every(timedelta(seconds=20), "search", refresh)


async def _after_import(pool: Pool, _: Event) -> None:
    await refresh(pool)
