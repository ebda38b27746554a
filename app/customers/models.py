from uuid import UUID

import msgspec


class Customer(msgspec.Struct, frozen=True):
    """Who has an account here."""

    id: UUID
    email: str


class SignedIn(msgspec.Struct, frozen=True):
    """A session that has begun: `token` goes into the cookie and is kept nowhere."""

    customer: Customer
    token: str
