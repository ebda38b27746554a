"""Payments: what an order wants paid, what providers tell us, money on its way back.

`intend` writes down what is wanted, in the transaction of the order; the provider is called
afterwards, outside of any transaction. What a provider tells, by notification or when asked, is a
fact: `absorb` takes it in, late, twice, or in the wrong order, and the intent ends in one right
state. `withdraw` when the order is off; `give_back` and `refund` promise money back in the
transaction that decides it, `make_refunds` sends it. Money that is only held is taken by `take_held`
when the order is packed, and `make_takings` tells the provider. Coins on a counter and gift cards are
in our own hands: `lay_down` and `pay_by_card` hold them, `take_in_hand` takes them. For an exchange
money is `set_aside` from one order and `lay_moved` for another, which may have been a `promise`. `tenders` is what an order was paid
with. `app/checkout` says what follows for the order.
"""

from app.db import Pool
from app.payments import giftcards
from app.payments.actions import (
    absorb,
    ask,
    due_to_ask,
    give_back,
    intend,
    lay_down,
    let_go,
    make_refunds,
    make_takings,
    nobody_to_ask,
    pay_by_card,
    refund,
    standing,
    take_held,
    take_in_hand,
    withdraw,
)
from app.payments.drawer import Drawer
from app.payments.moving import Moved, lay_moved, promise, promised, set_aside
from app.payments.providers import NotGenuine, Provider, Unreachable
from app.payments.queries import (
    find_intent,
    note_started,
    oddities,
    open_intent_of_order,
    settle_oddity,
    soon_let_go,
    tenders,
    went_back_by,
)
from app.payments.rules import shares
from app.payments.stripe import StripeProvider
from app.payments.testpay import TestProvider
from app.settings import Settings

__all__ = [
    "Moved",
    "NotGenuine",
    "Provider",
    "Unreachable",
    "absorb",
    "ask",
    "due_to_ask",
    "find_intent",
    "first_provider",
    "giftcards",
    "give_back",
    "intend",
    "lay_down",
    "lay_moved",
    "let_go",
    "make_refunds",
    "make_takings",
    "nobody_to_ask",
    "note_started",
    "oddities",
    "open_intent_of_order",
    "pay_by_card",
    "promise",
    "promised",
    "providers",
    "refund",
    "set_aside",
    "settle_oddity",
    "shares",
    "soon_let_go",
    "standing",
    "take_held",
    "take_in_hand",
    "tenders",
    "went_back_by",
    "withdraw",
]


def first_provider(settings: Settings) -> str:
    """The name of the one that takes money now."""
    return StripeProvider.name if settings.stripe_key else TestProvider.name


def providers(settings: Settings, pool: Pool) -> dict[str, Provider]:
    """Who takes money for this shop, by name; the first one takes it now. The others still answer
    for what they took before."""
    found: list[Provider] = [TestProvider(pool, base_url=settings.base_url, secret=settings.secret)]
    if settings.stripe_key:
        found.insert(
            0,
            StripeProvider(
                settings.stripe_key,
                settings.stripe_webhook_secrets,
                settings.stripe_means,
                address=settings.stripe_address,
            ),
        )
    found += [Drawer(), giftcards.GiftCards(pool)]
    return {provider.name: provider for provider in found}
