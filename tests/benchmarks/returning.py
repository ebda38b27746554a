"""Returns over HTTP, beside the same statements without anything around them."""

import asyncio
import time
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec

from app import checkout, orders, returns
from app.checkout.models import Placed
from app.db import begin, new_id
from app.orders.rules import link_token
from tests.benchmarks.load import ask, request
from tests.benchmarks.ordering import labels_and_room, ready_basket
from tests.benchmarks.running import Shop

ORDERS, AT_ONCE = 40, 8
Statement = tuple[str, tuple[Any, ...]]


async def return_vs_limit(shop: Shop) -> tuple[float, float]:
    """Complaints about one line each, by eight shoppers at once, per second; against the statements
    one of them runs, in a transaction on eight connections."""
    over_http = [await _delivered(shop, number) for number in range(ORDERS)]
    bare = [await _recorded(shop, *await _delivered(shop, number)) for number in range(ORDERS)]

    async def send(order_id: UUID, amount: int) -> None:
        body = {"lines": {"1": 1}, "cause": "damaged", "amount": amount}
        path = f"/api/v1/orders/{link_token(shop.settings.secret, order_id)}/returns"
        key = f"Idempotency-Key: {new_id()}\r\n"
        status, _, answer = await ask(
            shop.port, request("POST", path, msgspec.json.encode(body), headers=key)
        )
        if status != 200:
            raise RuntimeError(f"a return was answered {status}: {answer.decode()[:300]}")

    async def replay(statements: list[Statement]) -> None:
        async with shop.pool.acquire() as connection, connection.transaction():
            for text, arguments in statements:
                await connection.fetch(text, *arguments)

    rates = []
    for do, work in ((send, over_http), (replay, [(one,) for one in bare])):
        turns = iter(work)
        started = time.perf_counter()

        async def somebody(turns=turns, do=do) -> None:  # type: ignore[no-untyped-def]
            for turn in turns:
                await do(*turn)

        await asyncio.gather(*(somebody() for _ in range(AT_ONCE)))
        rates.append(ORDERS / (time.perf_counter() - started))
    ratio = rates[0] / rates[1]
    return ratio, ratio


async def _delivered(shop: Shop, number: int) -> tuple[UUID, int]:
    """An order that was paid and handed over, and what its first line brings."""
    placed = await _placed(shop, number)
    async with begin(shop.pool) as db:
        intent = await db.fetchrow(
            """
            UPDATE payments.intents SET state = 'captured', ask_at = NULL
             WHERE order_id = $1 RETURNING id, amount
            """,
            placed.order_id,
        )
        await db.execute(
            "INSERT INTO payments.captures (intent_id, reference, amount) VALUES ($1, 'bench', $2)",
            *intent,
        )
        await db.execute(
            "UPDATE orders.orders SET state = 'delivered', delivered_at = now() WHERE id = $1",
            placed.order_id,
        )
        await db.execute(
            "UPDATE orders.lines SET delivered_quantity = quantity WHERE order_id = $1",
            placed.order_id,
        )
        sold = await orders.read(db, placed.order_id)
        assert sold is not None, "just placed"
        wish = returns.Wanted(lines={"1": 1}, cause="damaged")
        return placed.order_id, (await returns.offer(db, sold, wish)).amount


async def _placed(shop: Shop, number: int) -> Placed:
    """By somebody new, so that their word is enough."""
    _, wanted, cart_id = await ready_basket(shop, await labels_and_room(shop), number)
    mail = f"{sha256(cart_id.bytes).hexdigest()[:12]}@example.org"
    wanted = msgspec.structs.replace(wanted, email=mail)
    here = checkout.Shop.at(shop.pool, shop.settings)
    return await checkout.place(here, cart_id, new_id(), wanted, "nl")


async def _recorded(shop: Shop, order_id: UUID, amount: int) -> list[Statement]:
    """What the database is asked for one return, which is then undone."""
    statements: list[Statement] = []
    wish = returns.Wanted(lines={"1": 1}, cause="damaged", amount=amount)
    async with shop.pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()

        def note(query: Any) -> None:
            statements.append((query.query, tuple(query.args)))

        with connection.query_logger(note):
            await returns.complain(
                connection, order_id, new_id(), wish, returns.Desk(channel="web")
            )
        await transaction.rollback()
    return statements
