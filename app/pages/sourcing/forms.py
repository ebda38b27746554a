"""The rules of sourcing as a form: every number in words, groups of places one below the other."""

import re
from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any
from uuid import UUID

import msgspec

from app.sourcing import Group, Weights
from app.stock import Place

COSTS = (
    "parcel", "kilometre", "crowding", "store_piece", "dark_store_piece", "risk", "unfilled_piece",
)  # fmt: skip
"""In cents."""
MOST_GROUPS = 20
_NUMBER = re.compile(r"[0-9]{1,8}", re.ASCII)
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)


def written(weights: Weights) -> dict[str, str]:
    """The form as it is filled in for these rules."""
    fields = {name: str(getattr(weights, name)) for name in (*COSTS, "safety_stock")}
    fields["most_places"] = "" if weights.most_places is None else str(weights.most_places)
    for prefix, ids in (
        ("x", weights.excluded), ("c", weights.no_cold), ("a", weights.no_age_limit),
    ):  # fmt: skip
        fields |= {f"{prefix}-{id}": "on" for id in ids}
    for n, group in enumerate(weights.groups):
        fields |= {f"g{n}-p-{id}": "on" for id in group.place_ids}
        fields |= {
            f"g{n}-name": group.name,
            f"g{n}-surcharge": str(group.surcharge),
            f"g{n}-safety_stock": str(group.safety_stock),
            f"g{n}-opens": f"{group.opens:%H:%M}" if group.opens else "",
            f"g{n}-closes": f"{group.closes:%H:%M}" if group.closes else "",
            **{
                f"g{n}-{name}": "on"
                for name in ("sends", "cold", "age_limited")
                if getattr(group, name)
            },
        }
    return fields


def groups_in(fields: Mapping[str, str]) -> int:
    """How many groups the form has room for: those with a name, and one more."""
    named = [n for n in range(MOST_GROUPS) if fields.get(f"g{n}-name", "").strip()]
    return min(MOST_GROUPS, max(named, default=-1) + 2)


def read(data: Mapping[str, str], places: Sequence[Place]) -> tuple[Weights | None, set[str]]:
    """The rules, or the fields that cannot be read. What is not named keeps its place's own rules."""
    ids = [place.id for place in places]
    wrong: set[str] = set()

    def number(name: str, most: int, otherwise: int | None = None) -> int:
        text = data.get(name, "").strip()
        if not text and otherwise is not None:
            return otherwise
        if not _NUMBER.fullmatch(text) or int(text) > most:
            wrong.add(name)
            return 0
        return int(text)

    def clock(name: str) -> time | None:
        text = data.get(name, "").strip()[:5]
        if text and not _CLOCK.fullmatch(text):
            wrong.add(name)
            return None
        return time.fromisoformat(text) if text else None

    def ticked(prefix: str) -> list[UUID]:
        return [id for id in ids if f"{prefix}-{id}" in data]

    def group(n: int) -> Group:
        name = data[f"g{n}-name"].strip()
        if len(name) > 60 or "\x00" in name:
            wrong.add(f"g{n}-name")
        return Group(
            name=name[:60],
            place_ids=ticked(f"g{n}-p"),
            surcharge=number(f"g{n}-surcharge", 10_000_000, 0),
            safety_stock=number(f"g{n}-safety_stock", 1000, 0),
            opens=clock(f"g{n}-opens"),
            closes=clock(f"g{n}-closes"),
            **{flag: f"g{n}-{flag}" in data for flag in ("sends", "cold", "age_limited")},
        )

    fields: dict[str, Any] = {name: number(name, 10_000_000) for name in COSTS}
    most_places = number("most_places", 20, 0)
    weights = Weights(
        **fields,
        safety_stock=number("safety_stock", 1000, 0),
        most_places=most_places or None,
        excluded=ticked("x"),
        no_cold=ticked("c"),
        no_age_limit=ticked("a"),
        groups=[group(n) for n in range(MOST_GROUPS) if data.get(f"g{n}-name", "").strip()],
    )
    if wrong:
        return None, wrong
    return msgspec.convert(msgspec.to_builtins(weights), Weights), wrong
