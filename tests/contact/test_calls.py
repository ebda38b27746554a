"""A caller is found for a reason, verified, and helped on the same basket and order."""

import asyncio
import datetime as dt
import re
from uuid import uuid4

import pytest

from app import cart, collecting, search
from app.cart.models import Add
from app.db import begin, new_id
from app.pages.contact.words import in_words
from app.pages.following import versions_of
from app.payments import giftcards
from tests.checkout.several import deliver
from tests.checkout.stage import HOME, Stage, stock_up
from tests.checkout.two_ways import TwoPlaces
from tests.fulfilment.collect.stage import WHO, key
from tests.shelf import MILK, SHIRT, put_on_shelf
from tests.staff_desk import employ


class Agent:
    def __init__(self, client, pool):
        self.client, self.pool = client, pool

    @classmethod
    async def at(cls, stage):
        client = stage.browser()
        token, _ = await employ(stage.pool, "agent")
        client.cookies.set("staff", token)
        client.headers["Accept"] = "text/html"
        return cls(client, stage.pool)

    async def post(self, path, **fields):
        fields.setdefault("command", str(uuid4()))
        return await self.client.post(path, data=fields)

    async def find(self, reason="Waar blijft het?", **asked):
        return await self.post("/contact/find", reason=reason, **asked)

    async def open(self, order_id, **more):
        answer = await self.post(
            "/contact/calls", order=str(order_id), reason="Waar blijft het?", **more
        )
        return answer.headers["location"]


@pytest.fixture
async def stage(shop):
    return await Stage.set_up(shop)


@pytest.fixture
async def sold(stage):
    """An order that was paid."""
    buyer = await stage.buyer()
    placed = (await buyer.order()).json()
    await buyer.choose(placed, "pay")
    await stage.work()
    placed["buyer"] = buyer
    return placed


@pytest.mark.parametrize(
    "asked",
    [
        {"email": HOME["email"].upper()},
        {"phone": "+31 6 1234 5678"},
        {"postcode": "3511ab", "name": "jans"},
    ],
)
async def test_an_order_is_found_by_what_callers_say_and_nobody_is_named(stage, sold, asked):
    agent = await Agent.at(stage)

    found = await agent.find(**asked)

    assert sold["number"] in found.text
    assert HOME["street"] not in found.text
    trail = await stage.pool.fetchrow("SELECT * FROM staff.audit WHERE act = 'contact.find'")
    assert trail["reason"] == "Waar blijft het?"
    assert HOME["email"] not in trail["subject"]


async def test_the_number_is_heard_without_its_dashes(stage, sold):
    agent = await Agent.at(stage)

    found = await agent.find(number=sold["number"].replace("-", " ").lower())

    assert sold["number"] in found.text
    assert (await agent.find(number="P-0000-00")).text.count("P-0000-00") == 1  # in the field
    assert (await agent.find()).status_code == 400
    assert (await agent.find(reason="", number="x")).status_code == 400


async def test_nothing_personal_is_seen_or_changed_before_the_caller_is_verified(stage, sold):
    agent = await Agent.at(stage)
    call = await agent.open(sold["order_id"], found_by="email")

    before = await agent.client.get(call)
    refused = await agent.post(f"{call}/cancel", reason="Niet meer nodig")
    same_again = await agent.post(f"{call}/verify", email=HOME["email"], postcode="3511 AB")
    verified = await agent.post(f"{call}/verify", postcode="3511AB", house_number="12BIS")
    after = await agent.client.get(call)

    assert HOME["street"] not in before.text
    assert (refused.status_code, same_again.status_code, verified.status_code) == (403, 409, 303)
    assert HOME["street"] in after.text
    assert "Waar blijft het?" in after.text


