"""Opened with what went wrong, looked after by somebody, closed with what was learned."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from app import commands, live, messaging, orders, staff
from app.cases import letters, queries
from app.cases.models import Case, Channel, Kind, State
from app.db import Connection, new_id
from app.errors import Conflict, NotFound
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
        if not order.contact.email:
            raise Conflict("This order has no mail address.", code="no-address")
        address = f"{settings.base_url}/orders/{link_token(settings.secret, order.id)}"
        letter = letters.letter(template, order, address)
        await messaging.write(
            db, uuid5(id, str(command)), about=order.id, kind=f"Case {template}",
            language=order.language, recipient=order.contact.email, letter=letter,
        )  # fmt: skip
        await queries.write(db, new_id(), id, person.id, "mail", letter.subject)
        await queries.become(db, id, "answered")
        await _tell(db)
        return {"case": str(id)}

    asked = {"do": "write", "case": id, "template": template}
    await commands.once(db, person.id, command, asked, act)


async def close(db: Connection, person: Person, command: UUID, id: UUID, learned: str) -> None:
    """With what was learned from it. Raises Conflict when it is closed already."""

    async def act() -> dict[str, str]:
        await read(db, id)
        if not await queries.close(db, id, learned):
            raise Conflict("This case is closed already.", code="closed-already")
        await staff.note(db, person, "case.close", str(id), learned)
        await _tell(db)
        return {"case": str(id)}

    await commands.once(
        db, person.id, command, {"do": "close", "case": id, "learned": learned}, act
    )


async def _tell(db: Connection) -> None:
    live.tell_after_commit(db, "cases:all", await queries.count_up(db))
