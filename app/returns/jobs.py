from datetime import timedelta
from uuid import UUID

from app import messaging, orders
from app.db import Connection, Pool
from app.fulfilment import carriers
from app.jobs import Event, Register
from app.jobs.register import InTransaction
from app.messaging.models import Letter
from app.messaging.rules import id_of
from app.orders.models import Order
from app.orders.rules import link_token
from app.returns import actions, letters, parcels, pieces, queries
from app.settings import Settings

MAILED = ("ReturnRequested", "OrderReturned", "ReturnRefused", "CollectionFailed")
"""Kinds of events a shopper hears of by mail."""


def register(jobs: Register, settings: Settings) -> None:
    carrier = carriers.carrier_of(settings)

    async def announce(pool: Pool) -> None:
        await parcels.announce_due(pool, carrier)

    jobs.every(timedelta(seconds=5), "parcels that come back, for a carrier", announce)
    jobs.every(timedelta(hours=1), "parcels that are lost on their way back", parcels.look_for_lost)


def mail_writer(settings: Settings) -> InTransaction:
    async def write_mail(db: Connection, event: Event) -> None:
        order = await orders.read(db, event.aggregate)
        if order is None or not order.contact.email:
            return  # sold at a counter to somebody who left no address
        address = f"{settings.base_url}/orders/{link_token(settings.secret, order.id)}"
        letter = await _letter(db, event, order, address, settings.time_zone)
        if letter is not None:
            await messaging.write(
                db, id_of(event.aggregate, event.number, event.kind), about=order.id,
                kind=event.kind, language=order.language, recipient=order.contact.email,
                letter=letter,
            )  # fmt: skip

    return write_mail


async def _letter(
    db: Connection, event: Event, order: Order, address: str, time_zone: str
) -> Letter | None:
    body = event.body
    names = pieces.names(order, await actions.lines(db, order))
    if event.kind == "OrderReturned":
        found = [one for one in await queries.came(db, order.id) if str(one.id) == body["return"]]
        if not found or not found[0].amount:
            return None
        [one] = found
        exchanged = one.exchanged_for is not None
        return letters.came(order, names, one.units, one.amount, address, exchanged=exchanged)
    request = await queries.request(db, UUID(body["request"]))
    assert request is not None, "requests are kept"
    if event.kind == "ReturnRefused":
        return letters.refused(order, request.why_refused or "", address)
    if event.kind == "CollectionFailed":
        return letters.not_fetched(order, request.spoken, address)
    stop = await queries.collections.of_request(db, request.id)
    return letters.asked(order, names, request, body.get("amount", 0), stop, address, time_zone)