async def test_who_guesses_is_stopped_and_another_agents_call_is_nobodys(stage, sold):
    agent, other = await Agent.at(stage), await Agent.at(stage)
    call = await agent.open(sold["order_id"])

    answers = [await agent.post(f"{call}/verify", name="Piet") for _ in range(6)]

    assert [answer.status_code for answer in answers] == [409] * 5 + [403]
    assert (await other.client.get(call)).status_code == 404
    right = await agent.post(f"{call}/verify", name=HOME["name"], house_number="12 bis")
    assert right.status_code == 403
    for _ in range(2):  # a new call is no new chance for ever
        call = await agent.open(sold["order_id"])
        answers = [await agent.post(f"{call}/verify", name="Piet") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [403] * 5
    assert 'name="name" maxlength="100" autocomplete="off" value="Piet"' in answers[0].text


async def test_a_verified_caller_has_the_order_called_off_and_sees_who_looked(stage, sold):
    agent = await Agent.at(stage)
    call = await agent.open(sold["order_id"])
    await agent.post(f"{call}/verify", name=HOME["name"], house_number="12 bis")

    card = "Betaalde met 4111 1111 1111 1111"
    hidden = [
        await agent.post(f"{call}/note", text=card),
        await agent.post(f"{call}/cases", kind="late", words=card),
        await agent.post(f"{call}/cancel", reason=card),
    ]
    done = await agent.post(f"{call}/cancel", reason="Klant is ziek")
    await agent.post(f"{call}/end")
    over = await agent.client.get(call)
    late = [
        await agent.post(f"{call}/cases", kind="late", words="Nog iets"),
        await agent.post(f"{call}/goodwill", amount="1", reason="Sorry"),
        await agent.post(f"{call}/second-try", slot="collect"),
        await agent.post(f"{call}/points", points="5", reason="Sorry"),
    ]
    await stage.make_refunds()
    page = await sold["buyer"].client.get(f"/orders/{sold['track_at'].rpartition('/')[2]}")

    assert done.status_code == 303
    assert [answer.status_code for answer in hidden] == [400] * 3
    assert all(card in answer.text for answer in hidden)
    assert HOME["street"] not in over.text
    assert [answer.status_code for answer in late] == [409] * 4
    assert await stage.order_states() == ["cancelled"]
    assert "Robin: Waar blijft het?" in page.text
    assert await stage.faults() == []


@pytest.mark.drill
async def test_who_was_not_home_says_on_the_phone_that_they_come_for_it(stage, sold):
    worker = stage.browser()
    token, _ = await employ(stage.pool, "picker", "packer", "driver")
    worker.cookies.set("staff", token)
    await deliver(stage, stage.place_id, worker, fails={"reason": "not-home", "next": "again"})
    await stage.work()
    hours = [collecting.Hours(day, dt.time(0), dt.time(23, 59)) for day in range(1, 8)]
    async with begin(stage.pool) as db:
        desk = collecting.Desk(hours=hours, ready_minutes=30, on_holidays=True)
        await collecting.set_up(db, stage.place_id, desk)
    agent = await Agent.at(stage)
    call = await agent.open(sold["order_id"])

    early = await agent.post(f"{call}/second-try", slot="collect")
    await agent.post(f"{call}/verify", name=HOME["name"], house_number="12 bis")
    page = (await agent.client.get(call)).text
    wrong = await agent.post(f"{call}/second-try", slot="tomorrow")
    part = re.search(r'name="part" value="([^"]+)"', page)[1]
    done = await agent.post(f"{call}/second-try", slot="collect", part=part)
    await stage.work()
    shopper = await sold["buyer"].client.get(f"/orders/{sold['track_at'].rpartition('/')[2]}")

    assert (early.status_code, wrong.status_code, done.status_code) == (403, 404, 303)
    assert await stage.pool.fetchval("SELECT way FROM fulfilment.fulfilments") == "collect"
    assert shopper.status_code == 200
    assert await stage.faults() == []


async def test_a_verified_caller_has_the_order_changed_and_pays_what_is_more_by_a_link(stage, sold):
    agent = await Agent.at(stage)
    call = await agent.open(sold["order_id"])
    wish = {"q-1": "3", "reason": "Krijgt bezoek"}
    unverified = await agent.post(f"{call}/change", do="look", **wish)
    await agent.post(f"{call}/verify", name=HOME["name"], house_number="12 bis")

    seen = await agent.post(f"{call}/change", do="look", **wish)
    total = re.search(r'name="total" value="(\d+)"', seen.text)[1]
    reasonless = await agent.post(f"{call}/change", do="change", total=total, **{"q-1": "3"})
    changed = await agent.post(f"{call}/change", do="change", total=total, **wish)
    waits = (await agent.client.get(call)).text
    buyer = sold["buyer"]
    page = (await buyer.client.get(sold["track_at"].removeprefix("http://shop.test"))).text
    pay_at = re.search(r'href="(/testpay/[^"]+)"', page)[1]
    await buyer.choose({"pay_at": pay_at}, "pay")
    await stage.work()

    assert unverified.status_code == 403
    assert total == str(3 * 264 + 395)
    assert reasonless.status_code == 200
    assert changed.status_code == 303
    assert "wacht op betaling door de klant" in waits
    mails = await stage.pool.fetch("SELECT kind FROM messaging.messages")
    assert {"PayLink", "OrderAmended"} <= {row["kind"] for row in mails}
    assert (await buyer.track(sold))["order"]["lines"][0]["quantity"] == 3
    reasons = await stage.pool.fetch("SELECT reason FROM staff.audit WHERE act = 'contact.change'")
    assert [row["reason"] for row in reasons] == ["Krijgt bezoek"]
    assert await stage.faults() == []


async def test_an_order_on_the_phone_is_paid_by_a_link_and_never_by_a_card_number(stage):
    agent = await Agent.at(stage)
    began = await agent.post("/contact/baskets", reason="Kan niet met de website overweg")
    call = began.headers["location"]
    await search.refresh(stage.pool)
    named = (await agent.client.get(f"{call}?q=melk")).text
    await agent.post(f"{call}/add", code=MILK, quantity="2")
    line = {"product_id": str(stage.product_id), "handover": "delivery"}
    await agent.post(f"{call}/step", step="1", **line)

    page = (await agent.client.get(f"{call}?postcode=3511AB&slot={stage.slot_id}")).text
    form = page[page.index(f'action="{call.replace("http://shop.test", "")}/order"') :]
    shown = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    code, _ = await gift(stage, 300)
    held = await agent.post(f"{call}/order", do="gift-card", gift_card_new=code, **shown, **HOME)
    left = re.search(r'name="to_pay" value="(\d+)"', held.text)[1]
    gifts = {"gift_card_1": code, "to_pay": left}
    bank = await agent.post(f"{call}/order", **shown, **HOME, gift_card_new="4111 1111 1111 1111")
    card = await agent.post(f"{call}/note", text="Kaart 4111 1111 1111 1111")
    sly = [
        await agent.post(f"{call}/note", text=words)
        for words in (
            "2 4111 1111 1111 1111",
            "4111/1111/1111/1111 - 0928",
            "４１１１ １１１１１１１１１１１１",
        )
    ]
    sly.append(
        await agent.post(f"{call}/order", **{**shown, **HOME, "note": "Pas 4111111111111111"})
    )
    fine = await agent.post(f"{call}/note", text="Bel 0612345678 terug, bestelling 12345678901234")
    missing = await agent.post(f"{call}/order", **{**shown, **HOME, "email": "nergens"})
    asked = {**shown, **gifts, **HOME, "language": "ko", "command": str(uuid4())}
    ordered = [await agent.post(f"{call}/order", **asked) for _ in range(2)]
    other = await agent.post(f"{call}/order", **{**asked, "command": str(uuid4())})
    again = await agent.post(f"{call}/pay-link")

    codes = [answer.status_code for answer in (bank, card, fine, missing, *ordered, other, again)]
    assert codes == [400, 400, 303, 422, 303, 303, 409, 303]
    assert [answer.status_code for answer in sly] == [400] * 4
    assert re.search(rf'name="code" value="0*{MILK}"', named), (
        "by what the caller says it is called"
    )
    assert int(left) == 3 * 264 + 395 - 300
    mails = await stage.pool.fetch("SELECT body_text, recipient, language FROM messaging.messages")
    assert [(mail["recipient"], mail["language"]) for mail in mails] == [(HOME["email"], "ko")] * 2
    order = await stage.pool.fetchrow("SELECT * FROM orders.orders")
    assert order["state"] == "placed"
    origins = await stage.pool.fetch("SELECT DISTINCT added_from FROM cart.lines")
    assert [row["added_from"] for row in origins] == ["agent"]

    token = mails[0]["body_text"].split("/orders/")[1].split()[0]
    customer = stage.browser()
    link = (await customer.get(f"/orders/{token}")).text
    pay_at = re.search(r'href="(/testpay/[^"]+)"', link)[1]
    await customer.post(pay_at, data={"choice": "pay"})
    await stage.work()

    assert await stage.order_states() == ["confirmed"]
    assert "4111" not in (await agent.client.get(call)).text
    assert await stage.faults() == []


async def test_an_order_that_goes_two_ways_is_made_and_seen_on_the_phone_like_in_the_shop(shop):
    town = await TwoPlaces.open(shop)
    agent, buyer = await Agent.at(town), await town.both(1, 2)
    placed = await buyer.order_and_pay()
    call = await agent.open(placed["order_id"])
    await agent.post(f"{call}/verify", name=HOME["name"], house_number="12 bis")
    seen = (await agent.client.get(call)).text

    call = (await agent.post("/contact/baskets", reason="Wil bestellen")).headers["location"]
    for handover in ("delivery", "collect"):
        await agent.post(f"{call}/add", code=MILK, handover=handover)
    page = (await agent.client.get(f"{call}?postcode=3511AB&slot={town.slot_id}")).text
    shown = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    [where] = re.findall(r'<option value="([^"]+ [^"]+T[^"]+)"', page)
    ordered = await agent.post(f"{call}/order", **{**shown, **HOME}, at_desk=where)

    call = (await agent.post("/contact/baskets", reason="Komt het halen")).headers["location"]
    await agent.post(f"{call}/add", code=MILK, handover="collect")
    places = (await agent.client.get(call)).text
    [place] = set(re.findall(rf'href="{call}\?at_desk=([^"]+)"', places))
    page = (await agent.client.get(f"{call}?at_desk={place}")).text
    shown = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    wrong = await agent.post(f"{call}/order", **{**shown, **WHO, "phone": "?"})
    whole = await agent.post(f"{call}/order", **{**shown, **WHO})
    row = await town.pool.fetchrow("SELECT place_id, street FROM orders.orders ORDER BY id DESC")

    assert "Wordt opgehaald bij Donkere winkel" in seen
    assert "Waar wordt het opgehaald?" in places
    assert 'name="street"' not in page
    assert (wrong.status_code, whole.status_code) == (422, 303), whole.text
    assert tuple(row) == (town.desk_at, "")
    assert "thuisbezorgd" in seen
    assert ordered.status_code == 303, ordered.text
    assert await town.pool.fetchval("SELECT count(*) FROM orders.pick_ups") == 2
    assert await town.levels() == ((10, 2), (10, 4))
    assert await town.faults() == []


async def test_what_is_on_a_gift_card_is_said_for_a_reason_and_may_pay_all_of_an_order(stage):
    agent = await Agent.at(stage)
    code, id = await gift(stage, 5000)
    ask = {"reason": "Vraagt het saldo"}
    known = await agent.post("/contact/gift-cards", code=code.lower(), **ask)
    bank = await agent.post("/contact/gift-cards", code="4111 1111 1111 1111", **ask)
    call = (await agent.post("/contact/baskets", reason="Wil bestellen")).headers["location"]
    await agent.post(f"{call}/add", code=MILK)
    page = (await agent.client.get(f"{call}?postcode=3511AB&slot={stage.slot_id}")).text
    shown = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))

    ordered = await agent.post(
        f"{call}/order", **{**shown, **HOME, "gift_card_1": code, "to_pay": "0"}
    )
    await stage.work()

    assert [answer.status_code for answer in (known, bank, ordered)] == [200, 400, 303]
    assert "€ 50,00" in known.text.replace("\xa0", " ")
    trail = "SELECT subject, reason FROM staff.audit WHERE act = 'contact.gift_card'"
    assert [tuple(row) for row in await stage.pool.fetch(trail)] == [(str(id), ask["reason"])]
    assert await stage.order_states() == ["confirmed"]
    kinds = {row["kind"] for row in await stage.pool.fetch("SELECT kind FROM messaging.messages")}
    assert kinds == {"OrderConfirmed"}
    assert await stage.faults() == []


