from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from app import embedded
from app.settings import Settings


@contextmanager
def services(settings: Settings) -> Iterator[Settings]:
    """The same settings with addresses of running servers; what is not set is started or joined."""
    with embedded.servers(
        settings.home, database=not settings.database_url, redis=not settings.redis_url
    ) as own:
        yield msgspec.structs.replace(
            settings,
            database_url=settings.database_url or own.database_url,
            redis_url=settings.redis_url or own.redis_url,
        )
