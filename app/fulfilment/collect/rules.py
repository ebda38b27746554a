"""The code somebody shows at the desk, what may be handed over, and what is owed for the rest. Pure."""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from app.errors import Conflict, Malformed, Unprocessable
from app.fulfilment.collect.models import DeskLine, Refused, Standing
from app.fulfilment.models import State
from app.orders.rules import CROCKFORD

CODE_LETTERS = 8
"""40 bits: who guesses stands at a desk while somebody looks."""
SHELF_LETTERS = 20
BACK_ON_THE_SHELF = frozenset({"not-wanted", "age"})
"""Nothing is wrong with it. What was cold is not sold again all the same."""

_MISREAD = str.maketrans("OIL", "011")


def code_of(secret: str, fulfilment_id: UUID) -> str:
    """`7K3M-9Q2X`, made from the shop's secret, so that a mail and a page can show it although the
    database knows only its hash."""
    made = hmac.digest(secret.encode(), b"pick-up code " + fulfilment_id.bytes, "sha256")
    number = int.from_bytes(made[:5], "big")
    letters = "".join(CROCKFORD[number >> 5 * n & 31] for n in range(CODE_LETTERS))
    return f"{letters[:4]}-{letters[4:]}"


def read_code(text: str) -> str:
    """The eight characters in what was typed or scanned, whatever stands between them. Raises
    Malformed."""
    plain = re.sub(r"[\s\-]", "", text).upper().translate(_MISREAD)
    if len(plain) != CODE_LETTERS or any(letter not in CROCKFORD for letter in plain):
        raise Malformed(
            "This is no pick-up code. It has eight letters and digits, like 7K3M-9Q2X.",
            code="unreadable-code",
        )
    return f"{plain[:4]}-{plain[4:]}"


def hash_of(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()


def read_shelf(text: str) -> str:
    """`A3`, `Fridge 2`. Raises Malformed."""
    shelf = " ".join(text.split())
    if not shelf or len(shelf) > SHELF_LETTERS:
        raise Malformed("Name the shelf it is on, like A3.", code="no-shelf")
    return shelf


def is_called(name: str, asked: str) -> bool:
    """Whether somebody goes by the name they gave: in any case, with or without accents; the whole
    name, or its last word."""
    whole, given = _plain(name), _plain(asked)
    return bool(given) and given in (whole, whole.rpartition(" ")[2])


def check_there(state: State, standing: Standing, now: datetime) -> None:
    """Raises Conflict for what is not on the shelf: handed over, put back, or not ready yet."""
    if state == "delivered":
        raise Conflict(
            "This order was handed over already.",
            code="collected-already",
            state={"at": standing.ended_at.isoformat() if standing.ended_at else None},
        )
    if state in ("returned", "cancelled") or standing.ended_at is not None:
        raise Conflict("This order is not kept any more, and was paid back.", code="kept-no-longer")
    if standing.ready_at is None:
        raise Conflict(
            "This order is not ready yet. Put its parcels on a shelf first.", code="not-ready"
        )


def given(lines: Sequence[DeskLine], refused: Sequence[Refused]) -> dict[UUID, int]:
    """Pick → pieces that leave the shop. Raises Conflict when more is refused than is there,
    Unprocessable for a line that is named twice."""
    if len({one.pick_id for one in refused}) < len(refused):
        raise Unprocessable("Name each line once.", code="line-named-twice")
    left = {line.pick_id: line.picked for line in lines}
    for one in refused:
        if not 0 < one.quantity <= left.get(one.pick_id, 0):
            raise Conflict(
                "There are not so many of this in the order. Look again.", code="not-so-many"
            )
        left[one.pick_id] -= one.quantity
    return left


def check_allowed(
    lines: Sequence[DeskLine], leaving: dict[UUID, int], *, age_checked: bool
) -> None:
    """Raises Conflict: `recalled` for what nobody may have any more, `age-check` for what is not for
    everybody before somebody looked at a proof of age."""
    recalled = [line.name for line in lines if line.stopped and leaving[line.pick_id]]
    if recalled:
        raise Conflict(
            "Something in this order was recalled: {products}. Take it out before you hand over the "
            "rest.",
            code="recalled",
            products=", ".join(recalled),
        )
    ages = [line.age_limit or 0 for line in lines if leaving[line.pick_id]]
    if max(ages, default=0) and not age_checked:
        raise Conflict(
            "There is something in it for {age} and older. Look at a proof of age, or keep that here.",
            code="age-check",
            age=max(ages),
        )


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in bare if not unicodedata.combining(c)).split())
