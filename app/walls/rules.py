"""What a plan becomes when it is printed. Nothing here asks anybody anything."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.catalog.models import Product
from app.catalog.rules import unit_price
from app.errors import ShopError, Unprocessable
from app.money import Money
from app.walls.models import (
    Difference,
    Edition,
    Panel,
    Plan,
    Position,
    PrintedLabel,
    PrintedPanel,
    Wall,
    WishedPanel,
    WishedPosition,
)
from app.walls.sites.models import Hanging, Overtaken
from qr_walls import formats, planogram, tokens, words
from qr_walls import model as poster
from qr_walls.errors import WallError

LONGEST_PROMISE = timedelta(days=366)


def fresh_tokens(count: int, taken: set[str], random: Random | None = None) -> list[str]:
    """So many codes, none like another or like one that a poster carries already."""
    fresh: dict[str, None] = {}
    while len(fresh) < count:
        token = tokens.new(random)
        if token not in taken:
            fresh[token] = None
    return list(fresh)


def promise(valid_from: datetime, last_day: date, zone: ZoneInfo) -> datetime:
    """Until when the printed prices hold: the end of the last day, where the wall hangs."""
    today = valid_from.astimezone(zone).date()
    if last_day < today:
        raise Unprocessable("The prices of a poster must hold at least until today.")
    if last_day - today > LONGEST_PROMISE:
        raise Unprocessable("The prices of a poster may hold for a year at most.")
    return datetime.combine(last_day + timedelta(days=1), time(), zone).astimezone(UTC)


def to_print(
    plan: Plan,
    products: Mapping[UUID, Product],
    codes: Sequence[str],
    prior_prices: Mapping[UUID, int],
    offers: Mapping[UUID, str],
) -> list[PrintedPanel]:
    """The plan with today's prices and a fresh token for every position."""
    token = iter(codes)
    return [
        PrintedPanel(
            panel.format,
            panel.width_mm,
            panel.height_mm,
            [
                [
                    PrintedLabel(
                        position_id=position.id,
                        token=next(token),
                        product_id=position.product_id,
                        gtin=products[position.product_id].gtin,
                        price=products[position.product_id].price,
                        facings=position.facings,
                        offer=offers.get(position.product_id, ""),
                        prior_price=prior_prices.get(position.product_id),
                    )
                    for position in shelf
                ]
                for shelf in panel.shelves
            ],
        )
        for panel in plan.panels
    ]


def check_for_sale(plan: Plan, products: Mapping[UUID, Product]) -> None:
    """A wall is printed only with what can be bought. Raises Unprocessable."""
    if not plan.panels:
        raise Unprocessable("This wall has no products yet. Fill its shelves first.")
    for position in plan.positions():
        check_product(products.get(position.product_id), position.product_id, plan.wall.currency)


def check_product(product: Product | None, id: UUID, currency: str) -> None:
    """Raises Unprocessable for what cannot be bought, or not in this money."""
    if product is None or not product.on_sale:
        raise Unprocessable(
            "“{product}” is not on sale, so it cannot be printed. Put something else there.",
            product=product.name if product else str(id),
            code="not-on-sale",
        )
    if product.currency != currency:
        raise Unprocessable(
            "“{product}” is sold in {currency}, but this wall in {wall_currency}.",
            product=product.name,
            currency=product.currency,
            wall_currency=currency,
        )


def stickers(
    wanted: Sequence[Overtaken],
    below: Mapping[str, Hanging],
    products: Mapping[UUID, Product],
    codes: Sequence[str],
    prior_prices: Mapping[UUID, int],
    offers: Mapping[UUID, str],
) -> list[PrintedLabel]:
    """One for each label that was overtaken, in the same order; `below` is what hangs, by token."""
    return [
        PrintedLabel(
            position_id=below[one.token].position_id,
            token=token,
            product_id=one.product_id,
            gtin=products[one.product_id].gtin,
            price=one.price,
            facings=1,
            offer=offers.get(one.product_id, ""),
            prior_price=prior_prices.get(one.product_id),
            replaces=one.token,
            panel=one.panel,
            shelf=one.shelf,
            place=one.place,
        )
        for one, token in zip(wanted, codes, strict=True)
    ]


