"""One basket, one order, one payment: part of it is brought home, part of it is collected."""

import asyncio
import re
from collections import Counter
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as some

from app import checkout, stock
from app.checkout import rules
from app.checkout.models import Bought, Quote
from app.db import begin
from app.pricing.models import Receipt, Share
from tests.checkout.stage import FEE, HOME
from tests.checkout.two_ways import OneStore, TwoPlaces, ways


async def test_either_part_is_held_where_it_lies_and_its_shopper_pays_once(shop):
    town = await TwoPlaces.open(shop)
    buyer = await town.both(2, 1, beers=1)

    placed = (await buyer.order()).json()
    held = await town.levels()
    again = (await buyer.order()).json()
    await buyer.choose(placed, "pay")
    await town.work()

    assert placed["total"] == 3 * (249 + 15) + 180 + FEE, "bringing it costs once"
    assert held == ((10, 2), (10, 1))
    assert again["order_id"] == placed["order_id"]
    assert {way: state for way, (_, state) in (await ways(town, placed)).items()} == {
        "delivery": "released",
        "collect": "released",
    }
    order = (await buyer.track(placed))["order"]
    assert (order["slot_id"], order["place_id"]) == (str(town.slot_id), str(town.place_id))
    assert order["pick_up"]["place_id"] == str(town.desk_at)
    assert order["receipt"]["total"] == order["sums"]["total"] == placed["total"]
    mail = (await town.mails())["OrderConfirmed"]
    assert "Oudegracht 12 bis" in mail
    assert "1 × Halfvolle melk, 1 × Witbier" in mail
    assert await town.pool.fetchval("SELECT sum(used)::int FROM slots.slots") == 1
    assert await town.faults() == []


async def test_of_two_who_want_the_last_piece_at_the_desk_one_gets_both_parts_and_one_nothing(shop):
    town = await TwoPlaces.open(shop, at_desk=1)
    buyers = [await town.both(1, 1) for _ in range(2)]
    wishes = [await buyer.wish() for buyer in buyers]

    answers = await asyncio.gather(
        *(buyer.send(wish) for buyer, wish in zip(buyers, wishes, strict=True))
    )

    assert sorted(answer.status_code for answer in answers) == [201, 409]
    [refused] = [answer.json() for answer in answers if answer.status_code == 409]
    assert (refused["code"], refused["state"]["part"]) == ("out-of-stock", "collect")
    assert "ergens anders" in refused["detail"]
    assert refused["state"]["products"][0]["available"] == 0
    assert await town.levels() == ((10, 1), (1, 1)), "who goes away has taken nothing"
    loser = buyers[[answer.status_code for answer in answers].index(409)]
    loser.key = str(uuid4())
    assert (await loser.cart())["state"] == "open"
    assert await town.faults() == []


async def test_what_nobody_can_bring_is_named_as_that_part_and_nothing_is_held(shop):
    town = await TwoPlaces.open(shop, quantity=1)
    buyer = await town.both(2, 1)

    refused = (await buyer.order()).json()
    buyer.key = str(uuid4())
    late = (await buyer.order(collect={"place": str(town.desk_at), "ready_by": "2020-01-01T00:00:00Z"})).json()  # fmt: skip
    buyer.key = str(uuid4())
    one_way = (await buyer.order(collect=None)).json()

    assert (refused["code"], refused["state"]["part"]) == ("out-of-stock", "delivery")
    assert (late["code"], one_way["code"]) == ("ready-later", "another-way")
    assert await town.levels() == ((1, 0), (10, 0))
    assert await town.faults() == []


async def test_who_never_pays_leaves_both_parts_to_others(shop):
    town = await TwoPlaces.open(shop)
    buyer = await town.both(1, 1)
    await buyer.order()
    await town.time_passes()

    await town.reconcile()
    await town.work()

    assert await town.order_states() == ["cancelled"]
    assert await town.levels() == ((10, 0), (10, 0))
    assert await town.pool.fetchval("SELECT sum(used)::int FROM slots.slots") == 0
    assert await town.faults() == []


async def test_holds_of_both_parts_end_by_themselves_and_money_that_comes_later_goes_back(shop):
    town = await TwoPlaces.open(shop)
    buyer = await town.both(1, 1)
    placed = (await buyer.order()).json()
    await town.pool.execute("UPDATE stock.holds SET expires_at = now() - interval '1 second'")
    await stock.expire(town.pool)

    await buyer.choose(placed, "pay")
    await town.work()

    assert await town.order_states() == ["cancelled"]
    assert await town.refunded() == placed["total"]
    assert await town.levels() == ((10, 0), (10, 0))
    assert await town.faults() == []


