from collections.abc import Mapping
from typing import Any

import msgspec

from app.errors import Malformed
from app.returns import Wanted


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
    }
    try:
        return msgspec.convert(plain, Wanted, strict=False)
    except msgspec.ValidationError as error:
        raise Malformed("We could not read this request.") from error
