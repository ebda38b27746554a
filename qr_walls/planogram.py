"""Which product stands where, when nobody has said so."""

from collections.abc import Callable, Sequence
from random import Random

from qr_walls import layout, tokens
from qr_walls.errors import DoesNotFit, WallError
from qr_walls.model import Panel, PanelFormat, Position, Product, Shelf
from qr_walls.room import capacity, farthest, modules, panels_needed, panels_with_list
from qr_walls.table import Planogram

__all__ = [
    "arrange",
    "capacity",
    "farthest",
    "modules",
    "panels_needed",
    "panels_with_list",
    "stand",
]

# What tearing a category costs; a shelf or panel longer or shorter by n costs n squared.
_TORN, _TORN_BY_PANELS = 6.0, 60.0
_SLACK = 4  # products by which a shelf may differ from its even share to keep a category whole
_MOST_SLACK = 20  # and a panel


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

    Categories stay together in the order in which they are met, brands within them; a panel or a
    shelf ends where a category does, if that leaves it nearly full. Every position gets a fresh
    token, from ``random`` if the same poster must come out twice. Raises ``DoesNotFit`` with the
    number that does.
    """
    if not products:
        raise WallError("A wall needs at least one product.")
    needed = panels_needed(len(products), format, distance_m, base_url)
    if panels is not None and needed > panels:
        raise _does_not_fit(len(products), format, distance_m, base_url, panels, needed)
    count = min(panels or needed, len(products))
    holds = capacity(format, distance_m, base_url).products
    even = -(-len(products) // count)
    shares = _shares(_side_by_side(products), count, min(holds, even + even // 6), _TORN_BY_PANELS)
    return tuple(_panel(share, format, distance_m, modules(base_url), random) for share in shares)


def stand(
    plan: Planogram,
    format: PanelFormat,
    distance_m: float,
    base_url: str,
    panels: int | None = None,
    random: Random | None = None,
) -> Planogram:
    """A table's products on shelves, where it does not say where; its tokens stay theirs.

    Raises ``DoesNotFit``.
    """
    given = (one for panel in plan.panels for shelf in panel.shelves for one in shelf.positions)
    known = {one.gtin: one for one in given}
    made = arrange(
        list(plan.products.values()), format, distance_m, base_url, panels=panels, random=random
    )
    return plan._replace(
        panels=tuple(
            Panel(
                panel.format,
                tuple(
                    Shelf(tuple(known[one.gtin] for one in shelf.positions))
                    for shelf in panel.shelves
                ),
            )
            for panel in made
        ),
        placed=True,
    )


def _side_by_side(products: Sequence[Product]) -> list[Product]:
    order = {name: place for place, name in enumerate(dict.fromkeys(p.category for p in products))}
    return sorted(products, key=lambda product: (order[product.category], product.brand))


def _shares(
    products: list[Product],
    count: int,
    most: int,
    torn: float = _TORN,
    price_of: Callable[[int, int], float] = lambda number, length: 0.0,
) -> list[list[Product]]:
    """So many shares of at most ``most``: nearly even, and torn where a category ends.

    The cheapest of all ways within ``_SLACK`` of even ends, share by share; ``price_of`` a share
    of a number and length may say which ones should be long.
    """
    even = len(products) / count
    slack = min(max(_SLACK, int(even / 6)), _MOST_SLACK)
    best: dict[int, tuple[float, list[int]]] = {0: (0.0, [])}
    for number in range(count):
        last = number == count - 1
        middle = round(even * (number + 1))
        ends = [len(products)] if last else range(max(1, middle - slack), middle + slack + 1)
        best = {
            end: min(
                (
                    price
                    + _price(products, start, end, even, torn)
                    + price_of(number, end - start),
                    way,
                )
                for start, (price, way) in best.items()
                if 0 < end - start <= most
            )
            for end in ends
            if end <= len(products) and any(0 < end - start <= most for start in best)
        }
        best = {end: (price, [*way, end]) for end, (price, way) in best.items()}
    ends = best[len(products)][1]
    return [products[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def _price(products: list[Product], start: int, end: int, even: float, torn: float) -> float:
    goes_on = end < len(products) and products[end - 1].category == products[end].category
    return (end - start - even) ** 2 + (torn if goes_on else 0.0)


def _panel(
    products: list[Product],
    format: PanelFormat,
    distance_m: float,
    wide: int,
    random: Random | None,
) -> Panel:
    panel = Panel(format, ())
    rows = layout.best_rows(panel, len(products), distance_m, wide)
    widest = -(-len(products) // rows)

    low = {
        number
        for number in range(rows)
        if layout.LIST_LOWEST_MM
        <= layout.height_of_row(panel, number, rows, distance_m, wide)
        <= layout.LIST_HIGHEST_MM
    }

    def crowded(number: int, length: int) -> float:
        """A shelf as high as a wheelchair reaches should have room for the code of the list."""
        return 0.5 if number in low and length == widest else 0.0

    return Panel(
        format,
        tuple(
            Shelf(tuple(Position(product.gtin, tokens.new(random)) for product in share))
            for share in _shares(products, rows, widest, price_of=crowded)
        ),
    )


def _does_not_fit(
    wanted: int, format: PanelFormat, distance_m: float, base_url: str, panels: int, needed: int
) -> DoesNotFit:
    holds = capacity(format, distance_m, base_url).products
    nearer = farthest(-(-wanted // panels), format, base_url)
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
