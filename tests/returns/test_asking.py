"""What shall come back is asked for: brought to a shop, fetched by the van, or sent as a parcel; with a
photo of what was wrong, which is not kept for ever."""

import base64
import io
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pypdfium2
import pytest
from PIL import Image

from app import returns
from app.fulfilment import carriers
from app.returns.collecting import NO_RANK
from app.returns.rules import place_among
from tests.checkout.stage import open_slot
from tests.returns.desks import form_of, mails, seen, signed_in
from tests.returns.stage import A, Delivered


@pytest.fixture
async def sold(shop):
    sold = await Delivered.set_up(shop, gift=0)
    yield sold
    assert await sold.stage.faults() == []


def key():
    return {"Idempotency-Key": str(uuid4())}


async def room(sold):
    """Live holds, and what the slot says is used."""
    return tuple(
        await sold.pool.fetchrow(
            """
            SELECT (SELECT count(*)::int FROM slots.holds AS hold
                     WHERE hold.slot_id = slot.id AND hold.state = 'confirmed') AS holds, slot.used
              FROM slots.slots AS slot
             WHERE slot.id = $1
            """,
            sold.slot,
        )
    )


async def fetched_by_van(sold, *letters, leave=True):
    """Asked for on the web, in a slot of tomorrow; the van leaves. Returns driver, run, request."""
    sold.slot = await open_slot(sold.pool, sold.stage.place_id, in_hours=40)
    offer = await sold.offer(*letters)
    wanted = sold.wanted(*letters, amount=offer["amount"], way="van", slot=str(sold.slot))
    asked = await sold.browser.post(f"/api/v1{sold.path}/returns", json=wanted, headers=key())
    assert asked.json()["settled"] is False, asked.text
    await sold.stage.work()
    run = await sold.pool.fetchval(
        "SELECT id FROM fulfilment.runs WHERE starts_at > now() + interval '39 hours'"
    )
    driver = await signed_in(sold, "driver")
    if not leave:
        return driver, run, asked.json()["id"]
    left = await driver.post(f"/driving/{run}/depart", data={"command": str(uuid4())})
    assert left.status_code == 303, left.text
    return driver, run, asked.json()["id"]


async def test_the_van_fetches_what_was_asked_for_and_pays_back_at_the_door(sold):
    driver, run, _ = await fetched_by_van(sold, "A")
    assert await room(sold) == (1, 1)
    doors = (await driver.get(f"/driving/{run}/door")).text
    listed = (await driver.get(f"/driving/{run}")).text.split("data-fetch")[1]
    assert all(words in listed for words in ("Oudegracht", "1 × Hemd 22", "tel:0612345678"))
    page = f"/driving/{run}/door/{sold.id}"
    door = (await driver.get(page)).text
    query = door.split(f"{page}?")[1].split('"')[0].replace("&amp;", "&")
    offer = (await driver.get(f"{page}?{query}")).text

    taken = [await driver.post(f"{page}/returns", data=form_of(offer)) for _ in range(2)]
    stock = await sold.pool.fetchrow("SELECT state, quantity, place_id FROM stock.aside")

    assert "Oudegracht" in doors
    assert {answer.status_code for answer in taken} == {303}
    assert tuple(stock) == ("quarantine", 1, sold.stage.place_id)
    assert sum((await sold.went_back()).values()) == 1000
    assert await room(sold) == (0, 0)
    assert await sold.pool.fetchval("SELECT channel FROM returns.returns") == "door"
    sent = await mails(sold)
    assert "busje" in sent["ReturnRequested"]
    assert "OrderReturned" in sent


async def test_a_van_that_finds_nobody_leaves_the_way_to_a_shop_and_keeps_no_room(sold):
    driver, run, asked = await fetched_by_van(sold, "A")
    path = f"/api/v1/driving/{run}/collections"
    listed = (await driver.get(path)).json()

    answers = [
        await driver.post(f"{path}/{asked}/failed", json={"why": "Nobody home"}, headers=key())
        for _ in range(2)
    ]
    elsewhere = await driver.post(
        f"/api/v1/driving/{uuid4()}/orders/{sold.id}/returns", json=sold.wanted("B"), headers=key()
    )

    assert [(one["state"], one["postcode"]) for one in listed] == [("planned", "3511 AB")]
    assert [answer.status_code for answer in answers] == [200, 409]
    assert elsewhere.status_code == 404
    assert await room(sold) == (0, 0)
    mine = (await sold.browser.get(f"{sold.path}/returns/{asked}")).text
    assert "bezorger kwam" in mine
    assert "CollectionFailed" in await mails(sold)


async def test_what_the_van_did_not_reach_by_its_return_may_be_brought_to_a_shop(sold):
    driver, run, asked = await fetched_by_van(sold, "A")

    back = await driver.post(f"/driving/{run}/back", data={"command": str(uuid4())})
    sent = await mails(sold)

    assert back.status_code == 303, back.text
    assert await room(sold) == (0, 0)
    assert "bezorger kwam" in (await sold.browser.get(f"{sold.path}/returns/{asked}")).text
    assert "CollectionFailed" in sent


