from datetime import timedelta

from app.db import Pool
from app.jobs import Register
from app.settings import Settings
from app.webhooks.actions import hand_out, send_due
from app.webhooks.calling import Caller
from app.webhooks.models import TOLD

ROUNDS = 20
"""Of sending, before the worker looks whether it shall stop; a slow receiver takes ten seconds of each."""


def register(jobs: Register, settings: Settings) -> None:
    async def send(pool: Pool) -> None:
        caller = Caller()
        for _ in range(ROUNDS):
            if not await send_due(pool, settings.secret, caller):
                return

    for kind in TOLD:
        jobs.when(kind, "webhooks", hand_out)
    jobs.every(timedelta(seconds=1), "webhooks", send)
