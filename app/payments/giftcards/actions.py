from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from app.db import Connection, Pool, new_id
from app.errors import Conflict, NotFound, Unprocessable
from app.money import Money
from app.payments.giftcards import queries, rules
from app.payments.giftcards.models import Part, Seen, Why, Worth

DEAREST: Money = 10**9


async def issue(
    db: Connection,
    amount: Money,
    currency: str,
    *,
    secret: str,
    why: Why = "goodwill",
    note: str = "",
    order_id: UUID | None = None,
    person_id: UUID | None = None,
) -> UUID:
    """A card with so much on it; nobody has been told its code yet. An order has one card."""
    if not 0 < amount <= DEAREST:
        raise Unprocessable("A gift card has some money on it. Write an amount above zero.")
    id = new_id()
    code = rules.code_of(secret, id)
    expires_at = datetime.now(UTC) + rules.HOLDS_FOR
    new = await queries.write(
        db, id, new_id(), rules.sha256_of(code), code[-4:], amount, currency, why, note, order_id,
        person_id, expires_at,
    )  # fmt: skip
    if new or order_id is None:
        return id
    known = await queries.of_order(db, order_id)
    assert known is not None, "another transaction has made it"
    return known.id


async def take_back(db: Connection, order_id: UUID) -> bool:
    """What was bought with this order goes back, so the card is blocked and empty. False when something
    was paid with it; true also where the order has no card."""
    card = await queries.of_order(db, order_id)
    return card is None or await queries.take_back(db, new_id(), card.id)


async def reveal(db: Connection, id: UUID, command: UUID, *, secret: str) -> str:
    """Its code, told to one command and to no other. Raises NotFound, Conflict when somebody has
    been told it."""
    card = await queries.find(db, id)
    if card is None:
        raise NotFound("There is no such gift card.")
    if not await queries.show(db, id, command):
        raise Conflict(
            "The code of this card has been shown before. Is it lost? Block the card and make "
            "another one.",
            code="shown-before",
        )
    return rules.in_groups(rules.code_of(secret, id))


async def see(db: Connection | Pool, codes: Sequence[str], currency: str) -> list[Seen]:
    """What the codes somebody typed are worth, in their order, each once."""
    tidy = list(dict.fromkeys(code for text in codes if (code := rules.as_typed(text))))
    marks = {rules.sha256_of(code): code for code in tidy}
    rows = {row["code_sha256"]: row for row in await queries.by_codes(db, list(marks))}
    seen = []
    for mark, code in marks.items():
        row = rows.get(mark)
        if row is None:
            seen.append(Seen(code, "unknown"))
            continue
        worth: Worth = "fits"
        if not row["holds"]:
            worth = "over"
        elif row["currency"] != currency:
            worth = "other-currency"
        elif not row["balance"]:
            worth = "empty"
        seen.append(Seen(code, worth, row["id"], row["ends_with"], row["balance"], row["why"]))
    return seen


async def hold(db: Connection, part: Part, intent_id: UUID, currency: str) -> None:
    """So much of the card is for this payment. Raises Conflict when it is not on it any more."""
    if not await queries.hold(db, new_id(), part.card_id, intent_id, part.amount, currency):
        raise Conflict(
            "There is less on the gift card …{ends_with} than a moment ago. Please look at it once "
            "more.",
            code="gift-card-changed",
            ends_with=part.ends_with,
        )


async def expire(pool: Pool) -> None:
    """What is left on cards that are over is booked as the shop's."""
    for card_id in await queries.over(pool, 100):
        await queries.end(pool, new_id(), card_id)


async def capture(db: Connection, intent_id: UUID) -> None:
    await queries.capture(db, new_id(), intent_id)


async def release(db: Connection, intent_id: UUID) -> None:
    await queries.release(db, new_id(), intent_id, rules.A_WEEK)
