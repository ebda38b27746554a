from typing import Literal, get_args
from uuid import UUID

import msgspec

Role = Literal[
    "merchandiser",
    "picker",
    "packer",
    "driver",
    "dispatcher",
    "operator",
    "clerk",
    "supervisor",
    "agent",
]
ROLES: tuple[Role, ...] = get_args(Role)


class Person(msgspec.Struct, frozen=True):
    """Someone who works here; `request.user` of a request with a running session."""

    id: UUID
    name: str
    roles: list[str]

    def may(self, role: Role) -> bool:
        return role in self.roles


class Account(msgspec.Struct, frozen=True):
    """A person as an operator sees them."""

    id: UUID
    name: str
    login: str
    roles: list[str]
    working: bool


class Credentials(msgspec.Struct, frozen=True):
    id: UUID
    name: str
    roles: list[str]
    password_hash: str


class Approver(msgspec.Struct, frozen=True):
    """Somebody who may agree at another one's screen; `by_badge` when their card was scanned."""

    id: UUID
    name: str
    roles: list[str]
    pin_hash: str | None
    by_badge: bool | None
