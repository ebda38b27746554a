from collections.abc import Mapping
from uuid import UUID, uuid5

import msgspec

from app import commands, payments, returns, staff
from app.db import Connection, Pool, begin, new_id
from app.errors import Conflict, NotAllowed, Unprocessable
from app.loyalty import queries, rules
from app.loyalty.models import Account, Kept, Kind
from app.money import Money
from app.orders.models import Order
from app.payments import giftcards
from app.staff import Person


async def settle(db: Connection, order_id: UUID, id: UUID, rate: int) -> int:
    """Brings what this order earned in line with what of it was kept: more is earned, what came back is
    taken back. Called twice, or late, or in any order with other events, it comes to the same. `id` is
    of the occasion, `rate` in points for a whole unit of the currency. Returns the points that moved."""
    seen = await queries.kept(db, order_id)
    if seen is None or seen.customer_id is None or not (seen.rate or rate):
        return 0
    await queries.open_account(db, seen.customer_id)
    await queries.lock(db, seen.customer_id)
    now = await queries.kept(db, order_id)  # as it is when nobody else can settle it
    assert now is not None, "orders are never deleted"
    points = await _due(db, order_id, now, rate) - now.earned
    if points:
        kind: Kind = "earn" if points > 0 else "clawback"
        await queries.move(
            db, id, seen.customer_id, kind, points, order_id=order_id, rate=now.rate or rate
        )  # fmt: skip
    return points


async def lost(db: Connection, order: Order, amount: Money, units: Mapping[int, int]) -> int:
    """How many points of this order are taken back when `amount` goes back for so many units of its
    lines. Said before anybody agrees; `settle` does it afterwards."""
    seen = await queries.kept(db, order.id)
    if seen is None or seen.earned <= 0:
        return 0
    deposits = sum(
        line.deposit * units.get(line.line_no, 0) // line.quantity for line in order.lines
    )
    then = msgspec.structs.replace(
        seen,
        deposits=seen.deposits - deposits,
        by_points=seen.by_points - await _back_on_points(db, order.id, amount),
    )
    back = await returns.paid_back(db, order.id) + amount
    return max(0, seen.earned - rules.due(then, back, 0))


async def _back_on_points(db: Connection, order_id: UUID, amount: Money) -> Money:
    """How much of an amount goes back onto gift cards that were made of points."""
    last_first = list(reversed(await payments.tenders(db, order_id)))
    parts = payments.shares(amount, [one.amount - one.refunded for one in last_first]) or []
    return sum(part for one, part in zip(last_first, parts, strict=False) if one.of_points)


async def of_order(db: Connection, order_id: UUID) -> tuple[UUID, Account] | None:
    """Whose points this order earns, and what they have; None for a guest's."""
    seen = await queries.kept(db, order_id)
    if seen is None or seen.customer_id is None:
        return None
    return seen.customer_id, await see(db, seen.customer_id)


async def _due(db: Connection, order_id: UUID, seen: Kept, rate: int) -> int:
    return rules.due(seen, await returns.paid_back(db, order_id), rate)


async def spend(
    db: Connection, customer_id: UUID, command: UUID, points: int, currency: str, secret: str
) -> UUID:
    """A gift card of points, each worth one minor unit; it pays on the web and at a till like any other.
    Raises Unprocessable for too few or too many at once, Conflict for more than there are."""
    if not rules.LEAST <= points <= rules.MOST:
        raise Unprocessable(
            "Please write a number from {least} to {most}.",
            code="points-out-of-bounds", least=rules.LEAST, most=rules.MOST,
        )  # fmt: skip

    async def act() -> dict[str, str]:
        balance = await queries.lock(db, customer_id)
        if balance is None or balance < points:
            raise Conflict("You have fewer points than that.", code="not-enough-points")
        card_id = await giftcards.issue(db, points, currency, secret=secret, why="points")
        await queries.move(db, new_id(), customer_id, "spend", -points, card_id=card_id)
        return {"card": str(card_id)}

    done = await commands.once(db, customer_id, command, {"do": "spend", "points": points}, act)
    return UUID(done["card"])


async def give(
    db: Connection, person: Person, customer_id: UUID, command: UUID, points: int, reason: str
) -> None:
    """Goodwill in points. Raises Unprocessable without points or a reason, NotAllowed beyond what the
    role may give to one customer in a year."""
    if points < 1 or len(reason.strip()) < 3:
        raise Unprocessable("Please write how many points, and a reason.", code="no-points")

    async def act() -> dict[str, int]:
        await queries.open_account(db, customer_id)
        await queries.lock(db, customer_id)
        most = rules.most_goodwill(supervisor=person.may("supervisor"))
        if await queries.given_lately(db, customer_id) + points > most:
            raise NotAllowed(
                "That is more points than you may give to one customer in a year. Ask a supervisor.",
                code="beyond-your-limit",
            )
        await queries.move(
            db, uuid5(customer_id, str(command)), customer_id, "goodwill", points,
            person_id=person.id, reason=reason.strip()[:200],
        )  # fmt: skip
        await staff.note(db, person, "points.give", str(customer_id), f"{points} {reason}"[:200])
        return {"points": points}

    asked = {"do": "points", "points": points, "reason": reason}
    await commands.once(db, customer_id, command, asked, act)


async def see(db: Connection, customer_id: UUID) -> Account:
    """What an account has, and the last hundred movements."""
    row = await queries.account(db, customer_id)
    if row is None:
        return Account(balance=0, moved_at=None, entries=[])
    moved = await queries.entries(db, customer_id, rules.SHOWN)
    return Account(balance=row["balance"], moved_at=row["moved_at"], entries=moved)


async def expire(pool: Pool) -> None:
    """Points of accounts that have long been quiet end."""
    for customer_id in await queries.unused(pool, rules.UNUSED_FOR, 100):
        async with begin(pool) as db:
            points = await queries.still_unused(db, customer_id, rules.UNUSED_FOR)
            if points:
                await queries.move(db, new_id(), customer_id, "expire", -points)
