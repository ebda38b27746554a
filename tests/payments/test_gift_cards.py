"""Gift cards pay first, are spent once, and get back what they paid."""

import asyncio
from collections import Counter
from uuid import UUID, uuid4

import asyncpg
import pytest

from app import payments
from app.db import begin, new_id
from app.errors import Conflict, Unprocessable
from app.orders import lock
from app.payments import giftcards
from tests.checkout.stage import FEE, Stage

PRICE = 249 + 15 + FEE


@pytest.fixture
async def stage(shop):
    stage = await Stage.set_up(shop)
    yield stage
    assert await stage.faults() == []


async def gift(stage, amount, currency="EUR"):
    """Somebody's card with so much on it; returns its code and id."""
    secret = stage.settings.secret
    async with begin(stage.pool) as db:
        id = await giftcards.issue(db, amount, currency, secret=secret)
        return await giftcards.reveal(db, id, new_id(), secret=secret), id


async def on(stage, id):
    row = await stage.pool.fetchrow(
        "SELECT balance, held FROM payments.gift_cards WHERE id = $1", id
    )
    return tuple(row)


async def moved(stage, id):
    async with begin(stage.pool) as db:
        return [entry.kind for entry in (await giftcards.ledger(db, [id]))[id]]


async def test_an_order_that_a_gift_card_pays_needs_nobody_else(stage):
    code, id = await gift(stage, 1000)
    buyer = await stage.buyer()

    wish = await buyer.wish(gift_cards=[code.lower().replace("-", " ")], to_pay=0)
    answer, again = await buyer.send(wish), await buyer.send(wish)

    placed = answer.json()
    assert (answer.status_code, again.json()) == (201, placed)
    assert placed["pay_at"] == placed["track_at"]
    assert await stage.order_states() == ["confirmed"]
    assert await on(stage, id) == (1000 - PRICE, 0)
    assert await moved(stage, id) == ["issue", "hold", "capture"]
    assert await stage.pool.fetchval("SELECT count(*) FROM payments.test_payments") == 0
    page = (await buyer.client.get(placed["track_at"], headers={"Accept-Language": "en"})).text
    assert f"Gift card …{code[-4:]}" in page
    await stage.work()
    assert await stage.pool.fetchval("SELECT count(*) FROM fulfilment.picks") == 1


async def test_two_cards_and_the_rest_on_the_payment_page_and_back_the_other_way_round(stage):
    (one, first), (two, second) = await gift(stage, 200), await gift(stage, 300)
    buyer = await stage.buyer()
    rest = PRICE - 500
    placed = (await buyer.order(gift_cards=[one, two], to_pay=rest)).json()
    order_id = UUID(placed["order_id"])
    assert (await on(stage, first), await on(stage, second)) == ((0, 200), (0, 300))
    assert await stage.pool.fetchval("SELECT amount FROM payments.test_payments") == rest
    assert await stage.faults() == []

    await buyer.choose(placed, "pay")
    await stage.work()
    assert await stage.order_states() == ["confirmed"]
    assert (await on(stage, first), await on(stage, second)) == ((0, 0), (0, 0))

    async with begin(stage.pool) as db:
        await lock(db, order_id)
        assert await payments.refund(db, order_id, new_id(), rest + 250, "damaged")
        assert not await payments.refund(db, order_id, new_id(), 251, "damaged")
    await stage.make_refunds()
    await stage.make_refunds()

    async with begin(stage.pool) as db:
        tenders = await payments.tenders(db, order_id)
    assert [(one.amount, one.refunded) for one in tenders] == [(200, 0), (300, 250), (rest, rest)]
    assert (await on(stage, first), await on(stage, second)) == ((0, 0), (250, 0))


@pytest.mark.parametrize("ends", ["cancelled", "unpaid"])
async def test_an_order_that_is_off_gives_the_card_back_what_it_held(stage, ends):
    code, id = await gift(stage, 500)
    buyer = await stage.buyer()
    placed = (await buyer.order(gift_cards=[code], to_pay=PRICE - 500)).json()
    await stage.pool.execute("UPDATE payments.gift_cards SET expires_at = now()")

    if ends == "cancelled":
        assert (await buyer.cancel(placed)).status_code == 200
    else:
        await stage.time_passes()
    await stage.reconcile()
    await stage.work()

    await giftcards.expire(stage.pool)

    assert await stage.order_states() == ["cancelled"]
    assert await on(stage, id) == (500, 0)
    assert await moved(stage, id) == ["issue", "hold", "release"]


