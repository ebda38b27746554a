"""Who gets what came in, from when on a basket can be brought, and reading a supplier's list."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from app.stock.coming.models import Announced
from app.stock.counting.models import Unread
from app.stock.counting.rules import rows
from app.stock.models import Coming

COLUMNS = ("gtin", "place", "quantity", "due_on")
YES = {"1", "yes", "ja", "true", "x", "예"}


def N_(sentence: str) -> str:
    """Marks a sentence for the catalogues."""
    return sentence


def serve(found: int, waiting: Sequence[tuple[UUID, int]]) -> dict[UUID, int]:
    """Hold → pieces, of so many that came in; `waiting` are holds with theirs, the oldest first."""
    served: dict[UUID, int] = {}
    for hold_id, quantity in waiting:
        if pieces := min(found, quantity):
            served[hold_id] = pieces
            found -= pieces
    return served


def first_days(
    wanted: Mapping[UUID, int],
    levels: Mapping[UUID, Mapping[UUID, int]],
    coming: Sequence[Coming],
) -> dict[UUID, date]:
    """Place → the first day on which it can bring all of it, of places that have to wait for goods.

    `levels` is place → product → pieces there now; `coming` is what can be ordered, by day.
    """
    places = {place_id for _, place_id in (one.spot for one in coming)}
    found = {id: _first_day(wanted, levels.get(id, {}), _of(coming, id)) for id in sorted(places)}
    return {id: day for id, day in found.items() if day is not None}


def read(body: bytes) -> tuple[list[Announced], list[Unread]]:
    """Raises Unprocessable when it is no such file at all."""
    announced: list[Announced] = []
    unread: list[Unread] = []
    for number, cells in rows(body, COLUMNS):
        told = {name: cells.get(name, "").strip() for name in (*COLUMNS, "to_order")}
        if not any(told.values()):
            continue
        if wrong := _wrong(told):
            unread.append(Unread(number, *wrong))
            continue
        announced.append(
            Announced(
                told["gtin"].zfill(14),
                told["place"],
                int(told["quantity"]),
                date.fromisoformat(told["due_on"]),
                told["to_order"].lower() in YES,
            )
        )
    return announced, unread


def _of(coming: Sequence[Coming], place_id: UUID) -> dict[UUID, list[Coming]]:
    found: dict[UUID, list[Coming]] = {}
    for one in coming:
        if one.spot[1] == place_id:
            found.setdefault(one.spot[0], []).append(one)
    return found


def _first_day(
    wanted: Mapping[UUID, int], there: Mapping[UUID, int], coming: Mapping[UUID, Sequence[Coming]]
) -> date | None:
    """None when something is missing for which nothing comes, or nothing is missing at all."""
    last = None
    for product_id, quantity in wanted.items():
        missing = quantity - max(there.get(product_id, 0), 0)
        for one in coming.get(product_id, []):
            if missing <= 0:
                break
            missing -= one.free
            last = max(last or one.due_on, one.due_on)
        if missing > 0:
            return None
    return last and last + timedelta(days=1)


def _wrong(told: Mapping[str, str]) -> tuple[str, dict[str, str]] | None:
    gtin, quantity = told["gtin"], told["quantity"]
    if not (gtin.isascii() and gtin.isdigit() and 8 <= len(gtin) <= 14):
        sentence = N_("{value} is not a product number of 8 to 14 digits.")
        return sentence, {"value": gtin[:40]}
    if not (quantity.isascii() and quantity.isdigit() and len(quantity) <= 6 and int(quantity)):
        return N_("{value} is not a whole number of pieces."), {"value": quantity[:40]}
    try:
        date.fromisoformat(told["due_on"])
    except ValueError:
        return N_("{value} is not a day like 2026-12-24."), {"value": told["due_on"][:40]}
    return None
