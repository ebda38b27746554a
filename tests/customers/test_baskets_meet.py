"""At login two baskets become one: once, for both phones, and to be undone for ten minutes."""

import asyncio
import re
from uuid import UUID

import pytest

from app import cart
from app.cart.models import Add
from app.db import begin, new_id
from app.errors import Busy
from tests.cart.builders import open_cart, token_of
from tests.customers.mailbox import another_phone, ask, lines, links_to, put_in, sign_in
from tests.shelf import BEER, MILK, SHIRT, put_on_shelf

KIM, NOOR = "kim@example.org", "noor@example.org"


async def holds(db):
    for view in ("carts", "cart_commands"):
        assert await db.fetch(f"SELECT * FROM checks.{view}") == []  # noqa: S608


async def goods(db):
    return [str(await put_on_shelf(db, gtin)) for gtin in (MILK, SHIRT, BEER)]


async def at_home_and_on_the_train(shop, db):
    """Kim has two milk and a shirt at home, and as a guest on the train three milk and a beer."""
    milk, shirt, beer = await goods(db)
    home, train = shop, another_phone(shop)
    await sign_in(home, db, KIM)
    await put_in(home, milk, 2)
    await put_in(home, shirt, 1)
    await put_in(train, milk, 3)
    await put_in(train, beer, 1)
    return home, train, milk, shirt, beer


async def test_while_browsing_quantities_are_added_and_both_phones_have_the_one_basket(shop, db):
    home, train, milk, shirt, beer = await at_home_and_on_the_train(shop, db)
    guests_token = train.cookies["cart"]

    await sign_in(train, db, KIM)

    together = {milk: 5, shirt: 1, beer: 1}
    assert await lines(home) == await lines(train) == together
    assert train.cookies["cart"] == guests_token
    await put_in(train, beer)
    assert (await lines(home))[beer] == 2
    await holds(db)


async def test_at_the_checkout_the_guests_lines_come_first_and_the_members_are_laid_aside(shop, db):
    home, train, milk, shirt, beer = await at_home_and_on_the_train(shop, db)

    await sign_in(train, db, KIM, at="checkout")

    read = (await train.get("/api/v1/cart")).json()
    assert await lines(home) == {milk: 3, beer: 1}
    assert {line["product_id"]: line["quantity"] for line in read["saved"]} == {milk: 2, shirt: 1}
    back = {"command": str(new_id()), "product_id": shirt}
    for _ in range(2):
        assert (await train.post("/basket/put-back", data=back)).status_code == 303
    assert await lines(home) == {milk: 3, beer: 1, shirt: 1}
    await db.execute("UPDATE catalog.products SET most_per_basket = 4 WHERE id = $1", UUID(milk))
    too_many = await train.post(
        "/basket/put-back", data={"command": str(new_id()), "product_id": milk}
    )
    assert (too_many.status_code, (await lines(home))[milk]) == (409, 3)
    told = await db.fetchval("SELECT body FROM cart.changes ORDER BY version DESC LIMIT 1")
    assert told["count"] == 5
    await holds(db)


async def test_within_ten_minutes_the_baskets_can_be_taken_apart(shop, db):
    home, train, milk, shirt, beer = await at_home_and_on_the_train(shop, db)
    await sign_in(train, db, KIM)
    await put_in(home, shirt, 1)
    page = (await train.get("/basket")).text
    merge = re.search(r'name="merge" value="([^"]+)"', page)[1]

    undone = await train.post("/basket/apart", data={"merge": merge})
    again = await train.post("/basket/apart", data={"merge": merge})

    assert (undone.status_code, again.status_code) == (303, 409)
    assert await lines(home) == {milk: 2, shirt: 2}
    assert await lines(train) == {milk: 3, beer: 1}
    await holds(db)


async def test_what_was_laid_aside_comes_back_when_the_baskets_are_taken_apart(shop, db):
    home, train, milk, shirt, beer = await at_home_and_on_the_train(shop, db)
    await sign_in(train, db, KIM, at="checkout")
    merge = await db.fetchval("SELECT id FROM cart.merges")

    await home.post("/basket/apart", data={"merge": str(merge)})

    assert await lines(home) == {milk: 2, shirt: 1}
    assert await lines(train) == {milk: 3, beer: 1}
    await holds(db)


async def test_what_no_longer_fits_stays_laid_aside_when_the_baskets_are_taken_apart(
    shop, db, monkeypatch
):
    home, train, milk, shirt, beer = await at_home_and_on_the_train(shop, db)
    await sign_in(train, db, KIM, at="checkout")
    await put_in(home, beer, 90)
    merge = await db.fetchval("SELECT id FROM cart.merges")
    monkeypatch.setattr("app.cart.joining.MOST_ITEMS", 92)

    undone = await home.post("/basket/apart", data={"merge": str(merge)})

    read = (await home.get("/api/v1/cart")).json()
    assert (undone.status_code, await lines(home)) == (303, {beer: 90, milk: 2})
    assert [line["product_id"] for line in read["saved"]] == [shirt]


