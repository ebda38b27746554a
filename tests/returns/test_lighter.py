"""What weighed less than ordered was paid back when it was packed: it changes nothing of what the rest
brings, and never goes back twice."""

from uuid import uuid4

import pytest

from app import orders, returns
from app.db import begin
from app.fulfilment.delivery.models import Refused
from tests.returns.stage import A, B, Delivered

NOT_WANTED = (Refused(line_no=2, quantity=1, cause="not-wanted"),)
ONCE_MORE = {"grams": {A: 890}, "anew": {A: 1100}}
BESIDE_ANOTHER = {"grams": {A: 890}, "instead": {B: 2}, "refused": NOT_WANTED}


async def take(sold, piece):
    """One of it at a counter, as it was offered: what it brought, and what was said to be paid for it."""
    body = {"lines": {piece: 1}, "cause": "damaged"}
    async with begin(sold.pool) as db:
        order = await orders.read(db, sold.id)
        found = await returns.offer(db, order, returns.Wanted(**body))
        wanted = returns.Wanted(**body, amount=found.amount)
        desk = returns.Desk(channel="till", place_id=sold.stage.place_id)
        done = await returns.take(db, sold.id, uuid4(), wanted, desk)
    return done.amount, sum(share.paid for share in found.shares)


@pytest.mark.parametrize("how", [ONCE_MORE, BESIDE_ANOTHER], ids=["weighed anew", "not wanted"])
async def test_each_piece_brings_what_was_paid_and_all_of_them_what_is_still_paid(shop, how):
    """Picked anew it was heavier, and cost no more; or what came beside it was left at the door."""
    sold = await Delivered.set_up(shop, quantity=2, **how)
    async with begin(sold.pool) as db:
        pieces = await returns.lines(db, await orders.read(db, sold.id))

    brought = [await take(sold, one.key) for one in pieces for _ in range(one.left)]

    assert brought[0] == (1246, 1246), "14.00 was paid for it, and 11 % of that went back"
    assert [amount for amount, _ in brought] == [paid for _, paid in brought]
    assert await sold.went_back() == {"gift-card": 1500, "test": sold.total - 1500}
    assert await sold.stage.faults() == []