async def gift(stage, amount):
    async with begin(stage.pool) as db:
        id = await giftcards.issue(db, amount, "EUR", secret=stage.settings.secret)
        return await giftcards.reveal(db, id, new_id(), secret=stage.settings.secret), id


async def test_an_agent_sees_at_once_what_another_desk_puts_in(stage):
    agent = await Agent.at(stage)
    began = await agent.post("/contact/baskets", reason="Samen bestellen")
    cart_id = await stage.pool.fetchval("SELECT cart_id FROM contact.calls")
    heard = asyncio.Queue()

    async def listen():
        async for event in versions_of(stage.shop.app.state, f"cart:{cart_id}"):
            await heard.put(event)

    listening = asyncio.create_task(listen())
    await asyncio.sleep(0.1)
    async with begin(stage.pool) as db:
        wish = Add(id=new_id(), cart_id=cart_id, product_id=stage.product_id, added_from="till")
        await cart.apply(db, [wish])
    async with asyncio.timeout(20):
        while "data: 1" not in await heard.get():
            pass
    listening.cancel()

    page = (await agent.client.get(began.headers["location"])).text
    happened = re.findall(r"<li><time.*?<strong>(.*?)<.*?quiet\">(.*?)<", page)
    assert ("Mandje: thuisbezorgd", "1 × Halfvolle melk") in happened


