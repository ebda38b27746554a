"""What is not there is replaced as its shopper wishes, never dearer, and never without their say."""

import asyncio

import msgspec
import pytest

from app import fulfilment, messaging, orders, stock
from app.db import begin, new_id
from app.errors import Conflict
from app.fulfilment import picking, substituting
from app.fulfilment.jobs import offer_writer
from app.fulfilment.substituting import rules
from app.fulfilment.substituting.models import Candidate, Wanted
from app.jobs import Event
from app.orders.models import Line
from app.stock.models import Line as Goods
from tests.fulfilment.builders import NOW, offending


class Aisle:
    """A picker before an empty spot: one order, milk that is not there, and what stands beside it."""

    def __init__(self, world, order, line, picker):
        self.world, self.order, self.line, self.picker = world, order, line, picker

    async def offer(self, product=None, **named):
        made = await self.world.act(
            substituting.offer, self.picker, self.line.id,
            product_id=product and product.id, **named,
        )  # fmt: skip
        return made["substitute"]

    async def answer(self, substitute, *, yes, command=None):
        async with begin(self.world.pool) as db:
            return await substituting.answer(
                db, self.order, command or new_id(), substitute, yes=yes
            )

    async def time_passes(self):
        await self.world.pool.execute(
            "UPDATE fulfilment.substitutes SET answer_by = now() - interval '1 second'"
        )

    async def packed(self):
        await self.world.pack(self.line.fulfilment_id)

    async def shown(self):
        async with begin(self.world.pool) as db:
            return await substituting.of_order(db, self.order)


async def before_the_empty_spot(world, milk, *more, quantity=2, **named):
    order = await world.sell((milk, quantity), *((one, 1) for one in more), **named)
    picker = await world.person("picker")
    batch = await world.act(picking.start, picker, world.place)
    async with begin(world.pool) as db:
        lines = (await picking.pick_list(db, batch)).lines
    [line] = [line for line in lines if line.product_id == milk.id]
    for other in lines:
        if other is not line:
            await world.act(picking.pick, picker, other.id, code=None, quantity=1)
    return Aisle(world, order, line, picker)


async def test_a_cheaper_one_that_is_accepted_is_packed_and_the_difference_goes_back(world):
    milk = await world.product("Melk", price=199, deposit=10)
    other = await world.product("Andere melk", price=149, pieces=2)
    spot = await before_the_empty_spot(world, milk, wish="similar")

    offer = await spot.offer(other)
    assert await world.level(other) == (2, 2), "it is held while the shopper thinks"
    with pytest.raises(Conflict) as nothing_left:
        await spot.offer(other)
    command = new_id()
    answers = [await spot.answer(offer, yes=True, command=command) for _ in range(3)]
    driver, _ = await world.on_the_road(spot.order, picked=[spot.line.fulfilment_id])

    assert nothing_left.value.code == "already-picked"
    assert answers == [{"accepted": True, "by": "shopper", "fulfilment": "picked"}] * 3
    assert await world.refunds(spot.order) == 2 * (209 - 149)
    assert (await world.level(milk), await world.level(other)) == ((48, 0), (0, 0))
    async with begin(world.pool) as db:
        [ordered, brought] = (await fulfilment.packing.table(db, spot.line.fulfilment_id)).lines
    assert (ordered.picked, ordered.replaced, brought.picked) == (0, 2, 2)
    assert (brought.name, brought.instead_of) == ("Andere melk", "Melk")
    stop = await world.stop_of(spot.order)
    await world.act(fulfilment.delivery.deliver, driver, stop)
    async with begin(world.pool) as db:
        [line] = (await orders.read(db, spot.order)).lines
    assert line.delivered_quantity == 2
    assert await offending(world.pool) == {}


async def test_an_offer_that_cannot_end_keeps_no_other_one_open(world):
    milk = await world.product("Melk", price=149)
    other = await world.product("Andere melk", price=149)
    broken, sound = [await before_the_empty_spot(world, milk, wish="similar") for _ in range(2)]
    for spot in (broken, sound):
        await spot.offer(other)
        await spot.time_passes()
    await world.pool.execute(
        "UPDATE fulfilment.fulfilments SET state = 'delivered' WHERE id = $1",
        broken.line.fulfilment_id,
    )

    await substituting.end_silent(world.pool)

    assert [(await spot.shown())[0].state for spot in (broken, sound)] == ["offered", "accepted"]


