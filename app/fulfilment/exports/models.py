from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

Table = Literal["orders", "parcels", "stops"]


class OrderRow(msgspec.Struct, frozen=True, kw_only=True):
    """One order of a place; times with the offset of the place."""

    order_number: str
    state: str
    way: str
    window_starts_at: datetime
    window_ends_at: datetime
    pick_by: datetime
    postcode: str
    city: str
    pieces: int
    short: int
    parcels: int
    weight_g: int
    ready_at: datetime | None
    keep_until: datetime | None


class ParcelRow(msgspec.Struct, frozen=True, kw_only=True):
    order_number: str
    sscc: str
    number: int
    storage: str
    weight_g: int
    where: Literal["here", "van", "carrier", "handed over", "emptied"]
    shelf: str | None
    van: int | None
    carrier: str | None
    reference: str | None
    sealed_at: datetime


class StopRow(msgspec.Struct, frozen=True, kw_only=True):
    """One door, without whose it is: who drives there asks the driver's page."""

    van: int
    run_starts_at: datetime
    position: int
    state: str
    order_number: str
    street: str
    house_number: str
    postcode: str
    city: str
    country: str
    latitude: float
    longitude: float
    arrives_at: datetime
    parcels: int
    age_limit: int | None
    cold: bool


Row = OrderRow | ParcelRow | StopRow


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    """An event of a fulfilment. `happened_at` is by the device that was there, `at` by us."""

    fulfilment_id: UUID
    order_id: UUID
    number: int
    kind: str
    body: Mapping[str, Any]
    at: datetime
    happened_at: datetime


class CameBack(msgspec.Struct, frozen=True, kw_only=True):
    """Goods at a place that a shopper had, or did not take: GTIN → pieces."""

    id: UUID
    order_id: UUID
    at: datetime
    goods: dict[str, int]


class Goods(msgspec.Struct, frozen=True):
    """What the events are about: GTIN by order and line and by substitute, parcels by fulfilment, their
    contents."""

    lines: dict[tuple[UUID, int], str]
    substitutes: dict[str, str]
    parcels: dict[UUID, list[str]]
    contents: dict[str, dict[str, int]]


class Quantity(msgspec.Struct, frozen=True, rename="camel"):
    """`quantityElement` of EPCIS 2.0: so many of a class of objects that are not told apart; without a
    unit they are pieces."""

    epc_class: str
    quantity: int


class Where(msgspec.Struct, frozen=True):
    id: str


class Transaction(msgspec.Struct, frozen=True, rename="camel"):
    biz_transaction: str
    type: Literal["po"] = "po"


class ObjectEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """`ObjectEvent` of EPCIS 2.0, as its JSON schema names the fields."""

    type: Literal["ObjectEvent"]
    id: str = msgspec.field(name="eventID")
    event_time: datetime
    record_time: datetime
    event_time_zone_offset: str
    action: Literal["OBSERVE"]
    biz_step: str
    disposition: str = ""
    epc_list: list[str] = []
    quantity_list: list[Quantity] = []
    read_point: Where | None = None
    biz_location: Where | None = None
    biz_transaction_list: list[Transaction] = []


class AggregationEvent(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"
):
    """`AggregationEvent` of EPCIS 2.0, as its JSON schema names the fields."""

    type: Literal["AggregationEvent"]
    id: str = msgspec.field(name="eventID")
    event_time: datetime
    record_time: datetime
    event_time_zone_offset: str
    action: Literal["ADD"]
    biz_step: str
    disposition: str = ""
    parent_id: str = msgspec.field(name="parentID")
    child_quantity_list: list[Quantity]
    read_point: Where | None = None
    biz_location: Where | None = None
    biz_transaction_list: list[Transaction] = []


class Body(msgspec.Struct, frozen=True, rename="camel"):
    event_list: list[Any]


class Document(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """`EPCISDocument` of EPCIS 2.0, in JSON-LD."""

    context: list[str] = msgspec.field(name="@context")
    type: Literal["EPCISDocument"]
    schema_version: Literal["2.0"]
    creation_date: datetime
    epcis_body: Body
