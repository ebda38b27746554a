from collections.abc import Mapping
from datetime import datetime
from secrets import token_urlsafe
from typing import Any

import asyncpg
import msgspec

from app.db import Pool, begin
from app.payments.models import Answer, Fact, Intent, Refund, Started, Taking, Wish
from app.payments.providers import NotGenuine, Unreachable
from app.payments.rules import is_genuine
from app.payments.testpay import queries
from app.payments.testpay.actions import charge, shut
from app.payments.testpay.models import Event, Page, Told
from app.payments.testpay.rules import secrets_of


class TestProvider:
    """What the shop sees of the test provider; a `Provider`."""

    __test__ = False  # not a class of tests, whatever its name says
    name = "test"

    def __init__(self, pool: Pool, *, base_url: str, secret: str) -> None:
        self._pool = pool
        self._base_url = base_url
        self._secrets = secrets_of(secret)

    async def start(self, intent: Intent, wish: Wish) -> Started:
        try:
            id = await queries.open_page(self._pool, token_urlsafe(16), intent, wish)
        except (TimeoutError, asyncpg.PostgresError, OSError) as error:
            raise Unreachable from error
        return Started(id, f"{self._base_url}/testpay/{id}")

    async def ask(self, intent: Intent) -> Answer:
        return await self._answer(intent, over=False)

    async def close(self, intent: Intent) -> Answer:
        async with begin(self._pool) as db:
            page = await queries.by_reference(db, intent.id)
            if page is not None:
                await shut(db, page)
        return await self._answer(intent, over=True)

    async def take(self, taking: Taking) -> Answer:
        async with begin(self._pool) as db:
            page = await queries.by_reference(db, taking.intent.id)
            if page is not None:
                await charge(db, page, taking.amount)
        return await self._answer(taking.intent, over=False)

    async def refund(self, refund: Refund) -> str:
        await queries.pay_back(self._pool, refund.id, refund.reference, refund.amount)
        return f"refund-{refund.id}"

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Fact:
        if not is_genuine(headers.get("perron-signature", ""), body, self._secrets, now):
            raise NotGenuine
        told = msgspec.json.decode(body, type=Told)
        return Fact(
            provider=self.name,
            event_id=str(told.id),
            intent_id=told.reference,
            kind=told.type,
            amount=told.amount,
            currency=told.currency,
            capture=told.payment,
        )

    async def _answer(self, intent: Intent, *, over: bool) -> Answer:
        page = await queries.by_reference(self._pool, intent.id)
        if page is None:  # the shop did not get as far as starting it
            return Answer([], final=over)
        events = await queries.events(self._pool, page.id)
        final = page.state in ("charged", "cancelled") or (
            page.state == "held" and intent.state == "authorised"
        )
        return Answer([self._fact(page, event) for event in events], final=final)

    def _fact(self, page: Page, event: Event) -> Fact:
        kind: Any = event.kind
        return Fact(
            self.name, str(event.id), page.reference, kind, event.amount, event.currency, page.id
        )
