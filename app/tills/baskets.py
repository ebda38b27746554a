"""Which basket lies on a receipt: one of its own, or a customer's as long as they let us see it."""

from uuid import UUID

import msgspec

from app.cart import pairing
from app.db import Connection, new_id
from app.errors import Conflict
from app.tills import drawers, queries
from app.tills.models import Receipt, Till


async def begin(db: Connection, till: Till, cart_id: UUID) -> Receipt:
    """The receipt at which the clerk is, or a new one with this empty cart."""
    shift_id = await drawers.at_work(db, till)
    if await queries.open_receipt(db, till.id) is None:
        await queries.begin_receipt(db, new_id(), till.id, shift_id, cart_id)
    found = await queries.open_receipt(db, till.id)
    assert found is not None, "the shift is locked"
    return found


async def seen(db: Connection, receipt: Receipt) -> Receipt | None:
    """The receipt with the basket that is on it now; None where its customer took it back."""
    if receipt.view_id is None:
        return receipt
    if not await is_shown(db, receipt):
        return None
    cart_id = await queries.where_now(db, receipt.cart_id)
    return msgspec.structs.replace(receipt, cart_id=cart_id)


async def shown(db: Connection, receipt: Receipt) -> Receipt:
    """With the basket as its customer lets us see it. Raises Conflict when they ended that."""
    now = await seen(db, receipt)
    if now is None:
        raise Conflict(
            "The customer has taken their basket back. Go on without it.", code="view-ended"
        )
    if now.cart_id != receipt.cart_id:
        await queries.carry_on_with(db, now.id, now.cart_id, now.view_id)
    return now


async def let_go(db: Connection, receipt: Receipt) -> None:
    """It is paid: we look into this basket no more."""
    if receipt.view_id is not None:
        await pairing.end_view(db, receipt.cart_id, receipt.view_id)


async def is_shown(db: Connection, receipt: Receipt) -> bool:
    views = await pairing.views_of(db, receipt.cart_id)
    return any(view.id == receipt.view_id for view in views)
