from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from app import jobs
from app.db import Connection, Pool, new_id
from app.errors import NotFound
from app.money import Money
from app.payments import giftcards, queries
from app.payments.models import Fact, Intent, State, Takes, Taking, Teller
from app.payments.providers import Provider, Unreachable
from app.payments.rules import (
    GRACE,
    HELD_FOR,
    PROMISED,
    shares,
    state_after,
    wait_before_asking,
)

IN_HAND = frozenset({"cash", giftcards.GIFT_CARD})
"""Tenders that need nobody outside."""
FIRST_DOUBT = timedelta(seconds=20)
ASKED_AT_ONCE = 4
TAKEN_FOR = timedelta(seconds=30)
TOO_MUCH = "paid too much"
TOLD_AS = {
    "authorised": "PaymentAuthorised",
    "captured": "PaymentCaptured",
    "failed": "PaymentFailed",
}


async def intend(
    db: Connection,
    order_id: UUID,
    amount: Money,
    currency: str,
    *,
    provider: str,
    expires_at: datetime,
    takes: Takes = "now",
    place: int = 0,
) -> Intent:
    """Write down that this order wants paying, or this part of it; the provider is told outside the
    transaction. With `takes` "later" a means that can holds the money until `take_held`. `place`: which
    of the order's tenders it is, from 0; what was paid last goes back first."""
    id = new_id()
    ask_at = datetime.now(UTC) + FIRST_DOUBT
    await queries.write_intent(
        db, id, order_id, provider, amount, currency, expires_at, ask_at, takes, place
    )
    return await _announced(db, id, order_id)


async def lay_down(
    db: Connection, order_id: UUID, amount: Money, currency: str, *, provider: str, place: int = 0
) -> Intent:
    """Money that is in our hands already, e.g. coins on the counter: it is held for the order, taken
    with `take_in_hand` when all of it is paid, and given back when it is off."""
    id = new_id()
    until = datetime.now(UTC) + HELD_FOR
    await queries.write_in_hand(db, id, order_id, provider, amount, currency, until, place)
    return await _announced(db, id, order_id)


async def pay_by_card(
    db: Connection, order_id: UUID, part: giftcards.Part, currency: str, *, place: int = 0
) -> Intent:
    """So much of the order is paid by a gift card. Raises Conflict when it is not on it any more."""
    intent = await lay_down(
        db, order_id, part.amount, currency, provider=giftcards.GIFT_CARD, place=place
    )
    await giftcards.hold(db, part, intent.id, currency)
    return intent


async def take_in_hand(db: Connection, order_id: UUID) -> None:
    """The order is paid: what was laid down for it is the shop's. The order is locked."""
    for intent in await queries.lock_intents_of_order(db, order_id):
        if intent.provider not in IN_HAND or intent.state != "authorised":
            continue
        mark = f"{intent.provider} {intent.id}"
        fact = Fact(
            provider=intent.provider,
            event_id=mark,
            intent_id=intent.id,
            kind="captured",
            amount=intent.amount,
            currency=intent.currency,
            capture=mark,
        )
        await absorb(db, fact, "answer")
        if intent.provider == giftcards.GIFT_CARD:
            await giftcards.capture(db, intent.id)


async def absorb(db: Connection, fact: Fact, told_by: Teller) -> Intent:
    """Take in what a provider told, whenever and however often it tells; the intent as it is now.

    The caller has locked the order. Raises NotFound for a payment that is not ours.
    """
    intent = await queries.lock_intent(db, fact.intent_id)
    if intent is None or intent.provider != fact.provider:
        raise NotFound("There is no such payment.")
    if not await queries.keep_fact(db, fact, told_by):
        return intent
    if fact.kind == "captured":
        await _take_money(db, intent, fact)
    captured = await queries.captured(db, intent.id)
    wanted = await queries.taking(db, intent.id) or intent.amount
    state = state_after(intent.state, fact.kind, captured, wanted)
    if state == "authorised" != intent.state:
        await queries.note_held(db, intent.id, datetime.now(UTC) + HELD_FOR)
    if state != intent.state:
        await _become(db, intent, state)
    if state == "captured":
        await queries.end_taking(db, intent.id, "made")
    if state == "failed" and intent.state == "authorised":
        await queries.end_taking(db, intent.id, "void")
        await _note_oddity(db, intent, fact, "hold-lapsed")
    await _send_back_what_is_too_much(db, intent, captured)
    found = await queries.find_intent(db, intent.id)
    assert found is not None, "it is locked"
    return found


