"""Exports for logistics partners."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, get
from litestar.params import FromPath, FromQuery
from msgspec import Meta

from app.db import Db
from app.errors import NotFound
from app.fulfilment.exports import actions
from app.fulfilment.exports.models import OrderRow, ParcelRow, StopRow

Hour = Annotated[int, Meta(ge=0, le=24)]


@get("/api/v1/exports/orders", tags=["exports"])
async def orders(db: Db, place: FromQuery[UUID], day: FromQuery[date]) -> list[OrderRow]:
    """The orders of a place whose window begins on that day."""
    return await actions.day_of(db, "orders", place, day)


@get("/api/v1/exports/parcels", tags=["exports"])
async def parcels(db: Db, place: FromQuery[UUID], day: FromQuery[date]) -> list[ParcelRow]:
    """Their parcels, and where each is."""
    return await actions.day_of(db, "parcels", place, day)


@get("/api/v1/exports/stops", tags=["exports"])
async def stops(db: Db, place: FromQuery[UUID], day: FromQuery[date]) -> list[StopRow]:
    """The doors of the vans of that day, in their order; not whose they are."""
    return await actions.day_of(db, "stops", place, day)


@get("/api/v1/exports/{table:str}/day.csv", tags=["exports"], media_type="text/csv")
async def table(
    table: FromPath[str], db: Db, place: FromQuery[UUID], day: FromQuery[date]
) -> Response[bytes]:
    """`orders`, `parcels` or `stops` for a spreadsheet: UTF-8, commas, no formula is carried out."""
    for known in actions.TABLES:
        if known == table:
            body = actions.as_csv(known, await actions.day_of(db, known, place, day))
            return _file(body, "text/csv; charset=utf-8", f"{known}-{day.isoformat()}.csv")
    raise NotFound("There is no such table: orders, parcels or stops.")


@get("/api/v1/exports/epcis", tags=["exports"], media_type="application/ld+json")
async def epcis(
    db: Db, place: FromQuery[UUID], day: FromQuery[date], hour: FromQuery[Hour | None] = None
) -> Response[bytes]:
    """What happened to goods and parcels there, as GS1 EPCIS 2.0 (JSON-LD): picked, packed, shipped,
    handed over, come back. 409 `too-many-events`: ask for one `hour` after the other."""
    document = await actions.epcis(db, place, day, hour)
    name = f"epcis-{day.isoformat()}.jsonld"
    return _file(msgspec.json.encode(document), "application/ld+json", name)


def _file(body: bytes, media_type: str, name: str) -> Response[bytes]:
    return Response(
        body,
        media_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )


routes: list[Any] = [orders, parcels, stops, table, epcis]
