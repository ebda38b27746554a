"""Opened with what went wrong, looked after by somebody, closed with what was learned."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from app import commands, live, messaging, orders, staff
from app.cases import letters, queries
from app.cases.models import Case, Channel, Kind, State
from app.db import Connection, new_id
from app.errors import Conflict, NotFound
from app.messaging.models import Letter
from app.orders.models import Order
from app.orders.rules import link_token
from app.settings import Settings
from app.staff import Person

DUE: dict[State, timedelta] = {"open": timedelta(hours=4), "answered": timedelta(days=2)}
"""Who waits for an answer hears the same day."""


async def open_case(
    db: Connection,
    id: UUID,
    order_id: UUID,
    kind: Kind,
    *,
    about: UUID | None = None,
    words: str = "",
    answered: bool = False,
) -> None:
    """One per problem: the same id again is the same case."""
    state: State = "answered" if answered else "open"
    due_at = datetime.now(UTC) + DUE[state]
    if await queries.open_(db, id, order_id, about, kind, state, words, due_at):
        await _tell(db)


async def open_at_desk(
    db: Connection, person: Person, command: UUID, order_id: UUID, kind: Kind, words: str,
    channel: Channel,
) -> UUID:  # fmt: skip
    """Somebody says at a till, at the door, on the phone or in a letter that something was wrong; whoever
    looks after it finds it with how it was said. Raises NotFound."""

    async def act() -> dict[str, str]:
        if await orders.read(db, order_id) is None:
            raise NotFound("There is no such order.")
        id = uuid5(order_id, f"case {command}")
        await open_case(db, id, order_id, kind, words=words)
        await queries.write(db, uuid5(id, "said"), id, person.id, channel, words)
        await orders.tell(db, order_id, "OrderComplained", {"cause": kind})
        return {"case": str(id)}

    asked = {"do": "open case", "order": order_id, "kind": kind, "words": words, "by": channel}
    done = await commands.once(db, person.id, command, asked, act)
    return UUID(done["case"])


async def give_up(db: Connection, person: Person, command: UUID, id: UUID) -> None:
    """Somebody else may look after it. Raises Conflict where it is not this person's."""

    async def act() -> dict[str, str]:
        if not await queries.give_up(db, id, person.id):
            raise Conflict("You do not look after this case.", code="not-yours")
        await _tell(db)
        return {"case": str(id)}

    await commands.once(db, person.id, command, {"do": "give up case", "case": id}, act)


async def answer(db: Connection, id: UUID) -> None:
    """What was asked for was given or refused; somebody still looks at why."""
    if await queries.become(db, id, "answered"):
        await _tell(db)


async def read(db: Connection, id: UUID) -> Case:
    """Raises NotFound."""
    found = await queries.read(db, id)
    if found is None:
        raise NotFound("There is no such case.")
    return found


async def take(db: Connection, person: Person, command: UUID, id: UUID) -> None:
    """It is mine now. Raises Conflict when a colleague has it, or it is closed."""

    async def act() -> dict[str, str]:
        if not await queries.take(db, id, person.id):
            found = await read(db, id)
            raise Conflict(
                "{who} looks after this case, or it is closed.",
                code="not-yours",
                who=found.owner_name or "–",
            )
        await _tell(db)
        return {"case": str(id)}

    await commands.once(db, person.id, command, {"do": "take case", "case": id}, act)


async def record(
    db: Connection, person: Person, command: UUID, id: UUID, channel: Channel, text: str
) -> None:
    """What was said, by whichever means. Raises NotFound."""

    async def act() -> dict[str, str]:
        await read(db, id)
        await queries.write(db, new_id(), id, person.id, channel, text)
        await _tell(db)
        return {"case": str(id)}

    asked = {"do": "record", "case": id, "channel": channel, "text": text}
    await commands.once(db, person.id, command, asked, act)


async def write_to(
    db: Connection, person: Person, command: UUID, id: UUID, template: str, settings: Settings
) -> None:
    """One of the warm letters goes to the customer in their language, and stands in the case.

    Raises NotFound for a letter there is not, Conflict when there is no address to write to.
    """

    async def act() -> dict[str, str]:
        found = await read(db, id)
        order = await orders.read(db, found.order_id)
        assert order is not None, "a case is of an order"
        address = f"{settings.base_url}/orders/{link_token(settings.secret, order.id)}"
        letter = letters.letter(template, order, address)
        await _mail(db, person, id, command, order, f"Case {template}", letter)
        await queries.become(db, id, "answered")
        await _tell(db)
        return {"case": str(id)}

    asked = {"do": "write", "case": id, "template": template}
    await commands.once(db, person.id, command, asked, act)


async def close(
    db: Connection,
    person: Person,
    command: UUID,
    id: UUID,
    learned: str,
    *,
    thank: Settings | None = None,
) -> None:
    """With what was learned from it. With `thank` the complaint ends as a thank-you: the customer reads
    what is better from today on because they said it. Raises Conflict when it is closed already, or
    there is no address to thank."""

    async def act() -> dict[str, str]:
        found = await read(db, id)
        if not await queries.close(db, id, learned):
            raise Conflict("This case is closed already.", code="closed-already")
        if thank is not None:
            order = await orders.read(db, found.order_id)
            assert order is not None, "a case is of an order"
            address = f"{thank.base_url}/orders/{link_token(thank.secret, order.id)}"
            letter = letters.thanks(order, learned, address)
            await _mail(db, person, id, command, order, "Case thanks", letter)
        await staff.note(db, person, "case.close", str(id), learned)
        await _tell(db)
        return {"case": str(id)}

    asked = {"do": "close", "case": id, "learned": learned, "thank": thank is not None}
    await commands.once(db, person.id, command, asked, act)


async def _mail(
    db: Connection, person: Person, id: UUID, command: UUID, order: Order, kind: str, letter: Letter
) -> None:
    """To the customer, and into the case."""
    if not order.contact.email:
        raise Conflict("This order has no mail address.", code="no-address")
    await messaging.write(
        db, uuid5(id, str(command)), about=order.id, kind=kind, language=order.language,
        recipient=order.contact.email, letter=letter,
    )  # fmt: skip
    await queries.write(db, new_id(), id, person.id, "mail", letter.subject)


async def _tell(db: Connection) -> None:
    live.tell_after_commit(db, "cases:all", await queries.count_up(db))
