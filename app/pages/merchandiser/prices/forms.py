"""A price list as it is written on a form."""

import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import get_args
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from app.errors import Unprocessable
from app.money import Money, minor_units
from app.pricing import Channel

CHANNELS: tuple[Channel, ...] = get_args(Channel)
MOST_PRICES = 2_000
LINE = re.compile(r"^([0-9]{8,14})[\s;:=]+([0-9]+(?:[.,][0-9]{1,3})?)$")


class Written(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    from_at: datetime
    until_at: datetime | None
    channel: Channel | None
    place_id: UUID | None
    customer_group: str | None
    prices: dict[UUID, Money]


def numbers(data: Mapping[str, str]) -> list[str]:
    """The product numbers on it, with 14 digits, to be looked up at once."""
    return [match[1].rjust(14, "0") for line in _lines(data) if (match := LINE.match(line))]


def read(
    data: Mapping[str, str],
    currency: str,
    zone: ZoneInfo,
    ids: Mapping[str, UUID],
    places: Collection[UUID],
    now: datetime,
) -> Written:
    """Raises Unprocessable with the first thing that is wrong. Without a beginning it begins now."""
    channel = next((one for one in CHANNELS if one == data.get("channel")), None)
    group = data.get("group", "").strip()
    if len(group) > 40 or not group.isprintable():
        raise Unprocessable("This is no name of a group.")
    name = data.get("name", "").strip()[:80]
    if not name or not name.isprintable():
        raise Unprocessable("Give it a name.")
    return Written(
        name=name,
        from_at=_moment(data.get("from_at", ""), zone) or now,
        until_at=_moment(data.get("until_at", ""), zone),
        channel=channel,
        place_id=_place(data.get("place", ""), places),
        customer_group=group or None,
        prices=_prices(_lines(data), currency, ids),
    )


def _lines(data: Mapping[str, str]) -> list[str]:
    return [line.strip() for line in data.get("prices", "").splitlines() if line.strip()]


def _prices(lines: list[str], currency: str, ids: Mapping[str, UUID]) -> dict[UUID, Money]:
    if not 1 <= len(lines) <= MOST_PRICES:
        raise Unprocessable("Write at least one price, and 2,000 at most.")
    prices: dict[UUID, Money] = {}
    for line in lines:
        match = LINE.match(line)
        if match is None:
            raise Unprocessable(
                "Write a number and a price on each line, like 09521234543213 1.49. This is "
                "neither: {line}",
                line=line[:40],
            )
        product_id = ids.get(match[1].rjust(14, "0"))
        if product_id is None:
            raise Unprocessable("This number is not in the catalogue: {number}", number=match[1])
        if product_id in prices:
            raise Unprocessable("This number stands there twice: {number}", number=match[1])
        prices[product_id] = amount_of(match[2], currency)
    return prices


def amount_of(text: str, currency: str) -> Money:
    """`1,49` as people write it. Raises Unprocessable."""
    try:
        amount = minor_units(Decimal(text.strip().replace(",", ".")[:20]), currency)
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise Unprocessable("This is no price: {text}", text=text[:20]) from error
    if not 0 <= amount <= 10**9:
        raise Unprocessable("This is no price: {text}", text=text[:20])
    return amount


def _place(text: str, places: Collection[UUID]) -> UUID | None:
    if not text:
        return None
    try:
        id = UUID(text)
    except ValueError as error:
        raise Unprocessable("This place is not there.") from error
    if id not in places:
        raise Unprocessable("This place is not there.")
    return id


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Unprocessable("Write a day and a time.") from error
    if not 2000 <= moment.year <= 2200:
        raise Unprocessable("Write a day and a time.")
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