async def test_a_dearer_one_costs_what_was_ordered(world):
    milk = await world.product("Melk", price=149)
    other = await world.product("Biologische melk", price=299)
    spot = await before_the_empty_spot(world, milk, wish="similar")

    offer = await spot.offer(code=other.gtin)
    [shown] = await spot.shown()
    await spot.answer(offer, yes=True)
    await spot.packed()

    assert (shown.charged, shown.paid) == (2 * 149, 2 * 149)
    assert await world.refunds(spot.order) == 0
    assert await offending(world.pool) == {}


@pytest.mark.parametrize(
    ("wish", "comes"), [("similar", True), ("same-brand", True), ("ask-me", False)]
)
async def test_silence_is_an_answer_as_wished_and_nobody_can_answer_after_it(world, wish, comes):
    milk = await world.product("Melk", brand="Weide")
    other = await world.product("Karnemelk", brand="Weide")
    bread = await world.product("Brood")
    spot = await before_the_empty_spot(world, milk, bread, quantity=1, wish="leave-out",
                                       wishes=(wish,))  # fmt: skip
    offer = await spot.offer(other)
    await substituting.end_silent(world.pool)
    assert (await spot.shown())[0].state == "offered", "there is still time"

    await spot.time_passes()
    with pytest.raises(Conflict) as late:
        await spot.answer(offer, yes=not comes)
    await asyncio.gather(*(substituting.end_silent(world.pool) for _ in range(2)))
    await spot.packed()

    assert late.value.code == "too-late"
    [shown] = await spot.shown()
    assert (shown.state, shown.ended_by) == ("accepted" if comes else "refused", "silence")
    assert await world.refunds(spot.order) == (0 if comes else milk.price)
    assert await world.level(other) == ((49, 0) if comes else (50, 0))
    assert await offending(world.pool) == {}


async def test_two_who_answer_at_once_get_one_answer(world):
    milk, other = await world.product("Melk"), await world.product("Andere melk")
    spot = await before_the_empty_spot(world, milk, await world.product("Brood"), wish="ask-me")
    offer = await spot.offer(other)

    answers = await asyncio.gather(
        spot.answer(offer, yes=True), spot.answer(offer, yes=False), return_exceptions=True
    )

    assert sum(isinstance(one, Conflict) for one in answers) == 1
    await spot.packed()
    assert await offending(world.pool) == {}


async def test_what_is_refused_is_missing_and_what_was_ordered_can_still_be_found(world):
    milk, other = await world.product("Melk"), await world.product("Andere melk")
    spot = await before_the_empty_spot(world, milk, await world.product("Brood"), wish="similar")
    first = await spot.offer(other, quantity=1, reason="damaged")
    await world.act(substituting.withdraw, spot.picker, first)
    offer = await spot.offer(other)

    await spot.answer(offer, yes=False)
    with pytest.raises(Conflict):
        await world.act(substituting.withdraw, spot.picker, offer)
    await world.act(picking.found, spot.picker, spot.line.id)
    await world.act(picking.pick, spot.picker, spot.line.id, code=milk.gtin, quantity=2)
    await spot.packed()

    assert await world.refunds(spot.order) == 0
    assert await world.level(other) == (50, 0)
    assert await offending(world.pool) == {}


async def test_what_may_not_be_offered_is_refused_with_the_reason(world):
    milk = await world.product("Melk", brand="Weide")
    wine = await world.product("Rijstwijn", age_limit=18, brand="Weide")
    other = await world.product("Huismelk", brand="Huis")
    rare = await world.product("Weidemelk mager", brand="weide", pieces=1)
    spot = await before_the_empty_spot(world, milk, wish="same-brand")

    refused = {}
    for product in (milk, wine, other, rare):
        with pytest.raises(Conflict) as refusal:
            await spot.offer(product)
        refused[product.name] = refusal.value.code
    strict = await before_the_empty_spot(world, other, wish="leave-out")
    with pytest.raises(Conflict) as nothing:
        await strict.offer(rare)

    assert refused == {
        "Melk": "same-item",
        "Rijstwijn": "too-old",
        "Huismelk": "other-brand",
        "Weidemelk mager": "not-free",
    }
    assert nothing.value.code == "nothing-instead"
    async with begin(world.pool) as db:
        assert await substituting.proposals(db, strict.line.id) == []
        assert await substituting.proposals(db, spot.line.id) == [], "one is not enough for two"


