"""The mail about another time of arrival."""

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from babel.dates import format_time

from app import messaging, money, orders
from app.db import Connection
from app.fulfilment.delivery.tracking.queries import standing
from app.fulfilment.delivery.tracking.rules import whereabouts
from app.jobs import Event
from app.jobs.register import InTransaction
from app.languages import translate
from app.messaging.models import Letter
from app.messaging.rules import id_of
from app.orders import Order
from app.orders.rules import link_token
from app.settings import Settings


def N_(sentence: str) -> str:
    """Marks a sentence for the catalogues."""
    return sentence


def mail_writer(settings: Settings) -> InTransaction:
    async def write_mail(db: Connection, event: Event) -> None:
        order = await orders.read(db, event.aggregate)
        stop = await standing(db, event.aggregate)
        if order is None or not order.contact.email or stop is None:
            return  # it was handed over before the mail was written
        found = whereabouts(stop, None)
        await messaging.write(
            db,
            id_of(event.aggregate, event.number, event.kind),
            about=order.id,
            kind=event.kind,
            language=order.language,
            recipient=order.contact.email,
            letter=_letter(order, found.earliest, found.latest, settings),
        )

    return write_mail


def _letter(order: Order, earliest: datetime, latest: datetime, settings: Settings) -> Letter:
    say = partial(translate, order.language)
    from_, until = (
        format_time(
            at.astimezone(ZoneInfo(settings.time_zone)), "HH:mm",
            locale=money.LOCALES[order.language],
        )
        for at in (earliest, latest)
    )  # fmt: skip
    return Letter(
        subject=say(
            N_("Your order {number} comes between {from_time} and {until_time}"),
            number=order.number,
            from_time=from_,
            until_time=until,
        ),
        greeting=say(N_("Hello {name},"), name=order.contact.name),
        paragraphs=[
            say(
                N_("The time has moved: our driver comes between {from_time} and {until_time}."),
                from_time=from_,
                until_time=until,
            ),
            say(N_("We are sorry if that is not convenient. You can follow the van on this page.")),
        ],
        button=say(N_("Follow your order")),
        address=f"{settings.base_url}/orders/{link_token(settings.secret, order.id)}",
        closing=[say(N_("Order number {number}"), number=order.number)],
    )
