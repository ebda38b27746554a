"""What weighed less than ordered was paid back when it was packed: it changes nothing of what the rest
brings, and never goes back twice."""

from datetime import UTC, datetime
from uuid import uuid4

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as some
from msgspec.structs import replace

from app import orders, returns
from app.db import begin
from app.fulfilment.delivery.models import Refused
from app.pricing.models import Receipt
from app.returns import rules
from tests.conftest import examples
from tests.returns.stage import A, B, Delivered

NOT_WANTED = (Refused(line_no=2, quantity=1, cause="not-wanted"),)


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


async def one_by_one(sold):
    """All of it; returns the order and its pieces as they were."""
    async with begin(sold.pool) as db:
        order = await orders.read(db, sold.id)
        pieces = await returns.lines(db, order)
    brought = [await take(sold, one.key) for one in pieces for _ in range(one.left)]

    assert brought[0] == (1246, 1246), "14.00 was paid for it, and 11 % of that went back"
    assert [amount for amount, _ in brought] == [paid for _, paid in brought]
    assert await sold.went_back() == {"gift-card": 1500, "test": sold.total - 1500}
    assert await sold.on_paper() == (0, 0)
    assert await sold.stage.faults() == []
    return order, pieces


async def test_what_is_heavier_when_it_is_picked_anew_brings_what_was_paid_for_it(shop):
    sold = await Delivered.set_up(shop, quantity=2, grams={A: 890}, anew={A: 1100})

    order, pieces = await one_by_one(sold)

    everything_in_any_order(order, pieces)


async def test_what_came_instead_and_was_left_at_the_door_is_counted_for_what_went_back(shop):
    how = {"grams": {A: 890}, "instead": {B: 2}, "refused": NOT_WANTED}

    await one_by_one(await Delivered.set_up(shop, quantity=2, **how))


def everything_in_any_order(order, pieces):
    """Whatever went back for weight, and whatever was given besides: together what was paid."""
    receipt = msgspec.convert(order.receipt, Receipt)
    keys = [one.key for one in pieces for _ in range(one.delivered)]
    causes = some.sampled_from(["changed-mind", "withdrawal", "missing", "damaged"])

    @settings(max_examples=examples(20, 300))
    @given(
        some.permutations(keys), some.data(),
        some.lists(some.integers(0, 600), min_size=len(pieces), max_size=len(pieces)),
        some.integers(0, 1000),
    )  # fmt: skip
    def holds(turns, data, less, goodwill):
        found = [replace(one, less=off) for one, off in zip(pieces, less, strict=True)]
        so_far = sum(one.less * one.delivered for one in found)
        came = []
        for key in turns:
            cause, left = data.draw(causes), order.sums.total - so_far - goodwill
            offer = rules.offer(order, receipt, found, {key: 1}, cause, came, so_far, left)
            assert 0 <= offer.amount <= left
            said = sum(share.paid for share in offer.shares) + offer.delivery
            if offer.by_share:
                assert said - offer.settled_before == offer.amount
            else:
                assert offer.amount >= offer.paid - offer.kept_costs - offer.so_far
            so_far += offer.amount
            now = datetime.now(UTC)
            came.append(returns.models.Came(
                id=uuid4(), cause=cause, channel="till", amount=offer.amount, at=now, units={key: 1}
            ))  # fmt: skip
            found = [replace(one, left=one.left - (one.key == key)) for one in found]
        assert so_far + goodwill == order.sums.total

    holds()
