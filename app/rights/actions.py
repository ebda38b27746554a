from base64 import b64encode
from uuid import UUID

from app import (
    cart,
    cases,
    checkout,
    commands,
    contact,
    customers,
    files,
    fulfilment,
    loyalty,
    messaging,
    orders,
    payments,
    pricing,
    returns,
    slots,
)
from app.db import Connection
from app.errors import Conflict, Malformed
from app.fulfilment.delivery.door.rules import door_of as drivers_door
from app.rights import queries, rules
from app.rights.models import Forgotten, Told, Whose
from app.slots.plans.rules import door_of as vans_door


async def tell(db: Connection, email: str, secret: str) -> Told:
    """Everything that is kept about who has this mailbox (AVG, art. 15 and 20)."""
    whose = await _whose(db, email, secret)
    rows = await queries.told(db, whose)
    names = await queries.files_of(db, whose.order_ids)
    kept = {name: await files.fetch(db, name) for name in names}
    return Told(
        whose.email,
        rows,
        {name: b64encode(one.body).decode() for name, one in kept.items() if one is not None},
        {table: why for table, why in rules.KEPT.items() if rows.get(table)},
    )


async def forget(
    db: Connection, email: str, command: UUID, secret: str, sms_folder: str
) -> Forgotten:
    """All of it, but for what `rules.KEPT` names (AVG, art. 17). The same command again does nothing.

    Raises Conflict while an order is under way, or somebody waits for a return or an answer: nobody
    could bring it any more.
    """
    whose = await _whose(db, email, secret)
    scope = UUID(bytes=whose.key[:16])  # there may be no account, and the address is not kept

    async def act() -> dict[str, int]:
        waiting = await queries.under_way(db, whose.order_ids)
        if waiting is not None:
            raise Conflict(
                "Order {number} is not finished yet. Wait until it has come and every question about "
                "it is answered, or cancel it; then we can forget you.",
                code="order-under-way",
                number=waiting,
            )
        names = await queries.files_of(db, whose.order_ids)
        await contact.forget_people(db, whose.order_ids, whose.cart_ids)
        await cases.forget_people(db, whose.order_ids)
        await returns.forget_people(db, whose.order_ids)
        await fulfilment.forget_people(db, whose.order_ids, whose.doors)
        await slots.forget_doors(db, whose.doors)
        await checkout.forget_people(db, whose.order_ids)
        await payments.giftcards.forget_people(db, whose.order_ids)
        await pricing.forget_customer(db, whose.key)
        await loyalty.forget_person(db, whose.customer_id)
        await messaging.forget_people(db, whose.order_ids, whose.email, sms_folder)
        await cart.forget_people(db, whose.customer_id, whose.cart_ids)
        await orders.forgetting.forget_people(db, whose.order_ids)
        await customers.forget_person(db, whose.email)
        used = await queries.still_used(db, names)
        await files.forget(db, [name for name in names if name not in used])
        return {"orders": len(whose.order_ids), "files": len(names)}

    done = await commands.once(db, scope, command, {"do": "forget"}, act)
    return Forgotten(int(done["orders"]), int(done["files"]))


async def _whose(db: Connection, email: str, secret: str) -> Whose:
    address = customers.tidy(email)
    if "@" not in address:  # orders of a till and of who was forgotten have none: they are nobody's
        raise Malformed(
            "Please write an e-mail address like name@example.nl.", code="no-mail-address"
        )
    customer_id = await queries.customer(db, address)
    sold = await queries.orders_of(db, address)
    order_ids = [row["order_id"] for row in sold]
    doors = [
        door(row["country"], row["postcode"], row["house_number"])
        for row in sold
        for door in (drivers_door, vans_door)
    ]
    return Whose(
        email=address,
        customer_id=customer_id,
        order_ids=order_ids,
        cart_ids=await queries.carts_of(db, customer_id, order_ids),
        doors=doors,
        key=pricing.customer_key(secret, address),
    )