async def test_what_is_promised_to_others_meanwhile_is_not_brought_instead(world):
    milk, other = await world.product("Melk"), await world.product("Andere melk", pieces=2)
    spot = await before_the_empty_spot(world, milk, await world.product("Brood"), wish="similar")
    offer = await spot.offer(other)
    await world.pool.execute("UPDATE stock.holds SET expires_at = now() WHERE state = 'held'")
    await stock.expire(world.pool)
    async with begin(world.pool) as db:
        wanted = (Goods(other.id, world.place, 1),)
        until = (await spot.shown())[0].answer_by
        await stock.reserve(db, [stock.Request(new_id(), new_id(), wanted, until)])

    answered = await spot.answer(offer, yes=True)
    await spot.packed()

    assert answered == {"accepted": False, "by": "gone", "fulfilment": "picked"}
    assert await world.refunds(spot.order) == 2 * milk.price
    assert await offending(world.pool) == {}


async def test_the_shopper_is_told_once_by_mail_and_sms_and_not_after_it_was_answered(
    world, settings, tmp_path
):
    milk, other = await world.product("Melk", price=149), await world.product("Andere melk")
    spot = await before_the_empty_spot(world, milk, wish="ask-me")
    offer = await spot.offer(other)
    event = Event(spot.order, 4, "order", "SubstituteOffered", {"substitute": offer}, NOW)
    write = offer_writer(settings)

    for _ in range(2):
        async with begin(world.pool) as db:
            await write(db, event)

    rows = await world.pool.fetch("SELECT * FROM messaging.messages ORDER BY channel")
    [mail, sms] = rows
    folder = tmp_path / "texts"
    with_folder = msgspec.structs.replace(settings, sms_folder=str(folder))
    for _ in range(2):
        await messaging.send(world.pool, sms["id"], with_folder)
    [file] = folder.iterdir()
    told = msgspec.json.decode(file.read_bytes())
    assert told["to"] == "+31 6 12345678"
    assert told["text"].startswith("Melk is er niet. Liever Andere melk?")
    assert mail["subject"] == "Iets anders in plaats van Melk?"
    assert "2 × Andere melk, voor €\xa02,98" in mail["body_text"]
    assert "laten we het weg" in mail["body_text"]
    await world.pool.execute("DELETE FROM messaging.messages")
    await spot.answer(offer, yes=True)
    async with begin(world.pool) as db:
        await write(db, event)
    assert await world.pool.fetch("SELECT FROM messaging.messages") == []


def test_the_same_brand_and_no_higher_price_come_first():
    def candidate(name, **changed):
        fields = {
            "product_id": new_id(), "gtin": name, "name": name, "picture": None, "brand": "",
            "category": "dairy", "content_quantity": 1000, "content_unit": "ml",
            "storage": "ambient", "age_limit": None, "weight_g": 0, "price": 149,
            "currency": "EUR", "popularity": 0, "available": 9,
        }  # fmt: skip
        return Candidate(**fields | changed)

    wanted = Wanted(
        product_id=new_id(), name="Melk", brand="Weide", category="dairy", content_quantity=1000,
        content_unit="ml", storage="ambient", age_limit=None, wish="similar", language="nl",
        currency="EUR", place_id=new_id(), order_number="P-1", pick_by=None, unit_share=149,
    )  # fmt: skip
    onions = candidate("onions", category="vegetables", brand="Weide")
    found = rules.propose(
        wanted,
        [
            candidate("a dearer one", price=159),
            candidate("half a litre", content_quantity=500),
            candidate("the same"),
            candidate("of the brand", brand="WEIDE", price=169),
            candidate("frozen", storage="frozen"),
            onions,
        ],
        2,
    )

    names = [one.name for one in found]
    assert names == ["of the brand", "the same", "half a litre", "a dearer one"]
    assert found[0].charged == 149
    assert rules.propose(wanted, [onions], 2) == [], "rather nothing than something else"


def test_cents_that_do_not_divide_are_left_to_the_shop():
    line = Line(
        line_no=1, product_id=new_id(), edition_id=new_id(), gtin="", name="", picture=None,
        handover="delivery", quantity=3, unit_price=0, discount=0, paid=100, vat="low", deposit=31,
        age_limit=None, storage="ambient",
    )  # fmt: skip

    assert rules.unit_share(line) == 33 + 10
    assert rules.charged(50, rules.unit_share(line), 2) == 86
