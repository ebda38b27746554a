"""A basket is shown, brought along and copied by codes that were made for it, and by no other."""

import asyncio
import re
from contextlib import aclosing
from uuid import UUID

import httpx
import pytest

from app import cart
from app.cart.pairing import follow
from app.db import begin, new_id
from app.errors import Busy
from app.settings import Settings
from tests.cart.builders import print_label, put_on_shelf
from tests.conftest import open_for_business
from tests.customers.mailbox import lines, put_in


@pytest.fixture
async def settings(database_url, tmp_path):
    """Without Redis: how often somebody guessed is then remembered for one test only."""
    return Settings(
        home=tmp_path,
        secret="a secret of the tests that is long enough",
        base_url="http://shop.test",
        database_url=database_url,
        redis_url="",
    )


@pytest.fixture
async def phones(settings, routes):
    app = routes(settings)
    opened = []

    def phone():
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        opened.append(httpx.AsyncClient(transport=transport, base_url="http://shop.test"))
        return opened[-1]

    phone.app = app
    async with open_for_business(app):
        yield phone
        for one in opened:
            await one.aclose()


async def code_from(phone, role):
    page = await phone.post("/basket/pairing", data={"role": role})
    assert page.status_code == 200
    if role == "own":
        return re.search(r"/pair/([0-9A-Z]{8})", page.text)[1]
    return re.search(r"code-typed[^>]*>([0-9A-Z]{4} [0-9A-Z]{4})<", page.text)[1]


async def test_a_code_shows_the_basket_once_and_to_nobody_else(phones, db):
    milk, _ = await put_on_shelf(db)
    owner, till, second = phones(), phones(), phones()
    await put_in(owner, milk, 3)
    code = await code_from(owner, "look")

    looked_first = await till.get(f"/pair/{code.replace(' ', '')}")
    entered = await till.post("/pair", data={"code": code.lower()})
    again = await second.post("/pair", data={"code": code})

    assert looked_first.status_code == 200
    assert (entered.status_code, entered.headers["location"]) == (303, "/looking")
    assert again.status_code == 410
    assert ">3<" in (await till.get("/looking")).text
    assert await lines(till) == {}, "a look is no basket of one's own"
    assert (await till.get("/api/v1/cart/events")).status_code == 204


async def test_who_may_look_changes_nothing_and_who_may_help_does(phones, db):
    milk, _ = await put_on_shelf(db)
    owner = phones()
    await put_in(owner, milk, 1)
    statuses = []
    for role in ("look", "help"):
        till = phones()
        await till.post("/pair", data={"code": await code_from(owner, role)})
        one_more = {"command": str(new_id()), "product_id": str(milk), "step": "1"}
        for _ in range(2):
            statuses.append((await till.post("/looking/step", data=one_more)).status_code)

    assert statuses == [404, 404, 303, 303]
    assert await lines(owner) == {str(milk): 2}


async def test_the_owner_sees_who_looks_and_ends_it(phones, db):
    milk, _ = await put_on_shelf(db)
    owner, till, stranger = phones(), phones(), phones()
    await put_in(owner, milk)
    await put_in(stranger, milk)
    await till.post("/pair", data={"code": await code_from(owner, "help")})
    page = (await owner.get("/basket")).text
    view = {"view": re.search(r'name="view" value="([^"]+)"', page)[1]}

    await stranger.post("/basket/views/end", data=view)
    still = await till.get("/looking")
    await owner.post("/basket/views/end", data=view)
    ended = await till.get("/looking")

    assert (still.status_code, ended.status_code) == (200, 404)


async def test_a_code_is_worth_nothing_after_two_minutes(phones, db):
    milk, _ = await put_on_shelf(db)
    owner = phones()
    await put_in(owner, milk)
    code = await code_from(owner, "look")
    await db.execute("UPDATE cart.pairings SET until_at = now() - interval '1 second'")

    assert (await phones().post("/pair", data={"code": code})).status_code == 410


