"""Checkouts over HTTP, beside their statements alone."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

import msgspec

from app import cart, checkout, slots, stock
from app.checkout.models import Wanted
from app.db import Pool, begin, new_id
from app.slots.models import Offer
from tests.benchmarks.baskets import basket, labels
from tests.benchmarks.load import ask, request
from tests.benchmarks.replaying import Replay, Statement, record
from tests.benchmarks.running import Shop

Ready = tuple[str, Wanted, UUID]
"""A cookie, what is ordered with it, and the cart."""

ORDERS = 60
AT_ONCE = 8
POSTCODE = "3511 AB"


async def checkout_vs_limit(shop: Shop) -> tuple[float, float]:
    """Orders per second over HTTP by eight shoppers at once, against a bare loop over as many
    connections that sends the statements of such checkouts and nothing else."""
    texts = (await labels(shop))[:3]
    await make_room(shop)
    recorded = [await ready_basket(shop, texts, 0) for _ in range(2)]
    steps = [await _steps(shop, wanted, cart_id) for _, wanted, cart_id in recorded]
    replay, first_cart = Replay(*steps), recorded[0][2]

    async def over_http(cookie: str, wanted: Wanted, _: UUID) -> None:
        await order(shop, cookie, wanted)

    async def bare(_: str, __: Wanted, cart_id: UUID) -> None:
        await replay.run(shop.pool, {first_cart: cart_id})

    served = await _rate(over_http, [await ready_basket(shop, texts, n) for n in range(ORDERS)])
    alone = await _rate(bare, [await ready_basket(shop, texts, 0) for _ in range(ORDERS)])
    return served / alone, served / alone


async def _rate(
    place: Callable[[str, Wanted, UUID], Awaitable[None]], ready: Sequence[Ready]
) -> float:
    """How many a second are placed by some at once."""
    turns = iter(ready)
    started = time.perf_counter()

    async def shopper() -> None:
        for cookie, wanted, cart_id in turns:
            await place(cookie, wanted, cart_id)

    await asyncio.gather(*(shopper() for _ in range(AT_ONCE)))
    return len(ready) / (time.perf_counter() - started)


async def _steps(shop: Shop, wanted: Wanted, cart_id: UUID) -> list[Statement]:
    async def act(pool: Pool) -> None:
        await checkout.place(checkout.Shop.at(pool, shop.settings), cart_id, new_id(), wanted, "nl")

    return await record(shop.settings.database_url, act)


async def order(shop: Shop, cookie: str, wanted: Wanted) -> None:
    """Over HTTP, as a shopper's browser does."""
    body = msgspec.json.encode(wanted)
    key = f"Idempotency-Key: {new_id()}\r\n"
    status, _, answer = await ask(
        shop.port, request("POST", "/api/v1/checkout", body, cookie=cookie, headers=key)
    )
    if status != 201:
        raise RuntimeError(f"a checkout was answered {status}: {answer.decode()[:300]}")


async def labels_and_room(shop: Shop) -> list[str]:
    """The labels of the walls, in a shop where everything can be delivered any time."""
    await make_room(shop)
    return await labels(shop)


async def ready_basket(
    shop: Shop, texts: list[str], number: int, lines: int = 3
) -> tuple[str, Wanted, UUID]:
    """A basket of so many lines, seen with its total and a slot."""
    first = number * lines
    cookie = await basket(shop, *(texts[(first + place) % len(texts)] for place in range(lines)))
    async with begin(shop.pool) as db:
        cart_id = await cart.of_token(db, sha256(cookie.partition("=")[2].encode()).digest())
        assert cart_id is not None
        offer = await _offer(shop, number)
        quote = await checkout.quote(
            db,
            cart_id,
            "nl",
            delivery=offer.fee,
            free_from=offer.free_from,
            place_id=offer.place_id,
        )
    wanted = Wanted(
        cart_version=quote.cart_version,
        total=quote.receipt.total,
        slot=offer.id,
        name="Bench Mark",
        email="bench@example.org",
        phone="0612345678",
        street="Perronplein",
        house_number=str(number + 1),
        postcode=POSTCODE,
        city="Utrecht",
        of_age=True,
    )
    return cookie, wanted, cart_id


async def _offer(shop: Shop, number: int) -> Offer:
    async with begin(shop.pool) as db:
        offers = await slots.offered(db, POSTCODE, datetime.now(UTC))
    with_room = [offer for offer in offers if offer.left > AT_ONCE]
    return with_room[number % len(with_room)]


async def make_room(shop: Shop) -> None:
    """Enough of everything, so that only speed is measured."""
    await shop.pool.execute(
        """
        UPDATE slots.slots
           SET capacity = 10000, ambient_crates = NULL, chilled_crates = NULL,
               frozen_crates = NULL, picker_minutes = NULL
        """
    )
    await shop.pool.execute("DELETE FROM slots.plans")  # without one no van is ever full
    scarce = await shop.pool.fetch(
        "SELECT product_id, place_id FROM stock.levels WHERE on_hand - reserved < 100"
    )
    if scarce:
        async with begin(shop.pool) as db:
            await stock.receive(db, [stock.Line(*row, 500) for row in scarce])
