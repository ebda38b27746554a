"""The mail that says: it is here, come when it suits you."""

from functools import partial
from uuid import UUID

from app import collecting, messaging, orders
from app.collecting.models import Spot
from app.db import Connection
from app.fulfilment.collect import queries
from app.fulfilment.collect.models import Standing
from app.fulfilment.collect.rules import code_of
from app.jobs import Event
from app.jobs.register import InTransaction
from app.languages import translate
from app.messaging.models import Letter
from app.messaging.rules import id_of
from app.orders.models import Order
from app.orders.rules import link_token
from app.settings import Settings


def N_(sentence: str) -> str:
    """Marks a sentence for the catalogues."""
    return sentence


def mail_writer(settings: Settings) -> InTransaction:
    async def write_mail(db: Connection, event: Event) -> None:
        order = await orders.read(db, UUID(event.body["order"]))
        standing = await queries.standing(db, event.aggregate)
        if order is None or standing is None or not order.contact.email:
            return
        spot = await collecting.spot(db, await queries.place_of(db, event.aggregate))
        assert spot is not None, "desks are closed, never deleted"
        address = f"{settings.base_url}/orders/{link_token(settings.secret, order.id)}"
        code = code_of(settings.secret, event.aggregate)
        await messaging.write(
            db,
            id_of(event.aggregate, event.number, event.kind),
            about=order.id,
            kind=event.kind,
            language=order.language,
            recipient=order.contact.email,
            letter=letter(order, standing, spot, code, address),
        )

    return write_mail


def letter(order: Order, standing: Standing, spot: Spot, code: str, address: str) -> Letter:
    say = partial(translate, order.language)
    where = f"{spot.name}, {spot.street}, {spot.postcode} {spot.city}"
    until = orders.moment_in_words(order, standing.keep_until, spot.time_zone)
    collected = [line for line in order.lines if line.handover == "collect"]
    age = max((line.age_limit or 0 for line in collected), default=0)
    paragraphs = [
        say(N_("It is packed and waits for you at {where}."), where=where),
        say(N_("Show this code at the desk: {code}"), code=code),
        say(N_("We keep it for you until {when}."), when=until),
    ]
    if spot.desk.hint:
        paragraphs.insert(1, spot.desk.hint)
    if age:
        paragraphs.append(
            say(N_("There is something in it for {age} and older: bring a proof of age."), age=age)
        )
    return Letter(
        subject=say(N_("Order {number} is ready for you"), number=order.number),
        greeting=say(N_("Hello {name},"), name=order.contact.name),
        paragraphs=paragraphs,
        button=say(N_("Show the code to be scanned")),
        address=address,
        closing=[say(N_("Order number {number}"), number=order.number)],
    )
