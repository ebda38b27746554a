"""Four phones with one basket, and a signal that comes and goes: all end with the same.

A model of the basket is kept beside the shop; each phone listens to the changes as a browser does.
"""

import asyncio
import random
import re
from concurrent.futures import ThreadPoolExecutor

import httpx
import hypothesis
import msgspec
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from app.db import new_id
from app.serving.network import free_port
from tests.cart.builders import put_on_shelf
from tests.live.listening import Listener
from tests.served import Served

COMMANDS = "/api/v1/cart/commands"
clients = st.integers(0, 3)
products = st.integers(0, 2)
ways = st.sampled_from(["delivery", "collect", "carry-out"])


@pytest.fixture
async def served(settings):
    """Two web processes behind one port, so that who changes and who listens may be in two."""
    port = free_port("127.0.0.1", random.randrange(20_000, 32_000))
    shop = Served(msgspec.structs.replace(settings, web_processes=2), port)
    try:
        await shop.start("web")
        yield shop
    finally:
        shop.stop()


async def test_four_clients_end_with_the_same_basket_and_heard_every_version_once(
    served, db, request
):
    goods = [str((await put_on_shelf(db))[0]) for _ in range(3)]
    loop = asyncio.get_running_loop()
    drills = request.config.getoption("--drills")
    profile = hypothesis.settings(
        max_examples=8 if drills else 3,
        stateful_step_count=250 if drills else 20,
        deadline=None,
        database=None,
        phases=[hypothesis.Phase.generate],
    )

    def machine():
        return FourPhones(served.url, goods, loop)

    FourPhones.sent = 0
    await asyncio.to_thread(run_state_machine_as_test, machine, settings=profile)

    assert FourPhones.sent >= (1_000 if drills else 15)
    for view in ("carts", "cart_commands"):
        assert await db.fetch(f"SELECT * FROM checks.{view}") == []  # noqa: S608


