"""Receipts by the pure engine, and what share of a checkout they take."""

import random
import statistics
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import msgspec

from app import cart, pricing
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
from tests.benchmarks.ordering import labels_and_room, order, ready_basket
from tests.benchmarks.running import Shop

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
PRODUCTS = 600
RUNNING = 200
TIMES = 200
CHECKOUTS = 8
LINES = 30
SETTING = Setting(delivery_fee=395)


async def price_30_lines_ms() -> tuple[float, None]:
    """The median of a basket of 30 lines in a shop where 200 promotions run. CPU time, so that
    neighbours do not count."""
    return median_ms(30), None


async def price_100_lines_ms() -> tuple[float, None]:
    return median_ms(100), None


async def pricing_share_of_checkout(shop: Shop) -> tuple[float, None]:
    """Of the time a checkout of 30 lines takes over HTTP while 200 promotions run, the part in which
    its receipt is priced: reading what runs and weighing it, as often as a checkout does."""
    texts = await labels_and_room(shop)
    ids = [row["id"] for row in await shop.pool.fetch("SELECT id FROM catalog.products")]
    running = [_of_the_shop(promotion, ids) for promotion in some_promotions(RUNNING)]
    async with begin(shop.pool) as db:
        for promotion in running:
            await pricing.save(db, promotion, "published")
    try:
        return await _share(shop, texts), None
    finally:
        async with begin(shop.pool) as db:
            for promotion in running:
                await pricing.set_state(db, promotion.id, 1, "stopped")


async def _share(shop: Shop, texts: list[str]) -> float:
    placing_s = pricing_s = 0.0
    for number in range(CHECKOUTS):
        cookie, wanted, cart_id = await ready_basket(shop, texts, number, LINES)
        async with begin(shop.pool) as db:
            seen = await cart.read(db, cart_id, "nl")
            assert seen is not None, "just filled"
            started = time.perf_counter()
            # Weighed with the fee, and once more where it is brought for nothing.
            await cart.receipt(db, seen, datetime.now(UTC), setting=SETTING, free_from=0)
            pricing_s += time.perf_counter() - started
        started = time.perf_counter()
        await order(shop, cookie, wanted)
        placing_s += time.perf_counter() - started
    return pricing_s / placing_s


def _of_the_shop(promotion: Promotion, ids: Sequence[UUID]) -> Promotion:
    """The same for products that are really there."""

    def real(few: frozenset[UUID]) -> frozenset[UUID]:
        return frozenset(ids[id.int % len(ids)] for id in few)

    rule = promotion.rule
    if isinstance(rule, Bundle):
        rule = Bundle(tuple(Part(real(part.product_ids)) for part in rule.parts), rule.price)
        promotion = msgspec.structs.replace(promotion, rule=rule, product_ids=rule.product_ids)
    else:
        promotion = msgspec.structs.replace(promotion, product_ids=real(promotion.product_ids))
    return msgspec.structs.replace(promotion, id=new_id())


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
