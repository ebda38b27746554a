from uuid import UUID

from app import collecting, messaging, stock
from app.db import Connection
from app.jobs import Event
from app.jobs.register import InTransaction
from app.messaging.rules import id_of
from app.orders import invoicing, queries
from app.orders.letters import SUBJECTS, letter_about, letter_about_recall
from app.orders.rules import goes_two_ways, link_token, pick_up
from app.settings import Settings

MAILED = tuple(SUBJECTS)
"""Kinds of events a shopper hears of by mail."""

RECALLED_DAYS = 180
"""Who bought it longer ago has eaten it, or thrown it away."""


def mail_writer(settings: Settings) -> InTransaction:
    async def write_mail(db: Connection, event: Event) -> None:
        order = await queries.read(db, event.aggregate)
        if order is None or not order.contact.email:
            return  # sold at a counter to somebody who left no address
        if event.kind == "OrderCancelled" and order.confirmed_at is None:
            return  # nobody was told that it was confirmed, so nobody has to hear that it is not
        if event.kind == "OrderOnTheWay" and goes_two_ways(order):
            return  # said when its van or carrier left, no word about the part that is collected
        address = f"{settings.base_url}/orders/{link_token(settings.secret, order.id)}"
        kept = pick_up(order)
        spot = await collecting.spot(db, kept.place_id) if kept else None
        await messaging.write(
            db,
            id_of(event.aggregate, event.number, event.kind),
            about=order.id,
            kind=event.kind,
            language=order.language,
            recipient=order.contact.email,
            letter=letter_about(
                order,
                event.kind,
                address,
                settings.time_zone,
                spot,
                by_carrier=await queries.by_carrier(db, order.id),
                stranded=await queries.stranded(db, order.id),
            ),
        )

    return write_mail


def part_writer(settings: Settings) -> InTransaction:
    """An order that goes two ways is on its way for its shopper when the part that is brought is."""

    async def write_mail(db: Connection, event: Event) -> None:
        id = id_of(event.aggregate, event.number, event.kind)
        await _write_about_part(db, settings, event, id, by_carrier=False)

    return write_mail


def consigned_writer(settings: Settings) -> InTransaction:
    """The same for a part that a parcel service brings: once, when that has all of its parcels."""

    async def write_mail(db: Connection, event: Event) -> None:
        if event.body["state"] == "out_for_delivery":
            id = id_of(event.aggregate, 0, "with a carrier")
            await _write_about_part(db, settings, event, id, by_carrier=True)

    return write_mail


async def _write_about_part(
    db: Connection, settings: Settings, event: Event, id: UUID, *, by_carrier: bool
) -> None:
    order = await queries.read(db, UUID(event.body["order"]))
    if order is None or not order.contact.email or not goes_two_ways(order):
        return
    address = f"{settings.base_url}/orders/{link_token(settings.secret, order.id)}"
    kind, zone = "OrderOnTheWay", settings.time_zone
    await messaging.write(
        db,
        id,
        about=order.id,
        kind=kind,
        language=order.language,
        recipient=order.contact.email,
        letter=letter_about(order, kind, address, zone, by_carrier=by_carrier),
    )


def invoicer(settings: Settings) -> InTransaction:
    async def issue(db: Connection, event: Event) -> None:
        id = id_of(event.aggregate, event.number, "invoice")
        await invoicing.invoice(db, event.aggregate, id, event.at, settings.time_zone)

    return issue


def creditor(settings: Settings) -> InTransaction:
    async def issue(db: Connection, event: Event) -> None:
        body = event.body
        order_id, id = UUID(body["order"]), UUID(body["refund"])
        await invoicing.credit(
            db, order_id, id, body["amount"], body["reason"], event.at, settings.time_zone
        )

    return issue


def recall_writer(settings: Settings) -> InTransaction:
    async def write_to_buyers(db: Connection, event: Event) -> None:
        stop = await stock.stopping.find(db, event.aggregate)
        assert stop is not None, "stops are never deleted"
        for order_id in await queries.bought_lately(db, stop.product_id, RECALLED_DAYS):
            await _write_about_recall(db, order_id, stop.id, stop.product_id, stop.message)

    async def _write_about_recall(
        db: Connection, order_id: UUID, stop_id: UUID, product_id: UUID, message: str
    ) -> None:
        order = await queries.read(db, order_id)
        assert order is not None, "it was just found"
        address = f"{settings.base_url}/orders/{link_token(settings.secret, order.id)}"
        await messaging.write(
            db,
            id_of(order.id, 0, f"SaleStopped {stop_id}"),
            about=order.id,
            kind="SaleStopped",
            language=order.language,
            recipient=order.contact.email,
            letter=letter_about_recall(order, product_id, message, address),
        )

    return write_to_buyers
