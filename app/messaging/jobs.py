from app.db import Pool
from app.jobs import Event
from app.jobs.register import Outside
from app.messaging.actions import send
from app.settings import Settings


def sender(settings: Settings) -> Outside:
    async def send_it(pool: Pool, event: Event) -> None:
        await send(pool, event.aggregate, settings)

    return send_it
