from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from app.languages import Language


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A mail. The id is made from the event it follows from, so it is written once."""

    id: UUID
    about: UUID
    kind: str
    language: Language
    recipient: str
    subject: str
    body_text: str
    body_html: str
    state: Literal["waiting", "sent"] = "waiting"
    written_at: datetime | None = None
    sent_at: datetime | None = None
