from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec


class Whose(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a person is known by. `key` is under which offers count them."""

    email: str
    customer_id: UUID | None
    order_ids: Sequence[UUID]
    cart_ids: Sequence[UUID]
    doors: Sequence[bytes]
    """Hashes of the addresses they ordered to, as drivers' notes and vans know them."""
    key: bytes


class Told(msgspec.Struct, frozen=True):
    """All that is kept: rows by table, and the photos and signatures as base64 by their name."""

    about: str
    rows: dict[str, list[dict[str, Any]]]
    files: dict[str, str]
    kept_by_law: dict[str, str]
    """What of it stays when the rest is forgotten, and why."""


class Forgotten(msgspec.Struct, frozen=True):
    orders: int
    files: int
