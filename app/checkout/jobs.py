from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from app import payments
from app.checkout.settling import free_after, reconcile, sweep, take_money, take_when_packed
from app.checkout.shop import Shop
from app.db import Pool
from app.jobs import Register, Task
from app.payments import testpay
from app.settings import Settings

if TYPE_CHECKING:
    import httpx


def register(
    jobs: Register, settings: Settings, transport: "httpx.AsyncBaseTransport | None" = None
) -> None:
    """`transport` is how the test provider reaches the shop: over the network when not given."""
    jobs.when("OrderCancelled", "what an order held", free_after)
    # Of an order from several places the last part may never be packed.
    for kind in ("OrderPacked", "OrderOnTheWay", "OrderDelivered", "OrderPartDelivered"):
        jobs.when(kind, "money that is held", take_when_packed)
    jobs.every(timedelta(seconds=2), "held money", partial(_take_money, settings))
    jobs.every(timedelta(seconds=5), "unfinished checkouts", sweep)
    jobs.every(timedelta(seconds=2), "payments nobody told us of", partial(_reconcile, settings))
    jobs.every(timedelta(seconds=2), "refunds", partial(_refund, settings))
    jobs.step(testpay.NOTIFICATION, partial(_notify, settings, transport))


async def _reconcile(settings: Settings, pool: Pool) -> None:
    await reconcile(Shop.at(pool, settings))


async def _take_money(settings: Settings, pool: Pool) -> None:
    await take_money(Shop.at(pool, settings))


async def _refund(settings: Settings, pool: Pool) -> None:
    await payments.make_refunds(pool, payments.providers(settings, pool))


async def _notify(
    settings: Settings, transport: "httpx.AsyncBaseTransport | None", pool: Pool, task: Task
) -> None:
    await testpay.deliver(pool, task, settings.secret, transport)
