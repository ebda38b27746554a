"""What logistics partners get: tables no spreadsheet carries out, and events as GS1 wants them."""

import ast
import csv
import io
import re
from collections import Counter, defaultdict
from datetime import timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from app import fulfilment
from app.db import begin, new_id
from app.fulfilment import carriers, exports
from app.webhooks.jobs import TOLD
from tests.fulfilment.builders import NOW, TONIGHT
from tests.fulfilment.builders import world as open_world
from tests.fulfilment.carriers.test_carriers import facts, packed
from tests.staff_desk import open_shop

DAY = TONIGHT[0].astimezone(ZoneInfo("Europe/Amsterdam")).date()
TODAY = NOW.astimezone(ZoneInfo("Europe/Amsterdam")).date()

# The JSON schema of EPCIS 2.0 as far as our events go: ref.gs1.org/standards/epcis/2.0.0/
COMMON = {
    "type", "eventID", "eventTime", "recordTime", "eventTimeZoneOffset", "action", "bizStep",
    "disposition", "readPoint", "bizLocation", "bizTransactionList",
}  # fmt: skip
OWN = {
    "ObjectEvent": {"epcList", "quantityList"},
    "AggregationEvent": {"parentID", "childQuantityList"},
}
REQUIRED = {"type", "eventTime", "eventTimeZoneOffset", "action"}
BIZ_STEPS = {
    "accepting", "departing", "loading", "packing", "picking", "receiving", "shipping",
    "staging_outbound", "storing", "transporting", "unloading",
}  # fmt: skip
DISPOSITIONS = {
    "in_transit", "non_sellable_other", "retail_sold", "returned", "sellable_not_accessible",
}  # fmt: skip
ALONE = {"shipping": {"staging_outbound", "loading", "departing"}}
"""What a step stands for as a whole (CBV 2.0): never told beside one of them."""
OFFSET = re.compile(r"^([+]|[-])((0[0-9]|1[0-3]):([0-5][0-9])|14:00)$")
TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$")
SSCC, GTIN = (
    re.compile(r"^https://id\.gs1\.org/00/\d{18}$"),
    re.compile(r"^https://id\.gs1\.org/01/\d{14}$"),
)


def check_document(document):
    assert document["@context"] == [
        "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
    ]
    assert set(document) == {"@context", "type", "schemaVersion", "creationDate", "epcisBody"}
    assert (document["type"], document["schemaVersion"]) == ("EPCISDocument", "2.0")
    assert TIME.match(document["creationDate"])
    for event in document["epcisBody"]["eventList"]:
        check_event(event)
    steps = defaultdict(set)
    for event in document["epcisBody"]["eventList"]:
        for epc in event.get("epcList", []):
            steps[epc].add(event["bizStep"])
    for of_one in steps.values():
        assert "shipping" not in of_one or not of_one & ALONE["shipping"]
    ids = [event["eventID"] for event in document["epcisBody"]["eventList"]]
    assert len(set(ids)) == len(ids)


def check_event(event):
    assert REQUIRED <= set(event) <= COMMON | OWN[event["type"]]
    assert event["action"] in {"OBSERVE", "ADD", "DELETE"}
    assert event["bizStep"] in BIZ_STEPS
    assert event.get("disposition", "in_transit") in DISPOSITIONS
    assert OFFSET.match(event["eventTimeZoneOffset"])
    assert TIME.match(event["eventTime"])
    assert TIME.match(event["recordTime"])
    assert UUID(event["eventID"])
    assert [one["type"] for one in event["bizTransactionList"]] == ["po"]
    quantities = event.get("quantityList", event.get("childQuantityList", []))
    assert event.get("epcList") or quantities, "an event is about something"
    assert all(SSCC.match(epc) for epc in [*event.get("epcList", [])])
    for one in quantities:
        assert set(one) == {"epcClass", "quantity"}
        assert GTIN.match(one["epcClass"])
        assert one["quantity"] > 0
    if event["type"] == "AggregationEvent":
        assert SSCC.match(event["parentID"])


