from app import messaging
from app.db import Connection
from app.jobs import Event
from app.jobs.register import InTransaction
from app.messaging.rules import id_of
from app.orders import queries
from app.orders.letters import SUBJECTS, letter_about
from app.orders.rules import link_token
from app.settings import Settings

MAILED = tuple(SUBJECTS)
"""Kinds of events a shopper hears of by mail."""


def mail_writer(settings: Settings) -> InTransaction:
    async def write_mail(db: Connection, event: Event) -> None:
        order = await queries.read(db, event.aggregate)
        if order is None or (event.kind == "OrderCancelled" and order.confirmed_at is None):
            return  # nobody was told that it was confirmed, so nobody has to hear that it is not
        address = f"{settings.base_url}/orders/{link_token(settings.secret, order.id)}"
        await messaging.write(
            db,
            id_of(event.aggregate, event.number, event.kind),
            about=order.id,
            kind=event.kind,
            language=order.language,
            recipient=order.contact.email,
            letter=letter_about(order, event.kind, address, settings.time_zone),
        )

    return write_mail