class FourPhones(RuleBasedStateMachine):
    sent = 0
    """Commands, by all machines."""

    def __init__(self, url, goods, loop):
        super().__init__()
        self.goods, self.loop = goods, loop
        self.phones = [httpx.Client(base_url=url, timeout=10) for _ in range(4)]
        first = self.send(0, {"do": "add", "id": str(new_id()), "product_id": goods[0]})
        cookie = self.phones[0].cookies["cart"]
        for phone in self.phones[1:]:
            phone.cookies.set("cart", cookie)
        self.version = first.json()["version"]
        self.lines = {(goods[0], "delivery"): 1}
        self.changed_at = {(goods[0], "delivery"): 1}
        self.read = [self.version] * 4
        self.listeners = [Listener(url, f"cart={cookie}", seen=1) for _ in range(4)]
        for listener in self.listeners:
            self.on_loop(listener.start)

    def send(self, client, command):
        FourPhones.sent += 1
        return self.phones[client].post(COMMANDS, json=command)

    def on_loop(self, act):
        async def do():
            done = act()
            return await done if asyncio.iscoroutine(done) else done

        return asyncio.run_coroutine_threadsafe(do(), self.loop).result(20)

    def becomes(self, key, quantity):
        self.changed_at[key] = self.version
        if quantity:
            self.lines[key] = quantity
        else:
            self.lines.pop(key, None)

    @rule(client=clients, product=products, way=ways, more=st.integers(-2, 3), twice=st.booleans())
    def add(self, client, product, way, more, twice):
        key = self.goods[product], way
        command = {"do": "add", "id": str(new_id()), "product_id": key[0], "handover": way}
        answers = [self.send(client, command | {"quantity": more}) for _ in range(1 + twice)]
        there = self.lines.get(key, 0)
        if (more < 0 and not there) or there + more > 99:
            assert {answer.status_code for answer in answers} == {409}
            return
        self.version += 1
        self.becomes(key, max(there + more, 0))
        assert {answer.json()["version"] for answer in answers} == {self.version}

    @rule(client=clients, product=products, way=ways, quantity=st.integers(0, 5))
    def set(self, client, product, way, quantity):
        key = self.goods[product], way
        seen = self.read[client]
        answer = self.send(
            client,
            {"do": "set", "id": str(new_id()), "product_id": key[0], "handover": way}
            | {"quantity": quantity, "version": seen},
        )
        if key not in self.lines or self.changed_at[key] > seen:
            assert (answer.status_code, answer.json()["code"]) == (409, "stale")
            assert answer.json()["state"]["version"] == self.version
            return
        self.version += 1
        self.becomes(key, quantity)
        assert answer.json()["version"] == self.version

    @rule(client=clients, product=products, way=ways, to=ways)
    def hand_over(self, client, product, way, to):
        key, target, seen = (self.goods[product], way), (self.goods[product], to), self.read[client]
        answer = self.send(
            client,
            {"do": "hand-over", "id": str(new_id()), "product_id": key[0], "handover": way}
            | {"to": to, "version": seen},
        )
        if way == to and key in self.lines:
            self.version += 1
            self.becomes(key, self.lines[key])
            return
        if key not in self.lines or self.changed_at[key] > seen:
            assert (answer.status_code, answer.json()["code"]) == (409, "stale")
            return
        self.version += 1
        moving = self.lines[key]
        self.becomes(key, 0)
        self.becomes(target, self.lines.get(target, 0) + moving)

    @rule(product=products)
    def all_at_once(self, product):
        """Every phone adds one in the same moment; who comes first is the shop's affair."""
        key = self.goods[product], "delivery"
        if self.lines.get(key, 0) > 90:
            return
        commands = [{"do": "add", "id": str(new_id()), "product_id": key[0]} for _ in range(4)]
        with ThreadPoolExecutor(4) as threads:
            answers = list(threads.map(self.send, range(4), commands))
        versions = sorted(answer.json()["version"] for answer in answers)
        assert versions == list(range(self.version + 1, self.version + 5))
        self.version += 4
        self.becomes(key, self.lines.get(key, 0) + 4)

    @rule(client=clients)
    def look(self, client):
        cart = self.phones[client].get("/api/v1/cart").json()
        self.read[client] = cart["version"]
        assert cart["version"] == self.version
        assert lines_of(cart) == self.lines

    @rule(client=clients)
    def lose_the_signal(self, client):
        self.on_loop(self.listeners[client].stop)

    @rule(client=clients)
    def find_it_again(self, client):
        listener = self.listeners[client]
        if listener._task is None:
            self.on_loop(listener.start)

    def teardown(self):
        try:
            for client in range(4):
                self.find_it_again(client)
            for listener in self.listeners:
                self.on_loop(lambda listener=listener: listener.hears(self.version, 8))
            carts = [phone.get("/api/v1/cart").json() for phone in self.phones]
            assert all(cart == carts[0] for cart in carts)
            assert (carts[0]["version"], lines_of(carts[0])) == (self.version, self.lines)
            assert carts[0]["count"] == sum(self.lines.values())
            totals = {total_on(phone.get("/basket").text) for phone in self.phones}
            assert len(totals) == 1
            assert not self.lines or totals != {None}
            for listener in self.listeners:
                assert listener.heard == list(range(2, self.version + 1))
                assert listener.snapshots == []
        finally:
            for listener in self.listeners:
                self.on_loop(listener.stop)
            for phone in self.phones:
                phone.close()


def lines_of(cart):
    return {(line["product_id"], line["handover"]): line["quantity"] for line in cart["lines"]}


def total_on(page):
    """As its shopper reads it; None where there is nothing to pay."""
    found = re.search(r'class="total"><dt>[^<]*</dt><dd class="number">([^<]+)<', page)
    return found and found[1]


async def test_of_two_devices_that_set_one_line_from_one_reading_one_is_told_and_shown(served, db):
    milk = str((await put_on_shelf(db))[0])
    async with httpx.AsyncClient(base_url=served.url, timeout=10) as phone:
        first = await phone.post(
            COMMANDS, json={"do": "add", "id": str(new_id()), "product_id": milk}
        )
        phone.cookies.set("cart", first.cookies["cart"])
        change = {"do": "set", "product_id": milk, "version": 1}

        answers = await asyncio.gather(
            *(
                phone.post(COMMANDS, json=change | {"id": str(new_id()), "quantity": quantity})
                for quantity in (3, 5)
            )
        )

    refused, done = sorted(answers, key=lambda answer: answer.status_code, reverse=True)
    assert (done.status_code, refused.status_code) == (200, 409)
    [line] = refused.json()["state"]["lines"]
    assert line["quantity"] == done.json()["outcomes"][0]["line"]["quantity"]
