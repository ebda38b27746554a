"""The goods of a basket are held for who pays for them: what is collected where it is collected, what
is brought wherever it can come from in that window."""

from dataclasses import replace
from datetime import UTC, datetime

from app import stock
from app.checkout import queries, sending
from app.checkout.models import Agreed, Wanted
from app.checkout.rules import (
    TO_HOLD,
    desk_hold,
    goods,
    kept,
    lapsed,
    not_at_desk,
    out_of_stock,
)
from app.checkout.shop import Shop, give_up
from app.checkout.turns import begin_in_turn
from app.checkout.underway import Desk, Underway


async def hold_goods(shop: Shop, underway: Underway, wanted: Agreed) -> Underway:
    """T2. Whoever repeats it asks with the same hold, and for the same goods: who sends them is
    written down before they are asked. What is collected comes first, because only one place can
    have it: who goes away without it has taken nothing from anybody."""
    if underway.desk is not None:
        await _hold_at_desk(shop, underway, underway.desk)
    tries = 0
    while True:
        request = stock.Request(
            hold_id=underway.attempt.id,
            holder=underway.attempt.order_id,
            lines=goods(underway.senders),
            until=datetime.now(UTC) + TO_HOLD,
            leaves_on=underway.leaves_on,
        )
        answer = await stock.submit(shop.pool, request)
        if isinstance(answer, stock.Reserved):
            return underway
        tries += 1
        underway = await _send_otherwise(
            shop, underway, wanted, answer, give_up_now=tries > sending.MOST_TRIES
        )


async def _hold_at_desk(shop: Shop, underway: Underway, desk: Desk) -> None:
    """Raises Conflict when the place has not enough any more: then nothing of the basket is held."""
    request = stock.Request(
        hold_id=desk_hold(underway.attempt.id),
        holder=underway.attempt.order_id,
        lines=goods([desk.part]),
        until=datetime.now(UTC) + TO_HOLD,
    )
    answer = await stock.submit(shop.pool, request)
    if isinstance(answer, stock.Reserved):
        return
    quote = underway.quote
    refusal = not_at_desk(quote, desk.name, answer.short) if answer.short else lapsed()
    async with begin_in_turn(shop.pool) as db:
        now = await queries.lock(db, underway.attempt.id)
        if now.state == "frozen":
            await queries.end(db, now.id, "refused", kept(refusal))
            await give_up(db, now)
    raise refusal


async def _send_otherwise(
    shop: Shop, underway: Underway, wanted: Agreed, answer: stock.Refused, *, give_up_now: bool
) -> Underway:
    """The goods are not there, or not any more: others may have them. Raises Conflict when not."""
    refusal = out_of_stock(underway.quote, answer.short) if answer.short else lapsed()
    async with begin_in_turn(shop.pool) as db:
        now = await queries.lock(db, underway.attempt.id)
        if now.state == "frozen":
            if now.senders and now.senders != underway.senders:
                return replace(underway, senders=now.senders)  # the same command, a moment before
            if answer.short and isinstance(wanted, Wanted) and not give_up_now:
                found = await sending.otherwise(db, underway.quote, underway.slot, wanted.postcode)
                if found.senders and found.senders != underway.senders:
                    await queries.write_senders(db, now.id, found.senders)
                    return replace(underway, senders=found.senders, asked=found.asked)
                if found.choice.missing:
                    refusal = out_of_stock(underway.quote, found.choice.missing)
            await queries.end(db, now.id, "refused", kept(refusal))
            await give_up(db, now)
    raise refusal
