"""How each kind of promotion is played: what a unit saves, and how far a set is filled by it. Pure.

Units are looked at from dear to cheap. A play that fills sets remembers how full its set is (its
fill); full sets of neighbours make the dearest units free, so that order loses nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol, TypeAlias, assert_never
from uuid import UUID

from app.money import Money
from app.pricing.models import Offer
from app.pricing.promotion import (
    AmountOff,
    Bundle,
    BuyGet,
    FreeDelivery,
    Gift,
    MemberPrice,
    MixAndMatch,
    NForM,
    NthOff,
    PercentOff,
    Tiered,
)


class Unit(NamedTuple):
    price: Money
    product_id: UUID
    key: str
    most_percent: int = 100


Fill: TypeAlias = Any
"""A whole number, or several: how full a set is. Plays alone read their own."""


class Play(Protocol):
    start: Fill

    def takes(self, unit: Unit) -> bool: ...

    def steps(self, fill: Fill, unit: Unit) -> Iterable[tuple[Fill, Money]]:
        """The ways of taking a unit that it takes: the fill after it, and what is saved by it."""
        ...

    def lacks(self, fill: Fill) -> int:
        """At least so many units are missing to fill what is open."""
        ...

    def hope(self, fill: Fill, dearest: Money) -> Money:
        """At most so much is saved by filling what is open, when none to come is dearer."""
        ...

    def full(self, fill: Fill) -> bool:
        """Whether it may end like this: a set that is not full earns nothing."""
        ...


OffOne: TypeAlias = Callable[[Unit], Money]


def off_one(offer: Offer, percent: int | None) -> OffOne | None:
    """What a unit saves by itself; None for a kind that needs several. `percent`: of its tier."""
    rule = offer.rule
    match rule:
        case PercentOff():
            return _share_of(rule.percent)
        case Tiered():
            return _share_of(percent or 0)
        case AmountOff(amount=amount):
            return lambda unit: _allowed(unit, min(amount, unit.price))
        case MemberPrice(price=price):
            return lambda unit: _allowed(unit, max(0, unit.price - price))
        case Gift():
            return lambda unit: _allowed(unit, unit.price)
        case NForM() | BuyGet() | NthOff() | MixAndMatch() | Bundle() | FreeDelivery():
            return None
        case _:
            assert_never(rule)


def _share_of(percent: int) -> OffOne:
    """Rounded down, so that the shop never promises more than it gives."""
    return lambda unit: _allowed(unit, unit.price * percent // 100)


def _allowed(unit: Unit, off: Money) -> Money:
    return off if unit.most_percent >= 100 else min(off, unit.price * unit.most_percent // 100)


def play_of(offer: Offer, percent: int | None) -> Play | None:
    """How its sets are filled; None for one that gives by the unit without a limit."""
    rule, keys, most = offer.rule, frozenset(offer.keys), offer.most
    match rule:
        case NForM(take=take, pay=pay):
            return Sets(keys, take, take - pay, 100, most)
        case NthOff(nth=nth, percent=off):
            return Sets(keys, nth, 1, off, most)
        case BuyGet(buy=buy, get=get, percent=off) if not rule.gets:
            return Sets(keys, buy + get, get, off, most)
        case BuyGet(buy=buy, get=get, percent=off):
            return Apart(keys, frozenset(offer.others[0]), buy, get, off, most)
        case MixAndMatch(take=take, price=price):
            return ForOnePrice(keys, take, price, most)
        case Bundle():
            quantities = tuple(part.quantity for part in rule.parts)
            return Parts(tuple(map(frozenset, offer.others)), quantities, rule.price, most)
        case Gift(units=units):
            gift = off_one(offer, percent)
            assert gift is not None
            return UpTo(frozenset(offer.others[0]), gift, units * (most or 1))
        case PercentOff() | AmountOff() | MemberPrice() | Tiered():
            each = off_one(offer, percent)
            assert each is not None
            return UpTo(keys, each, most) if most else None
        case FreeDelivery():
            return None
        case _:
            assert_never(rule)


def possible(offer: Offer, quantities: Mapping[str, int]) -> bool:
    """Whether the basket holds enough for one set of it: what cannot be full needs no weighing."""
    there = sum(quantities.get(key, 0) for key in offer.keys)
    rule = offer.rule
    match rule:
        case NForM(take=size) | NthOff(nth=size) | MixAndMatch(take=size):
            return there >= size
        case BuyGet(buy=buy, get=get):
            return there >= buy if rule.gets else there >= buy + get
        case Bundle(parts=parts):
            return all(
                sum(quantities.get(key, 0) for key in keys) >= part.quantity
                for part, keys in zip(parts, offer.others, strict=True)
            )
        case PercentOff() | AmountOff() | MemberPrice() | Tiered() | FreeDelivery() | Gift():
            return True
        case _:
            assert_never(rule)


class Sets:
    """Of every `size` units the `reduced` cheapest are so much off."""

    start = 0

    def __init__(
        self, keys: frozenset[str], size: int, reduced: int, percent: int, most: int | None
    ) -> None:
        self.keys, self.size, self.percent, self.most = keys, size, percent, most
        self.full_price = size - reduced

    def steps(self, fill: int, unit: Unit) -> Iterable[tuple[int, Money]]:
        if self.most and fill >= self.size * self.most:
            return ()
        reduced = fill % self.size >= self.full_price
        off = unit.price * self.percent // 100 if reduced else 0
        after = fill + 1
        return ((after if self.most else after % self.size, off),)

    def takes(self, unit: Unit) -> bool:
        return unit.key in self.keys

    def lacks(self, fill: int) -> int:
        return -fill % self.size

    def hope(self, fill: int, dearest: Money) -> Money:
        reduced = min(self.lacks(fill), self.size - self.full_price)
        return reduced * dearest * self.percent // 100

    def full(self, fill: int) -> bool:
        return fill % self.size == 0

    def alone(self, units: Sequence[Unit]) -> list[tuple[Unit, Money]]:
        """Without a rival for the units: the dearest fill the sets."""
        theirs = [unit for unit in units if unit.key in self.keys]
        sets = len(theirs) // self.size
        sets = min(sets, self.most) if self.most else sets
        size, full_price, percent = self.size, self.full_price, self.percent
        return [
            (unit, unit.price * percent // 100 if place % size >= full_price else 0)
            for place, unit in enumerate(theirs[: sets * size])
        ]


class ForOnePrice:
    """Any `size` units for one price."""

    start = 0

    def __init__(self, keys: frozenset[str], size: int, price: Money, most: int | None) -> None:
        self.keys, self.size, self.price, self.most = keys, size, price, most

    def steps(self, fill: int, unit: Unit) -> Iterable[tuple[int, Money]]:
        if self.most and fill >= self.size * self.most:
            return ()
        after = fill + 1
        off = unit.price - (self.price if after % self.size == 0 else 0)
        return ((after if self.most else after % self.size, off),)

    def takes(self, unit: Unit) -> bool:
        return unit.key in self.keys

    def lacks(self, fill: int) -> int:
        return -fill % self.size

    def hope(self, fill: int, dearest: Money) -> Money:
        lacking = self.lacks(fill)
        return lacking * dearest - self.price if lacking else 0

    def full(self, fill: int) -> bool:
        return fill % self.size == 0

    def alone(self, units: Sequence[Unit]) -> list[tuple[Unit, Money]]:
        """The dearest first, as long as a set costs more than its price."""
        theirs = [unit for unit in units if unit.key in self.keys]
        taken: list[tuple[Unit, Money]] = []
        sets = len(theirs) // self.size
        for n in range(min(sets, self.most) if self.most else sets):
            one = theirs[n * self.size : (n + 1) * self.size]
            if sum(unit.price for unit in one) <= self.price:
                break
            taken += [(unit, unit.price) for unit in one[:-1]]
            taken.append((one[-1], one[-1].price - self.price))
        return taken


class UpTo:
    """Each unit by itself, but no more than so many."""

    start = 0

    def __init__(self, keys: frozenset[str], off: OffOne, most: int) -> None:
        self.keys, self.off, self.most = keys, off, most

    def steps(self, fill: int, unit: Unit) -> Iterable[tuple[int, Money]]:
        return ((fill + 1, self.off(unit)),) if fill < self.most else ()

    def takes(self, unit: Unit) -> bool:
        return unit.key in self.keys

    def lacks(self, fill: int) -> int:
        return 0

    def hope(self, fill: int, dearest: Money) -> Money:
        return 0

    def full(self, fill: int) -> bool:
        return True


class Parts:
    """So many of each part for one price. The fill: how many of each wait, and full sets where
    they are limited."""

    def __init__(
        self,
        parts: tuple[frozenset[str], ...],
        quantities: tuple[int, ...],
        price: Money,
        most: int | None,
    ) -> None:
        self.parts, self.quantities, self.price, self.most = parts, quantities, price, most
        self.start = ((0,) * len(parts), 0)
        self.keys = frozenset[str]().union(*parts)

    def steps(
        self, fill: tuple[tuple[int, ...], int], unit: Unit
    ) -> Iterable[tuple[tuple[tuple[int, ...], int], Money]]:
        waiting, sets = fill
        if self.most and sets >= self.most:
            return
        for n, part in enumerate(self.parts):
            if unit.key in part:
                now = (*waiting[:n], waiting[n] + 1, *waiting[n + 1 :])
                if all(map(int.__ge__, now, self.quantities)):
                    left = tuple(map(int.__sub__, now, self.quantities))
                    yield (left, sets + 1 if self.most else 0), unit.price - self.price
                else:
                    yield (now, sets), unit.price

    def takes(self, unit: Unit) -> bool:
        return unit.key in self.keys

    def lacks(self, fill: tuple[tuple[int, ...], int]) -> int:
        sets = self._under_way(fill[0])
        return sum(
            sets * quantity - there
            for there, quantity in zip(fill[0], self.quantities, strict=True)
        )

    def hope(self, fill: tuple[tuple[int, ...], int], dearest: Money) -> Money:
        return self.lacks(fill) * dearest - self._under_way(fill[0]) * self.price

    def _under_way(self, waiting: tuple[int, ...]) -> int:
        pairs = zip(waiting, self.quantities, strict=True)
        return max(-(-there // quantity) for there, quantity in pairs)

    def full(self, fill: tuple[tuple[int, ...], int]) -> bool:
        return not any(fill[0])


class Apart:
    """Buy some of these, and some of those are so much off. The fill: bought and got, less what
    has come out even, and the sets that are under way where they are limited."""

    start = (0, 0, 0)

    def __init__(
        self,
        buys: frozenset[str],
        gets: frozenset[str],
        buy: int,
        get: int,
        percent: int,
        most: int | None,
    ) -> None:
        self.buys, self.gets, self.buy, self.get = buys, gets, buy, get
        self.percent, self.most = percent, most

    def steps(
        self, fill: tuple[int, int, int], unit: Unit
    ) -> Iterable[tuple[tuple[int, int, int], Money]]:
        bought, got, sets = fill
        if unit.key in self.buys:
            yield self._even(bought + 1, got, sets), 0
        if unit.key in self.gets:
            yield self._even(bought, got + 1, sets), unit.price * self.percent // 100

    def takes(self, unit: Unit) -> bool:
        return unit.key in self.buys or unit.key in self.gets

    def lacks(self, fill: tuple[int, int, int]) -> int:
        bought, got, _ = fill
        sets = max(-(-got // self.get), -(-bought // self.buy))
        return sets * self.buy - bought + (0 if got else 1 if bought else 0)

    def hope(self, fill: tuple[int, int, int], dearest: Money) -> Money:
        bought, got, _ = fill
        sets = max(-(-got // self.get), -(-bought // self.buy))
        return (sets * self.get - got) * dearest * self.percent // 100

    def full(self, fill: tuple[int, int, int]) -> bool:
        bought, got, sets = fill
        under_way = -(-got // self.get)
        within = not self.most or sets + under_way <= self.most
        return within and bought == under_way * self.buy

    def _even(self, bought: int, got: int, sets: int) -> tuple[int, int, int]:
        if bought >= self.buy and got >= self.get:
            return bought - self.buy, got - self.get, sets + 1 if self.most else 0
        return bought, got, sets
