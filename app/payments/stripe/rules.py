"""What Stripe is asked for, and what its objects mean to us. Docs: api.stripe.com, Checkout Sessions
and PaymentIntents."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from app.payments.models import Answer, Fact, Intent, Kind, Wish

NAME = "stripe"
OPEN_FOR = timedelta(minutes=20)
"""A session must stay open for 30 minutes at least; ours is expired by `close` when its time is over."""
MEANS_THAT_HOLD = ("card",)
"""The others, such as iDEAL, are charged at once: what is heavier is the shop's loss, what is lighter
or missing is refunded."""
TELLS: Mapping[str, Kind] = {
    "succeeded": "captured",
    "requires_capture": "authorised",
    "processing": "pending",
    "canceled": "failed",
}
"""A payment intent that needs another card, or the bank's step, tells nothing yet."""


def session_of(intent: Intent, wish: Wish, means: Sequence[str]) -> dict[str, Any]:
    """The hosted page. Means are named one by one, so that none appears that nobody has tried."""
    wanted: dict[str, Any] = {
        "mode": "payment",
        "client_reference_id": str(intent.id),
        "metadata": {"intent": str(intent.id)},
        "payment_method_types": list(means),
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": intent.currency.lower(),
                    "unit_amount": intent.amount,
                    "product_data": {"name": wish.title},
                },
            }
        ],
        "payment_intent_data": {"metadata": {"intent": str(intent.id)}},
        "success_url": wish.return_to,
        "cancel_url": wish.return_to,
        "expires_at": int((intent.expires_at + OPEN_FOR).timestamp()),
        "locale": wish.language,
    }
    if intent.takes == "later":
        wanted["payment_method_options"] = {
            one: {"capture_method": "manual"} for one in means if one in MEANS_THAT_HOLD
        }
    return wanted


def facts_of_payment(payment: Mapping[str, Any], intent_id: UUID, event_id: str) -> list[Fact]:
    kind = TELLS.get(payment["status"])
    if kind is None:
        return []
    amount = {
        "captured": payment.get("amount_received") or _captured(payment),
        "authorised": payment.get("amount_capturable") or payment["amount"],
    }.get(kind, 0)
    currency = str(payment["currency"]).upper()
    capture = payment["id"] if kind == "captured" else None
    return [Fact(NAME, event_id, intent_id, kind, amount, currency, capture)]


def answer_of_session(session: Mapping[str, Any], intent: Intent) -> Answer:
    """`session` with its payment intent expanded; it has none before somebody has paid."""
    payment = session.get("payment_intent")
    facts: list[Fact] = []
    if payment:
        event_id = f"{payment['id']} {payment['status']}"
        facts = facts_of_payment(payment, intent.id, event_id)
        if facts and facts[0].kind in ("captured", "failed"):
            return Answer(facts, final=True)
        if facts and facts[0].kind == "authorised":
            return Answer(facts, final=intent.state != "open")
    return Answer(facts, final=session["status"] == "expired")


def fact_told(event: Mapping[str, Any]) -> Fact | None:
    """A notification; None when it is about something else, e.g. another shop of this account."""
    told = event["data"]["object"]
    named = (told.get("metadata") or {}).get("intent", "")
    try:
        intent_id = UUID(named)
    except ValueError:
        return None
    if told["object"] == "payment_intent":
        facts = facts_of_payment(told, intent_id, event["id"])
        return facts[0] if facts else None
    if event["type"] in ("checkout.session.expired", "checkout.session.async_payment_failed"):
        currency = str(told.get("currency") or "").upper()
        return Fact(NAME, event["id"], intent_id, "failed", 0, currency)
    return None


def _captured(payment: Mapping[str, Any]) -> int:
    """What the charge says, where the payment does not sum it up."""
    charge = payment.get("latest_charge")
    if isinstance(charge, Mapping):
        left = int(charge["amount"]) - int(charge.get("amount_refunded") or 0)
        return int(charge.get("amount_captured") or left)
    return int(payment["amount"])
