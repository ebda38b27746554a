"""How much room there is on a wall, said plainly: from products, format and distance to the size
of a code, and back."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import ceil

import msgspec

from qr_walls import distance, formats, layout, links, signs
from qr_walls.errors import DoesNotFit
from qr_walls.gtin import demo
from qr_walls.model import LIST_EVERY_M, QUIET_ZONE, Panel, PanelFormat

USUAL_M = 0.6  # from where people read a wall they walk past


class Room(msgspec.Struct, frozen=True):
    """What so many products take on panels of one format, read from a distance."""

    format: PanelFormat
    products: int
    distance_m: float
    columns: int  # on one panel
    rows: int
    panels: int | None  # None where not one product fits
    module_mm: float
    code_mm: float  # with its quiet zone
    cell_mm: tuple[float, float]  # width and height that one product has at least
    farthest_m: float | None  # from which all would read on one panel, by 5 cm
    signs: int = 0  # panels that carry the code of the wall's list, where it has one


@lru_cache(maxsize=64)
def modules(base_url: str) -> int:
    """Modules along the side of the codes of a shop at this address: 29 up to 16 characters."""
    from qr_walls import symbols  # brings an imaging library along, which few who plan walls need

    version, _ = symbols.fit(links.write(base_url, "ZZZZZZZ", demo(0)))
    return 4 * version + 17


@lru_cache(maxsize=4096)
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


def panels_with_list(format: PanelFormat, panels: int) -> int:
    """On how many of so many panels side by side the code of the list stands."""
    return len(list(signs.spread([format] * panels, LIST_EVERY_M)))


def solve(products: int, format: PanelFormat, distance_m: float, base_url: str) -> Room:
    """What the products take on panels of this format. Raises ``WallError``: senseless distance."""
    holds = capacity(format, distance_m, base_url)
    module = distance.module_mm(distance_m)
    code = module * (modules(base_url) + 2 * QUIET_ZONE)
    panels = ceil(products / holds.products) if holds.products else None
    return Room(
        format=format,
        products=products,
        distance_m=distance_m,
        columns=holds.columns,
        rows=holds.rows,
        panels=panels,
        module_mm=module,
        code_mm=code,
        cell_mm=layout.least_cell(code),
        farthest_m=farthest(products, format, base_url) if products else None,
        signs=panels_with_list(format, panels or 0),
    )


def suggest(
    products: int, distance_m: float, base_url: str, sizes: Sequence[PanelFormat] = formats.ALL
) -> list[Room]:
    """Every format that holds the products, the fewest panels first, then the least paper."""
    rooms = [solve(products, size, distance_m, base_url) for size in sizes]
    return sorted((room for room in rooms if room.panels), key=_cost)


def _cost(room: Room) -> tuple[int, float]:
    panels = room.panels or 0
    return panels, panels * room.format.width_mm * room.format.height_mm


def sentences(room: Room, base_url: str) -> Iterator[str]:
    """The answer as one says it: where it fits, how large a code is, and what else would do."""
    if room.panels == 1:
        yield (
            f"{_products(room.products)} on one {room.format.name}, read from "
            f"{_length(room.distance_m)}: codes of {room.code_mm:.0f} mm with modules of "
            f"{room.module_mm:.2f} mm, at least {room.cell_mm[0]:.0f} × {room.cell_mm[1]:.0f} mm "
            "for each."
        )
    elif room.panels:
        yield (
            f"{_products(room.products)} read from {_length(room.distance_m)} take "
            f"{_count(room.panels)} {room.format.name}."
        )
    else:
        yield f"Not one product fits on {room.format.name} read from {_length(room.distance_m)}."
    if room.panels != 1 and room.farthest_m:
        yield f"One {room.format.name} holds them read from {_length(room.farthest_m)}."
    if room.panels == 1 and room.distance_m < USUAL_M:
        usual = solve(room.products, room.format, USUAL_M, base_url)
        if usual.panels:
            take = f"For {_length(USUAL_M)} take {_count(usual.panels)} {room.format.name}"
            yield f"{take}{_fewer(usual, base_url)}."
    for other in suggest(room.products, room.distance_m, base_url)[:1]:
        if room.panels is None or (other.panels or 0) < room.panels:
            yield f"Or take {_count(other.panels or 0)} {other.format.name}."
    yield from _about_list(room)


def _about_list(room: Room) -> Iterator[str]:
    if not room.panels:
        return
    which = "it" if room.panels == 1 else "each of them"
    if room.signs < room.panels:
        which = f"{_count(room.signs)} of them"
    yield (
        f"Leave one place free on {which}, 0.9 to 1.2 m above the floor: the code that opens the "
        "wall as a list goes there."
    )


def _fewer(room: Room, base_url: str) -> str:
    """How one gets by with fewer panels of this size, and what that costs."""
    needed, said = room.panels or 0, ""
    lying = PanelFormat(room.format.name, room.format.height_mm, room.format.width_mm)
    holds = capacity(lying, room.distance_m, base_url).products
    if holds and (fewer := ceil(room.products / holds)) < needed:
        needed, said = fewer, f", or {_count(fewer)} lying on their side"
    nearer = room.distance_m * distance.GOOD_READER / distance.EVERY_READER
    holds = capacity(room.format, nearer, base_url).products
    if holds and (fewer := ceil(room.products / holds)) < needed:
        said += f"; {_count(fewer)} do where every phone reads well (3 pixels a module, not 4)"
    return said


_COUNTS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def _count(panels: int) -> str:
    return _COUNTS[panels - 1] if 0 < panels <= len(_COUNTS) else str(panels)


def _products(count: int) -> str:
    return "One product" if count == 1 else f"{count} products"


def _length(metres: float) -> str:
    return f"{metres * 100:g} cm" if metres < 1 else f"{metres:g} m"