async def test_a_paid_order_that_is_cancelled_gives_each_tender_back_its_own(stage):
    code, id = await gift(stage, 500)
    buyer = await stage.buyer()
    placed = (await buyer.order(gift_cards=[code], to_pay=PRICE - 500)).json()
    await buyer.choose(placed, "pay")
    await stage.work()

    assert (await buyer.cancel(placed)).status_code == 200
    await stage.work()
    await stage.make_refunds()

    assert await on(stage, id) == (500, 0)
    assert await stage.pool.fetchval("SELECT sum(amount) FROM payments.test_refunds") == PRICE - 500


async def test_many_at_once_spend_one_card_once(stage):
    code, id = await gift(stage, PRICE + 10)
    buyers = [await stage.buyer() for _ in range(8)]
    wishes = [await buyer.wish(gift_cards=[code], to_pay=0) for buyer in buyers]

    answers = await asyncio.gather(
        *(buyer.send(wish) for buyer, wish in zip(buyers, wishes, strict=True))
    )

    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 7}
    refused = {answer.json()["code"] for answer in answers if answer.status_code == 409}
    assert refused == {"gift-card-changed"}
    assert await on(stage, id) == (10, 0)
    assert await stage.reserved() == 1
    assert await stage.order_states() == ["confirmed"]


async def test_who_was_shown_something_else_is_told_what_is_left_before_any_order(stage):
    code, _ = await gift(stage, 500)
    buyer = await stage.buyer()

    unseen = await buyer.order(gift_cards=[code])
    buyer.key = str(uuid4())
    other = await buyer.order(gift_cards=[code], to_pay=PRICE - 600)

    for answer in (unseen, other):
        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (409, "gift-card-changed")
        assert problem["state"]["to_pay"] == PRICE - 500
    assert await stage.order_states() == []
    assert (await buyer.cart())["state"] == "open"


async def test_cards_that_do_not_hold_say_why_and_pay_nothing(stage):
    won, _ = await gift(stage, 50_000, "KRW")
    old, old_id = await gift(stage, 1000)
    lost, lost_id = await gift(stage, 1000)
    await stage.pool.execute(
        "UPDATE payments.gift_cards SET expires_at = now() WHERE id = $1", old_id
    )
    async with begin(stage.pool) as db:
        assert await giftcards.block(db, lost_id)
        seen = await giftcards.see(db, [won, old, lost, won, "NOBODY-KNOWS"], "EUR")

    worth = [one.worth for one in seen]
    assert worth == ["other-currency", "over", "over", "unknown"]
    assert giftcards.parts(1000, seen) == []
    await giftcards.expire(stage.pool)
    await giftcards.expire(stage.pool)
    assert await on(stage, old_id) == (0, 0)
    assert await moved(stage, old_id) == ["issue", "expire"]


async def test_who_guesses_codes_is_slowed_down(stage):
    buyer = await stage.buyer()
    wish = await buyer.wish(to_pay=0)
    codes = []
    for n in range(10):
        buyer.key = str(uuid4())
        answer = await buyer.send(wish | {"gift_cards": [f"GUESS-{n:04}"]})
        codes.append(answer.status_code)

    assert codes[:6] == [422] * 6
    assert codes[-2:] == [429] * 2
    assert await stage.order_states() == []


async def test_a_code_is_told_once_and_only_its_hash_is_kept(stage):
    secret = stage.settings.secret
    command = new_id()
    async with begin(stage.pool) as db:
        id = await giftcards.issue(db, 1000, "EUR", secret=secret)
        told = await giftcards.reveal(db, id, command, secret=secret)
        assert await giftcards.reveal(db, id, command, secret=secret) == told
        with pytest.raises(Conflict, match="shown before"):
            await giftcards.reveal(db, id, new_id(), secret=secret)
        for amount in (0, -5, 10**12):
            with pytest.raises(Unprocessable, match="some money"):
                await giftcards.issue(db, amount, "EUR", secret=secret)

    row = dict(await stage.pool.fetchrow("SELECT * FROM payments.gift_cards"))
    assert told.replace("-", "") not in str(row)
    assert len(told.replace("-", "")) == 16


async def test_the_ledger_only_grows_and_a_card_that_differs_from_it_is_found(stage):
    await gift(stage, 1000)

    with pytest.raises(asyncpg.RaiseError, match="only grows"):
        await stage.pool.execute("UPDATE payments.gift_ledger SET balance_change = 5000")
    with pytest.raises(asyncpg.CheckViolationError):
        await stage.pool.execute("UPDATE payments.gift_cards SET balance = -1")
    await stage.pool.execute("UPDATE payments.gift_cards SET balance = 1001")
    assert len(await stage.faults()) == 1
    await stage.pool.execute("UPDATE payments.gift_cards SET balance = 1000")
