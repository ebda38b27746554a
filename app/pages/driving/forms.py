"""The form of a door as a browser without scripts sends it."""

from collections.abc import Mapping
from typing import Any

import msgspec

from app.errors import Malformed
from app.fulfilment.delivery.models import Proof, Refused
from app.fulfilment.models import Receiver
from app.pages.acting import Form


class Told(msgspec.Struct, kw_only=True):
    to: Receiver = "customer"
    age_checked: bool = False
    taken_out: bool = False
    refused: list[Refused] = []
    proof: Proof | None = None


def handing_over(fields: Mapping[str, str]) -> tuple[Form, Told]:
    """`n3=2` and `c3=damaged`: two of line 3 stay in the van. Raises Malformed for what no form of
    ours sends."""
    plain: dict[str, Any] = {
        name: fields[name] for name in ("to", "age_checked", "taken_out") if name in fields
    }
    plain["refused"] = [
        {"line_no": name[1:], "quantity": n, "cause": fields.get(f"c{name[1:]}", "not-wanted")}
        for name, n in fields.items()
        if name.startswith("n") and name[1:].isdigit() and n not in ("", "0")
    ]
    if fields.get("pin"):
        plain["proof"] = {"kind": "pin", "pin": fields["pin"], "words": fields.get("words", "")}
    try:
        form = msgspec.convert(
            {"command": fields.get("command", ""), "at": fields.get("at", "")}, Form
        )
        return form, msgspec.convert(plain, Told, strict=False)
    except msgspec.ValidationError as error:
        raise Malformed("We could not read this request.") from error
