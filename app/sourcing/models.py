from typing import Literal
from uuid import UUID

import msgspec


class Part(msgspec.Struct, frozen=True):
    """What one place sends: product → pieces."""

    place_id: UUID
    lines: dict[UUID, int]


class Missing(msgspec.Struct, frozen=True):
    """At no place in reach there are as many as were wanted; `available` is the most at one."""

    product_id: UUID
    wanted: int
    available: int


class Considered(msgspec.Struct, frozen=True):
    """Why a place was chosen or not: how far it is, and how many products it lacks."""

    place_id: UUID
    distance_m: int | None
    lacking: int
    outcome: Literal["chosen", "not enough stock", "farther than the chosen one"]


class Choice(msgspec.Struct, frozen=True):
    """Who sends what. Without parts nobody can send it all, and `missing` says what lacks."""

    parts: list[Part]
    missing: list[Missing]
    considered: list[Considered]

    @property
    def possible(self) -> bool:
        return bool(self.parts)
