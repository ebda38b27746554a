"""Whatever the payment provider does, order, money, goods, slot and basket end in one right state."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import msgspec
import pytest

from app import cart, checkout
from app.db import begin, new_id
from app.payments.models import Fact
from app.payments.rules import sign
from app.payments.testpay.rules import secrets_of

NOTIFY = "/api/v1/payments/notifications/test"


@pytest.mark.parametrize("choice", ["pay", "secure", "twice", "shuffled"])
async def test_told_at_once_twice_or_in_the_wrong_order_it_is_paid_once(stage, choice):
    buyer = await stage.buyer()
    placed = (await buyer.order()).json()

    await buyer.choose(placed, choice)
    await stage.work()
    await stage.pool.execute("UPDATE jobs.tasks SET due_at = now() WHERE state = 'waiting'")
    await stage.work()

    assert (await buyer.track(placed))["order"]["state"] == "confirmed"
    assert await captured_and_refunded(stage) == (placed["total"], 0)
    assert await confirmations(stage) == 1


@pytest.mark.parametrize("choice", ["late", "never", "timeout"])
async def test_who_is_not_told_in_time_asks(stage, choice):
    buyer = await stage.buyer()
    placed = (await buyer.order()).json()
    await buyer.choose(placed, choice)
    await stage.work()
    assert (await buyer.track(placed))["order"]["state"] == "placed"

    await stage.reconcile()
    await stage.pool.execute("UPDATE jobs.tasks SET due_at = now() WHERE state = 'waiting'")
    await stage.work()

    assert (await buyer.track(placed))["order"]["state"] == "confirmed"
    assert await captured_and_refunded(stage) == (placed["total"], 0)


async def test_a_declined_card_can_be_followed_by_another(stage):
    buyer = await stage.buyer()
    placed = (await buyer.order()).json()

    page = await buyer.choose(placed, "decline")
    await buyer.choose(placed, "pay")
    await stage.work()

    assert page.status_code == 200
    assert (await buyer.track(placed))["order"]["state"] == "confirmed"


async def test_not_paying_gives_basket_goods_and_slot_back(stage):
    buyer = await stage.buyer()
    placed = (await buyer.order()).json()

    await buyer.choose(placed, "cancel")
    await stage.work()

    order = (await buyer.track(placed))["order"]
    assert (order["state"], order["why_cancelled"]) == ("cancelled", "not-paid")
    basket = await buyer.cart()
    assert (basket["state"], basket["count"]) == ("open", 1)
    assert await stage.reserved() == 0
    assert await slot_used(stage) == 0


async def test_a_basket_that_came_back_can_be_ordered_again(stage):
    buyer = await stage.buyer()
    first = (await buyer.order()).json()
    await buyer.choose(first, "cancel")
    await stage.work()
    buyer.key = str(new_id())

    second = (await buyer.order()).json()
    await buyer.choose(second, "pay")
    await stage.work()

    assert await stage.order_states() == ["cancelled", "confirmed"]


async def test_who_never_comes_back_gives_everything_back_within_the_time(stage):
    buyer = await stage.buyer()
    placed = (await buyer.order()).json()

    await stage.time_passes()
    await stage.reconcile()

    assert (await buyer.track(placed))["order"]["state"] == "cancelled"
    assert (await buyer.cart())["state"] == "open"
    assert await stage.reserved() == 0


async def test_money_that_comes_after_the_order_was_cancelled_goes_back_by_itself(stage):
    buyer = await stage.buyer()
    placed = (await buyer.order()).json()
    await buyer.choose(placed, "never")

    await buyer.cancel(placed)
    await stage.reconcile()
    await stage.make_refunds()

    assert (await buyer.track(placed))["order"]["state"] == "cancelled"
    assert await captured_and_refunded(stage) == (placed["total"], placed["total"])
    assert await paid_back(stage) == placed["total"]


async def test_cancelling_a_paid_order_pays_it_back_once(stage):
    buyer = await stage.buyer()
    placed = (await buyer.order()).json()
    await buyer.choose(placed, "pay")
    await stage.work()

    first, second = await buyer.cancel(placed), await buyer.cancel(placed)
    await stage.work()
    await stage.make_refunds()
    await stage.make_refunds()

    assert (first.status_code, second.status_code) == (200, 200)
    assert await paid_back(stage) == placed["total"]
    assert await stage.reserved() == 0
    assert await slot_used(stage) == 0


async def test_an_order_that_is_being_picked_cannot_be_called_off(stage):
    buyer = await stage.buyer()
    placed = (await buyer.order()).json()
    await buyer.choose(placed, "pay")
    await stage.work()
    await stage.advance(placed, "in_fulfilment")

    answer = await buyer.cancel(placed)

    assert answer.status_code == 409
    assert answer.json()["code"] == "order-moved-on"


async def test_too_little_money_is_no_payment_and_goes_back(stage):
    buyer = await stage.buyer()
    placed = (await buyer.order()).json()
    await buyer.choose(placed, "less")
    await stage.work()

    await stage.reconcile()

    assert (await buyer.track(placed))["order"]["state"] == "cancelled"
    assert await captured_and_refunded(stage) == (placed["total"] - 100,) * 2
    assert await stage.pool.fetchval("SELECT count(*) FROM payments.oddities") == 1


async def test_a_second_charge_goes_back_and_the_order_stays(stage):
    buyer = await stage.buyer()
    placed = (await buyer.order()).json()
    await buyer.choose(placed, "pay")
    await stage.work()

    await checkout.hear(stage.pool, await charge(stage, capture="again"), "notification")

    assert (await buyer.track(placed))["order"]["state"] == "confirmed"
    assert await captured_and_refunded(stage) == (2 * placed["total"], placed["total"])


async def test_money_of_another_currency_is_for_a_person_to_look_at(stage):
    buyer = await stage.buyer()
    placed = (await buyer.order()).json()

    await checkout.hear(stage.pool, await charge(stage, currency="KRW"), "notification")

    assert (await buyer.track(placed))["order"]["state"] == "placed"
    assert await stage.pool.fetchval("SELECT what FROM payments.oddities") == "currency"


async def test_a_failure_that_is_told_late_does_not_undo_a_payment(stage):
    buyer = await stage.buyer()
    placed = (await buyer.order()).json()
    await buyer.choose(placed, "pay")
    await stage.work()

    await checkout.hear(stage.pool, await charge(stage, kind="failed"), "notification")

    assert (await buyer.track(placed))["order"]["state"] == "confirmed"


async def test_payment_and_cancellation_at_once_end_in_one_of_the_two(stage):
    buyer = await stage.buyer()
    placed = (await buyer.order()).json()
    fact = await charge(stage)

    await asyncio.gather(
        buyer.cancel(placed), *(checkout.hear(stage.pool, fact, "notification") for _ in range(3))
    )
    await stage.work()

    assert (await buyer.track(placed))["order"]["state"] == "cancelled"
    assert await captured_and_refunded(stage) == (placed["total"], placed["total"])


@pytest.mark.parametrize(
    ("secret", "minutes_ago", "status"),
    [("newer", 0, 200), ("older", 0, 200), ("foreign", 0, 400), ("newer", 6, 400)],
)
async def test_a_notification_counts_when_signed_lately_with_a_live_secret(
    stage, secret, minutes_ago, status
):
    buyer = await stage.buyer()
    await buyer.order()
    newer, older = secrets_of(stage.settings.secret)
    secrets = {"newer": newer, "older": older, "foreign": "0" * 64}
    body = msgspec.json.encode(await told(stage))
    at = datetime.now(UTC) - timedelta(minutes=minutes_ago)

    answer = await notify(stage, body, sign(secrets[secret], body, at))

    assert answer.status_code == status
    assert await stage.order_states() == (["confirmed"] if status == 200 else ["placed"])


async def test_a_notification_that_was_changed_on_its_way_is_refused(stage):
    buyer = await stage.buyer()
    await buyer.order()
    body = msgspec.json.encode(await told(stage))
    signature = sign(secrets_of(stage.settings.secret)[0], body, datetime.now(UTC))

    answer = await notify(stage, body.replace(b"captured", b"captureD"), signature)

    assert answer.status_code == 400


async def test_a_checkout_that_died_half_way_is_given_back(stage):
    buyer = await stage.buyer()
    await died_after_freezing(stage, await buyer.cart())
    assert (await buyer.cart())["state"] == "frozen"

    await checkout.sweep(stage.pool)

    assert (await buyer.cart())["state"] == "open"
    assert (await buyer.order()).status_code == 201


async def died_after_freezing(stage, seen):
    async with begin(stage.pool) as db:
        await cart.freeze(db, UUID(seen["id"]), seen["version"])
        await db.execute(
            """
            INSERT INTO checkout.attempts (
                   id, cart_id, command, fingerprint, order_id, slot_id, due_at)
            VALUES ($1, $2, $3, sha256(''), $4, $5, now())
            """,
            new_id(), UUID(seen["id"]), new_id(), new_id(), stage.slot_id,
        )  # fmt: skip


async def charge(stage, *, kind="captured", capture="first", currency="EUR") -> Fact:
    intent = await stage.pool.fetchrow("SELECT id, amount FROM payments.intents")
    return Fact(
        provider="test", event_id=str(new_id()), intent_id=intent["id"], kind=kind,
        amount=intent["amount"] if kind == "captured" else 0, currency=currency, capture=capture,
    )  # fmt: skip


async def told(stage) -> dict[str, object]:
    intent = await stage.pool.fetchrow("SELECT id, amount FROM payments.intents")
    return {
        "id": str(new_id()),
        "type": "captured",
        "payment": "p-1",
        "reference": str(intent["id"]),
        "amount": intent["amount"],
        "currency": "EUR",
    }


async def notify(stage, body, signature) -> httpx.Response:
    headers = {"Content-Type": "application/json", "Perron-Signature": signature}
    return await stage.shop.post(NOTIFY, content=body, headers=headers)


async def captured_and_refunded(stage):
    return (
        await stage.pool.fetchval("SELECT coalesce(sum(amount), 0)::int FROM payments.captures"),
        await stage.pool.fetchval("SELECT coalesce(sum(amount), 0)::int FROM payments.refunds"),
    )


async def paid_back(stage):
    """By the provider's own books."""
    return await stage.pool.fetchval("SELECT sum(amount)::int FROM payments.test_refunds")


async def confirmations(stage):
    return await stage.pool.fetchval(
        "SELECT count(*) FROM messaging.messages WHERE kind = 'OrderConfirmed'"
    )


async def slot_used(stage):
    async with begin(stage.pool) as db:
        return await db.fetchval("SELECT used FROM slots.slots WHERE id = $1", stage.slot_id)