async def test_only_what_is_brought_counts_for_free_delivery_and_offers_count_over_both(shop):
    town = await TwoPlaces.open(shop)
    await town.pool.execute("UPDATE slots.slots SET free_from = 600")
    few, many = await town.both(2, 4), await town.both(3, 1)

    async def total(buyer):
        cart_id = UUID((await buyer.cart())["id"])
        async with begin(town.pool) as db:
            quoted = await checkout.quote(
                db, cart_id, "en", delivery=FEE, free_from=600, place_id=town.place_id
            )
        return quoted.receipt

    cheap, dear = await total(many), await total(few)
    refused = (await few.order(total=dear.total - FEE)).json()
    few.key = str(uuid4())
    placed = (await few.order(total=dear.total)).json()

    assert (dear.delivery, cheap.delivery) == (FEE, 0)
    assert refused["code"] == "total-changed"
    assert placed["total"] == dear.total == 6 * (249 + 15) + FEE
    assert await town.faults() == []


async def test_on_a_phone_without_scripts_a_time_is_chosen_then_a_place_then_all_of_it_is_paid(
    shop,
):
    town = await TwoPlaces.open(shop, at_desk=2)
    buyer = await town.both(1, 2, beers=1)
    get = {"headers": {"Accept-Language": "en", "Accept": "text/html"}}
    when = (await buyer.client.get("/checkout?postcode=3511ab", **get)).text
    early = await buyer.client.get(f"/checkout/pay?slot={town.slot_id}&postcode=3511AB", **get)
    where = (await buyer.client.get(early.headers["location"], **get)).text
    address = f"/checkout/pay?slot={town.slot_id}&postcode=3511AB&collect={town.desk_at}"
    pay = (await buyer.client.get(address, **get)).text
    form = {**dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', pay))}
    form |= {**HOME, "substitution": "similar"}

    assert 'action="/checkout/collect"' in when
    assert "2 × Halfvolle melk" in when
    assert early.headers["location"].startswith("/checkout/collect?")
    assert str(town.desk_at) in where
    assert "1 × Halfvolle melk (en) · delivery €3.95" in re.sub(r"\s+", " ", pay)
    assert "When I collect it I show an identity document" in pay

    await town.pool.execute(
        "UPDATE stock.levels SET reserved = 2 WHERE place_id = $1 AND product_id = $2",
        town.desk_at, town.product_id,
    )  # fmt: skip
    gone = await buyer.client.post("/checkout/pay", data={**form, "of_age": "true"}, **get)
    assert gone.status_code == 409
    assert "Choose another place" in gone.text
    assert "Have that brought home" in gone.text
    await town.pool.execute("UPDATE stock.levels SET reserved = 0")
    fresh = {**form, "command": str(uuid4()), "of_age": "true"}
    paid = await buyer.client.post("/checkout/pay", data=fresh, **get)
    assert paid.status_code == 303, paid.text
    await buyer.client.post(paid.headers["location"], data={"choice": "pay"})
    await town.work()
    [token] = re.findall(r"/orders/(\w+)", (await town.mails())["OrderConfirmed"])[:1]
    order = (await buyer.client.get(f"/orders/{token}", **get)).text
    assert "Part of your order is brought, part of it you collect." in order
    assert await town.faults() == []


async def test_all_lines_go_another_way_with_one_tap_and_never_by_themselves(shop):
    town = await OneStore.open(shop)
    buyer = await town.both(1, 1, beers=1)

    async def tap(**fields):
        await buyer.client.post("/checkout/way", data={"command": str(uuid4()), **fields})
        return Counter(line["handover"] for line in (await buyer.cart())["lines"])

    collected = await tap(to="collect", back="basket")
    only_beer = await tap(to="delivery", only=str(town.beer))
    brought = await tap(to="delivery", back="basket")

    assert collected == {"collect": 2}, "the two lines of milk are one by now"
    assert only_beer == {"collect": 1, "delivery": 1}
    assert brought == {"delivery": 2}


@given(some.lists(some.tuples(some.integers(1, 3), some.integers(1, 4), some.sampled_from(["delivery", "collect", "carry-out"])), min_size=1, max_size=6))  # fmt: skip
def test_every_piece_goes_exactly_one_way(shapes):
    """Whatever lines there are of which product: what is sent, kept and carried out is what was bought."""
    quote = quote_of(shapes)

    by_way = [Counter(rules.pieces(quote, way)) for way in ("delivery", "collect", "carry-out")]

    assert sum(by_way, Counter()) == Counter(
        {
            product: sum(
                share.quantity for share in quote.receipt.lines if share.product_id == product
            )
            for product in {share.product_id for share in quote.receipt.lines}
        }
    )


def quote_of(shapes):
    shares, bought = [], []
    for n, (product, quantity, way) in enumerate(shapes):
        id = UUID(int=product)
        shares.append(Share(str(n), id, quantity, 100, "low", 0, 0, 0, 0))
        bought.append(Bought(edition_id=UUID(int=0), handover=way, product=None))
    receipt = Receipt(shares, 0, [], 0, 0, 0, 0, [], [])
    return Quote(
        cart_id=UUID(int=1), cart_version=1, currency="EUR", receipt=receipt, bought=bought
    )
