"""Exchanged far from a till: something else waits, as an order of its own, for what comes back. Only
what it costs more is paid, at once; when the one is here, the other leaves.

Where that order is off meanwhile (nobody paid, it was called off), what comes back is paid back.
"""

from uuid import UUID, uuid5

import msgspec

from app import checkout, payments
from app.db import Connection, Pool
from app.money import Money
from app.orders.models import Order
from app.orders.rules import link_token
from app.returns import queries
from app.returns.models import Done, Instead, Wanted
from app.settings import Settings


class Ready(msgspec.Struct, frozen=True):
    """The order that goes on with `most` of what comes back; none where it is paid back."""

    order_id: UUID | None = None
    most: Money = 0


NOTHING_WAITS = Ready()


async def lay(
    db: Connection, order: Order, asked: Done, wanted: Wanted, instead: Instead, settings: Settings
) -> Done:
    """Goods and price are kept; what is more is to be paid now. Raises Conflict (`out-of-stock`)."""
    units = sum(wanted.lines.values())
    swap = checkout.instead.Swap(
        product_id=instead.product_id,
        units=units,
        worth=asked.amount,
        total=instead.price * units,
    )
    laid = await checkout.instead.lay(
        db, order, uuid5(asked.id, "instead"), swap,
        provider=payments.first_provider(settings), secret=settings.secret,
    )  # fmt: skip
    await queries.note_exchange_order(db, asked.id, laid.order_id)
    return msgspec.structs.replace(
        asked, exchange=laid.order_id, to_pay=laid.to_pay, intent=laid.intent_id
    )


async def with_pay_page(pool: Pool, settings: Settings, done: Done) -> Done:
    """With the page at which what is more is paid; asked again, it is the same page. Raises Busy when
    the provider does not answer: send it again."""
    if done.intent is None or done.exchange is None:
        return done
    shop = checkout.Shop.at(pool, settings)
    return_to = f"{settings.base_url}/orders/{link_token(settings.secret, done.exchange)}"
    pay_at = await checkout.start_payment(shop, done.intent, return_to)
    return msgspec.structs.replace(done, pay_at=pay_at)


async def prepare(db: Connection, wanted: Wanted, worth: Money, *, at_a_till: bool) -> Ready:
    """What came back is here. What waits for it goes on where it is worth what was promised; else it
    is let go of, as where both lie on a counter."""
    asked = await queries.request(db, wanted.request) if wanted.request else None
    if asked is None or asked.exchange_id is None:
        return NOTHING_WAITS
    same = asked.lines == wanted.lines and not at_a_till
    most = await checkout.instead.prepare(db, asked.exchange_id) if same else 0
    if most and worth >= most:
        return Ready(asked.exchange_id, most)
    await checkout.instead.let_go(db, asked.exchange_id)
    return NOTHING_WAITS


async def let_go(db: Connection, request_id: UUID) -> None:
    """What should come back does not."""
    asked = await queries.request(db, request_id)
    if asked is not None and asked.exchange_id is not None:
        await checkout.instead.let_go(db, asked.exchange_id)