async def test_what_was_said_and_shown_and_who_followed_goes_with_the_guest(shop, db):
    """A second browser had brought its basket into the guest's; then Kim signed in, and took it back."""
    home, train, milk, shirt, beer = await at_home_and_on_the_train(shop, db)
    second = another_phone(shop)
    await put_in(second, beer, 2)
    followed = second.cookies["cart"]
    page = (await train.post("/basket/pairing", data={"role": "own"})).text
    await second.post("/pair", data={"code": re.search(r"/pair/([0-9A-Z]{8})", page)[1]})
    second.cookies.set("cart", followed)
    await say(train, {"do": "note", "text": "Ring twice"})
    await say(train, {"do": "note", "text": "Cold, please", "product_id": beer})
    await say(train, {"do": "attach-coupon", "code": "SPRING-10"})
    await sign_in(train, db, KIM)
    await say(home, {"do": "attach-coupon", "code": "KIMS-OWN"})
    met = (await home.get("/api/v1/cart")).json()
    merge = await db.fetchval("SELECT id FROM cart.merges WHERE customer_id IS NOT NULL")

    undone = await train.post("/basket/apart", data={"merge": str(merge)})

    kims, guests = [(await phone.get("/api/v1/cart")).json() for phone in (home, train)]
    assert (met["note"], met["coupons"]) == ("Ring twice", ["SPRING-10", "KIMS-OWN"])
    assert undone.status_code == 303
    assert (kims["note"], kims["coupons"], guests["note"]) == ("", ["KIMS-OWN"], "Ring twice")
    assert guests["coupons"] == ["SPRING-10"]
    assert await db.fetchval(
        "SELECT count(*) FROM cart.line_notes WHERE cart_id = $1", UUID(kims["id"])
    ) == 0  # fmt: skip
    assert await lines(second) == await lines(train) == {milk: 3, beer: 3}
    assert await lines(home) == {milk: 2, shirt: 1}
    await holds(db)


async def say(phone, command):
    answer = await phone.post("/api/v1/cart/commands", json=command | {"id": str(new_id())})
    assert answer.status_code == 200, answer.text


async def test_after_ten_minutes_or_by_a_stranger_nothing_is_taken_apart(shop, db):
    _, train, milk, _, _ = await at_home_and_on_the_train(shop, db)
    stranger = another_phone(shop)
    await put_in(stranger, milk)
    await sign_in(train, db, KIM)
    merge = {"merge": str(await db.fetchval("SELECT id FROM cart.merges"))}

    by_a_stranger = await stranger.post("/basket/apart", data=merge)
    await db.execute("UPDATE cart.merges SET at = now() - interval '11 minutes'")
    too_late = await train.post("/basket/apart", data=merge)

    assert (by_a_stranger.status_code, too_late.status_code) == (409, 409)
    assert (await lines(train))[milk] == 5


async def test_twenty_logins_of_one_guest_at_once_are_one_merge(shop, db):
    home, train, milk, shirt, beer = await at_home_and_on_the_train(shop, db)
    await ask(train, KIM)
    link = (await links_to(db, KIM))[-1]
    command = {"command": str(new_id())}

    answers = await asyncio.gather(*(train.post(link, data=command) for _ in range(20)))

    assert {answer.status_code for answer in answers} == {303}
    assert await db.fetchval("SELECT count(*) FROM cart.merges") == 1
    assert await lines(home) == {milk: 5, shirt: 1, beer: 1}
    await holds(db)


async def test_twenty_sessions_that_bring_the_same_guest_at_once_are_one_merge(db, pool):
    milk = await put_on_shelf(db)
    guest, own, customer = await open_cart(db), await open_cart(db), new_id()
    async with begin(pool) as connection:
        await cart.join(connection, customer, own, "EUR")
        await cart.apply(connection, [cart_add(guest, milk, 3), cart_add(own, milk, 2)])

    async def login():
        async with begin(pool) as connection:
            return await cart.join(connection, customer, guest, "EUR")

    joined = await asyncio.gather(*(login() for _ in range(20)))

    assert {one.cart_id for one in joined} == {own}
    assert len({one.merged for one in joined if one.merged}) == 1
    assert await db.fetchval("SELECT items FROM cart.carts WHERE id = $1", own) == 5
    async with begin(pool) as connection:
        assert await cart.of_token(connection, token_of(guest)) == own
    await holds(db)