@pytest.mark.parametrize(
    ("ranks", "rank", "before"),
    [
        ([], 0, 0),
        ([1, 3, 5], 0, 0),
        ([1, 3, 5], 4, 2),
        ([1, 3, 5], 9, 3),
        ([5, 3, 1], 4, 3),  # the dispatcher turned it round: behind all that came before
        ([1, NO_RANK, 5], 4, 1),
    ],
)
def test_what_is_fetched_stands_between_the_doors_of_the_plan(ranks, rank, before):
    assert place_among(ranks, rank) == before


async def test_who_keeps_it_after_all_gives_the_room_in_the_van_back(sold):
    sold.slot = await open_slot(sold.pool, sold.stage.place_id, capacity=1)
    wanted = sold.wanted("A", amount=1000, way="van", slot=str(sold.slot))
    path = f"/api/v1{sold.path}/returns"
    times = (await sold.browser.get(f"{path}/times")).json()

    asked = (await sold.browser.post(path, json=wanted, headers=key())).json()
    full = await sold.browser.post(path, json={**wanted, "lines": {"2": 1}}, headers=key())
    none = await sold.browser.post(path, json={**wanted, "slot": None}, headers=key())
    held = await room(sold)
    await sold.browser.post(f"{path}/{asked['id']}/withdrawal", headers=key())

    assert str(sold.slot) in {one["id"] for one in times}
    assert (full.status_code, full.json()["code"]) == (409, "slot-full")
    assert (none.status_code, none.json()["code"]) == (409, "no-slot")
    assert (held, await room(sold)) == ((1, 1), (0, 0))
    assert await sold.pool.fetchval("SELECT count(*) FROM returns.requests") == 1


async def test_goods_and_empties_are_handed_to_the_driver_who_brought_something(sold):
    await sold.pool.execute("UPDATE catalog.products SET deposit = 25")
    run = await sold.pool.fetchval("SELECT id FROM fulfilment.runs")
    driver = await signed_in(sold, "driver")
    page = f"/driving/{run}/door/{sold.id}"
    back_home = await driver.post(f"{page}/empties", data={"command": str(uuid4()), "n25": "6"})
    await sold.pool.execute("UPDATE fulfilment.runs SET state = 'underway'")
    offer = (await driver.get(f"{page}?n3=1&cause=damaged")).text

    given = await driver.post(f"{page}/returns", data=form_of(offer))
    command = str(uuid4())
    counted = [
        await driver.post(f"{page}/empties", data={"command": command, "n25": "6"}) for _ in "12"
    ]
    too_many = await driver.post(f"{page}/empties", data={"command": str(uuid4()), "n25": "1000"})
    told = await driver.post(
        f"{page}/cases",
        data={"command": str(uuid4()), "kind": "other", "words": "Tas zat vast aan een fiets"},
    )

    codes = [answer.status_code for answer in (back_home, given, *counted, too_many, told)]
    assert codes == [409, 303, 200, 200, 400, 303]
    assert "€ 1,50" in seen(counted[0].text)
    card = await sold.pool.fetch("SELECT balance, ends_with FROM payments.gift_cards")
    assert [one["balance"] for one in card] == [150]
    assert card[0]["ends_with"] in (await mails(sold))["EmptiesCredited"]
    kinds = await sold.pool.fetch("SELECT kind, state FROM cases.cases ORDER BY kind")
    assert [tuple(row) for row in kinds] == [("damaged", "answered"), ("other", "open")]
    await sold.pool.execute("UPDATE fulfilment.runs SET state = 'completed'")


async def test_a_parcel_has_a_label_that_scanners_read_and_is_taken_where_it_arrives(sold):
    import zxingcpp

    offer = await sold.offer("A")
    asked = await sold.send("A", amount=offer["amount"], way="parcel")
    id = asked.json()["id"]

    label = await sold.browser.get(f"{sold.path}/returns/{id}/label.pdf")
    with pypdfium2.PdfDocument(label.content) as document:
        picture = document[0].render(scale=4).to_pil()
    read = {code.text for code in zxingcpp.read_barcodes(picture)}
    sscc = await sold.pool.fetchval("SELECT sscc FROM returns.labels")
    packer = await signed_in(sold, "packer")
    alone = await packer.get(f"/receiving?code={A}")
    scanned = await packer.get(f"/receiving?code={A}&order={sold.id}")
    chosen = (await packer.get(scanned.headers["location"])).text
    found = await packer.get(f"/receiving?code={sscc}")
    page = (await packer.get(found.headers["location"])).text
    form = {**form_of(page), "place": str(sold.stage.place_id), "condition": "as-new"}
    taken = await packer.post(f"/receiving/{sold.id}", data=form)

    assert label.headers["content-type"] == "application/pdf"
    assert any(sscc in text for text in read), read
    assert "Oudegracht" not in str(read)
    assert taken.status_code == 303
    assert sum((await sold.went_back()).values()) == 1000
    assert (await packer.get("/receiving?code=123")).status_code == 404
    assert alone.status_code == 404
    assert "Scan eerst het label" in alone.text
    assert f'name="order" value="{sold.id}"' in chosen
    assert '<option value="1" selected>' in chosen.split('id="n1"')[1].split("</select>")[0]
    assert (await sold.browser.get(f"{sold.path}/returns/{uuid4()}/label.pdf")).status_code == 404


