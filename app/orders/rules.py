"""What an order may become, and how people and links name it."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from uuid import UUID

from app.orders.models import Happening, Order, PickUp, State, Tracked, WhyKept

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TOKEN_BYTES = 16

ALIVE: tuple[State, ...] = (
    "placed",
    "confirmed",
    "in_fulfilment",
    "packed",
    "on_the_way",
    "not_home",
)
BEFORE: Mapping[State, tuple[State, ...]] = {
    "confirmed": ("placed",),
    "in_fulfilment": ("confirmed", "not_home"),
    "packed": ("confirmed", "in_fulfilment", "not_home"),
    "on_the_way": ("confirmed", "in_fulfilment", "packed", "not_home"),
    "not_home": ("in_fulfilment", "packed", "on_the_way"),
    "delivered": ("confirmed", "in_fulfilment", "packed", "on_the_way", "not_home"),
    "part_delivered": ("in_fulfilment", "packed", "on_the_way", "not_home"),
    "cancelled": ALIVE,
}
"""What an order must be before it may become this. Of an order from two places one part may be
brought in vain, and go out again, while the other is still being picked."""

CALLED_OFF_FROM: tuple[State, ...] = ("placed", "confirmed")
"""Until picking starts the shopper may change their mind."""

KIND: Mapping[State, str] = {
    "placed": "OrderPlaced",
    "confirmed": "OrderConfirmed",
    "cancelled": "OrderCancelled",
    "in_fulfilment": "OrderBeingPicked",
    "packed": "OrderPacked",
    "on_the_way": "OrderOnTheWay",
    "not_home": "OrderNotHome",
    "delivered": "OrderDelivered",
    "part_delivered": "OrderPartDelivered",
}
"""The event that tells it."""


def why_kept(order: Order) -> WhyKept:
    """Why it cannot be called off any more; empty while it can."""
    if order.state not in ALIVE:
        return "over"
    if any(line.handover == "carry-out" and line.delivered_quantity for line in order.lines):
        return "taken-along"
    return "" if order.state in CALLED_OFF_FROM else "being-picked"


def is_collected(order: Order) -> bool:
    """Its shopper comes for it: what was not taken along at once is collected."""
    return {line.handover for line in order.lines} - {"carry-out"} == {"collect"}


def goes_two_ways(order: Order) -> bool:
    """Part of it is brought and part of it is collected."""
    return {line.handover for line in order.lines} >= {"delivery", "collect"}


def pick_up(order: Order) -> PickUp | None:
    """Where and when what is collected of it is collected; None where all of it is brought."""
    if all(line.handover != "collect" for line in order.lines):
        return None
    return order.pick_up or PickUp(order.place_id, order.starts_at, order.ends_at)


def tracked(order: Order, happened: list[Happening]) -> Tracked:
    why = why_kept(order)
    return Tracked(order, happened, can_be_cancelled=not why, why_kept=why)


def number_of(order_id: UUID, attempt: int = 0) -> str:
    """A number to say on the phone, like P-7K3M-2Q. Taken already? Then the next attempt's."""
    digest = hashlib.sha256(order_id.bytes + attempt.to_bytes(2, "big")).digest()
    letters = "".join(CROCKFORD[byte % 32] for byte in digest[:6])
    return f"P-{letters[:4]}-{letters[4:]}"


def link_token(secret: str, order_id: UUID) -> str:
    """The 128 bits in a tracking link, 26 characters. Made from the shop's secret, so that a mail
    can carry the link although the database knows only its hash."""
    made = hmac.digest(secret.encode(), b"order link " + order_id.bytes, "sha256")
    return base64.b32encode(made[:TOKEN_BYTES]).decode().rstrip("=").lower()


def hash_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
