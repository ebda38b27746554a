"""What may leave the van at a door, what stays in it, and what that is worth. Pure."""

import hashlib
import hmac
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal
from uuid import UUID

import msgspec

from app import pricing
from app.errors import Conflict, Unprocessable
from app.fulfilment.delivery.models import Proof, Refused, StopRow
from app.fulfilment.models import Pick, Receiver, RefusalCause, Storage
from app.money import Money
from app.orders.models import Order
from app.pricing.models import Receipt

Becomes = Literal["restock", "waste", "gone"]

MOST_OUT_OF_COLD: Mapping[Storage, timedelta] = MappingProxyType(
    {"chilled": timedelta(hours=4), "frozen": timedelta(hours=3)}
)
"""So long a cooled tote keeps what is in it, from the cold room to the door (852/2004/EC, annex II,
ch. IX, 5: the cold chain may be left for limited periods)."""

OWN_REASONS: frozenset[RefusalCause] = frozenset({"not-wanted", "age"})
"""On the shopper's side: what is kept is priced anew. In the others the shop has failed."""

PRICED_AS: Mapping[RefusalCause, pricing.models.Cause] = MappingProxyType(
    {
        "not-wanted": "changed-mind",
        "age": "changed-mind",
        "damaged": "damaged",
        "wrong": "damaged",
        "warm": "damaged",
        "missing": "missing",
        "recalled": "recalled",
    }
)


class Stays(msgspec.Struct, frozen=True):
    """So much of a pick is not handed over, why, and what becomes of it in the shop."""

    pick: Pick
    quantity: int
    cause: RefusalCause
    becomes: Becomes


def going(picks: Sequence[Pick], before: Mapping[UUID, int]) -> dict[UUID, int]:
    """What of each pick lies in the van for this door; `before` was refused at an earlier one."""
    return {pick.id: pick.picked - before.get(pick.id, 0) for pick in picks}


def staying(
    picks: Sequence[Pick], inside: Mapping[UUID, int], refused: Sequence[Refused]
) -> list[Stays]:
    """Raises Unprocessable for a line that is not in the van, or more than there is of it."""
    if len({one.line_no for one in refused}) < len(refused):
        raise Unprocessable("Name each line once.", code="line-named-twice")
    found = []
    for one in refused:
        missing = one.quantity
        # What came instead is the first to be refused.
        line = [pick for pick in picks if pick.line_no == one.line_no]
        for pick in sorted(line, key=lambda pick: pick.replaces is None):
            if units := min(missing, inside[pick.id]):
                found.append(stays(pick, units, one.cause))
                missing -= units
        if missing:
            raise Unprocessable("There is not so much of this line in the van.", code="not-inside")
    return found


def stays(pick: Pick, quantity: int, cause: RefusalCause) -> Stays:
    return Stays(pick, quantity, cause, becomes(pick.storage, cause))


def becomes(storage: Storage, cause: RefusalCause) -> Becomes:
    """What was cold is never sold again, nor what is damaged or recalled."""
    if cause == "missing":
        return "gone"
    good = storage == "ambient" and cause in ("not-wanted", "wrong", "age")
    return "restock" if good else "waste"


def left(inside: Mapping[UUID, int], stays: Sequence[Stays]) -> dict[UUID, int]:
    """What is handed over, by pick."""
    kept = {one.pick.id: one.quantity for one in stays}
    return {id: n - kept.get(id, 0) for id, n in inside.items()}


def too_warm(row: StopRow, at: datetime) -> list[Storage]:
    """Storage classes of which something is out of the cold for too long."""
    since: dict[Storage, datetime | None] = {
        "chilled": row.chilled_since,
        "frozen": row.frozen_since,
    }
    return [
        storage
        for storage, loaded_at in since.items()
        if loaded_at is not None and at - loaded_at > MOST_OUT_OF_COLD[storage]
    ]


def check_age(ages: Collection[int], to: Receiver, *, age_checked: bool) -> None:
    """Raises Conflict. `ages` are those of what is handed over."""
    if ages and (to != "customer" or not age_checked):
        raise Conflict(
            "There is something in it for {age} and older. Look at an identity document and hand "
            "it over in person, or keep it back and hand over the rest.",
            code="age-check",
            age=max(ages),
        )


def check_proof(to: Receiver, proof: Proof | None, pin: str) -> None:
    """Raises Conflict: what is left somewhere is on a photo, a PIN is the right one."""
    if to == "safe-place" and (proof is None or proof.kind != "photo"):
        raise Conflict("Take a photo of where you leave it.", code="proof-needed")
    if (
        proof is not None
        and proof.kind == "pin"
        and not hmac.compare_digest(proof.pin.encode(), pin.encode())
    ):
        raise Conflict("This is not the code of this order. Ask again.", code="wrong-pin")


def pin_of(secret: str, order_id: UUID) -> str:
    """The four digits a shopper reads on the page of the order and says at the door."""
    made = hmac.digest(secret.encode(), b"door pin " + order_id.bytes, "sha256")
    return f"{int.from_bytes(made[:4], 'big') % 10_000:04d}"


def pin_check(stop_id: UUID, pin: str) -> str:
    """By which a phone without signal finds a slip of the finger. It keeps no secret from somebody
    who tries all four digits: the word of a driver is trusted with a signature too."""
    return hashlib.sha256(f"{stop_id}:{pin}".encode()).hexdigest()


def door_of(country: str, postcode: str, house_number: str) -> bytes:
    """One name for one door, however its address was spelled."""
    written = "|".join("".join(part.split()).upper() for part in (country, postcode, house_number))
    return hashlib.sha256(written.encode()).digest()


def owed(
    order: Order, stays: Sequence[Stays], before: Sequence[tuple[int, int, RefusalCause]]
) -> Money:
    """What goes back for what is not handed over as it was ordered. For the shopper's own reasons: what was paid less
    the best price of what is kept; where the shop failed: at least the share of each unit.
    `before` are line, units and cause of what did not come earlier."""
    receipt = msgspec.convert(order.receipt, Receipt)
    keys = {line.line_no: share.key for line, share in zip(order.lines, receipt.lines, strict=True)}
    earlier = [_return(keys, [one]) for one in before]
    amount = 0
    for own in (False, True):
        part = [
            (one.pick.line_no, one.quantity, one.cause)
            for one in stays
            if (one.cause in OWN_REASONS) is own
        ]
        if part:
            returned = _return(keys, part)
            amount += pricing.refund(receipt, returned, earlier=earlier).amount
            earlier = [*earlier, returned]
    return amount


def _return(
    keys: Mapping[int, str], part: Sequence[tuple[int, int, RefusalCause]]
) -> pricing.Return:
    units: Counter[str] = Counter()
    for line_no, quantity, _ in part:
        units[keys[line_no]] += quantity
    return pricing.Return(dict(units), PRICED_AS[part[0][2]])


def reason_of(stays: Sequence[Stays]) -> str:
    """As payments and credit notes know it."""
    return "recalled" if all(one.cause == "recalled" for one in stays) else "refused"
