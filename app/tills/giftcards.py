"""Gift cards over the counter: sold on a receipt of their own, and handed out with their code."""

from uuid import UUID, uuid5

from app import checkout, commands, orders, payments, staff
from app.db import Connection
from app.errors import Conflict
from app.languages import Language
from app.staff import Person
from app.tills import drawers, paying, queries, rules
from app.tills.models import Till


async def sell(
    db: Connection,
    till: Till,
    person: Person,
    command: UUID,
    spare_cart: UUID,
    wanted: paying.Wanted,
    language: Language,
    secret: str,
) -> tuple[UUID, UUID | None]:
    """A receipt of its own for a card with `wanted.total` on it, in cash or by card. `spare_cart` is
    an empty one. Raises Conflict where the money is not enough, Malformed for no amount."""

    async def act() -> dict[str, str]:
        shift_id = await drawers.at_work(db, till)
        assert till.currency is not None, "the till is open"
        rules.check_gift(wanted.total)
        payment, round_by = await paying.split(db, till, wanted)
        id = uuid5(till.id, str(command))
        await queries.begin_receipt(db, id, till.id, shift_id, spare_cart, state="parked")
        receipt = await queries.lock_receipt(db, id, till.id)
        assert receipt is not None, "just begun"
        intent = await checkout.sell_gift_card(
            db,
            spare_cart,
            command,
            wanted.total,
            till.currency,
            till.place_id,
            language,
            payment=payment,
            secret=secret,
        )
        await staff.note(db, person, "till.sell_gift_card", str(id), f"amount {wanted.total}")
        return await paying.note_sold(db, receipt, person, intent, wanted, payment, round_by)

    done = await commands.once(
        db, till.id, command, {"do": "gift card", **paying.plain(wanted)}, act
    )
    awaited = done.get("intent")
    return UUID(done["receipt"]), UUID(awaited) if awaited else None


async def hand_out(
    db: Connection, till: Till, person: Person, command: UUID, id: UUID, secret: str
) -> str:
    """The code of the gift card that was paid with this receipt, told once: to this command. Raises
    Conflict while it is not paid, and when the code was told before."""
    receipt, order = await paying.settle(db, till, id)
    if receipt.state != "paid" or order is None or await orders.wants_goods(db, order.id):
        raise Conflict("This gift card has not been paid yet.", code="not-paid")
    card_id = await payments.giftcards.issue(
        db,
        order.sums.total,
        order.currency,
        secret=secret,
        why="sold",
        order_id=order.id,
        person_id=person.id,
    )
    await staff.note(db, person, "till.hand_out_gift_card", str(card_id))
    return await payments.giftcards.reveal(db, card_id, command, secret=secret)
