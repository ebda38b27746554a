from datetime import timedelta
from uuid import UUID

from app.db import Connection
from app.jobs import Event, Register
from app.jobs.register import InTransaction
from app.loyalty.actions import expire, settle
from app.messaging.rules import id_of
from app.settings import Settings

OF_ORDERS = ("OrderDelivered", "OrderPartDelivered", "OrderReturned")


def register(jobs: Register, settings: Settings) -> None:
    for kind in OF_ORDERS:
        jobs.when(kind, "points", _follower(settings))
    jobs.when("PaymentRefunded", "points of what went back", _follower(settings))
    jobs.every(timedelta(hours=1), "end points", expire)


def _follower(settings: Settings) -> InTransaction:
    async def follow(db: Connection, event: Event) -> None:
        order_id = event.aggregate if event.kind in OF_ORDERS else UUID(event.body["order"])
        id = id_of(event.aggregate, event.number, "points")
        await settle(db, order_id, id, settings.points)

    return follow
