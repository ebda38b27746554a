"""A basket is handed over: to a till, to another phone, as a copy to a friend (DESIGN 1.3).

What hangs in public never opens a basket. A code made for it does, once and for two minutes, and
gives no more than a look that its owner sees and can end.
"""

import secrets
from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

from app.cart import coalescing, streaming, tokens
from app.cart.models import Command, Outcome, Role, SharedLine, View
from app.cart.queries import pairing as queries
from app.cart.streaming import RECONNECT_MS
from app.cart.tokens import sha256_of
from app.db import Connection, Pool, begin, new_id
from app.errors import Gone, NotFound
from app.live import Hub

CODE_HOLDS_S = 120
BRINGING_HOLDS_S = 600
VIEW_HOLDS_S = 4 * 3600
WAITING_MS = 700
SHARE_HOLDS_S = 30 * 24 * 3600
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: what looks alike is read alike."""
LENGTH = 8
"""40 bits for two minutes; who guesses is slowed down after a few."""
READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


async def offer(db: Connection, cart_id: UUID, role: Role) -> str:
    """A code to show or read out: whoever enters it first sees this basket."""
    return await _code(db, cart_id, None, role, CODE_HOLDS_S)


async def offer_to_bring(db: Connection, cart_id: UUID) -> str:
    """A code with which another browser of the same person has this basket as its own."""
    return await _code(db, cart_id, None, "own", BRINGING_HOLDS_S)


async def ask_for_one(db: Connection, role: Role) -> tuple[str, str]:
    """A till shows a code, and waits: the code, and the token of a view that is empty yet."""
    id, token = new_id(), secrets.token_urlsafe(16)
    await queries.open_view(db, id, sha256_of(token), None, role, VIEW_HOLDS_S)
    return await _code(db, None, id, role, CODE_HOLDS_S), token


async def what_for(db: Connection, code: str) -> str | None:
    """What this code is for, without using it: `look`, `help` or `own` of a basket that is
    offered, or `asked` by a till. None when it is not one, or not any more."""
    found = await queries.find(db, _sha256(code))
    if found is None:
        return None
    return "asked" if found["view_id"] else str(found["role"])


async def enter(db: Connection, code: str) -> str:
    """The token of a view of the basket that was offered. Raises Gone."""
    taken = await queries.take(db, _sha256(code))
    if taken is None or taken["cart_id"] is None or taken["role"] == "own":
        raise used_up()
    token = secrets.token_urlsafe(16)
    await queries.open_view(
        db, new_id(), sha256_of(token), taken["cart_id"], taken["role"], VIEW_HOLDS_S
    )
    return token


async def bring(db: Connection, code: str) -> UUID:
    """The basket that somebody brings along from another browser of theirs. Raises Gone."""
    taken = await queries.take(db, _sha256(code))
    if taken is None or taken["cart_id"] is None or taken["role"] != "own":
        raise used_up()
    cart_id: UUID = taken["cart_id"]
    return cart_id


async def let_see(db: Connection, code: str, cart_id: UUID) -> None:
    """The till that asked sees this basket from now on. Raises Gone."""
    taken = await queries.take(db, _sha256(code))
    if taken is None or taken["view_id"] is None:
        raise used_up()
    if not await queries.fill_view(db, taken["view_id"], cart_id, taken["role"]):
        raise used_up()


async def view(db: Connection | Pool, token: str) -> View | None:
    return await queries.view(db, sha256_of(token))


async def follow(pool: Pool, hub: Hub, token: str) -> AsyncIterator[str]:
    """Server-sent events of a basket somebody looks at: `version` each time it has changed, `ended`
    when its owner shows it no more. While nobody has answered the code it ends at once, and whoever
    waits connects again."""
    seen = await view(pool, token)
    yield f"retry: {WAITING_MS if seen and seen.cart_id is None else RECONNECT_MS}\n\n"
    if seen is None or seen.cart_id is None:
        return
    told = -1
    async for changed in hub.wakes(f"cart:{seen.cart_id}"):
        now = await view(pool, token)
        if now is None:
            yield "event: ended\ndata: 0\n\n"
            return
        if changed is None:
            yield ": still here\n\n"
            continue
        version = (await streaming.versions(pool, [str(seen.cart_id)])).get(str(seen.cart_id), 0)
        if version > told:
            told = version
            yield f"id: {version}\nevent: version\ndata: {version}\n\n"
        if now.cart_id != seen.cart_id:  # two baskets have become one: look at that
            return


async def views_of(db: Connection, cart_id: UUID) -> list[View]:
    """Who looks at this basket now."""
    return await queries.views_of(db, cart_id)


async def end_view(db: Connection, cart_id: UUID, id: UUID) -> None:
    await queries.end_view(db, id, cart_id)


async def help_with(pool: Pool, token: str, command: Command) -> Outcome:
    """What a helper does goes the way of every command. Raises NotFound for who may only look."""
    own = await _token_to_help_with(pool, token)
    outcome = await coalescing.submit(pool, own, command) if own else coalescing.NO_CART
    if isinstance(outcome, coalescing.NoCart):
        raise NotFound("This basket is not shown here any more.", code="view-ended")
    return outcome


async def _token_to_help_with(pool: Pool, token: str) -> bytes | None:
    """Of a basket without one it is made now, and nobody but this shop ever knows it."""
    async with begin(pool) as db:
        helped = await queries.helped(db, sha256_of(token))
        if helped is None:
            return None
        if helped["token"] is not None:
            return bytes(helped["token"])
        return sha256_of(await tokens.give(db, helped["cart_id"]))


async def share(db: Connection, lines: Sequence[SharedLine], currency: str) -> str:
    """The token of a copy that anybody with the link can put into a basket of their own."""
    token = secrets.token_urlsafe(12)
    copy: list[dict[str, Any]] = [
        {"product_id": line.product_id, "handover": line.handover, "quantity": line.quantity}
        for line in lines
    ]
    await queries.write_share(db, sha256_of(token), copy, currency, SHARE_HOLDS_S)
    return token


async def shared(db: Connection, token: str) -> list[SharedLine]:
    """Raises Gone."""
    lines = await queries.share(db, sha256_of(token))
    if lines is None:
        raise Gone("This basket is not shared any more.", code="not-shared")
    return [
        SharedLine(UUID(line["product_id"]), line["handover"], line["quantity"]) for line in lines
    ]


def tidy(code: str) -> str:
    return code.strip().upper().translate(READ_AS)


def used_up() -> Gone:
    return Gone(
        "This code has been used, or is older than a few minutes. Ask for a new one.",
        code="code-used",
    )


async def _code(
    db: Connection, cart_id: UUID | None, view_id: UUID | None, role: str, holds_s: int
) -> str:
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    await queries.offer(db, sha256_of(code), cart_id, view_id, role, holds_s)
    return code


def _sha256(code: str) -> bytes:
    return sha256_of(tidy(code))