def photo(size=(3000, 2000), kind="JPEG"):
    kept = io.BytesIO()
    picture = Image.new("RGB", size, "tomato")
    exif = Image.Exif()
    exif[0x010F] = "a camera"
    picture.save(kept, kind, exif=exif)
    return kept.getvalue()


async def test_a_parcel_is_told_to_its_carrier_followed_and_looked_for_where_it_is_lost(sold):
    asked = (await sold.send("A", amount=1000, way="parcel")).json()
    sscc = await sold.pool.fetchval("SELECT sscc FROM returns.labels")
    carrier = carriers.carrier_of(sold.stage.settings)
    page, agent = f"{sold.path}/returns/{asked['id']}", await signed_in(sold, "agent")
    for _ in range(2):
        await returns.parcels.announce_due(sold.pool, carrier)
    told = carrier.folder / "announcements" / f"{sscc}.json"
    announced = told.read_text()

    async def tell(id, kind, days_ago):
        at = datetime.now(UTC) - timedelta(days=days_ago)
        fact = carriers.Fact(
            id=id, sscc=sscc, kind=kind, at=at, track_at="https://carrier.example/1"
        )
        return await carriers.hear(sold.pool, carrier.name, fact, returns.parcels.hear)

    async def pay_back():
        path = f"/api/v1/staff/returns/{asked['id']}/approval"
        return await agent.post(path, json={"amount": 1000}, headers=key())

    early = await pay_back()
    over = [await tell("1", "in_transit", 11), await tell("2", "accepted", 12)]
    for _ in range(2):
        await returns.parcels.look_for_lost(sold.pool)
    cases = await sold.pool.fetch("SELECT kind, about::text FROM cases.cases")
    shown = (await sold.browser.get(page)).text
    paid = await pay_back()

    assert '"Min Janssen"' in announced
    assert '"order_number": "R-' in announced
    assert over == [False, False]
    assert await sold.pool.fetchval("SELECT state FROM returns.labels") == "in_transit"
    assert "https://carrier.example/1" in shown
    assert [tuple(row) for row in cases] == [("missing", asked["id"])]
    assert [early.status_code, paid.status_code] == [409, 200]
    assert sum((await sold.went_back()).values()) == 1000
    assert await tell("3", "delivered", 0)


async def test_a_photo_is_drawn_anew_shown_to_who_looks_after_it_and_deleted_in_time(sold):
    page = f"{sold.path}/returns"
    offer = (await sold.browser.get(f"{page}?n3=1&cause=damaged")).text
    sent = await sold.browser.post(
        page, data={**form_of(offer), "note": "Kapot"}, files={"photo": ("a.jpg", photo())}
    )
    mine = sent.headers["location"]
    id = mine.rpartition("/")[2]
    agent = await signed_in(sold, "agent")
    case = await sold.pool.fetchval("SELECT id FROM cases.cases")
    name = await sold.pool.fetchval("SELECT file FROM returns.photos")
    shown = await agent.get(f"/contact/cases/{case}/photos/{name}")

    refused = [
        await sold.browser.post(f"{mine}/photos", files={"photo": ("a.jpg", b"no photo")}),
        await sold.browser.post(f"{mine}/photos", files={"photo": ("a.gif", photo(kind="GIF"))}),
        await sold.browser.post(f"{mine}/photos", data={"photo": ""}),
        await sold.browser.post(f"{page}/{uuid4()}/photos", files={"photo": ("a.jpg", photo())}),
    ]
    more = [
        await sold.browser.post(
            f"/api/v1{page}/{id}/photos",
            json={"photo": base64.b64encode(photo((50 + n, 50), "PNG")).decode()},
        )
        for n in range(4)
    ]
    public = await sold.browser.get(f"/files/{name}")
    await sold.pool.execute("UPDATE returns.photos SET until = now()")
    await returns.photos.forget(sold.pool)

    with Image.open(io.BytesIO(shown.content)) as drawn:
        assert (drawn.format, drawn.size, dict(drawn.getexif())) == ("JPEG", (1600, 1067), {})
    assert [answer.status_code for answer in refused] == [400, 400, 400, 404]
    assert [answer.status_code for answer in more] == [200, 200, 200, 409]
    assert public.status_code == 404
    assert (await agent.get(f"/contact/cases/{case}/photos/{name}")).status_code == 404
    gone = "SELECT count(*) FROM files.files WHERE sha256 = decode($1, 'hex')"
    assert await sold.pool.fetchval(gone, name) == 0
