"""A receipt is handed out, printed, as a file or by mail, and the second time as a copy; and it is found
again, by its number or its day, at any till of the shop where it was sold."""

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from app import catalog, commands, messaging, orders, payments, staff
from app.db import Connection
from app.errors import NotFound
from app.languages import Language
from app.orders.models import Order
from app.orders.rules import link_token
from app.settings import Settings
from app.staff import Person
from app.tills import letters, queries
from app.tills.models import Closing, Copy, How, Receipt, Till
from app.tills.papers import Counted, Sold

MOST = 50
"""Of one day that are shown; who looks for more writes the number."""


async def find(db: Connection, till: Till, id: UUID) -> tuple[Receipt, Order | None]:
    """A receipt of this shop, at whichever till it was sold. Raises NotFound."""
    at = await queries.till_of(db, id)
    receipt = await queries.receipt(db, id, at.id) if at is not None else None
    if receipt is None or at is None or at.place_id != till.place_id:
        raise NotFound("There is no such receipt.")
    return receipt, await orders.read(db, receipt.order_id) if receipt.order_id else None


async def of_day(
    db: Connection, till: Till, day: date, number: int | None
) -> tuple[list[Receipt], list[Closing]]:
    """What was sold in this shop on its day, and the closings of its tills, the newest first."""
    zone = ZoneInfo(till.time_zone)
    starts = datetime.combine(day, time.min, zone)
    ends = datetime.combine(day + timedelta(days=1), time.min, zone)
    return (
        await queries.sold_between(db, till.place_id, starts, ends, number, MOST),
        await queries.closings_between(db, till.place_id, starts, ends, MOST),
    )


async def hand_out(
    db: Connection, till: Till, person: Person, command: UUID, id: UUID, how: How
) -> Copy:
    """Raises NotFound for what is not sold, or not in this shop."""

    async def act() -> dict[str, str]:
        if not await queries.hand_out(db, command, id, till.place_id, how, person.id):
            raise NotFound("There is no such receipt.")
        return {"copy": str(command)}

    await commands.once(db, till.id, command, {"do": "hand out", "receipt": id, "how": how}, act)
    handed = await queries.copy(db, id, command)
    assert handed is not None, "it was handed out by this command"
    return handed


async def mail(
    db: Connection,
    till: Till,
    person: Person,
    command: UUID,
    id: UUID,
    email: str,
    language: Language,
    settings: Settings,
) -> None:
    """To an address that is given for this once and forgotten when the mail has left. Raises NotFound
    like `hand_out`."""

    async def act() -> dict[str, str]:
        if not await queries.hand_out(db, command, id, till.place_id, "mail", person.id):
            raise NotFound("There is no such receipt.")
        receipt, order = await find(db, till, id)
        assert order is not None, "it was sold"
        await messaging.write(
            db,
            command,
            about=order.id,
            kind="TillReceipt",
            language=language,
            recipient=email,
            letter=letters.letter_with(receipt, order, language, link_of(settings, order.id)),
            keep=False,
        )
        await staff.note(db, person, "till.mail", str(id))
        return {"copy": str(command)}

    asked = {"do": "mail", "receipt": id, "to": email, "language": language}
    await commands.once(db, till.id, command, asked, act)


async def sold(
    db: Connection,
    receipt: Receipt,
    order: Order,
    settings: Settings,
    *,
    copy: bool,
    language: Language | None = None,
) -> Sold:
    """All that stands on its paper. In another `language` than it was sold in goods are called what
    the catalogue calls them there, where it does."""
    if language not in (None, order.language):
        order = await _called(db, order, language)
    at = await queries.till_of(db, receipt.id)
    assert at is not None, "it was sold at a till"
    return Sold(
        seller=await orders.invoicing.seller_of(db, at.place_id),
        till=at,
        receipt=receipt,
        order=order,
        tenders=await payments.tenders(db, order.id),
        link=link_of(settings, order.id),
        time_zone=at.time_zone,
        copy=copy,
    )


async def _called(db: Connection, order: Order, language: Language) -> Order:
    names = await catalog.names_by_code(db, [line.gtin for line in order.lines], language)
    lines = [
        msgspec.structs.replace(line, name=names.get(line.gtin, line.name)) for line in order.lines
    ]
    return msgspec.structs.replace(order, lines=lines)


async def x(db: Connection, till: Till, at: datetime) -> Counted:
    """The drawer as it stands `at`. The till is open."""
    assert till.shift_id is not None, "the till is open"
    assert till.shift_opened_at is not None, "the till is open"
    assert till.currency is not None, "the till is open"
    return Counted(
        place_name=till.place_name,
        till_number=till.number,
        currency=till.currency,
        time_zone=till.time_zone,
        opened_at=till.shift_opened_at,
        until=at,
        sums=await queries.sums(db, till.shift_id),
        vat=await queries.vat(db, till.shift_id),
    )


async def z(db: Connection, closing: Closing) -> Counted:
    return Counted(
        place_name=closing.place_name,
        till_number=closing.till_number,
        currency=closing.currency,
        time_zone=closing.time_zone,
        opened_at=closing.opened_at,
        until=closing.closed_at,
        sums=await queries.sums(db, closing.shift_id),
        vat=await queries.vat(db, closing.shift_id),
        z_number=closing.z_number,
        counted=closing.counted,
    )


def link_of(settings: Settings, order_id: UUID) -> str:
    """Opens the order, its receipt and what can come back of it."""
    return f"{settings.base_url}/orders/{link_token(settings.secret, order_id)}"
