"""The port, for a tender that needs nobody outside: what goes back goes onto the card."""

from collections.abc import Mapping
from datetime import datetime

from app.db import Pool, new_id
from app.payments.giftcards import queries
from app.payments.giftcards.rules import A_YEAR
from app.payments.models import Answer, Fact, Intent, Refund, Started, Taking, Wish
from app.payments.providers import NotGenuine, Unreachable

GIFT_CARD = "gift-card"


class GiftCards:
    """A `Provider` that is never asked for money: cards are held and spent with the order."""

    name = GIFT_CARD

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def start(self, intent: Intent, wish: Wish) -> Started:
        raise Unreachable

    async def ask(self, intent: Intent) -> Answer:
        return Answer([], final=False)

    async def close(self, intent: Intent) -> Answer:
        return Answer([], final=True)

    async def take(self, taking: Taking) -> Answer:
        return Answer([], final=True)

    async def refund(self, refund: Refund) -> str:
        await queries.give_back(
            self._pool, new_id(), refund.intent_id, refund.id, refund.amount, A_YEAR
        )
        return f"back on the card {refund.id}"

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Fact:
        raise NotGenuine
