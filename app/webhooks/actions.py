import asyncio
import random
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag

from app.db import Connection, Pool, new_id
from app.errors import Conflict, NotFound
from app.jobs import Event
from app.webhooks import queries, rules
from app.webhooks.calling import Caller
from app.webhooks.models import TOLD, Message, Told, Went

AT_ONCE = 16
LEASE = timedelta(seconds=30)


async def add(db: Connection, url: str, kinds: Sequence[str], shop_secret: str) -> tuple[UUID, str]:
    """Its id, and its secret, which nobody sees again. Raises Unprocessable for an address we do not
    call, Conflict for one that is known already."""
    id, secret = new_id(), secrets.token_bytes(rules.SECRET_BYTES)
    rules.check_url(url)
    rules.check_kinds(kinds, TOLD)
    if not await queries.write(db, id, url, kinds, _sealed(secret, shop_secret)):
        raise Conflict("This address hears of events already.", code="known-already")
    return id, rules.as_text(secret)


async def renew_secret(db: Connection, id: UUID, shop_secret: str) -> str:
    """A new secret, shown once; messages are signed with both until the next renewal."""
    secret = secrets.token_bytes(rules.SECRET_BYTES)
    if not await queries.renew(db, id, _sealed(secret, shop_secret)):
        raise NotFound("There is no such address.")
    return rules.as_text(secret)


async def remove(db: Connection, id: UUID) -> None:
    if not await queries.end(db, id):
        raise NotFound("There is no such address.")


async def hand_out(db: Connection, event: Event) -> None:
    """Heard of in the transaction of its delivery mark, so that each endpoint gets it once."""
    await queries.hand_out(db, event)


async def send_due(pool: Pool, shop_secret: str, caller: Caller) -> bool:
    """Send what is due; false when nothing was."""
    due = await queries.take_due(pool, AT_ONCE, LEASE)
    await asyncio.gather(*(_send(pool, message, shop_secret, caller) for message in due))
    return bool(due)


async def _send(pool: Pool, message: Message, shop_secret: str, caller: Caller) -> None:
    went = await _post(message, shop_secret, caller)
    if went.taken:
        await queries.note_delivered(pool, message)
        return
    now, first = datetime.now(UTC), message.first_failed_at
    parked = first is not None and now - first > rules.GIVE_UP_AFTER
    wait = rules.wait_after(message.attempts, random.random())
    await queries.note_failed(pool, message, wait, went.words, parked=parked)


async def _post(message: Message, shop_secret: str, caller: Caller) -> Went:
    try:
        keys = [rules.open_sealed(sealed, shop_secret) for sealed in message.secrets]
    except InvalidTag:  # one address that cannot be signed for must not keep the others waiting
        return Went(False, "PERRON_SECRET is another one since: give this address a new secret")
    id = rules.message_id(message.endpoint_id, message.aggregate, message.number)
    now = datetime.now(UTC)
    body = msgspec.json.encode(
        Told(type=message.kind, timestamp=message.happened_at, data=message.body)
    )
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Perron-Webhooks/1",
        "webhook-id": id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": rules.sign(keys, id, now, body),
    }
    return await caller.post(message.url, body, headers)


def _sealed(secret: bytes, shop_secret: str) -> bytes:
    return rules.seal(secret, shop_secret, secrets.token_bytes(rules.NONCE_BYTES))
