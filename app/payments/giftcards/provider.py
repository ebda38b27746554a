"""The port, for a tender that needs nobody outside: what goes back goes onto the card."""

from app.db import Pool, new_id
from app.payments.giftcards import queries
from app.payments.giftcards.rules import A_YEAR
from app.payments.models import Refund
from app.payments.providers import InHand

GIFT_CARD = "gift-card"


class GiftCards(InHand):
    """Never asked for money: cards are held and spent with the order."""

    name = GIFT_CARD

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def refund(self, refund: Refund) -> str:
        await queries.give_back(
            self._pool, new_id(), refund.intent_id, refund.id, refund.amount, A_YEAR
        )
        return f"back on the card {refund.id}"
