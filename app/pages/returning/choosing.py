from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from msgspec import Meta

from app.cases import Kind
from app.errors import Malformed
from app.returns import Request, Wanted


class Complaint(msgspec.Struct, kw_only=True):
    """Something a desk hands to the contact centre."""

    command: UUID
    kind: Kind
    words: Annotated[str, Meta(min_length=3, max_length=2000, pattern=r"^[^\x00]+$")]


def chosen(fields: Mapping[str, Any]) -> dict[str, str]:
    """`n3=2`: two of line 3. What is zero is not chosen."""
    return {
        name[1:]: str(text)
        for name, text in fields.items()
        if name.startswith("n") and name[1:].isdigit() and str(text) not in ("", "0")
    }


def wish(fields: Mapping[str, Any]) -> Wanted:
    """What the form of a return says. Raises Malformed for what no form of ours sends."""
    plain: dict[str, Any] = {
        "lines": chosen(fields),
        "cause": fields.get("cause", ""),
        "condition": fields.get("condition") or "as-new",
        "note": fields.get("note", ""),
        "amount": fields.get("amount") or None,
        "request": fields.get("request") or None,
        "way": fields.get("way") or "shop",
        "slot": fields.get("slot") or None,
        "instead": fields.get("instead") or None,
    }
    try:
        return msgspec.convert(plain, Wanted, strict=False)
    except msgspec.ValidationError as error:
        raise Malformed("We could not read this request.") from error


def command_of(fields: Mapping[str, Any]) -> UUID:
    """Raises Malformed for a form without one."""
    try:
        return UUID(str(fields.get("command", "")))
    except ValueError as error:
        raise Malformed("We could not read this request.") from error


def to_settle(asked: Request) -> str:
    """The query of a page that shows what this request would bring."""
    fields = {f"n{line_no}": n for line_no, n in asked.lines.items()}
    return urlencode({**fields, "cause": asked.cause, "request": str(asked.id)})
