"""Receipts by the pure engine, and what share of a checkout they take."""

import random
import statistics
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from app import checkout
from app.db import begin, new_id
from app.pricing import (
    AmountOff,
    Bundle,
    BuyGet,
    FreeDelivery,
    Line,
    MixAndMatch,
    NForM,
    NthOff,
    Part,
    PercentOff,
    Promotion,
    Rule,
    Setting,
    Step,
    Tiered,
    Where,
    price,
)
from tests.benchmarks.ordering import labels_and_room, ready_basket
from tests.benchmarks.running import Shop

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
PRODUCTS = 600
RUNNING = 200
TIMES = 200
CHECKOUTS = 20
SETTING = Setting(delivery_fee=395)


async def price_30_lines_ms() -> tuple[float, None]:
    """The median of a basket of 30 lines in a shop where 200 promotions run. CPU time, so that
    neighbours do not count."""
    return median_ms(30), None


async def price_100_lines_ms() -> tuple[float, None]:
    return median_ms(100), None


async def pricing_share_of_checkout(shop: Shop) -> tuple[float, None]:
    """Of the time a checkout takes without HTTP, the part in which its receipt is priced."""
    texts = await labels_and_room(shop)
    here = checkout.Shop.at(shop.pool, shop.settings)
    placing_s, quotes = 0.0, []
    for number in range(CHECKOUTS):
        _, wanted, cart_id = await ready_basket(shop, texts, number)
        async with begin(shop.pool) as db:
            quotes.append(await checkout.quote(db, cart_id, "nl", delivery=SETTING.delivery_fee))
        started = time.perf_counter()
        await checkout.place(here, cart_id, new_id(), wanted, "nl")
        placing_s += time.perf_counter() - started
    promotions = some_promotions(RUNNING)
    started = time.perf_counter()
    for quote in quotes:
        lines = [
            Line(
                key=share.key,
                product_id=share.product_id,
                quantity=share.quantity,
                unit_price=share.unit_price,
                vat=share.vat,
            )
            for share in quote.receipt.lines
        ]
        price(lines, promotions, at=AT, setting=SETTING)
    return (time.perf_counter() - started) / placing_s, None


def median_ms(count: int) -> float:
    lines, promotions = some_lines(count), some_promotions(RUNNING)
    times = []
    for _ in range(TIMES):
        started = time.process_time()
        price(lines, promotions, at=AT, setting=SETTING)
        times.append(time.process_time() - started)
    return statistics.median(times) * 1000


def some_lines(count: int, seed: int = 5) -> list[Line]:
    luck = random.Random(seed)
    return [
        Line(
            key=f"{number}/delivery",
            product_id=UUID(int=number),
            quantity=luck.choice((1, 1, 2, 3)),
            unit_price=luck.randrange(50, 2500),
            vat=luck.choice(("low", "high")),
            brand=f"brand {number % 40}",
            category=f"category {number % 25}",
        )
        for number in luck.sample(range(PRODUCTS), count)
    ]


def some_promotions(count: int, seed: int = 7) -> list[Promotion]:
    """As a supermarket has them: most for a few products, some for a brand or a shelf, one on
    delivery and one on top."""
    luck = random.Random(seed)
    some = [_for_a_few(luck, number) for number in range(count - 8)]
    some += [
        _promotion(900 + n, PercentOff(10 + n), where=Where(brands=frozenset({f"brand {n}"})))
        for n in range(3)
    ]
    some += [
        _promotion(910 + n, NForM(4, 3), where=Where(categories=frozenset({f"category {n}"})))
        for n in range(3)
    ]
    some.append(_promotion(920, FreeDelivery(), where=Where(minimum_amount=5000)))
    some.append(_promotion(921, PercentOff(5), where=Where(minimum_amount=10_000), lane=1))
    return some


def _for_a_few(luck: random.Random, number: int) -> Promotion:
    ids = [UUID(int=id) for id in luck.sample(range(PRODUCTS), luck.randrange(1, 8))]
    rules: Sequence[Rule] = (
        NForM(3, 2), NForM(2, 1), NthOff(), PercentOff(25), AmountOff(50), MixAndMatch(3, 500),
        BuyGet(2, 1, 50), Tiered("quantity", (Step(3, 10), Step(6, 20))),
    )  # fmt: skip
    rule = luck.choice(rules)
    if number % 20 == 0:
        parts = tuple(Part(frozenset({UUID(int=id)})) for id in luck.sample(range(PRODUCTS), 2))
        rule = Bundle(parts, 400)
        ids = list(rule.product_ids)
    return _promotion(number, rule, *ids)


def _promotion(
    number: int, rule: Rule, *ids: UUID, where: Where | None = None, lane: int = 0
) -> Promotion:
    return Promotion(
        UUID(int=10_000 + number),
        {"en": f"Offer {number}"},
        rule,
        frozenset(ids),
        BEGAN,
        where=where or Where(),
        lane=lane,
    )
