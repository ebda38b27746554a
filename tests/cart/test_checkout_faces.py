"""What the checkout does with a basket: freeze it, give it back, or turn it into one order."""

import pytest

from app import cart
from app.db import new_id
from app.errors import Conflict
from tests.cart.builders import add, open_cart, put_on_shelf, quantities, token_of

pytestmark = pytest.mark.usefixtures("everything_holds")


@pytest.fixture
async def basket(db, begin):
    """Two of one product."""
    milk, _ = await put_on_shelf(db)
    basket = await open_cart(db)
    async with begin() as connection:
        await cart.apply(connection, [add(basket, milk, 2)])
    return basket, milk


async def test_nothing_goes_into_a_frozen_basket_until_it_is_given_back(begin, basket):
    id, milk = basket
    async with begin() as db:
        await cart.freeze(db, id, 1)

    async with begin() as db:
        [frozen] = await cart.apply(db, [add(id, milk)])
        await cart.reopen(db, id)
        [open_again] = await cart.apply(db, [add(id, milk)])

    assert frozen.refused == "being-paid"
    assert open_again.line.quantity == 3


async def test_a_basket_that_changed_since_it_was_seen_is_not_frozen(begin, basket):
    id, milk = basket
    async with begin() as db:
        await cart.apply(db, [add(id, milk)])

    with pytest.raises(Conflict):
        async with begin() as db:
            await cart.freeze(db, id, 1)


async def test_a_basket_becomes_one_order_at_most(begin, basket):
    id, _ = basket
    order = new_id()
    async with begin() as db:
        await cart.close(db, id, order)
        await cart.close(db, id, order)

    with pytest.raises(Conflict):
        async with begin() as db:
            await cart.close(db, id, new_id())


async def test_after_the_order_the_same_token_opens_an_empty_basket(begin, basket):
    id, _ = basket
    async with begin() as db:
        await cart.close(db, id, new_id())

        next_id = await cart.of_token(db, token_of(id))
        following = await cart.read(db, next_id, "nl")
        ordered = await cart.read(db, id, "nl")

    assert next_id != id
    assert (following.count, following.state) == (0, "open")
    assert following.version > ordered.version
    assert (ordered.count, ordered.state) == (2, "ordered")


async def test_a_scan_sent_again_after_the_order_does_not_fill_the_next_basket(begin, db, basket):
    id, milk = basket
    command = add(id, milk)
    async with begin() as connection:
        await cart.apply(connection, [command])
        await cart.close(connection, id, new_id())
        next_id = await cart.of_token(connection, token_of(id))

    command.cart_id = next_id
    async with begin() as connection:
        [again] = await cart.apply(connection, [command])

    assert again.line.quantity == 3
    assert await quantities(db, next_id) == {}
