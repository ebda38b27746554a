"""Two baskets become one, and can become two again for ten minutes (DESIGN 1.3).

The survivor keeps its id; the guest's cart follows it as an alias, so that both tokens go on
working. The guest's lines stay where they are, untouched: undoing is taking out what they brought.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal
from uuid import UUID

import asyncpg
import msgspec

from app import commands as done_before
from app import live
from app.cart import refusals, rules
from app.cart.models import MOST_ITEMS, LineKey
from app.cart.queries import joining as queries
from app.cart.rules import Joining
from app.db import Connection, new_id
from app.errors import Busy, Conflict

Occasion = Literal["browsing", "checkout"]


class Joined(msgspec.Struct, frozen=True):
    """`cart_id` is the basket to go on with. `apart` says why two baskets stayed two."""

    cart_id: UUID
    merged: UUID | None = None
    apart: Literal["being-paid", "other-currency", ""] = ""


class Undoable(msgspec.Struct, frozen=True):
    """A merge of the last ten minutes: what found no room, and how many lines were laid aside."""

    id: UUID
    left_out: int
    parked: int


async def join(
    db: Connection,
    customer_id: UUID,
    guest: UUID | None,
    currency: str,
    occasion: Occasion = "browsing",
) -> Joined:
    """A customer has come: the guest's basket (`guest`) and the customer's own become one.

    While browsing quantities are added; at the checkout the guest's lines come first and what the
    customer had is laid aside, so that nobody buys what they did not see. Any number of times is
    once. A basket that is another customer's is left alone.
    """
    of_somebody = await queries.owner(db, guest) if guest else None
    brought = guest if of_somebody in (None, customer_id) else None
    own = await queries.lock_member(db, customer_id, brought)
    if own is None:
        own = new_id()
        await queries.open_without_token(db, own, currency)
        own = await queries.lock_member(db, customer_id, own)
    assert own is not None, "given above"
    if brought is None or own == brought:
        if of_somebody is None and brought is not None:
            await _check_still_theirs(db, {brought}, customer_id)
        return Joined(own)
    return await merge(db, brought, own, customer_id, occasion)


async def meet(db: Connection, here: UUID, brought: UUID) -> None:
    """What was put into a basket of this browser goes into the one that is brought along.

    Not where either is a customer's, who is not here: then they stay two.
    """
    if await queries.owner(db, here) is None and await queries.owner(db, brought) is None:
        await merge(db, here, brought, None, "browsing")


async def merge(
    db: Connection, guest: UUID, survivor: UUID, customer_id: UUID | None, occasion: Occasion
) -> Joined:
    """In this one transaction. Carts that are being paid, or of two currencies, stay apart."""
    carts = await _check_still_theirs(db, {guest, survivor}, customer_id)
    apart = rules.reason_to_stay_apart(dict(carts[guest]), dict(carts[survivor]))
    if apart == "together":
        return Joined(survivor)
    if apart:
        return Joined(guest, apart=apart)
    id, version = new_id(), max(cart["version"] for cart in carts.values()) + 1
    parked = await queries.park(db, survivor) if occasion == "checkout" else []
    ours, theirs = await queries.lines(db, survivor), await queries.lines(db, guest)
    most = {row["product_id"]: row["most"] for row in theirs if row["most"] is not None}
    joining = rules.join(_quantities(ours), _quantities(theirs), most)
    brought = [_plain(key, quantity) for key, quantity in joining.brought.items()]
    await queries.bring(db, guest, survivor, version, _brought(brought))
    words = await queries.bring_words(db, guest, survivor)
    await _tell(db, survivor, version, id, joining, parked)
    followers = await queries.let_follow(db, guest, survivor)
    await queries.stand(db, guest, version, id, {"merged": survivor})
    merged = queries.Merged(
        id=id,
        survivor=survivor,
        guest=guest,
        brought=brought,
        parked=[_plain(_key(row), row["quantity"]) for row in parked],
        left_out=joining.left_out,
        words=words,
        followers=followers,
    )
    await queries.note_merge(db, merged, customer_id)
    await done_before.copy_to(db, guest, survivor)
    live.tell_after_commit(db, f"cart:{guest}", version)
    return Joined(survivor, merged=id)


async def _check_still_theirs(
    db: Connection, cart_ids: set[UUID], customer_id: UUID | None
) -> dict[UUID, asyncpg.Record]:
    """Locks them. Raises Busy where somebody else has signed in with one in this very moment: who
    asks again is told apart."""
    carts = {cart["id"]: cart for cart in await queries.lock(db, sorted(cart_ids))}
    if await queries.owners(db, sorted(cart_ids)) - {customer_id}:
        raise Busy("The shop is very busy. Please try again in a moment.", retry_after_s=1)
    return carts


async def undo(db: Connection, id: UUID, survivor: UUID) -> UUID:
    """The guest's basket stands alone again; returns it. What happened since stays.

    Raises Conflict when ten minutes are over, or the basket is being paid.
    """
    [cart] = await queries.lock(db, [survivor])
    done = await queries.undo(db, id, survivor) if cart["state"] == "open" else None
    if done is None:
        raise Conflict("The baskets can no longer be taken apart.", code="too-late")
    guest: UUID = done["guest"]
    [was] = await queries.lock(db, [guest])
    version, command = max(cart["version"], was["version"]) + 1, new_id()
    taken = await queries.take_out(db, survivor, version, _brought(done["brought"]))
    parked = await _as_far_as_there_is_room(db, survivor, _brought(done["parked"]))
    back = await queries.fetch_back(db, survivor, version, parked)
    words = queries.Words(done["coupons"], done["noted"], done["line_notes"])
    await queries.take_out_words(db, guest, survivor, words)
    after = {_key(row): row["quantity"] for row in (*taken, *back)}
    await queries.stand(db, survivor, version, command, {"lines": _steps(after)})
    await queries.stand_alone(db, guest, done["followers"])
    await queries.stand(db, guest, version, command, {"lines": []})
    await done_before.copy_to(db, survivor, guest)
    for one in (survivor, guest):
        live.tell_after_commit(db, f"cart:{one}", version)
    return guest


async def undoable(db: Connection, cart_id: UUID) -> Undoable | None:
    """What can still be taken apart of this basket."""
    row = await queries.undoable(db, cart_id)
    return Undoable(**row) if row else None


async def put_back(db: Connection, cart_id: UUID, command: UUID, line: LineKey) -> None:
    """One line that was laid aside is in the basket again. Raises Conflict where it cannot be."""

    async def act() -> dict[str, int]:
        [cart] = await queries.lock(db, [cart_id])
        if cart["state"] != "open":
            raise refusals.in_words("being-paid")
        aside = (line.product_id, line.handover, line.edition_id, 0)
        version = cart["version"] + 1
        back = await queries.fetch_back(db, cart_id, version, [aside])
        if sum(row["more"] for row in back) + cart["items"] > MOST_ITEMS:
            raise refusals.in_words("basket-full")
        rows = [dict(row) for row in await queries.lines(db, cart_id)]
        if back and rules.above_its_limit(line.product_id, rows):
            raise refusals.in_words("limited")
        after = {_key(row): row["quantity"] for row in back}
        await queries.stand(db, cart_id, version, command, {"lines": _steps(after)})
        live.tell_after_commit(db, f"cart:{cart_id}", version)
        return {"version": version}

    await done_before.once(db, cart_id, command, {"put back": line}, act)


async def _as_far_as_there_is_room(
    db: Connection, cart_id: UUID, parked: Sequence[queries.Brought]
) -> list[queries.Brought]:
    """What does not fit any more, since a lot was put in meanwhile, stays laid aside."""
    room = MOST_ITEMS - sum(row["quantity"] for row in await queries.lines(db, cart_id))
    saved = await queries.saved(db, cart_id)
    aside = {(row["product_id"], row["handover"], row["edition_id"]): row for row in saved}
    fits = []
    for one in parked:
        quantity = aside[one[:3]]["quantity"] if one[:3] in aside else 0
        if quantity <= room:
            room -= quantity
            fits.append(one)
    return fits


async def _tell(
    db: Connection,
    survivor: UUID,
    version: int,
    id: UUID,
    joining: Joining,
    parked: Sequence[asyncpg.Record],
) -> None:
    after = {_key(row): 0 for row in parked} | joining.after
    await queries.stand(db, survivor, version, id, {"lines": _steps(after)})
    live.tell_after_commit(db, f"cart:{survivor}", version)


def _steps(after: Mapping[LineKey, int]) -> list[dict[str, Any]]:
    return [
        {
            "line": f"{key.product_id}/{key.handover}/{key.edition_id}",
            "product_id": key.product_id,
            "handover": key.handover,
            "edition_id": key.edition_id,
            "quantity": quantity,
        }
        for key, quantity in after.items()
    ]


def _key(row: asyncpg.Record) -> LineKey:
    return LineKey(row["product_id"], row["handover"], row["edition_id"])


def _quantities(rows: Sequence[asyncpg.Record]) -> dict[LineKey, int]:
    return {_key(row): row["quantity"] for row in rows}


def _plain(key: LineKey, quantity: int) -> list[Any]:
    return [str(key.product_id), key.handover, str(key.edition_id), quantity]


def _brought(kept: Sequence[Sequence[Any]]) -> list[queries.Brought]:
    return [(UUID(one[0]), one[1], UUID(one[2]), one[3]) for one in kept]
