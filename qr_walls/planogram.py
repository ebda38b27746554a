"""Which product stands where, when nobody has said so; and how much room there is at all."""

from collections.abc import Sequence
from functools import lru_cache
from math import ceil
from random import Random

from qr_walls import layout, links, tokens
from qr_walls.errors import DoesNotFit, WallError
from qr_walls.gtin import demo
from qr_walls.model import Panel, PanelFormat, Position, Product, Shelf


@lru_cache(maxsize=64)
def modules(base_url: str) -> int:
    """Modules along the side of the codes of a shop at this address: 29 up to 16 characters."""
    from qr_walls import symbols  # brings an imaging library along, which few who plan walls need

    version, _ = symbols.fit(links.write(base_url, "ZZZZZZZ", demo(0)))
    return 4 * version + 17


def capacity(format: PanelFormat, distance_m: float, base_url: str) -> layout.Capacity:
    """Shelves and products on one panel of this size, read from ``distance_m`` metres."""
    return layout.capacity(Panel(format, ()), distance_m, modules(base_url))


def panels_needed(products: int, format: PanelFormat, distance_m: float, base_url: str) -> int:
    """How many panels so many products take. Raises ``DoesNotFit`` when none fits on one."""
    holds = capacity(format, distance_m, base_url).products
    if not holds:
        raise DoesNotFit(
            "Not one product fits on {format} read from {distance:g} m.",
            fits=0,
            format=format.name,
            distance=distance_m,
        )
    return ceil(products / holds)


def farthest(products: int, format: PanelFormat, base_url: str) -> float | None:
    """The greatest distance, in metres by 5 cm, from which so many products read on one panel."""
    return next(
        (
            twentieth / 20
            for twentieth in range(60, 3, -1)
            if capacity(format, twentieth / 20, base_url).products >= products
        ),
        None,
    )


def arrange(
    products: Sequence[Product],
    format: PanelFormat,
    distance_m: float,
    base_url: str,
    *,
    panels: int | None = None,
    random: Random | None = None,
) -> tuple[Panel, ...]:
    """Put products on as many panels as they take, or on ``panels``, evenly.

    Categories stay together in the order in which they are met, brands within them. Every
    position gets a fresh token, from ``random`` if the same poster must come out twice. Raises
    ``DoesNotFit`` with the number that does.
    """
    if not products:
        raise WallError("A wall needs at least one product.")
    needed = panels_needed(len(products), format, distance_m, base_url)
    if panels is not None and needed > panels:
        raise _does_not_fit(len(products), format, distance_m, base_url, panels, needed)
    count = panels or needed
    wide = modules(base_url)
    return tuple(
        _panel(share, format, distance_m, wide, random)
        for share in _shares(_side_by_side(products), count)
        if share
    )


def _side_by_side(products: Sequence[Product]) -> list[Product]:
    order = {name: place for place, name in enumerate(dict.fromkeys(p.category for p in products))}
    return sorted(products, key=lambda product: (order[product.category], product.brand))


def _shares(products: list[Product], count: int) -> list[list[Product]]:
    """As even as can be, the longer ones first."""
    size, rest = divmod(len(products), count)
    shares, start = [], 0
    for number in range(count):
        end = start + size + (number < rest)
        shares.append(products[start:end])
        start = end
    return shares


def _panel(
    products: list[Product],
    format: PanelFormat,
    distance_m: float,
    wide: int,
    random: Random | None,
) -> Panel:
    rows = layout.best_rows(Panel(format, ()), len(products), distance_m, wide)
    return Panel(
        format,
        tuple(
            Shelf(tuple(Position(product.gtin, tokens.new(random)) for product in share))
            for share in _shares(products, rows)
        ),
    )


def _does_not_fit(
    wanted: int, format: PanelFormat, distance_m: float, base_url: str, panels: int, needed: int
) -> DoesNotFit:
    holds = capacity(format, distance_m, base_url).products
    nearer = farthest(ceil(wanted / panels), format, base_url)
    sentence = (
        "{wanted} products do not fit on {panels} × {format} read from {distance:g} m: {fits} do. "
        "Take {needed} panels"
    )
    return DoesNotFit(
        sentence + (", or read them from {nearer:g} m." if nearer else "."),
        fits=holds * panels,
        wanted=wanted,
        panels=panels,
        format=format.name,
        distance=distance_m,
        needed=needed,
        nearer=nearer or 0,
    )
