import re
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from msgspec import Meta

from app.cases import Kind
from app.errors import Malformed
from app.returns import Bought, Request, Wanted

CHOSEN = re.compile(r"n[0-9]{1,6}(-[0-9]{14})?")
MOST_EMPTIES = 999


class Complaint(msgspec.Struct, kw_only=True):
    """Something a desk hands to the contact centre."""

    command: UUID
    kind: Kind
    words: Annotated[str, Meta(min_length=3, max_length=2000, pattern=r"^[^\x00]+$")]


def chosen(fields: Mapping[str, Any]) -> dict[str, str]:
    """`n3=2`: two of line 3; `n3-09521234543213=1`: one of what came instead for it. What is zero is not
    chosen."""
    return {
        name[1:]: str(text)
        for name, text in fields.items()
        if CHOSEN.fullmatch(name) and str(text) not in ("", "0")
    }


def counted(fields: Mapping[str, Any]) -> dict[int, int]:
    """`n15=2`: two empties with a deposit of 15. Raises Malformed for more than anybody carries."""
    found = {
        int(deposit): int(n)
        for deposit, n in chosen(fields).items()
        if "-" not in deposit and n.isdecimal()
    }
    if any(n > MOST_EMPTIES for n in found.values()):
        raise Malformed("We could not read this request.")
    return found


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


def and_one_more(fields: Mapping[str, Any], piece: Bought) -> str:
    """The query of a page on which one more of this is chosen, as far as there is one left."""
    units = {f"n{key}": n for key, n in chosen(fields).items()}
    had = units.get(f"n{piece.key}", "0")
    more = int(had) + 1 if had.isdecimal() else 1
    return urlencode({**units, f"n{piece.key}": min(more, piece.left), "scanned": piece.key})


def to_settle(asked: Request) -> str:
    """The query of a page that shows what this request would bring."""
    fields = {f"n{key}": n for key, n in asked.lines.items()}
    return urlencode({**fields, "cause": asked.cause, "request": str(asked.id)})