async def test_a_till_shows_a_code_and_the_phone_lets_it_see(phones, db):
    milk, _ = await put_on_shelf(db)
    owner, till = phones(), phones()
    await put_in(owner, milk, 2)
    page = (await till.post("/pair/ask")).text
    code = re.search(r"code-typed[^>]*>([0-9A-Z]{4} [0-9A-Z]{4})<", page)[1]
    waiting = await till.get("/looking")

    asked = await owner.get(f"/pair/{code.replace(' ', '')}")
    agreed = await owner.post("/pair", data={"code": code})

    assert 'http-equiv="refresh"' in waiting.text
    assert (asked.status_code, agreed.status_code) == (200, 303)
    assert ">2<" in (await till.get("/looking")).text
    state = phones.app.state
    async with aclosing(follow(state.pool, state.hub, till.cookies["view"])) as news:
        assert await anext(news) == "retry: 2000\n\n"
        first = await anext(news)
        await put_in(owner, milk, 1)
        async with asyncio.timeout(20):
            second = await anext(news)
        assert first.startswith("id: 1\nevent: version")
        assert second.startswith("id: 2\nevent: version")


async def test_my_basket_comes_along_into_another_browser_with_what_was_there(phones, db):
    milk, _ = await put_on_shelf(db)
    beer, _ = await put_on_shelf(db)
    inside_an_app, browser = phones(), phones()
    await put_in(inside_an_app, milk, 2)
    await put_in(browser, milk, 1)
    await put_in(browser, beer, 1)
    code = await code_from(inside_an_app, "own")

    brought = await browser.post("/pair", data={"code": code})

    assert (brought.status_code, brought.headers["location"]) == (303, "/basket")
    assert await lines(browser) == await lines(inside_an_app) == {str(milk): 3, str(beer): 1}
    assert await db.fetch("SELECT * FROM checks.carts") == []


async def test_what_was_handed_out_before_the_order_opens_nothing_of_it_afterwards(
    phones, db, pool
):
    """The basket is ordered while a code for it lies there, and while a till looks at what a guest
    had brought into it: who brings it along has the next basket, whoever looks sees nothing more."""
    milk, _ = await put_on_shelf(db)
    owner, guest, browser, till, late = (phones() for _ in range(5))
    await put_in(owner, milk, 2)
    await put_in(guest, milk, 1)
    await till.post("/pair", data={"code": await code_from(guest, "help")})
    await guest.post("/pair", data={"code": await code_from(owner, "own")})
    to_bring, to_look = await code_from(owner, "own"), await code_from(owner, "look")
    seen_before = await till.get("/looking")
    ordered = (await owner.get("/api/v1/cart")).json()["id"]
    async with begin(pool) as connection:
        await cart.close(connection, ordered, new_id())

    brought = await browser.post("/pair", data={"code": to_bring})
    looked = await late.post("/pair", data={"code": to_look})
    await put_in(browser, milk, 4)

    assert ">3<" in seen_before.text
    assert (brought.status_code, looked.status_code) == (303, 410)
    assert await lines(browser) == await lines(owner) == await lines(guest) == {str(milk): 4}
    assert (await till.get("/looking")).status_code == 404


async def test_a_basket_that_is_ordered_in_the_same_moment_is_not_given_to_anybody(
    phones, db, pool
):
    milk, _ = await put_on_shelf(db)
    owner = phones()
    await put_in(owner, milk)
    id = UUID((await owner.get("/api/v1/cart")).json()["id"])

    async with begin(pool) as order, begin(pool) as arrival:
        await cart.close(order, id, new_id())
        giving = asyncio.create_task(cart.give(arrival, id))
        await asyncio.sleep(0.05)
        await order.execute("COMMIT")
        await order.execute("BEGIN")
        with pytest.raises(Busy):
            await giving


