"""Payments: what an order wants paid, what providers tell us, money on its way back.

`intend` writes down what is wanted, in the transaction of the order; the provider is called
afterwards, outside of any transaction. What a provider tells, by notification or when asked, is a
fact: `absorb` takes it in, late, twice, or in the wrong order, and the intent ends in one right
state. `withdraw` when the order is off; `give_back` and `refund` promise money back in the
transaction that decides it, `make_refunds` sends it. `app/checkout` says what follows for the order.
"""

from app.db import Pool
from app.payments.actions import (
    absorb,
    answers_due,
    ask,
    give_back,
    intend,
    make_refunds,
    refund,
    standing,
    withdraw,
)
from app.payments.providers import NotGenuine, Provider, Unreachable
from app.payments.queries import find_intent, note_started, open_intent_of_order
from app.payments.testpay import TestProvider
from app.settings import Settings

__all__ = [
    "NotGenuine",
    "Provider",
    "Unreachable",
    "absorb",
    "answers_due",
    "ask",
    "find_intent",
    "give_back",
    "intend",
    "make_refunds",
    "note_started",
    "open_intent_of_order",
    "providers",
    "refund",
    "standing",
    "withdraw",
]


def providers(settings: Settings, pool: Pool) -> dict[str, Provider]:
    """Who takes money for this shop, by name."""
    test = TestProvider(pool, base_url=settings.base_url, secret=settings.secret)
    return {test.name: test}
