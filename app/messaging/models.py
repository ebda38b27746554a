from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from app.languages import Language


class Row(msgspec.Struct, frozen=True):
    """One line of a small table in a letter: what, how many, what it cost, all in words."""

    what: str
    amount: str
    strong: bool = False


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A mail in words, in the reader's language; how it looks is the same for all."""

    subject: str
    greeting: str
    paragraphs: list[str]
    button: str
    address: str
    rows: list[Row] = []
    closing: list[str] = []


Channel = Literal["mail", "sms"]


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A mail, or a text message to a phone. The id is made from the event it follows from, so it is
    written once."""

    id: UUID
    about: UUID
    kind: str
    language: Language
    recipient: str
    subject: str
    body_text: str
    body_html: str
    channel: Channel = "mail"
    kept: bool = True
    """False for an address that was given for this one alone; it is forgotten once it is used."""
    state: Literal["waiting", "sent"] = "waiting"
    written_at: datetime | None = None
    sent_at: datetime | None = None
