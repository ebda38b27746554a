import csv
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from typing import Any, get_args
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from app import catalog
from app.db import Connection
from app.errors import Conflict, NotFound
from app.fulfilment.exports import queries, rules
from app.fulfilment.exports.models import (
    Body,
    Document,
    OrderRow,
    ParcelRow,
    Row,
    StopRow,
    Table,
)

MOST_EVENTS = 20_000
READ: dict[Table, Any] = {
    "orders": queries.orders,
    "parcels": queries.parcels,
    "stops": queries.stops,
}
COLUMNS: dict[Table, tuple[str, ...]] = {
    "orders": OrderRow.__struct_fields__,
    "parcels": ParcelRow.__struct_fields__,
    "stops": StopRow.__struct_fields__,
}
TABLES: tuple[Table, ...] = get_args(Table)


async def day_of(db: Connection, table: Table, place_id: UUID, day: date) -> list[Any]:
    """A table of one day of one place, by the clock of the place. Raises NotFound."""
    zone = await _zone(db, place_id)
    rows: list[Row] = await READ[table](db, place_id, *_day(day, zone))
    return [_local(row, zone) for row in rows]


def as_csv(table: Table, rows: Sequence[Row]) -> bytes:
    """For spreadsheets: a mark of UTF-8 at the beginning, and nothing that could be carried out."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS[table])
    for row in rows:
        writer.writerow([_cell(getattr(row, name)) for name in COLUMNS[table]])
    return text.getvalue().encode("utf-8-sig")


async def epcis(db: Connection, place_id: UUID, day: date, hour: int | None = None) -> Document:
    """What happened at a place on a day, or in an hour of it. Raises NotFound, Conflict for more
    than 20,000 events."""
    zone = await _zone(db, place_id)
    since, until = _day(day, zone)
    if hour is not None:
        since = min(since + timedelta(hours=hour), until)
        until = min(since + timedelta(hours=1), until)
    happened = await queries.happened(
        db, place_id, since, until, list(rules.STEPS), MOST_EVENTS + 1
    )
    if len(happened) > MOST_EVENTS:
        raise Conflict(
            "More happened on that day than fits in one document. Ask for it hour by hour.",
            code="too-many-events",
        )
    back = await queries.came_back(db, place_id, since, until)
    goods = await queries.goods(db, list({one.order_id for one in happened}))
    return Document(
        context=[rules.CONTEXT],
        type="EPCISDocument",
        schema_version="2.0",
        creation_date=datetime.now(UTC),
        epcis_body=Body(rules.events_of(happened, back, goods, place_id, zone)),
    )


async def _zone(db: Connection, place_id: UUID) -> ZoneInfo:
    zone = await queries.time_zone(db, place_id)
    if zone is None:
        raise NotFound("There is no such place.")
    return ZoneInfo(zone)


def _day(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From midnight to midnight at the place, whatever the length of that day."""
    day = min(max(day, date(2000, 1, 1)), date(2200, 1, 1))
    starts, ends = (
        datetime.combine(day + timedelta(days=n), time(), zone).astimezone(UTC) for n in (0, 1)
    )
    return starts, ends


def _local(row: Row, zone: ZoneInfo) -> Row:
    times = {
        name: value.astimezone(zone)
        for name in row.__struct_fields__
        if isinstance(value := getattr(row, name), datetime)
    }
    return msgspec.structs.replace(row, **times)


def _cell(value: Any) -> str | int | float:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.isoformat(timespec="seconds")
        case str():
            return catalog.mask(value)
        case int() | float():
            return value
        case _:
            return str(value)
