"""A customer's own basket on the receipt: brought by a code, seen on both screens, and taken back."""

from uuid import UUID, uuid5

from app import commands, staff
from app.cart import pairing
from app.cart.models import Handover
from app.db import Connection
from app.errors import Conflict
from app.staff import Person
from app.tills import baskets, drawers, lines, queries
from app.tills.models import Till

CARRY_OUT: Handover = "carry-out"


async def attach(
    db: Connection, till: Till, person: Person, command: UUID, code: str, spare_cart: UUID
) -> None:
    """By the code on the customer's phone: their basket and what was scanned so far are one from
    now on, what either does the other sees. Raises Gone for a code that was used or is old, Conflict
    for one that only lets us look, or while another customer's basket is here."""

    async def act() -> dict[str, str]:
        receipt = await baskets.begin(db, till, spare_cart)
        if receipt.view_id is not None and await baskets.is_shown(db, receipt):
            raise Conflict("Another customer's basket is on this receipt.", code="other-customer")
        view = await pairing.view(db, await pairing.enter(db, code))
        if view is None or view.cart_id is None or view.role != "help":
            raise Conflict(
                "This code only lets you look. Ask the customer for one that lets you help.",
                code="look-only",
            )
        mark = uuid5(receipt.id, str(view.id))
        await lines.carry(db, receipt.cart_id, view.cart_id, mark)
        await queries.carry_on_with(db, receipt.id, view.cart_id, view.id)
        await staff.note(db, person, "till.attach", str(view.cart_id), "at the till")
        return {"receipt": str(receipt.id)}

    await commands.once(db, till.id, command, {"do": "attach", "code": code}, act)


async def invite(
    db: Connection, till: Till, person: Person, command: UUID, spare_cart: UUID
) -> str:
    """A code on the till's screen: whoever scans or types it within two minutes shows their basket
    here. The same command again shows a code of its own, and the one before it is void. Raises
    Conflict while another customer's basket is here."""

    async def act() -> dict[str, str]:
        receipt = await baskets.begin(db, till, spare_cart)
        if receipt.view_id is not None and await baskets.is_shown(db, receipt):
            raise Conflict("Another customer's basket is on this receipt.", code="other-customer")
        await staff.note(db, person, "till.invite", str(receipt.id), "at the till")
        return {"receipt": str(receipt.id)}

    done = await commands.once(db, till.id, command, {"do": "invite"}, act)
    code, token = await pairing.ask_for_one(db, "help")
    waiting = await pairing.view(db, token)
    assert waiting is not None, "opened just now"
    await queries.invite(db, UUID(done["receipt"]), waiting.id)
    return code


async def has_come(db: Connection, till: Till) -> bool:
    """Whether a phone has answered the code on this screen."""
    receipt = await queries.open_receipt(db, till.id)
    return receipt is not None and await queries.guest(db, receipt.id) is not None


async def welcome(db: Connection, till: Till, person: Person, command: UUID) -> None:
    """The basket of who answered our code, and what was scanned so far, are one from now on. Raises
    Conflict while nobody did."""

    async def act() -> dict[str, str]:
        await drawers.at_work(db, till)
        receipt = await queries.open_receipt(db, till.id)
        came = await queries.guest(db, receipt.id) if receipt else None
        if receipt is None or came is None:
            raise Conflict("No phone has answered this code yet.", code="nobody-came")
        view_id, cart_id = came
        if receipt.view_id != view_id:
            await lines.carry(db, receipt.cart_id, cart_id, uuid5(receipt.id, str(view_id)))
            await queries.carry_on_with(db, receipt.id, cart_id, view_id)
            await staff.note(db, person, "till.attach", str(cart_id), "at the till")
        return {"receipt": str(receipt.id)}

    await commands.once(db, till.id, command, {"do": "welcome"}, act)


async def detach(db: Connection, till: Till, command: UUID, spare_cart: UUID) -> None:
    """The customer goes on alone; what lies on the counter stays on the receipt, as long as the
    customer lets us see it."""

    async def act() -> dict[str, str]:
        await drawers.at_work(db, till)
        receipt = await queries.open_receipt(db, till.id)
        if receipt is None or receipt.view_id is None:
            raise Conflict("No customer's basket is on this receipt.", code="no-customer")
        if await baskets.is_shown(db, receipt):
            mark = uuid5(receipt.id, f"from {receipt.view_id}")
            await lines.carry(db, receipt.cart_id, spare_cart, mark, only=CARRY_OUT)
            await pairing.end_view(db, receipt.cart_id, receipt.view_id)
        await queries.carry_on_with(db, receipt.id, spare_cart, None)
        return {"receipt": str(receipt.id)}

    await commands.once(db, till.id, command, {"do": "detach"}, act)
