from datetime import timedelta

from app.db import Pool
from app.fulfilment import carriers, collect
from app.jobs import Register
from app.settings import Settings


def register(jobs: Register, settings: Settings) -> None:
    jobs.when("ReadyForCollection", "mail that it is ready", collect.mail_writer(settings))
    jobs.every(timedelta(seconds=30), "put back what nobody came for", collect.put_back)

    carrier = carriers.FileCarrier(settings.home / "carrier")

    async def announce(pool: Pool) -> None:
        await carriers.announce_due(pool, carrier)

    async def listen(pool: Pool) -> None:
        await carriers.listen(pool, carrier)

    jobs.every(timedelta(seconds=5), "parcels for a carrier", announce)
    jobs.every(timedelta(seconds=5), "news of a carrier", listen)
