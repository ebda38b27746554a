"""What commands make of baskets, in their order, many at a time."""

from datetime import UTC, datetime

import pytest

from app import cart
from app import db as database
from app.cart.models import MOST_OF_ONE
from app.errors import NotFound
from qr_walls import gtin as gtins
from tests.cart.builders import (
    add,
    open_cart,
    print_label,
    put_on_shelf,
    quantities,
    remove,
    set_to,
)

pytestmark = pytest.mark.usefixtures("everything_holds")


@pytest.fixture
async def apply(pool):
    async def apply(*commands):
        async with database.begin(pool) as db:
            return await cart.apply(db, commands)

    return apply


async def test_what_is_added_twice_lies_there_twice(db, apply):
    milk, _ = await put_on_shelf(db)
    basket = await open_cart(db)

    first, second = await apply(add(basket, milk), add(basket, milk, 2))

    assert (first.version, first.count, first.line.quantity) == (1, 1, 1)
    assert (second.version, second.count, second.line.quantity) == (2, 3, 3)
    assert await quantities(db, basket) == {milk: 3}


async def test_the_same_command_again_gives_the_same_answer_and_does_nothing(db, apply):
    milk, _ = await put_on_shelf(db)
    basket = await open_cart(db)
    command = add(basket, milk)

    [once] = await apply(command)
    await apply(add(basket, milk))
    [again] = await apply(command)

    assert again == once
    assert await quantities(db, basket) == {milk: 2}


async def test_the_same_command_twice_in_one_batch_acts_once(db, apply):
    milk, _ = await put_on_shelf(db)
    basket = await open_cart(db)
    command = add(basket, milk)

    once, again = await apply(command, command)

    assert again == once
    assert await quantities(db, basket) == {milk: 1}


async def test_an_id_used_for_something_else_is_refused(db, apply):
    milk, _ = await put_on_shelf(db)
    basket = await open_cart(db)
    command = add(basket, milk)

    await apply(command)
    [other] = await apply(add(basket, milk, 5, id=command.id))

    assert other.refused == "id-used-otherwise"
    assert await quantities(db, basket) == {milk: 1}


async def test_many_carts_change_in_one_batch(db, apply):
    milk, _ = await put_on_shelf(db)
    bread, _ = await put_on_shelf(db)
    baskets = [await open_cart(db) for _ in range(20)]

    await apply(*[add(basket, product) for product in (milk, bread) for basket in baskets])

    assert [await quantities(db, basket) for basket in baskets] == [{milk: 1, bread: 1}] * 20


async def test_a_set_is_stale_only_when_its_own_line_changed_since(db, apply):
    milk, _ = await put_on_shelf(db)
    bread, _ = await put_on_shelf(db)
    basket = await open_cart(db)
    [seen] = await apply(add(basket, milk))
    await apply(add(basket, bread))

    [fine] = await apply(set_to(basket, milk, 4, seen.version))
    [stale] = await apply(set_to(basket, milk, 7, seen.version))

    assert fine.line.quantity == 4
    assert stale.refused == "stale"
    assert await quantities(db, basket) == {milk: 4, bread: 1}


async def test_taking_a_line_out_leaves_nothing_of_it(db, apply):
    milk, _ = await put_on_shelf(db)
    basket = await open_cart(db)
    [seen] = await apply(add(basket, milk, 3))

    [gone] = await apply(remove(basket, milk, seen.version))

    assert (gone.count, gone.line.quantity) == (0, 0)
    assert await quantities(db, basket) == {}


async def test_a_line_taken_out_and_put_back_in_one_batch_is_there(db, apply):
    milk, _ = await put_on_shelf(db)
    basket = await open_cart(db)
    [seen] = await apply(add(basket, milk, 3))

    await apply(remove(basket, milk, seen.version), add(basket, milk, 2))

    assert await quantities(db, basket) == {milk: 2}


async def test_fewer_than_nothing_is_nothing(db, apply):
    milk, _ = await put_on_shelf(db)
    basket = await open_cart(db)
    await apply(add(basket, milk, 2))

    await apply(add(basket, milk, -5))

    assert await quantities(db, basket) == {}


async def test_nobody_has_more_than_99_of_one_product(db, apply):
    milk, _ = await put_on_shelf(db)
    basket = await open_cart(db)
    await apply(add(basket, milk, 90))
    command = add(basket, milk, 10)

    [refused] = await apply(command)
    [again] = await apply(command)

    assert refused.refused == "at-most-99"
    assert again == refused
    assert await quantities(db, basket) == {milk: 90}
    assert MOST_OF_ONE == 99


async def test_a_basket_has_a_bottom(db, apply):
    products = [(await put_on_shelf(db))[0] for _ in range(11)]
    basket = await open_cart(db)

    outcomes = await apply(*[add(basket, product, 99) for product in products])

    assert outcomes[-1].refused == "basket-full"
    assert sum((await quantities(db, basket)).values()) == 990


async def test_what_is_not_for_sale_is_refused_but_can_be_taken_out(db, apply):
    milk, _ = await put_on_shelf(db)
    basket = await open_cart(db)
    await apply(add(basket, milk, 2))
    await db.execute("UPDATE catalog.products SET on_sale = false WHERE id = $1", milk)

    more, ten = await apply(add(basket, milk), set_to(basket, milk, 10, 1))
    [fewer] = await apply(add(basket, milk, -1))

    assert more.refused == ten.refused == "not-for-sale"
    assert fewer.line.quantity == 1