async def test_a_caller_with_a_basket_on_the_phone_is_helped_in_it_until_they_end_it(stage):
    agent, buyer = await Agent.at(stage), await stage.buyer()
    page = (await buyer.client.post("/basket/pairing", data={"role": "help"})).text
    letters = re.search(r'code-typed number"[^>]*>([0-9A-Z]{4}) ([0-9A-Z]{4})<', page)
    code = letters[1] + letters[2]

    began = await agent.post("/contact/baskets", reason="Komt er niet uit", code=code)
    call = began.headers["location"]
    added = await agent.post(f"{call}/add", code=MILK)
    cart = await buyer.cart()
    view = await stage.pool.fetchval("SELECT id FROM cart.views")
    await buyer.client.post("/basket/views/end", data={"view": str(view)})
    refused = await agent.post(f"{call}/add", code=MILK)

    assert [line["quantity"] for line in cart["lines"]] == [2]
    assert (added.status_code, refused.status_code) == (303, 409)
    assert "Halfvolle melk" not in re.sub(
        r'<ol class="timeline">.*?</ol>', "", (await agent.client.get(call)).text, flags=re.DOTALL
    )
    assert await stage.faults() == []


async def test_what_a_verified_caller_says_to_an_offer_counts_once_whoever_is_faster(stage, sold):
    """The customer taps no on the page in the moment in which the agent says yes for them."""
    agent, buyer = await Agent.at(stage), sold["buyer"]
    other = await put_on_shelf(stage.pool, SHIRT, name="Karnemelk", price=199)
    await stock_up(stage.pool, stage.place_id, other, 1)
    await stage.pool.execute("UPDATE orders.orders SET substitution = 'ask-me'")
    picker, (token, _) = stage.browser(), await employ(stage.pool, "picker")
    picker.cookies.set("staff", token)
    start = {"place_id": str(stage.place_id)}
    batch = (await picker.post("/api/v1/picking/batches", json=start, headers=key())).json()
    offering = f"/api/v1/picking/picks/{batch['lines'][0]['id']}/substitutes"
    made = await picker.post(offering, json={"product_id": str(other)}, headers=key())
    offer = {"substitute": made.json()["substitute"], "answer": "yes"}
    call = await agent.open(sold["order_id"])
    unverified = await agent.post(f"{call}/offer", reason="Belt erover", **offer)
    await agent.post(f"{call}/verify", name=HOME["name"], house_number="12 bis")
    page = (await agent.client.get(call)).text
    reasonless = await agent.post(f"{call}/offer", reason="", **offer)
    command = str(uuid4())
    said = agent.post(f"{call}/offer", reason="Belt erover", command=command, **offer)
    token = sold["track_at"].rpartition("/")[2]
    address = f"/orders/{token}/substitutes/{offer['substitute']}"

    spoken, tapped = await asyncio.gather(
        said, buyer.client.post(address, data={"command": str(uuid4()), "answer": "no"})
    )
    again = await agent.post(f"{call}/offer", reason="Belt erover", command=command, **offer)

    assert "Karnemelk" in page
    assert (unverified.status_code, reasonless.status_code) == (403, 400)
    assert sorted([spoken.status_code, tapped.status_code]) == [303, 409]
    assert again.status_code == spoken.status_code, "the same command, the same answer"
    loser = spoken if spoken.status_code == 409 else tapped
    assert re.search("moment ago|net al beantwoord", loser.text)
    trail = await stage.pool.fetch("SELECT reason FROM staff.audit WHERE act = 'contact.answer'")
    heard = ["Belt erover"] if spoken.status_code == 303 else []
    assert [row["reason"] for row in trail] == heard
    state = await stage.pool.fetchval("SELECT state FROM fulfilment.substitutes")
    assert state == ("accepted" if heard else "refused")
    await stage.work()
    assert await stage.faults() == []


def test_what_a_driver_and_a_desk_did_with_an_order_has_words():
    done = ("ParcelLoaded", "OutForDelivery", "DeliveryFailed", "Delivered", "ParcelShelved")
    for kind in (*done, "ReadyForCollection", "Collected", "CollectionRefused"):
        for language in ("en", "nl", "ko"):
            assert in_words(kind, language) != kind
