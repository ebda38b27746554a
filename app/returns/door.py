"""At the door: goods that are handed back, goods that were asked to be fetched, and empties."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

from app import commands, messaging, payments, staff
from app.db import Connection
from app.errors import Conflict, NotFound
from app.money import Money
from app.orders.rules import link_token
from app.returns import empties as counting
from app.returns import letters, queries
from app.returns.actions import locked, take
from app.returns.models import Desk, Done, Door, Wanted
from app.settings import Settings
from app.staff import Person


async def at(db: Connection, run_id: UUID, order_id: UUID) -> Door:
    """Raises NotFound where this van does not come, Conflict while it is not on the road."""
    found = await queries.door(db, run_id, order_id)
    if found is None:
        raise NotFound("This van does not go there.")
    if found.state != "underway":
        raise Conflict("This van is not on the road.", code="not-on-the-road")
    return found


async def take_back(
    db: Connection, person: Person, command: UUID, run_id: UUID, order_id: UUID, wanted: Wanted
) -> Done:
    """Handed to the driver: the money goes back now, the goods are looked at where the van comes from.
    With `wanted.request` it is what was asked to be fetched. Raises Conflict like `take`; what was paid
    in cash is paid out at a till (`paid-in-cash`)."""
    door = await at(db, run_id, order_id)
    desk = Desk(channel="door", place_id=door.place_id, by=person.id)
    done = await take(db, order_id, command, wanted, desk)
    await staff.note(db, person, "return.door", str(order_id), wanted.cause)
    return done


async def take_empties(
    db: Connection,
    person: Person,
    command: UUID,
    run_id: UUID,
    order_id: UUID,
    counted: Mapping[Money, int],
    settings: Settings,
) -> tuple[Money, str]:
    """Counted at the door and put on a gift card, as a van carries no coins: how much, and its code, for
    the customer who has no mail address. Raises Unprocessable when nothing was counted."""
    return await credit(db, person, command, await at(db, run_id, order_id), counted, settings)


async def credit(
    db: Connection,
    person: Person,
    command: UUID,
    door: Door,
    counted: Mapping[Money, int],
    settings: Settings,
) -> tuple[Money, str]:
    """The same at a door that is known, also when its van is back by now."""
    order_id = door.order_id

    async def act() -> dict[str, Any]:
        order = await locked(db, order_id)
        id = uuid5(order_id, f"empties {command}")
        amount, card_id = await counting.credit(
            db, id, door.place_id, person.id, door.currency, counted,
            secret=settings.secret, order_id=order_id,
        )  # fmt: skip
        await staff.note(db, person, "return.empties", str(order_id), str(amount))
        if order.contact.email:
            code = await payments.giftcards.reveal(db, card_id, command, secret=settings.secret)
            address = f"{settings.base_url}/orders/{link_token(settings.secret, order_id)}"
            await messaging.write(
                db, uuid5(id, "mail"), about=order_id, kind="EmptiesCredited",
                language=order.language, recipient=order.contact.email,
                letter=letters.about_empties(order, amount, code, address),
            )  # fmt: skip
        return {"amount": amount, "card": str(card_id)}

    asked = {
        "do": "empties", "run": door.run_id,
        "counted": {str(deposit): n for deposit, n in counted.items()},
    }  # fmt: skip
    done = await commands.once(db, order_id, command, asked, act)
    card_id = UUID(done["card"])
    code = await payments.giftcards.reveal(db, card_id, command, secret=settings.secret)
    return int(done["amount"]), code