async def test_what_has_no_price_in_the_money_of_the_basket_is_not_sold_for_as_many_cents(
    db, apply
):
    milk, _ = await put_on_shelf(db, price=1500)
    await db.execute("UPDATE catalog.products SET currency = 'KRW' WHERE id = $1", milk)
    basket = await open_cart(db)
    await apply(add(basket, milk))

    [line] = (read := await cart.read(db, basket, "en")).lines

    assert not line.for_sale
    assert (await cart.receipt(db, read, datetime.now(UTC))).total == 0


async def test_a_product_nobody_knows_is_refused(db, apply):
    basket = await open_cart(db)

    [by_id, by_number, by_label] = await apply(
        add(basket, basket), add(basket, gtin=gtins.demo(999_999_999)), add(basket, label="0000000")
    )

    assert by_id.refused == by_number.refused == "unknown-product"
    assert by_label.refused == "unknown-label"


async def test_a_number_adds_the_product_it_stands_for(db, apply):
    milk, number = await put_on_shelf(db)
    basket = await open_cart(db)

    await apply(add(basket, gtin=number))

    assert await quantities(db, basket) == {milk: 1}


async def test_a_poster_keeps_its_promise_and_makes_a_line_of_its_own(db, apply):
    milk, number = await put_on_shelf(db, price=250)
    label, edition = await print_label(db, milk, number, price=200)
    basket = await open_cart(db)

    await apply(add(basket, milk), add(basket, label=label), add(basket, label=label))
    read = await cart.read(db, basket, "en")

    prices = {line.edition_id == edition: (line.quantity, line.price) for line in read.lines}
    assert prices == {False: (1, 250), True: (2, 200)}


async def test_a_poster_with_a_higher_price_is_paid_at_the_lower_one(db, apply):
    milk, number = await put_on_shelf(db, price=150)
    label, _ = await print_label(db, milk, number, price=200)
    basket = await open_cart(db)

    await apply(add(basket, label=label))
    read = await cart.read(db, basket, "en")

    assert [line.price for line in read.lines] == [150]


async def test_after_the_promise_a_higher_price_needs_a_tap(db, apply):
    milk, number = await put_on_shelf(db, price=250)
    label, _ = await print_label(db, milk, number, price=200, days=-1, since_days=9)
    basket = await open_cart(db)

    [asked] = await apply(add(basket, label=label))
    [tapped] = await apply(add(basket, label=label, seen_price=250))

    assert asked.refused == "price-changed"
    assert (asked.differs.printed_price, asked.differs.price) == (200, 250)
    assert tapped.line.quantity == 1


async def test_after_the_promise_a_lower_price_needs_no_tap(db, apply):
    milk, number = await put_on_shelf(db, price=150)
    label, _ = await print_label(db, milk, number, price=200, days=-1, since_days=9)
    basket = await open_cart(db)

    [added] = await apply(add(basket, label=label))

    assert added.line.quantity == 1


async def test_a_line_says_when_its_promise_has_passed_and_more_is_asked(db, apply):
    milk, number = await put_on_shelf(db, price=250)
    label, _ = await print_label(db, milk, number, price=200)
    basket = await open_cart(db)
    await apply(add(basket, label=label))

    await db.execute(
        "UPDATE cart.lines SET honoured_until = now() - interval '1 second' WHERE cart_id = $1",
        basket,
    )
    read = await cart.read(db, basket, "en")

    assert [(line.price, line.price_rose) for line in read.lines] == [(250, True)]


async def test_a_label_that_was_pointed_elsewhere_asks_before_it_adds(db, apply):
    milk, number = await put_on_shelf(db)
    oat_drink, _ = await put_on_shelf(db)
    label, _ = await print_label(db, milk, number)
    await db.execute("UPDATE walls.labels SET product_id = $1 WHERE token = $2", oat_drink, label)
    basket = await open_cart(db)

    [asked] = await apply(add(basket, label=label))
    [tapped] = await apply(add(basket, label=label, seen_product=oat_drink))

    assert asked.refused == "product-changed"
    assert (asked.differs.printed_product, asked.differs.product_id) == (milk, oat_drink)
    assert tapped.line.product_id == oat_drink


async def test_a_retired_label_adds_nothing_and_keeps_saying_so(db, apply):
    milk, number = await put_on_shelf(db)
    label, _ = await print_label(db, milk, number, state="retired")
    basket = await open_cart(db)
    command = add(basket, label=label)

    [refused] = await apply(command)
    await db.execute("UPDATE walls.labels SET state = 'live' WHERE token = $1", label)
    [again] = await apply(command)

    assert refused.refused == again.refused == "label-retired"


async def test_a_posters_price_cannot_be_had_by_naming_the_poster(db, apply):
    milk, number = await put_on_shelf(db, price=250)
    label, edition = await print_label(db, milk, number, price=1)
    basket = await open_cart(db)

    [named] = await apply(add(basket, milk, edition_id=edition))
    await apply(add(basket, label=label))
    [more] = await apply(add(basket, milk, edition_id=edition))

    assert named.refused == "stale"
    assert more.line.quantity == 2


async def test_a_cart_that_is_not_there_is_not_found(db, apply):
    milk, _ = await put_on_shelf(db)

    with pytest.raises(NotFound):
        await apply(add(milk, milk))