async def test_the_way_of_goods_and_parcels_is_told_as_epcis(database_url, pool):
    world = await open_world(pool)
    milk, bread = await world.product("Melk", storage="chilled"), await world.product("Brood")
    order = await world.sell((milk, 2), (bread, 1))
    at = NOW - timedelta(minutes=5)
    driver, _ = await world.on_the_road(order)
    rows = await pool.fetch("SELECT sscc FROM fulfilment.parcels ORDER BY number")
    sealed = [row["sscc"] for row in rows]
    await world.act(fulfilment.delivery.deliver, driver, await world.stop_of(order), at=at)
    other, away, [sscc] = await packed(world, (bread, 2))
    await world.act(carriers.book, await world.person("dispatcher"), away, "files")
    for fact in facts(sscc, "accepted", "in_transit", "returned"):
        await carriers.hear(pool, "files", fact)

    async with open_shop(database_url) as shop:
        desk = await shop.desk("dispatcher")
        where = {"place": str(world.place), "day": TODAY.isoformat()}
        answer = await desk.get("/api/v1/exports/epcis", params=where)
        again = await desk.get("/api/v1/exports/epcis", params=where)
        nothing = await desk.get("/api/v1/exports/epcis", params=where | {"day": "2001-01-01"})
        nowhere = await desk.get("/api/v1/exports/epcis", params=where | {"place": str(order)})

    document = answer.json()
    check_document(document)
    events = document["epcisBody"]["eventList"]
    of_order = [
        e for e in events if e["bizTransactionList"][0]["bizTransaction"].endswith(str(order))
    ]
    assert answer.headers["content-type"] == "application/ld+json"
    assert events == again.json()["epcisBody"]["eventList"]
    assert nothing.json()["epcisBody"]["eventList"] == []
    assert nowhere.status_code == 404
    assert [e["bizStep"] for e in of_order if e["bizStep"] != "accepting"] == [
        "picking", "picking", "packing", "packing", "loading", "loading", "departing",
    ]  # fmt: skip
    [handed] = [e for e in of_order if e["bizStep"] == "accepting"]
    assert handed["eventTime"] == at.isoformat().replace("+00:00", "Z"), "as the phone's clock said"
    assert handed["eventTime"] < handed["recordTime"]
    assert "readPoint" not in handed, "whose door it was is nobody's business"
    assert sorted(handed["epcList"]) == sorted(f"https://id.gs1.org/00/{n}" for n in sealed)
    [box] = [e for e in of_order if e.get("parentID", "").endswith(sealed[-1])]
    assert box["childQuantityList"] == [
        {"epcClass": f"https://id.gs1.org/01/{milk.gtin}", "quantity": 2}
    ]
    of_other = [e for e in events if e not in of_order]
    assert [e["bizStep"] for e in of_other][-3:] == ["shipping", "transporting", "receiving"]
    assert (await world.state(other))[0] == "returned"


async def test_the_day_of_a_place_is_a_table_that_no_spreadsheet_carries_out(database_url, pool):
    world = await open_world(pool)
    bread = await world.product("Brood", age_limit=18)
    order = await world.sell((bread, 2), house_number="=HYPERLINK(1)")
    [part] = await world.pick_everything()
    [sscc] = await world.pack(part)
    where = {"place": str(world.place), "day": DAY.isoformat()}

    async with open_shop(database_url) as shop:
        desk = await shop.desk("operator")
        tables, sheets = {}, {}
        for table in ("orders", "parcels", "stops"):
            tables[table] = (await desk.get(f"/api/v1/exports/{table}", params=where)).json()
            sheet = await desk.get(f"/api/v1/exports/{table}/day.csv", params=where)
            sheets[table] = list(csv.DictReader(io.StringIO(sheet.content.decode("utf-8-sig"))))
        none = await desk.get("/api/v1/exports/people/day.csv", params=where)
        refused = await shop.visitor.get("/api/v1/exports/orders", params=where)
        text = str(tables) + str(sheets)

    [sold], [box], [stop] = (tables[table] for table in ("orders", "parcels", "stops"))
    assert (sold["state"], sold["way"], sold["pieces"], sold["parcels"]) == (
        "packed",
        "delivery",
        2,
        1,
    )
    assert (box["sscc"], box["where"]) == (sscc, "here")
    assert (stop["house_number"], stop["age_limit"]) == ("=HYPERLINK(1)", 18)
    assert sheets["stops"][0]["house_number"] == "'=HYPERLINK(1)"
    assert sheets["orders"][0]["order_number"] == sold["order_number"]
    assert sheets["parcels"][0]["sscc"] == sscc
    assert "Kim" not in text
    assert "12345678" not in text
    assert "example.org" not in text
    assert (none.status_code, refused.status_code) == (404, 401)
    assert order


def test_every_state_of_goods_parcels_and_vans_is_told_to_webhooks():
    kinds = set()
    code = [path for path in Path("app/fulfilment").rglob("*.py") if path.name != "__init__.py"]
    for path in code:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                kinds |= set(
                    re.findall(r"^(?:[A-Z][a-z]+){2,}$|^Delivered$|^Collected$", node.value)
                )
    kinds -= {"ObjectEvent", "AggregationEvent"}

    assert len(kinds) > 30
    assert kinds <= set(TOLD), "add it to what webhooks tell"
    assert set(exports.rules.STEPS) <= set(TOLD)


async def test_what_came_instead_is_told_by_its_own_number(world):
    milk, other = await world.product("Melk"), await world.product("Karnemelk")
    await world.sell((milk, 2), wish="similar")
    picker = await world.person("picker")
    batch = await world.act(fulfilment.picking.start, picker, world.place)
    async with begin(world.pool) as db:
        [line] = (await fulfilment.picking.pick_list(db, batch)).lines
    offer = await world.act(
        fulfilment.substituting.offer, picker, line.id, product_id=other.id, quantity=1
    )
    async with begin(world.pool) as db:
        substitute = UUID(offer["substitute"])
        await fulfilment.substituting.answer(db, line.order_id, new_id(), substitute, yes=True)
    await world.act(fulfilment.picking.pick, picker, line.id, code=milk.gtin, quantity=1)
    await world.pack(line.fulfilment_id)

    async with begin(world.pool) as db:
        document = await exports.epcis(db, world.place, TODAY)

    document = msgspec.json.decode(msgspec.json.encode(document))
    check_document(document)
    told = Counter()
    for event in document["epcisBody"]["eventList"]:
        for one in event.get("quantityList", event.get("childQuantityList", [])):
            told[event["bizStep"], one["epcClass"][-14:]] += one["quantity"]
    assert told == {(step, one.gtin): 1 for step in ("picking", "packing") for one in (milk, other)}
