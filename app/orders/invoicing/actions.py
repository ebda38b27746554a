from collections.abc import Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from app.db import Connection
from app.orders import queries as orders
from app.orders.invoicing import queries, rules
from app.orders.invoicing.models import Document, DocumentLine, Kind, Seller, VatSum
from app.orders.models import Order
from app.payments.models import Tender


async def invoice(db: Connection, order_id: UUID, id: UUID, at: datetime, time_zone: str) -> None:
    """The goods were handed over, which is when VAT falls due. What went back meanwhile for anything
    that stands on it is credited with it. The same id again changes nothing."""
    order = await orders.read(db, order_id)
    assert order is not None, "it was delivered"
    if await _invoice_of(db, order_id) is not None:
        return
    lost = rules.lost(order, *await queries.refused_at_the_door(db, order_id))
    instead = await queries.brought_instead(db, order_id)
    came = rules.as_it_came(order, instead, await queries.paid_back_when_packed(db, order_id))
    lines, vat = rules.lines_of(came, lost), rules.vat_of(came, lost)
    await _issue(db, order, id, "invoice", at, time_zone, None, lines, vat)
    for back in await queries.went_back(db, order_id):
        await credit(db, order_id, back.id, back.amount, back.reason, back.at, time_zone)


async def credit(
    db: Connection, order_id: UUID, id: UUID, amount: int, reason: str, at: datetime, time_zone: str
) -> None:
    """Money went back for what stands on the invoice; where that is not written yet, it is credited
    with it. The same id again changes nothing."""
    invoiced = await _invoice_of(db, order_id)
    if invoiced is None or await queries.exists(db, id):
        return
    order = await orders.read(db, order_id)
    assert order is not None, "it has an invoice"
    if not rules.stood_on_it(order, reason, at):
        return
    about = await queries.came_back_with(db, id)
    lines = [DocumentLine(rules.REASONS.get(reason, rules.N_("Paid back")), 1, amount, about)]
    worth = await queries.worth_of_what_came_back(db, id)
    vat = rules.vat_of_goods(worth, amount) if any(one.amount for one in worth) else (
        rules.credited_vat(invoiced.vat, amount, invoiced.total)
    )  # fmt: skip
    await _issue(db, order, id, "credit", at, time_zone, invoiced.id, lines, vat)


def as_pdf(document: Document, order: Order, credits: str, tenders: Sequence[Tender] = ()) -> bytes:
    """In the language the order was placed in; of an invoice, with the `tenders` that paid it until it
    was issued."""
    from app.orders.invoicing.paper import print_document

    return print_document(document, order, credits, tenders)


async def seller_of(db: Connection, place_id: UUID) -> Seller:
    """Whose place it is; somebody without an address in a shop that has not said who it is."""
    return await queries.seller_at(db, place_id) or rules.NOBODY_YET


async def _issue(
    db: Connection, order: Order, id: UUID, kind: Kind, at: datetime, time_zone: str,
    credits: UUID | None, lines: list[DocumentLine], vat: list[VatSum],
) -> None:  # fmt: skip
    seller = await queries.seller_at(db, order.place_id)
    if seller is None:
        seller = rules.NOBODY_YET
        await queries.save_entity(db, seller)
    year = at.astimezone(ZoneInfo(time_zone)).year
    number = await queries.next_number(db, seller.code, kind, year)
    total = sum(line.amount for line in lines)
    await queries.write(
        db, id, order.id, kind, seller, year, number, credits, lines, vat, total
    )  # fmt: skip


async def _invoice_of(db: Connection, order_id: UUID) -> Document | None:
    found = await queries.documents_of(db, order_id)
    return next((one for one in found if one.kind == "invoice"), None)
