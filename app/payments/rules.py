"""Signatures on what providers send, what a fact makes of an intent, and when to ask again."""

import hmac
import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from app.money import Money
from app.payments.models import Kind, State

TOLERANCE_S = 300
PROMISED = "exchange"
"""Stands for goods that are still to come back: no money yet, and nobody to ask for it."""
HELD_FOR = timedelta(days=6)
"""Cards hold money for 7 days at least; a day of that is left for taking it."""
GRACE = timedelta(minutes=3)
"""How long after its end a payment may stay open because its provider cannot be asked."""
WAITS_S = (15, 30, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 600, 3600)
"""From the first doubt to an answer; together the first fifteen are less than 15 minutes."""


def sign(secret: str, body: bytes, at: datetime) -> str:
    """`t=1700000000,v1=<hex>`: HMAC-SHA256 over time, full stop and body, so that neither can be
    changed nor used again later (the scheme of Stripe's webhooks)."""
    stamp = str(int(at.timestamp()))
    return f"t={stamp},v1={_mac(secret, stamp, body)}"


def is_genuine(header: str, body: bytes, secrets: Sequence[str], now: datetime) -> bool:
    """Signed with one of the live secrets (two while one replaces the other), 300 s ago at most."""
    stamp = re.match(r"t=([0-9]{1,12}),", header)
    given = re.findall(r",v1=([0-9a-f]{64})(?=,|$)", header)
    if stamp is None or abs(now.timestamp() - int(stamp[1])) > TOLERANCE_S:
        return False
    wanted = [_mac(secret, stamp[1], body) for secret in secrets]
    return any(hmac.compare_digest(one, other) for one in given for other in wanted)


def state_after(state: State, kind: Kind, captured: int, amount: int) -> State:
    """Money that came in counts whatever was heard before; a failure never undoes it. Money that is
    held counts until the bank lets go of it."""
    if captured >= amount:
        return "captured"
    if state == "open" and kind == "authorised":
        return "authorised"
    lapses = state == "open" or (state == "authorised" and not captured)
    return "failed" if kind == "failed" and lapses else state


def shares(amount: Money, left: Sequence[Money]) -> list[Money] | None:
    """How much goes back by each tender, the last one first: what a shopper paid with in the end is
    what they think of. None when that much did not come in."""
    split: list[Money] = []
    for most in left:
        split.append(min(max(most, 0), amount))
        amount -= split[-1]
    return split if amount == 0 else None


def wait_before_asking(asked: int) -> timedelta:
    return timedelta(seconds=WAITS_S[min(asked, len(WAITS_S) - 1)])


def _mac(secret: str, stamp: str, body: bytes) -> str:
    return hmac.digest(secret.encode(), f"{stamp}.".encode() + body, "sha256").hex()
