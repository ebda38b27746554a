"""Cash: no provider to ask. What came in lies in a drawer, and what goes back was counted out."""

from collections.abc import Mapping
from datetime import datetime

from app.payments.models import Answer, Fact, Intent, Refund, Started, Taking, Wish
from app.payments.providers import NotGenuine, Unreachable


class Drawer:
    """A `Provider` that never takes money by itself: the clerk says what they took."""

    name = "cash"

    async def start(self, intent: Intent, wish: Wish) -> Started:
        raise Unreachable

    async def ask(self, intent: Intent) -> Answer:
        return Answer([], final=False)

    async def close(self, intent: Intent) -> Answer:
        return Answer([], final=True)

    async def take(self, taking: Taking) -> Answer:
        return Answer([], final=True)

    async def refund(self, refund: Refund) -> str:
        return f"counted out {refund.id}"

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Fact:
        raise NotGenuine
