"""Paying by Stripe: its SDK on our side, localstripe with a hosted page in front on the other."""

import asyncio
import hashlib
import hmac
import time
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
import pytest

from app import checkout, payments
from app.db import begin, new_id
from app.orders import lock
from tests.checkout.stage import Stage
from tests.payments.stripe_desk import ASKS_THE_BANK, DECLINED, GOOD_CARD, KEY, Desk

OLD, NEW = "whsec_the_old_one", "whsec_the_new_one"
PATH = "/api/v1/payments/notifications/stripe"

pytestmark = pytest.mark.xdist_group("stripe")
"""One localstripe for all of them: a second one would hear what was meant for the first."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = Desk(tmp_path_factory.mktemp("localstripe")).open(OLD)
    yield desk
    desk.close()


@pytest.fixture
async def stage(shop, desk):
    state = shop.app.state
    state.settings = msgspec.structs.replace(
        state.settings,
        stripe_key=KEY,
        stripe_webhook_secrets=(NEW, OLD),
        stripe_address=desk.url,
        takes_money="packed",
    )
    desk.told.clear()
    return await Stage.set_up(shop)


async def ordered(stage):
    """An order that waits for its payment, and the session of its hosted page."""
    buyer = await stage.buyer(quantity=2)
    placed = (await buyer.order()).json()
    address = urlsplit(placed["pay_at"])
    assert address.hostname == "checkout.stripe.test"
    return buyer, placed, address.path[1:]


async def test_held_by_card_told_taken_when_packed_and_partly_refunded(stage, desk):
    _, placed, session = await ordered(stage)
    wanted = desk.sessions[session]["wanted"]
    assert [wanted["payment_method_types[0]"], wanted["payment_method_types[1]"]] == [
        "card",
        "ideal",
    ]
    assert wanted["payment_method_options[card][capture_method]"] == "manual"

    assert await asyncio.to_thread(desk.pay, session, ASKS_THE_BANK)
    await stage.reconcile()
    assert await stage.order_states() == ["confirmed"]

    order_id = UUID(placed["order_id"])
    async with begin(stage.pool) as db:
        await lock(db, order_id)
        await payments.refund(db, order_id, new_id(), 264, "short")
    await stage.advance(placed, "in_fulfilment")
    await stage.advance(placed, "packed")
    await stage.work()
    await checkout.take_money(checkout.Shop.at(stage.pool, stage.settings))
    assert (
        await stage.pool.fetchval("SELECT amount FROM payments.captures") == placed["total"] - 264
    )

    refund = new_id()
    async with begin(stage.pool) as db:
        await lock(db, order_id)
        assert await payments.refund(db, order_id, refund, 120, "damaged")
    await stage.make_refunds()

    assert (120, str(refund)) in await asyncio.to_thread(desk.refunds)
    assert f"refund {refund}" in desk.keys
    assert await stage.faults() == []


async def test_a_notification_signed_by_stripe_is_believed_and_a_forged_one_is_not(stage, desk):
    _, _, session = await ordered(stage)
    await stage.pool.execute("UPDATE payments.intents SET takes = 'now'")
    desk.sessions[session]["wanted"].pop("payment_method_options[card][capture_method]")
    await asyncio.to_thread(desk.pay, session, GOOD_CARD)
    body, signature = await until_told(stage, desk)

    late = signed(body, OLD, time.time() - 400)
    for forged in (signature[:-1] + "x", signed(body, "whsec_foreign", time.time()), late, "", "²"):
        assert (await notify(stage, body, forged)).status_code == 400
    assert await stage.order_states() == ["placed"]

    for genuine in (signature, signature, signed(body, NEW, time.time())):
        assert (await notify(stage, body, genuine)).json() == {"status": "heard"}
    assert await stage.order_states() == ["confirmed"]
    assert await stage.pool.fetchval("SELECT count(*) FROM payments.captures") == 1

    foreign = b'{"id":"evt_1","type":"payout.paid","data":{"object":{"object":"payout"}}}'
    answer = await notify(stage, foreign, signed(foreign, NEW, time.time()))
    assert answer.json() == {"status": "ignored"}
    assert await stage.faults() == []


async def test_however_it_is_told_it_ends_in_one_right_state(stage):
    """Twice at once, in the wrong order, too little, in another currency, after it was cancelled,
    and after its time was over."""

    async def tell(*told):
        bodies = [msgspec.json.encode(one) for one in told]
        answers = await asyncio.gather(
            *(notify(stage, body, signed(body, NEW, time.time())) for body in bodies)
        )
        assert {answer.status_code for answer in answers} == {200}

    async def end_of(placed):
        found = await stage.pool.fetchrow(
            """SELECT state, (SELECT coalesce(sum(captures.amount), 0)::int
                                FROM payments.captures JOIN payments.intents AS intent
                                  ON intent.id = captures.intent_id
                               WHERE intent.order_id = sold.id),
                      (SELECT coalesce(sum(back.amount), 0)::int
                         FROM payments.refunds AS back JOIN payments.intents AS intent
                           ON intent.id = back.intent_id WHERE intent.order_id = sold.id)
                 FROM orders.orders AS sold WHERE sold.number = $1""", placed["number"],
        )  # fmt: skip
        return tuple(found)

    async def sold():
        buyer, placed, _ = await ordered(stage)
        row = await stage.pool.fetchrow(
            "SELECT id, amount FROM payments.intents WHERE order_id = $1", UUID(placed["order_id"])
        )
        return buyer, placed, row["id"], row["amount"]

    _, twice, id, total = await sold()
    await tell(*[told := paid(id, total)] * 3, told | {"id": "evt_of_another_kind"})
    await tell(paid(id, 0, status="canceled"), paid(id, total, status="requires_capture"))
    _, little, id, total = await sold()
    await tell(paid(id, total - 100))
    _, foreign, id, total = await sold()
    await tell(paid(id, total, currency="usd"))
    buyer, gone, id, total = await sold()
    await buyer.cancel(gone)
    await tell(paid(id, total))
    _, late, id, total = await sold()
    await stage.time_passes()
    await stage.reconcile()
    await tell(paid(id, total))

    assert await end_of(twice) == ("confirmed", total, 0)
    assert await end_of(little) == ("cancelled", total - 100, total - 100)
    assert await end_of(foreign) == ("cancelled", 0, 0)
    assert await end_of(gone) == ("cancelled", total, total)
    assert await end_of(late) == ("cancelled", total, total)
    oddities = await stage.pool.fetch("SELECT what FROM payments.oddities ORDER BY what")
    assert {row["what"] for row in oddities} >= {"currency"}
    assert await stage.faults() == []


def paid(intent_id, amount, *, status="succeeded", currency="eur"):
    """As Stripe tells of a payment intent."""
    payment = {
        "object": "payment_intent",
        "id": f"pi_{intent_id.hex}",
        "status": status,
        "amount": amount,
        "amount_received": amount,
        "currency": currency,
        "metadata": {"intent": str(intent_id)},
    }
    return {"id": f"evt_{new_id().hex}", "type": "payment_intent", "data": {"object": payment}}


async def test_a_declined_card_can_be_followed_by_another_and_nobody_tells(stage, desk):
    _, _, session = await ordered(stage)

    assert not await asyncio.to_thread(desk.pay, session, DECLINED)
    assert not await asyncio.to_thread(desk.pay, session, ASKS_THE_BANK, approve=False)
    await stage.reconcile()
    assert await stage.order_states() == ["placed"]

    assert await asyncio.to_thread(desk.pay, session, GOOD_CARD)
    await stage.reconcile()
    assert await stage.order_states() == ["confirmed"]
    assert await stage.faults() == []


async def test_who_never_pays_finds_the_page_closed_and_a_cancelled_order_is_let_go(stage, desk):
    _, _, never = await ordered(stage)
    await stage.time_passes()
    await stage.reconcile()
    assert await stage.order_states() == ["cancelled"]
    assert desk.sessions[never]["status"] == "expired"

    buyer, placed, session = await ordered(stage)
    await asyncio.to_thread(desk.pay, session, GOOD_CARD)
    await stage.reconcile()
    await buyer.cancel(placed)
    await stage.work()
    await stage.reconcile()

    assert await stage.order_states() == ["cancelled", "cancelled"]
    payment = await asyncio.to_thread(desk.payment, desk.sessions[session])
    assert payment["status"] == "canceled"
    assert await stage.faults() == []


async def test_an_answer_that_got_lost_starts_no_second_payment(stage, desk):
    buyer = await stage.buyer()
    wish = await buyer.wish()
    desk.broken = 1
    refused = await buyer.send(wish)
    again = await buyer.send(wish)

    assert (refused.status_code, again.status_code) == (503, 201)
    reference = await stage.pool.fetchval("SELECT reference FROM payments.intents")
    intent = await stage.pool.fetchval("SELECT id FROM payments.intents")
    mine = [
        one for one in desk.sessions.values() if one["wanted"]["client_reference_id"] == str(intent)
    ]
    assert [one["id"] for one in mine] == [reference]


def signed(body, secret, at):
    stamp = str(int(at))
    mac = hmac.digest(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hex()
    return f"t={stamp},v1={mac}"


async def until_told(stage, desk):
    """What Stripe told of this order's payment; it takes a second."""
    intent = str(await stage.pool.fetchval("SELECT id FROM payments.intents")).encode()
    async with asyncio.timeout(10):
        while not (mine := [told for told in desk.told if intent in told[0]]):
            await asyncio.sleep(0.05)
    return mine[-1]


async def notify(stage, body, signature):
    headers = {"Content-Type": "application/json", "Stripe-Signature": signature.encode("utf-8")}
    return await stage.shop.post(PATH, content=body, headers=headers)
