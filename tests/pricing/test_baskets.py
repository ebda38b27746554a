"""What a basket costs: list, poster and promotion together."""

from datetime import UTC, datetime, timedelta

from app import cart, pricing
from app.cart.models import Add
from app.db import begin, new_id
from tests.shelf import BEER, MILK, put_on_shelf

DAY = timedelta(days=1)


async def test_a_list_for_walls_makes_it_cheaper_from_a_wall_only(pool):
    milk = await put_on_shelf(pool, MILK, price=149)
    async with begin(pool) as db:
        await pricing.write_list(
            db, new_id(), "Walls", "EUR", datetime.now(UTC) - DAY, None, "wall", None, None,
            [(milk, 129)], None,
        )  # fmt: skip

    totals = [await _total(pool, milk, origin) for origin in ("web", "wall")]

    assert totals == [149, 129]


async def test_beer_is_never_in_three_for_two_but_milk_beside_it_is(pool):
    milk = await put_on_shelf(pool, MILK, price=100)
    beer = await put_on_shelf(pool, BEER, price=100, age_limit=18, category="beer-wine")
    async with begin(pool) as db:
        offer = pricing.Promotion(
            new_id(), {"en": "3 for 2"}, pricing.NForM(3, 2), frozenset(), datetime.now(UTC) - DAY
        )
        await pricing.save(db, offer, "published")

    assert await _total(pool, beer, "web", 3) == 300
    assert await _total(pool, milk, "web", 3) == 200


async def _total(pool, product_id, origin, quantity=1):
    cart_id, _ = await cart.open_empty(pool, "EUR")
    add = Add(
        id=new_id(), cart_id=cart_id, product_id=product_id, quantity=quantity, added_from=origin
    )
    async with begin(pool) as db:
        await cart.apply(db, [add])
        basket = await cart.read(db, cart_id, "en")
        return (await cart.receipt(db, basket, datetime.now(UTC))).total
