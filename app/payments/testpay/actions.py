from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from app import jobs
from app.db import Connection, Pool, new_id
from app.errors import NotFound
from app.jobs import Task
from app.money import Money
from app.payments.rules import sign
from app.payments.testpay import queries
from app.payments.testpay.models import Choice, Page, Told
from app.payments.testpay.rules import Happens, held_first, secrets_of, what_happens

if TYPE_CHECKING:
    import httpx

NOTIFICATION = "test payment notification"
TIMEOUT_S = 5


async def look(db: Connection, id: str) -> Page:
    """Raises NotFound."""
    page = await queries.find(db, id)
    if page is None:
        raise NotFound("There is no such payment.")
    return page


async def choose(db: Connection, id: str, choice: Choice) -> Page:
    """What the shopper does on the page; the payment afterwards. A payment that is charged or
    cancelled, or past its end, does not change any more."""
    page = await queries.lock(db, id)
    if page is None:
        raise NotFound("There is no such payment.")
    if page.state != "open" or datetime.now(UTC) >= page.expires_at:
        return page
    if choice in ("decline", "refuse"):
        await queries.note_declined(db, id)
    happenings = what_happens(choice)
    if page.takes == "later":
        happenings = held_first(choice, happenings)
    if choice not in ("decline", "refuse"):
        await queries.become(db, id, _state_after(choice, happenings))
    for happening in happenings:
        await _happen(db, page, happening)
    return await look(db, id)


def _state_after(choice: Choice, happenings: list[Happens]) -> str:
    if choice == "cancel":
        return "cancelled"
    return "held" if any(one.kind == "authorised" for one in happenings) else "charged"


async def shut(db: Connection, page: Page) -> None:
    """The shop wants it not to be paid any more; it asks for the result itself."""
    if await queries.become(db, page.id, "cancelled"):
        await _happen(db, page, Happens("failed", told=()))


async def charge(db: Connection, page: Page, amount: Money) -> None:
    """Take so much of what is held. The shop asks for the result itself."""
    if await queries.charge_held(db, page.id):
        await queries.write_event(db, new_id(), page.id, "captured", amount, page.currency)


async def deliver(
    pool: Pool, task: Task, shop_secret: str, transport: "httpx.AsyncBaseTransport | None" = None
) -> None:
    """One notification, signed, over HTTP. Anything but success raises, and the step is retried."""
    import httpx  # a web process, which only writes these steps, starts faster without

    event = await queries.event(pool, UUID(task.body["event"]))
    assert event is not None, "written with this step"
    page = await queries.find(pool, event.payment_id)
    assert page is not None, "an event is of a payment"
    body = msgspec.json.encode(Told.of(event, page))
    signature = sign(secrets_of(shop_secret)[0], body, datetime.now(UTC))
    # The demo's certificate is self-made, and what is sent here proves itself by its signature.
    async with httpx.AsyncClient(transport=transport, timeout=TIMEOUT_S, verify=False) as client:
        answer = await client.post(
            page.notify,
            content=body,
            headers={"Content-Type": "application/json", "Perron-Signature": signature},
        )
    answer.raise_for_status()


async def _happen(db: Connection, page: Page, happening: Happens) -> None:
    id = new_id()
    charged = happening.kind in ("captured", "authorised")
    amount = max(page.amount - happening.short_by, 1) if charged else 0
    await queries.write_event(db, id, page.id, happening.kind, amount, page.currency)
    for delay in happening.told:
        await jobs.later(db, NOTIFICATION, {"event": str(id)}, due_at=datetime.now(UTC) + delay)
