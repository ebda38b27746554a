"""The id a sender gives to a change, so that it acts once however often it arrives."""

import re
from typing import Any
from uuid import UUID

from litestar import Request

from app.errors import Malformed

HEADER = "Idempotency-Key"
SPELLING = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)


def idempotency_key(request: Request[Any, Any, Any]) -> UUID:
    """The command id of a change over the API. Raises Malformed when it is missing or no UUID."""
    written = request.headers.get(HEADER, "")
    if not SPELLING.fullmatch(written):
        raise Malformed(
            "Send an Idempotency-Key header with a new UUID for every change, "
            "and the same one when you try again.",
            code="idempotency-key-needed",
        )
    return UUID(written)
