"""Checkouts over HTTP, beside the same steps without it."""

import asyncio
import time
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

import msgspec

from app import cart, checkout, slots
from app.checkout.models import Wanted
from app.db import begin, new_id
from app.slots.models import Offer
from tests.benchmarks.baskets import basket, labels
from tests.benchmarks.load import ask, request
from tests.benchmarks.running import Shop

ORDERS = 60
AT_ONCE = 8
POSTCODE = "3511 AB"


async def checkout_vs_limit(shop: Shop) -> tuple[float, float]:
    """Orders per second by eight shoppers at once, against the verbs themselves as often at once."""
    texts = await labels(shop)
    here = checkout.Shop.at(shop.pool, shop.settings)
    await make_room(shop)

    async def over_http(cookie: str, wanted: Wanted, _: UUID) -> None:
        await order(shop, cookie, wanted)

    async def without(_: str, wanted: Wanted, cart_id: UUID) -> None:
        await checkout.place(here, cart_id, new_id(), wanted, "nl")

    rates = []
    for place in (over_http, without):
        ready = [await ready_basket(shop, texts, number) for number in range(ORDERS)]
        turns = iter(ready)
        started = time.perf_counter()

        async def shopper(turns=turns, place=place) -> None:  # type: ignore[no-untyped-def]
            for cookie, wanted, cart_id in turns:
                await place(cookie, wanted, cart_id)

        await asyncio.gather(*(shopper() for _ in range(AT_ONCE)))
        rates.append(ORDERS / (time.perf_counter() - started))
    ratio = rates[0] / rates[1]
    return ratio, ratio


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
    )
    return cookie, wanted, cart_id


async def _offer(shop: Shop, number: int) -> Offer:
    async with begin(shop.pool) as db:
        offers = await slots.offered(db, POSTCODE, datetime.now(UTC))
    with_room = [offer for offer in offers if offer.left > AT_ONCE]
    return with_room[number % len(with_room)]


async def make_room(shop: Shop) -> None:
    """Enough of everything, so that only speed is measured."""
    await shop.pool.execute("UPDATE slots.slots SET capacity = 10000")
