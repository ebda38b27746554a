"""What may become of a site, and which of its labels no longer say what holds."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from app.errors import Unprocessable
from app.walls.sites.models import Hanging, Overtaken, SiteState, Why

MOVES: Mapping[SiteState, Sequence[SiteState]] = {
    "printed": ("planned",),
    "hung": ("printed",),
    "open": ("hung",),
    "down": ("planned", "printed", "hung", "open"),
}
"""State → the states from which it may be reached. Nothing leads back, and nothing leads from down."""


def check_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise Unprocessable(
            "“{zone}” is not a time zone like Europe/Amsterdam.", code="no-time-zone", zone=name
        )


def on_the_clock(text: str, zone: str) -> datetime | None:
    """`2026-11-30T06:00`, as a form says it, on the clock of a place. Raises Unprocessable.

    In the hour that the clock repeats, the first one is meant.
    """
    if not text.strip():
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = datetime.min  # noqa: DTZ901  # refused below
    if not 2000 < moment.year < 9000:
        raise Unprocessable(
            "“{text}” is not a day and a time like 2026-11-30 06:00.", text=text[:40]
        )
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))


def overtaken(
    hanging: Sequence[Hanging], printed: Mapping[str, tuple[int, UUID, int]]
) -> list[Overtaken]:
    """The labels which no longer say what holds, in walking order.

    `printed` are the stickers that are on their way already: token of the label below → edition,
    product and price of the sticker.
    """
    found = []
    for label in sorted(hanging, key=lambda one: one.spot):
        why = _why(label)
        if why is None:
            continue
        product, price = _should_be(label)
        edition, *said = printed.get(label.token, (None,))
        found.append(
            Overtaken(
                token=label.token,
                panel=label.panel,
                shelf=label.shelf,
                place=label.place,
                product_id=product,
                printed_price=label.printed_price,
                price=price,
                valid_until=label.valid_until,
                why=why,
                patch=edition if said == [product, price] else None,
            )
        )
    return found


def _why(label: Hanging) -> Why | None:
    product, price = _should_be(label)
    if label.printed_product_id is not None and product != label.printed_product_id:
        return "other-product"
    if not label.on_sale:
        return "not-for-sale"
    if price == label.printed_price:
        return None
    return "dearer" if price > label.printed_price else "cheaper"


def _should_be(label: Hanging) -> tuple[UUID, int]:
    """The plan says what shall stand there; where it says nothing, what the label sells does."""
    if label.planned_product_id is not None and label.planned_price is not None:
        return label.planned_product_id, label.planned_price
    return label.product_id, label.price