async def nobody_to_ask(db: Connection, intent_id: UUID) -> None:
    """Settled without a provider, e.g. in cash: nothing more will come of it."""
    await queries.ask_again_at(db, intent_id, None)


async def withdraw(db: Connection, order_id: UUID, *, keep: Money = 0) -> None:
    """The order is off: what is open shall not be paid, what was paid goes back, all but `keep`
    (what was paid for goods that were taken along).

    The caller has locked the order. The provider is told by `ask_due`, at once.
    """
    await queries.end_promise(db, order_id, PROMISED)
    for intent in await queries.lock_intents_of_order(db, order_id):
        if intent.state == "open" or (
            intent.state == "authorised" and not await queries.taking(db, intent.id)
        ):
            await _become(db, intent, "failed")
            if intent.provider not in IN_HAND:
                await queries.ask_again_at(db, intent.id, datetime.now(UTC))
        keep -= await give_back(db, intent.id, "cancelled", keep=keep)


async def let_go(db: Connection, intent_id: UUID, reason: str) -> None:
    """One that is not wanted any more: it shall not be paid, and what came in goes back. The caller
    has locked the order; the provider is told by `ask_due`, at once."""
    intent = await queries.lock_intent(db, intent_id)
    if intent is not None and intent.state == "open":
        await _become(db, intent, "failed")
        await queries.ask_again_at(db, intent_id, datetime.now(UTC))
    await give_back(db, intent_id, reason)


async def give_back(db: Connection, intent_id: UUID, reason: str, *, keep: Money = 0) -> Money:
    """What came in and was not promised back yet, but for `keep`; returns how much of that is kept
    here."""
    await queries.lock_intent(db, intent_id)
    left = await queries.left(db, intent_id)
    kept = min(keep, max(left, 0))
    if left > kept:
        await _promise_back(db, new_id(), intent_id, left - kept, reason)
    return kept


async def refund(db: Connection, order_id: UUID, id: UUID, amount: Money, reason: str) -> bool:
    """Part of what was paid goes back, e.g. for what was not on the shelf after all: by the tenders
    it came with, the last one first. Of money that is only held, so much less is taken.

    The same id again is the same refund. False when that much did not come in.
    """
    intents = list(reversed(await queries.lock_intents_of_order(db, order_id)))
    if await queries.refund_exists(db, id):
        return False
    split = shares(amount, [await queries.left(db, intent.id) for intent in intents])
    if split is None:
        return False
    parts = [(intent, part) for intent, part in zip(intents, split, strict=False) if part]
    for number, (intent, part) in enumerate(parts):
        part_id = uuid5(id, str(intent.id)) if number else id
        await _promise_back(db, part_id, intent.id, part, reason)
    return True


async def take_held(db: Connection, order_id: UUID) -> Money:
    """The order is packed, so what it costs is known: money that is held for it is taken, less what
    was missing. Returns how much; the provider is told by `make_takings`. The order is locked."""
    taken = 0
    for intent in await queries.lock_intents_of_order(db, order_id):
        if intent.state != "authorised":
            continue
        taken += await queries.want_taking(db, intent.id)
        if not await queries.taking(db, intent.id):  # nothing of it is left to be taken
            await _become(db, intent, "failed")
            await queries.ask_again_at(db, intent.id, datetime.now(UTC))
    return taken


async def make_takings(pool: Pool, providers: dict[str, Provider]) -> list[Fact]:
    """Take what shall be taken; the facts say what came in. One that fails is tried again."""
    facts: list[Fact] = []
    for intent_id, amount in await queries.take_due_takings(pool, 20):
        intent = await queries.find_intent(pool, intent_id)
        assert intent is not None, "a taking is of an intent"
        try:
            answer = await _of(providers, intent.provider).take(Taking(intent, amount))
        except Unreachable:
            continue
        facts += answer.facts
    return facts


async def make_refunds(pool: Pool, providers: dict[str, Provider]) -> None:
    """Those that are due; one that fails is tried again later, never given up."""
    for refund in await queries.take_due_refunds(pool, 20):
        try:
            reference = await _of(providers, refund.provider).refund(refund)
        except Unreachable:
            continue
        await queries.note_refunded(pool, refund.id, reference)


async def standing(db: Connection, order_id: UUID, total: Money) -> State:
    """Of an order that costs `total`: "captured" when its tenders together are taken or held (of what
    costs nothing, from the start), "open" while one of them may still come, "failed" when it cannot
    be paid any more."""
    intents = await queries.lock_intents_of_order(db, order_id)
    secured = sum(one.amount for one in intents if one.state in ("captured", "authorised"))
    if secured >= total and (intents or not total):
        return "captured"
    waiting = sum(one.amount for one in intents if one.state == "open")
    return "open" if secured + waiting >= total else "failed"