def as_poster(edition: Edition, wall: Wall, panels: Sequence[PrintedPanel]) -> poster.Wall:
    """The edition as `qr_walls` draws it."""
    zone = ZoneInfo(wall.time_zone)
    return poster.Wall(
        name=wall.name,
        base_url=edition.base_url,
        language=wall.language,
        currency=edition.currency,
        distance_m=(edition.reading_distance_mm or wall.reading_distance_mm) / 1000,
        valid_until=(edition.valid_until.astimezone(zone) - timedelta(seconds=1)).date(),
        edition=f"{edition.site or wall.code} · {edition.number}",
        list_url=edition.list_url,
        phone=edition.phone,
        panels=tuple(_as_panel(panel) for panel in panels),
    )


def on_labels(
    labels: Sequence[PrintedLabel],
    wall: Wall,
    products: Mapping[UUID, Product],
    categories: Mapping[str, str],
    pictures: Mapping[str, bytes],
) -> dict[str, poster.Product]:
    """What `qr_walls` prints about each product, by its number.

    `categories` are their names in the wall's language, `pictures` are by the name of their file.
    """
    return {
        label.gtin: _as_product(label, products[label.product_id], wall, categories, pictures)
        for label in labels
    }


def list_address(base_url: str, site: str) -> str:
    """What the code of a wall's list opens; in capitals, which make a smaller code."""
    return f"{base_url}/w/{site}".upper()


def labels_on(panels: Sequence[PrintedPanel]) -> list[PrintedLabel]:
    return [label for panel in panels for shelf in panel.shelves for label in shelf]


def positions_of(
    panels: Sequence[WishedPanel],
    planned: Sequence[Panel],
    known: set[UUID],
    new_id: Callable[[], UUID],
) -> Iterator[Position]:
    """Every wish at its place. An id that this wall does not know, or twice, is a new position."""
    left = set(known)
    for wish, panel in zip(panels, planned, strict=True):
        for shelf, row in enumerate(wish.shelves, 1):
            for place, one in enumerate(row, 1):
                id = one.id if one.id is not None and one.id in left else new_id()
                left.discard(id)
                yield Position(id, panel.id, shelf, place, one.product_id, one.facings)


def shelves_of(positions: Sequence[Position]) -> list[list[Position]]:
    """Positions of one panel, in order, shelf by shelf."""
    return [list(shelf) for _, shelf in groupby(positions, key=lambda position: position.shelf)]


def as_wished(plan: Plan) -> list[WishedPanel]:
    """A plan as somebody would wish it, to be changed a little."""
    return [
        WishedPanel(
            format=panel.format,
            shelves=[
                [
                    WishedPosition(id=one.id, product_id=one.product_id, facings=one.facings)
                    for one in shelf
                ]
                for shelf in panel.shelves
            ],
        )
        for panel in plan.panels
    ]


def arranged(
    products: Sequence[Product],
    format: poster.PanelFormat,
    distance_m: float,
    base_url: str,
    panels: int | None,
) -> list[WishedPanel]:
    """Products on panels, evenly, categories together. Raises Unprocessable: what would fit."""
    by_gtin = {product.gtin: product.id for product in products}
    on_shelves = [
        poster.Product(
            gtin=product.gtin, names={}, brand=product.brand, category=product.category, price=0
        )
        for product in products
    ]
    try:
        made = planogram.arrange(on_shelves, format, distance_m, base_url, panels=panels)
    except WallError as error:
        raise in_shop_words(error) from error
    return [
        WishedPanel(
            format=panel.format.name,
            shelves=[
                [WishedPosition(product_id=by_gtin[one.gtin]) for one in shelf.positions]
                for shelf in panel.shelves
            ],
        )
        for panel in made
    ]


