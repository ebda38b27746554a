"""What happened, in the words of EPCIS 2.0 and its vocabulary, CBV 2.0 (ref.gs1.org/cbv, the definitions
of each business step and disposition). Pure.

Objects are named by GS1 Digital Links of id.gs1.org: a parcel by its SSCC (AI 00), goods by their GTIN
(AI 01) and a number of pieces. A place without a GLN and an order are named by their own UUIDs. Where
something was handed over is nobody else's business, so that it is left out.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from app.fulfilment.exports.models import (
    AggregationEvent,
    CameBack,
    Goods,
    Happened,
    ObjectEvent,
    Quantity,
    Transaction,
    Where,
)

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
GS1 = "https://id.gs1.org"
EVENTS = UUID("65706369-7365-7665-6e74-000000000001")


class Step(NamedTuple):
    """Business step and, where it says anything, the disposition after it."""

    biz_step: str
    disposition: str = ""
    here: bool = True
    """It happened at the place."""


STEPS: Mapping[str, Step] = {
    "LinePicked": Step("picking"),
    "LineSubstituted": Step("picking"),
    "ParcelSealed": Step("packing"),
    "ParcelShelved": Step("staging_outbound", "non_sellable_other"),
    "ReadyForCollection": Step("staging_outbound", "non_sellable_other"),
    "ParcelLoaded": Step("loading"),
    "ParcelsUnloaded": Step("unloading"),
    "ParcelsLoaded": Step("loading"),
    "OutForDelivery": Step("departing", "in_transit"),
    "ParcelAccepted": Step("shipping", "in_transit"),
    "ParcelInTransit": Step("transporting", "in_transit", here=False),
    "Delivered": Step("accepting", "retail_sold", here=False),
    "ParcelDelivered": Step("accepting", "retail_sold", here=False),
    "Collected": Step("accepting", "retail_sold"),
    "FulfilmentReturned": Step("receiving", "returned"),
    "ParcelReturned": Step("receiving", "returned"),
    "NotCollected": Step("storing", "sellable_not_accessible"),
    "CollectionRefused": Step("storing", "sellable_not_accessible"),
}
"""By the definitions of CBV 2.0: `shipping` stands for staging, loading and departing as a whole, so that
it is never told beside one of them; what is sold and waits for its shopper is `non_sellable_other`; and
`in_progress` is better left out."""
CAME_BACK = Step("receiving", "returned")


def events_of(
    happened: Iterable[Happened],
    came_back: Iterable[CameBack],
    goods: Goods,
    place_id: UUID,
    zone: ZoneInfo,
) -> list[ObjectEvent | AggregationEvent]:
    """In the order in which they happened; the same events have the same ids every time."""
    found = [
        event for one in happened for event in _of(one, goods, Where(f"urn:uuid:{place_id}"), zone)
    ]
    found += [_came_back(one, Where(f"urn:uuid:{place_id}"), zone) for one in came_back]
    return sorted(found, key=lambda event: (event.event_time, event.id))


def _of(
    one: Happened, goods: Goods, place: Where, zone: ZoneInfo
) -> Iterator[ObjectEvent | AggregationEvent]:
    step = STEPS[one.kind]
    plain = _plain(
        step, uuid5(EVENTS, f"{one.fulfilment_id}/{one.number}"), one.happened_at, one.at, zone
    ) | {"biz_transaction_list": [Transaction(f"urn:uuid:{one.order_id}")]}
    if step.here:
        plain |= {"read_point": place, "biz_location": place}
    sscc = one.body.get("sscc")
    match one.kind:
        case "LinePicked" | "LineSubstituted":
            ordered = goods.lines.get((one.order_id, one.body["line"]))
            gtin = goods.substitutes.get(one.body.get("substitute", ""), ordered)
            if gtin:
                picked = [Quantity(f"{GS1}/01/{gtin}", one.body["quantity"])]
                yield ObjectEvent(
                    type="ObjectEvent", action="OBSERVE", quantity_list=picked, **plain
                )
        case "ParcelSealed":
            yield AggregationEvent(
                type="AggregationEvent",
                action="ADD",
                parent_id=f"{GS1}/00/{sscc}",
                child_quantity_list=_quantities(goods.contents.get(str(sscc), {})),
                **plain,
            )
        case _:
            known = one.body.get("ssccs") or goods.parcels.get(one.fulfilment_id, [])
            parcels = [sscc] if sscc else known
            if parcels:
                names = [f"{GS1}/00/{number}" for number in parcels]
                yield ObjectEvent(type="ObjectEvent", action="OBSERVE", epc_list=names, **plain)


def _came_back(one: CameBack, place: Where, zone: ZoneInfo) -> ObjectEvent:
    return ObjectEvent(
        type="ObjectEvent",
        action="OBSERVE",
        quantity_list=_quantities(one.goods),
        read_point=place,
        biz_location=place,
        biz_transaction_list=[Transaction(f"urn:uuid:{one.order_id}")],
        **_plain(CAME_BACK, uuid5(EVENTS, str(one.id)), one.at, one.at, zone),
    )


def _plain(
    step: Step, id: UUID, event_time: datetime, record_time: datetime, zone: ZoneInfo
) -> dict[str, Any]:
    """When it happened and when we heard of it, and which clock hung on the wall."""
    return {
        "id": f"urn:uuid:{id}",
        "event_time": event_time,
        "record_time": record_time,
        "event_time_zone_offset": _offset(event_time, zone),
        "biz_step": step.biz_step,
        **({"disposition": step.disposition} if step.disposition else {}),
    }


def _offset(at: datetime, zone: ZoneInfo) -> str:
    text = f"{at.astimezone(zone):%z}"
    return f"{text[:3]}:{text[3:5]}"


def _quantities(goods: Mapping[str, int]) -> list[Quantity]:
    return [Quantity(f"{GS1}/01/{gtin}", n) for gtin, n in sorted(goods.items())]