async def due_to_ask(pool: Pool) -> list[Intent]:
    """Payments nobody told us of in time, the longest due first, for one worker to `ask` about: a
    worker that dies with them in hand puts them off for half a minute."""
    return await queries.take_due_intents(pool, ASKED_AT_ONCE, TAKEN_FOR)


async def ask(pool: Pool, providers: dict[str, Provider], intent: Intent) -> list[Fact]:
    """What the provider says about it now; its last word ends what is still open.

    Without an answer it is asked again, and when it should have ended long ago it counts as failed
    (should money come all the same, it goes back).
    """
    now = datetime.now(UTC)
    over = intent.state == "failed" or (intent.state == "open" and now >= intent.expires_at)
    try:
        provider = _of(providers, intent.provider)
        answer = await (provider.close(intent) if over else provider.ask(intent))
    except Unreachable:
        await queries.ask_again_at(pool, intent.id, now + wait_before_asking(intent.asked))
        lost = intent.state == "open" and now >= intent.expires_at + GRACE
        return [_given_up(intent)] if lost else []
    again = None if answer.final else now + wait_before_asking(intent.asked)
    await queries.ask_again_at(pool, intent.id, again)
    ended = answer.final and intent.state != "authorised"
    return [*answer.facts, _given_up(intent)] if ended else answer.facts


def _of(providers: dict[str, Provider], name: str) -> Provider:
    """One whose key was taken out of the settings does not answer, and the others go on."""
    if name not in providers:
        raise Unreachable
    return providers[name]


async def _take_money(db: Connection, intent: Intent, fact: Fact) -> None:
    if fact.currency != intent.currency:
        await _note_oddity(db, intent, fact, "currency")
        return
    new = await queries.keep_capture(db, intent.id, fact.capture or fact.event_id, fact.amount)
    wanted = await queries.taking(db, intent.id) or intent.amount
    if new and fact.amount != wanted:
        await _note_oddity(db, intent, fact, "amount")


async def _note_oddity(db: Connection, intent: Intent, fact: Fact, what: str) -> None:
    told = {"event": fact.event_id, "amount": fact.amount, "currency": fact.currency}
    await queries.keep_oddity(db, new_id(), intent.id, what, told)


async def _send_back_what_is_too_much(db: Connection, intent: Intent, captured: Money) -> None:
    """What was waived is not to be taken: a provider that takes all that was held gives it back."""
    wanted = intent.amount - await queries.waived(db, intent.id)
    sent_back = await queries.refunded_because(db, intent.id, TOO_MUCH)
    if captured - wanted > sent_back:
        await _promise_back(db, new_id(), intent.id, captured - wanted - sent_back, TOO_MUCH)


async def _promise_back(
    db: Connection, id: UUID, intent_id: UUID, amount: Money, reason: str
) -> None:
    if not await queries.want_refund(db, id, intent_id, amount, reason):
        return
    intent = await queries.find_intent(db, intent_id)
    assert intent is not None, "it is locked"
    await jobs.announce(
        db,
        aggregate="payment",
        id=intent_id,
        number=await queries.bump(db, intent_id),
        kind="PaymentRefunded",
        body={
            "order": str(intent.order_id),
            "refund": str(id),
            "amount": amount,
            "reason": reason,
        },
    )


async def _announced(db: Connection, id: UUID, order_id: UUID) -> Intent:
    await jobs.announce(
        db,
        aggregate="payment",
        id=id,
        number=1,
        kind="PaymentIntended",
        body={"order": str(order_id)},
    )
    intent = await queries.find_intent(db, id)
    assert intent is not None, "just written"
    return intent


async def _become(db: Connection, intent: Intent, state: State) -> None:
    if state == "failed" and intent.provider == giftcards.GIFT_CARD:
        await giftcards.release(db, intent.id)
    version = await queries.set_state(db, intent.id, state)
    await jobs.announce(
        db,
        aggregate="payment",
        id=intent.id,
        number=version,
        kind=TOLD_AS[state],
        body={"order": str(intent.order_id)},
    )


def _given_up(intent: Intent) -> Fact:
    return Fact(
        provider=intent.provider,
        event_id=f"given up {intent.id}",
        intent_id=intent.id,
        kind="failed",
        amount=0,
        currency=intent.currency,
    )
