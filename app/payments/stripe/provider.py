from collections.abc import Awaitable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from app.payments.models import Answer, Fact, Intent, Refund, Started, Taking, Wish
from app.payments.providers import NotGenuine, Unreachable
from app.payments.rules import TOLERANCE_S
from app.payments.stripe.rules import NAME, answer_of_session, fact_told, session_of

if TYPE_CHECKING:
    import stripe

TIMEOUT_S = 8
Found = TypeVar("Found")


class StripeProvider:
    """A `Provider`. `secrets` are those of the webhook, two while one replaces the other.

    The SDK takes some 30 MB and half a second to import, so only who talks to Stripe does.
    """

    name = NAME

    def __init__(
        self, key: str, secrets: Sequence[str], means: Sequence[str], *, address: str = ""
    ) -> None:
        self._key = key
        self._secrets = secrets
        self._means = means
        self._address = address

    async def start(self, intent: Intent, wish: Wish) -> Started:
        session = await _answered(
            self._sessions.create_async(
                session_of(intent, wish, self._means),  # type: ignore[arg-type]
                {"idempotency_key": f"start {intent.id}"},
            )
        )
        assert session.url is not None, "a hosted page has an address"
        return Started(session.id, session.url)

    async def ask(self, intent: Intent) -> Answer:
        if intent.reference is None:  # it was never heard of: nobody was sent to that page
            return Answer([], final=False)
        return answer_of_session(await self._session(intent.reference), intent)

    async def close(self, intent: Intent) -> Answer:
        if intent.reference is None:
            return Answer([], final=True)
        session = await self._session(intent.reference)
        payment = session.get("payment_intent")
        if payment and payment["status"] == "requires_capture":
            await _answered(
                self._client.v1.payment_intents.cancel_async(
                    payment["id"], options={"idempotency_key": f"let go {intent.id}"}
                )
            )
        elif session["status"] == "open":
            await _answered(self._sessions.expire_async(intent.reference))
        return answer_of_session(await self._session(intent.reference), intent)

    async def take(self, taking: Taking) -> Answer:
        intent = taking.intent
        assert intent.reference is not None, "what is held was started"
        session = await self._session(intent.reference)
        payment = session["payment_intent"]
        if payment["status"] == "requires_capture":
            await _answered(
                self._client.v1.payment_intents.capture_async(
                    payment["id"],
                    {"amount_to_capture": taking.amount},
                    {"idempotency_key": f"take {intent.id}"},
                )
            )
            session = await self._session(intent.reference)
        return answer_of_session(session, intent)

    async def refund(self, refund: Refund) -> str:
        session = await self._session(refund.reference)
        if not session.get("payment_intent"):  # as long as this is odd the others go on
            raise Unreachable
        made = await _answered(
            self._client.v1.refunds.create_async(
                {
                    "payment_intent": session["payment_intent"]["id"],
                    "amount": refund.amount,
                    "metadata": {"refund": str(refund.id)},
                },
                {"idempotency_key": f"refund {refund.id}"},
            )
        )
        return made.id

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Fact | None:
        """`now` is Stripe's SDK's own: it looks at the clock itself."""
        import stripe

        header = headers.get("stripe-signature", "")
        for secret in self._secrets:
            try:
                text = body.decode()
                stripe.WebhookSignature.verify_header(text, header, secret, TOLERANCE_S)
            except (stripe.SignatureVerificationError, UnicodeDecodeError, ValueError):
                continue
            return fact_told(msgspec.json.decode(body))
        raise NotGenuine

    async def _session(self, id: str) -> dict[str, Any]:
        expanded: Any = {"expand": ["payment_intent", "payment_intent.latest_charge"]}
        session = await _answered(self._sessions.retrieve_async(id, expanded))
        plain: dict[str, Any] = session.to_dict()
        return plain

    @property
    def _sessions(self) -> "stripe.checkout.SessionService":
        return self._client.v1.checkout.sessions

    @property
    def _client(self) -> "stripe.StripeClient":
        """One for each use: a client keeps connections of the event loop it was used in."""
        import stripe

        elsewhere: Any = {"base_addresses": {"api": self._address}} if self._address else {}
        return stripe.StripeClient(
            self._key,
            http_client=stripe.HTTPXClient(timeout=TIMEOUT_S),
            max_network_retries=0,
            **elsewhere,
        )


async def _answered(asked: Awaitable[Found]) -> Found:
    """Whatever Stripe refuses or leaves open is asked again later; who asks too often is told."""
    import stripe

    try:
        return await asked
    except stripe.StripeError as error:
        raise Unreachable from error