def differences(older: Sequence[PrintedPanel], newer: Sequence[PrintedPanel]) -> list[Difference]:
    """Where two editions show something else: another product, price or offer.

    Stickers are compared with what is under them: the rest of the wall is not on their sheets.
    """
    before, after = by_place(older), by_place(newer)
    if any(label.replaces for label in (*before.values(), *after.values())):
        both = before.keys() & after.keys()
        before, after = ({spot: side[spot] for spot in both} for side in (before, after))
    return [
        Difference(*place, before.get(place), after.get(place))
        for place in sorted(before.keys() | after.keys())
        if _shown(before.get(place)) != _shown(after.get(place))
    ]


def by_place(panels: Sequence[PrintedPanel]) -> dict[tuple[int, int, int], PrintedLabel]:
    """Panel, shelf, place → what was printed for there, on a poster or as a sticker."""
    return {
        (label.panel or number, label.shelf or row, label.place or place): label
        for number, panel in enumerate(panels, 1)
        for row, shelf in enumerate(panel.shelves, 1)
        for place, label in enumerate(shelf, 1)
    }


def _shown(label: PrintedLabel | None) -> tuple[object, ...]:
    return (label.gtin, label.price, label.offer, label.prior_price) if label else ()


def without(panels: Sequence[WishedPanel], position_id: UUID) -> list[WishedPanel]:
    """The plan without one position; a shelf or panel that is empty then goes too."""
    kept = [
        WishedPanel(
            format=panel.format,
            shelves=[
                row
                for shelf in panel.shelves
                if (row := [one for one in shelf if one.id != position_id])
            ],
        )
        for panel in panels
    ]
    return [panel for panel in kept if panel.shelves]


def beside(
    panels: Sequence[WishedPanel], position_id: UUID, added: WishedPosition
) -> list[WishedPanel]:
    """The plan with one more position, to the right of another."""
    return [
        WishedPanel(
            format=panel.format,
            shelves=[
                [
                    one
                    for here in shelf
                    for one in ((here, added) if here.id == position_id else (here,))
                ]
                for shelf in panel.shelves
            ],
        )
        for panel in panels
    ]


def format_of(name: str, width_mm: float, height_mm: float) -> poster.PanelFormat:
    return poster.PanelFormat(name, width_mm, height_mm)


def format_named(name: str) -> poster.PanelFormat:
    """A poster size somebody asked for. Raises Unprocessable."""
    try:
        return formats.named(name)
    except WallError as error:
        raise in_shop_words(error) from error


def in_shop_words(error: WallError) -> ShopError:
    """The library's refusal as one of the shop's, translated when it is shown."""
    return Unprocessable(error.sentence, code="cannot-be-printed", **_plain(error.values))


def _plain(values: Mapping[str, object]) -> dict[str, Any]:
    return {name: v if isinstance(v, str | int | float) else str(v) for name, v in values.items()}


def _as_panel(panel: PrintedPanel) -> poster.Panel:
    return poster.Panel(
        format_of(panel.format, panel.width_mm, panel.height_mm),
        tuple(
            poster.Shelf(
                tuple(poster.Position(label.gtin, label.token, label.facings) for label in shelf)
            )
            for shelf in panel.shelves
        ),
    )


def _as_product(
    label: PrintedLabel,
    product: Product,
    wall: Wall,
    categories: Mapping[str, str],
    pictures: Mapping[str, bytes],
) -> poster.Product:
    """Names and picture as they are now, the price as it was ordered."""
    return poster.Product(
        gtin=label.gtin,
        names={wall.language: product.name},
        brand=product.brand,
        category=categories.get(product.category, product.category),
        content=words.content(wall.language, product.content_quantity, product.content_unit),
        price=label.price,
        unit_price=_unit_price(product, label.price),
        prior_price=label.prior_price,
        offer=label.offer,
        deposit=product.deposit,
        age_limit=product.age_limit,
        allergens=tuple(product.allergens),
        picture=pictures.get(product.picture or ""),
    )


def _unit_price(product: Product, price: Money) -> poster.UnitPrice | None:
    """None where it would say the selling price again (98/6/EC, article 3.1)."""
    if product.content_unit == "piece" and product.content_quantity == 1:
        return None
    found = unit_price(product, price)
    return poster.UnitPrice(found.amount, found.unit)