async def test_two_people_who_sign_in_with_one_guest_at_once_do_not_meet(db, pool):
    """Kim's basket the guest's has just become, while Noor was on her way into hers."""
    milk = await put_on_shelf(db)
    guest, noors = await open_cart(db), await open_cart(db)
    kim, noor = new_id(), new_id()
    async with begin(pool) as connection:
        await cart.join(connection, noor, noors, "EUR")
        await cart.apply(connection, [cart_add(guest, milk, 3)])

    async def second():
        async with begin(pool) as connection:
            await cart.join(connection, noor, guest, "EUR")

    async with begin(pool) as first:
        await cart.join(first, kim, guest, "EUR")
        meanwhile = asyncio.create_task(second())
        await asyncio.sleep(0.1)
    with pytest.raises(Busy):
        await meanwhile

    owner = await db.fetchval("SELECT customer_id FROM cart.members WHERE cart_id = $1", guest)
    assert owner == kim
    assert await db.fetchval("SELECT items FROM cart.carts WHERE id = $1", noors) == 0


def cart_add(cart_id, product_id, quantity):
    return Add(id=new_id(), cart_id=cart_id, product_id=product_id, quantity=quantity)


async def test_who_signs_in_on_a_borrowed_phone_gets_nothing_of_its_owner(shop, db):
    milk, shirt, _ = await goods(db)
    phone, noors = shop, another_phone(shop)
    await sign_in(phone, db, KIM)
    await put_in(phone, milk, 4)
    await sign_in(noors, db, NOOR)
    await put_in(noors, shirt)
    del phone.cookies["customer"]  # Kim's session is over, her basket is still in the browser

    await sign_in(phone, db, NOOR)

    assert await lines(phone) == await lines(noors) == {shirt: 1}
    kims = another_phone(shop)
    await sign_in(kims, db, KIM)
    assert await lines(kims) == {milk: 4}
    await holds(db)


async def test_baskets_of_two_currencies_stay_two(shop, db):
    home, train, milk, shirt, beer = await at_home_and_on_the_train(shop, db)
    await db.execute(
        """UPDATE cart.carts SET currency = 'KRW'
            WHERE id NOT IN (SELECT cart_id FROM cart.members)"""
    )

    answer = await sign_in(train, db, KIM)

    assert answer.headers["location"] == "/basket?apart=other-currency"
    assert await lines(home) == {milk: 2, shirt: 1}
    assert await lines(train) == {milk: 3, beer: 1}


async def test_a_basket_that_is_being_paid_is_left_alone(shop, db, pool):
    home, train, milk, shirt, beer = await at_home_and_on_the_train(shop, db)
    read = (await train.get("/api/v1/cart")).json()
    async with begin(pool) as connection:
        await cart.freeze(connection, UUID(read["id"]), read["version"])

    answer = await sign_in(train, db, KIM)

    assert answer.headers["location"] == "/basket?apart=being-paid"
    assert await lines(train) == {milk: 3, beer: 1}
    assert await lines(home) == {milk: 2, shirt: 1}


async def test_a_till_that_helps_goes_on_when_the_phone_signs_out(shop, db):
    home, till = shop, another_phone(shop)
    milk, *_ = await goods(db)
    await sign_in(home, db, KIM)
    await put_in(home, milk)
    shown = (await home.post("/api/v1/cart/pairings", json={"role": "help"})).json()
    view = (await till.post(f"/api/v1/pairings/{shown['code']}")).json()["view"]
    await home.post("/sign-out")

    helped = await till.post(
        f"/api/v1/views/{view}/commands", json={"id": str(new_id()), "product_id": milk}
    )

    assert (helped.status_code, await lines(home)) == (200, {})
    assert helped.json()["line"]["quantity"] == 2
    await sign_in(home, db, KIM)
    assert await lines(home) == {milk: 2}


async def test_what_was_scanned_before_the_login_and_is_sent_again_after_it_acts_once(shop, db):
    home, train, milk, *_ = await at_home_and_on_the_train(shop, db)
    scan = {"id": str(new_id()), "text": MILK}
    await train.post("/api/v1/scans", json=scan)
    await sign_in(train, db, KIM)

    again = await train.post("/api/v1/scans", json=scan)

    assert again.status_code == 200
    assert (await lines(home))[milk] == 6


async def test_after_the_order_guest_and_member_go_on_with_the_same_next_basket(shop, db, pool):
    home, train, milk, _, _ = await at_home_and_on_the_train(shop, db)
    await sign_in(train, db, KIM)
    own = await db.fetchval("SELECT cart_id FROM cart.members")
    async with begin(pool) as connection:
        await cart.close(connection, own, new_id())

    await put_in(train, milk)

    assert await lines(home) == await lines(train) == {milk: 1}
    assert await db.fetchval("SELECT cart_id FROM cart.members") != own


async def test_more_than_fits_is_left_out_and_said(shop, db):
    milk, _, _ = await goods(db)
    home, train = shop, another_phone(shop)
    await sign_in(home, db, KIM)
    await put_in(home, milk, 60)
    await put_in(train, milk, 60)

    await sign_in(train, db, KIM)

    assert await lines(home) == {milk: 99}
    page = await train.get("/basket", headers={"Accept-Language": "en"})
    assert "21 things found no room." in page.text