async def test_a_shared_link_is_a_copy(phones, db):
    milk, _ = await put_on_shelf(db)
    owner, friend = phones(), phones()
    await put_in(owner, milk, 2)
    page = (await owner.post("/basket/share")).text
    link = re.search(r"/shared/[\w-]+", page)[0]
    await put_in(owner, milk, 5)

    shown = await friend.get(link)
    take = {"command": str(new_id())}
    for _ in range(2):
        assert (await friend.post(link, data=take)).status_code == 303
    await put_in(friend, milk, 1)

    assert "2 ×" in shown.text
    assert "set-cookie" not in shown.headers
    assert await lines(friend) == {str(milk): 3}
    assert await lines(owner) == {str(milk): 7}


async def test_what_hangs_in_public_never_opens_a_basket(phones, db):
    milk, number = await put_on_shelf(db)
    label, _ = await print_label(db, milk, number)
    await put_in(phones(), milk)

    statuses = {
        (await phones().post("/pair", data={"code": text})).status_code
        for text in (label, number, f"{label}0", "AAAAAAAA", "")
    }

    assert statuses == {410}


async def test_who_guesses_codes_is_slowed_down(phones):
    guesser = phones()

    statuses = [
        (await guesser.post("/pair", data={"code": f"0000{n:04}"})).status_code for n in range(110)
    ]

    assert statuses[0] == 410
    assert statuses[-1] == 429


async def test_who_guesses_labels_by_commands_or_forms_is_slowed_down_as_well(phones):
    guesser = phones()

    statuses = []
    for n in (0, 60):
        guesses = [
            {"do": "add", "id": str(new_id()), "label": f"{n + place:07}"} for place in range(60)
        ]
        statuses.append((await guesser.post("/api/v1/cart/commands", json=guesses)).status_code)
    form = {"command": str(new_id()), "label": "0000999"}
    statuses.append((await guesser.post("/basket/add", data=form)).status_code)

    assert statuses == [200, 429, 429]


async def test_the_same_over_the_api_for_apps_and_tills_of_others(phones, db):
    milk, _ = await put_on_shelf(db)
    owner, till, friend = phones(), phones(), phones()
    await put_in(owner, milk, 2)
    shown = (await owner.post("/api/v1/cart/pairings", json={"role": "help"})).json()

    meaning = (await till.get(f"/api/v1/pairings/{shown['code']}")).json()
    entered = (await till.post(f"/api/v1/pairings/{shown['code']}")).json()
    twice = await friend.post(f"/api/v1/pairings/{shown['code']}")
    view = f"/api/v1/views/{entered['view']}"
    helped = await till.post(
        f"{view}/commands", json={"id": str(new_id()), "product_id": str(milk), "quantity": 1}
    )
    looked = (await till.get(view)).json()
    [open_view] = (await owner.get("/api/v1/cart/views")).json()
    ended = await owner.delete(f"/api/v1/cart/views/{open_view['id']}")
    gone = await till.get(view)
    stranger = await friend.get("/api/v1/cart/views")

    assert shown["address"] == f"http://shop.test/pair/{shown['code']}"
    assert (meaning["what"], entered["what"], open_view["role"]) == ("help", "help", "help")
    assert (twice.status_code, twice.json()["code"]) == (410, "code-used")
    assert helped.json()["line"]["quantity"] == looked["cart"]["count"] == 3
    assert (ended.status_code, gone.status_code, stranger.status_code) == (204, 404, 404)
    asked = (await till.post("/api/v1/pairings")).json()
    agreed = await friend.post(f"/api/v1/pairings/{asked['code']}")
    assert agreed.json() == {"what": "asked", "view": None}
    assert (await till.get(f"/api/v1/views/{asked['view']}")).json()["cart"]["lines"] == []
    own = (await owner.post("/api/v1/cart/pairings", json={"role": "own"})).json()
    await friend.post(f"/api/v1/pairings/{own['code']}")
    assert await lines(friend) == {str(milk): 3}
    share = (await owner.post("/api/v1/cart/shares")).json()
    [copy] = (await phones().get(f"/api/v1/shares/{share['token']}")).json()
    assert (copy["product_id"], copy["quantity"]) == (str(milk), 3)
