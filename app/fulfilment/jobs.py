"""What follows when goods are offered instead, wait to be collected, or leave with a carrier."""

from datetime import timedelta
from uuid import UUID

from app import messaging, orders
from app.db import Connection, Pool
from app.fulfilment import carriers, collect, delivery, substituting
from app.fulfilment.substituting.letters import letter_about, text_about
from app.jobs import Event, Register
from app.jobs.register import InTransaction
from app.messaging.rules import id_of
from app.orders.rules import link_token
from app.settings import Settings


def register(
    jobs: Register, settings: Settings, others: carriers.actions.Others | None = None
) -> None:
    """`others` hears what a carrier tells of parcels that do not go out."""
    jobs.when("SubstituteOffered", "mail about a substitute", offer_writer(settings))
    jobs.every(timedelta(seconds=5), "end silent offers", substituting.end_silent)
    jobs.when("ReadyForCollection", "mail that it is ready", collect.mail_writer(settings))
    jobs.every(timedelta(minutes=5), "end silent second tries", delivery.door.end_silent)
    jobs.every(timedelta(seconds=30), "put back what nobody came for", collect.put_back)

    carrier = carriers.carrier_of(settings)

    async def announce(pool: Pool) -> None:
        await carriers.announce_due(pool, carrier)

    async def listen(pool: Pool) -> None:
        await carriers.listen(pool, carrier, others)

    jobs.every(timedelta(seconds=5), "parcels for a carrier", announce)
    jobs.every(timedelta(seconds=5), "news of a carrier", listen)


def offer_writer(settings: Settings) -> InTransaction:
    async def write_mail(db: Connection, event: Event) -> None:
        order = await orders.read(db, event.aggregate)
        id = UUID(event.body["substitute"])
        found = [one for one in await substituting.of_order(db, event.aggregate) if one.id == id]
        if order is None or not order.contact.email or not found or found[0].state != "offered":
            return  # it has been answered meanwhile
        address = f"{settings.base_url}/orders/{link_token(settings.secret, order.id)}"
        await messaging.write(
            db,
            id_of(event.aggregate, event.number, event.kind),
            about=order.id,
            kind=event.kind,
            language=order.language,
            recipient=order.contact.email,
            letter=letter_about(order, found[0], address, settings.time_zone),
        )
        if order.contact.phone:
            await messaging.text(
                db,
                id_of(event.aggregate, event.number, f"{event.kind} sms"),
                about=order.id,
                kind=event.kind,
                language=order.language,
                phone=order.contact.phone,
                words=text_about(order, found[0], address, settings.time_zone),
            )

    return write_mail
