from dataclasses import dataclass

from app import cart, payments, pricing, slots, stock
from app.checkout import changing
from app.checkout.models import Attempt
from app.checkout.rules import carried_hold, desk_hold
from app.db import Connection, Pool
from app.settings import Settings


@dataclass(frozen=True)
class Shop:
    """What a checkout needs beside the request: it talks to the database and to providers."""

    pool: Pool
    settings: Settings
    providers: dict[str, payments.Provider]

    @classmethod
    def at(cls, pool: Pool, settings: Settings) -> "Shop":
        return cls(pool, settings, payments.providers(settings, pool))


async def give_up(db: Connection, attempt: Attempt) -> None:
    """The basket is its shopper's again; goods, slot and coupon are free."""
    await cart.reopen(db, attempt.cart_id)
    await stock.release(db, [attempt.id, carried_hold(attempt.id), desk_hold(attempt.id)])
    await changing.forget(db, attempt.order_id)
    await slots.release(db, attempt.order_id)
    await pricing.free(db, attempt.order_id)
