"""Whatever commands come, in whatever batches and how often: the basket is what a sum would say."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import cart
from app.db import begin
from tests.cart.builders import add, open_cart, put_on_shelf, quantities

steps = st.lists(
    st.tuples(st.integers(0, 2), st.integers(-99, 99).filter(bool), st.booleans()),
    min_size=1,
    max_size=25,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps, cut=st.integers(1, 25))
async def test_the_basket_is_the_sum_of_what_was_not_refused(pool, db, steps, cut):
    products = [(await put_on_shelf(db))[0] for _ in range(3)]
    basket = await open_cart(db)
    commands = []
    for product, more, sent_twice in steps:
        command = add(basket, products[product], more)
        commands += [command, command] if sent_twice else [command]

    expected = expected_after(products, steps)
    for first in range(0, len(commands), cut):
        async with begin(pool) as connection:
            await cart.apply(connection, commands[first : first + cut])

    assert await quantities(db, basket) == expected
    assert await db.fetch("SELECT * FROM checks.carts") == []
    assert await db.fetch("SELECT * FROM checks.cart_commands") == []


def expected_after(products, steps):
    lies = dict.fromkeys(products, 0)
    for product, more, _ in steps:
        there = lies[products[product]]
        if there + more <= 99 and (there or more > 0):
            lies[products[product]] = max(there + more, 0)
    return {product: quantity for product, quantity in lies.items() if quantity}
