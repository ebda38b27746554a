"""What was bought before goes into the basket once more, and out again if that was not meant.

One command for all of it: in one transaction each product gets as many as can still be had, and of
the rest it is kept why not. It adds to what is in there and takes nothing away.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import asyncpg
import msgspec

from app import commands as done_before
from app.cart import actions, queries, refusals, rules
from app.cart.models import NO_EDITION, Add, Again, Bought, BroughtAgain
from app.cart.rules import Facts
from app.db import Connection
from app.errors import Conflict, NotFound

UNDO_FOR = timedelta(minutes=10)


async def bring(
    db: Connection,
    cart_id: UUID,
    command: UUID,
    order_id: UUID,
    bought: Sequence[Bought],
    left: Mapping[UUID, int],
) -> Again:
    """What `order_id` brought, once more. `left`: how many of a product can still be sold, where
    that is bounded. The same command again is the same. Raises Conflict for a basket being paid.
    """

    async def act() -> Any:
        items = await _lock(db, cart_id)
        lines = await _fitting(db, cart_id, command, items, bought, left)
        lines = await _put_in(db, cart_id, command, lines)
        return msgspec.to_builtins(Again(command, lines, datetime.now(UTC) + UNDO_FOR))

    done = await done_before.once(db, cart_id, command, {"again": order_id}, act)
    return msgspec.convert(done, Again)


async def undo(db: Connection, cart_id: UUID, command: UUID) -> None:
    """What `command` brought is out again, as far as it is still there, once however often this
    comes. Raises Conflict when ten minutes are over or the basket is being paid, NotFound where it
    brought nothing.
    """
    again = await seen(db, cart_id, command)
    if again is None:
        raise NotFound("There is nothing here.")

    async def act() -> dict[str, str]:
        await _lock(db, cart_id)
        if datetime.now(UTC) > again.until:
            raise Conflict("That was too long ago to undo it at once.", code="too-late")
        out = [
            Add(
                id=uuid5(command, f"out {place}"),
                cart_id=cart_id,
                product_id=line.product_id,
                handover=line.handover,
                quantity=-line.added,
            )
            for place, line in enumerate(again.lines)
            if line.added
        ]
        await actions.apply(db, out)
        return {"undone": str(command)}

    await done_before.once(db, cart_id, _undoing(command), {"undo": command}, act)


async def seen(db: Connection, cart_id: UUID, command: UUID) -> Again | None:
    """What this command brought into this basket; None when it brought nothing."""
    done = await done_before.kept(db, cart_id, command)
    if not isinstance(done, dict) or "lines" not in done:
        return None
    undone = await done_before.kept(db, cart_id, _undoing(command)) is not None
    return msgspec.structs.replace(msgspec.convert(done, Again), undone=undone)


async def _lock(db: Connection, cart_id: UUID) -> int:
    """How many things are in it."""
    [cart] = await queries.lock(db, [cart_id])
    if cart["state"] != "open":
        raise refusals.in_words("being-paid")
    items: int = cart["items"]
    return items


async def _fitting(
    db: Connection,
    cart_id: UUID,
    command: UUID,
    items: int,
    bought: Sequence[Bought],
    left: Mapping[UUID, int],
) -> list[BroughtAgain]:
    rows = await queries.facts(db, [_wish(cart_id, command, one) for one in bought])
    lines, more = [], Counter[UUID]()
    for one, row in zip(bought, rows, strict=True):
        bound, there = left.get(one.product_id), row["quantity"] or 0
        fits, why = rules.fits_again(
            one,
            _facts(row, more[one.product_id]),
            there,
            items + more.total(),
            None if bound is None else bound - there - more[one.product_id],
        )
        more[one.product_id] += fits
        lines.append(BroughtAgain(one.product_id, one.handover, one.quantity, fits, why, one.price))
    return lines


async def _put_in(
    db: Connection, cart_id: UUID, command: UUID, lines: Sequence[BroughtAgain]
) -> list[BroughtAgain]:
    """As many as were said to fit: the basket is locked. A product may leave the shop meanwhile."""
    fitting = [(uuid5(command, f"in {place}"), line) for place, line in enumerate(lines)]
    outcomes = await actions.apply(
        db,
        [
            Add(
                id=id,
                cart_id=cart_id,
                product_id=line.product_id,
                handover=line.handover,
                quantity=line.added,
            )
            for id, line in fitting
            if line.added
        ],
    )
    refused = {outcome.id for outcome in outcomes if outcome.refused}
    return [
        msgspec.structs.replace(line, added=0, why="not-for-sale") if id in refused else line
        for id, line in fitting
    ]


def _wish(cart_id: UUID, command: UUID, one: Bought) -> queries.Wish:
    return queries.Wish(
        id=command,
        handover=one.handover,
        edition_id=NO_EDITION,
        cart_id=cart_id,
        product_id=one.product_id,
    )


def _facts(row: asyncpg.Record, more: int) -> Facts:
    return Facts(
        product_id=row["product_id"],
        on_sale=row["on_sale"],
        most=row["most"],
        of_product=(row["of_product"] or 0) + more,
    )


def _undoing(command: UUID) -> UUID:
    return uuid5(command, "undo")
