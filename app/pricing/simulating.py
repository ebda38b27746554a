"""What a promotion would have cost: last month's orders under it, and baskets to look at."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from app.db import Connection
from app.money import Money
from app.pricing.law import most_percent
from app.pricing.models import Coupon, Customer, Line, Offer, Receipt, Setting, Share
from app.pricing.offers import offers_for
from app.pricing.promotion import MEMBERS, BuyGet, FreeDelivery, Gift, Promotion
from app.pricing.queries import simulating
from app.pricing.rules import as_sold, at_offers, price

MOST_ORDERS = 5_000
LOOKED_AT, SHOWN = 300, 4
"""Of the newest orders, for a preview that follows the typing."""
A_DELIVERY: Money = 395
"""What bringing it costs in a sample basket."""


class Simulation(msgspec.Struct, frozen=True, kw_only=True):
    """Orders of a time under a promotion that was not there: what it would have given.

    `sales` is what was paid for goods it would have touched; `needed_percent` how much more of
    them must be sold to earn `cost` back at a margin.
    """

    orders: int
    touched: int
    cost: Money
    sales: Money
    most: Money
    margin_percent: int
    needed: Money
    needed_percent: int | None
    whole: bool
    """False: there were more orders than were looked at."""


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """A basket to look at: which products, how many of each, and what it costs with the offer."""

    products: list[tuple[UUID, int]]
    receipt: Receipt
    before: Money = 0
    """What it cost, deposits aside: of a basket that was really sold with what counted then."""
    real: bool = False


async def simulate(
    db: Connection, promotion: Promotion, since: datetime, margin_percent: int, currency: str
) -> Simulation:
    """Every order since then once with what counted at its time, once with the promotion too.
    Priced in a thread: a month of orders takes seconds."""
    rows = await simulating.past_orders(db, since, MOST_ORDERS + 1)
    receipts = [(row["placed_at"], _receipt(row["receipt"])) for row in rows[:MOST_ORDERS]]
    ids = {share.product_id for _, receipt in receipts for share in receipt.lines}
    about = {row["id"]: dict(row) for row in await simulating.about_products(db, list(ids))}
    found = await asyncio.to_thread(_weigh, receipts, about, promotion, currency)
    costs = [cost for cost, _ in found if cost]
    cost, sales = sum(costs), sum(sold for cost, sold in found if cost)
    needed = -(-cost * 100 // margin_percent)
    return Simulation(
        orders=len(receipts),
        touched=len(costs),
        cost=cost,
        sales=sales,
        most=max(costs, default=0),
        margin_percent=margin_percent,
        needed=needed,
        needed_percent=-(-needed * 100 // sales) if sales else None,
        whole=len(rows) <= MOST_ORDERS,
    )


async def real_samples(
    db: Connection, promotion: Promotion, since: datetime, currency: str
) -> list[Sample]:
    """Baskets that were sold since then and that it would have touched, nobody's name or number with
    them: the newest few that differ."""
    rows = await simulating.past_orders(db, since, LOOKED_AT)
    receipts = [
        (row["placed_at"], _receipt(row["receipt"])) for row in rows if row["currency"] == currency
    ]
    ids = {share.product_id for _, receipt in receipts for share in receipt.lines}
    about = {row["id"]: dict(row) for row in await simulating.about_products(db, list(ids))}
    return await asyncio.to_thread(_touched, receipts, about, promotion, currency)


async def samples(
    db: Connection, promotion: Promotion, at: datetime, currency: str
) -> list[Sample]:
    """One, two, three and six of a product it is for, three of them together, and what it needs."""
    where = promotion.where
    found = await simulating.products_for(
        db, sorted(promotion.product_ids), sorted(where.brands), sorted(where.categories), 3
    )
    further = await simulating.about_products(db, sorted(_further(promotion)))
    if not found:
        return []
    extra = [(row, 1) for row in further]
    baskets = [[(found[0], n), *extra] for n in (1, 2, 3, 6)]
    if len(found) > 1:
        baskets.append([*((row, 1) for row in found), *extra])
    return [_sample(basket, promotion, at, currency) for basket in baskets]


def _further(promotion: Promotion) -> frozenset[UUID]:
    match promotion.rule:
        case Gift(product_id=product_id):
            return frozenset([product_id])
        case BuyGet(gets=gets):
            return frozenset(sorted(gets)[:1])
        case _:
            return frozenset()


def _sample(
    basket: Sequence[tuple[asyncpg.Record, int]],
    promotion: Promotion,
    at: datetime,
    currency: str,
) -> Sample:
    where = promotion.where
    lines = [
        Line(
            key=str(number),
            product_id=row["id"],
            quantity=quantity,
            unit_price=row["price"],
            vat=row["vat"],
            deposit=row["deposit"],
            brand=row["brand"],
            category=row["category"],
            wall=min(where.walls, default=""),
            channel=min(where.channels, default="web"),
            handover=min(where.handovers, default="delivery"),
            most_percent=most_percent(row["category"], row["age_limit"]),
        )
        for number, (row, quantity) in enumerate(basket)
    ]
    # As on its best day: who may have it comes when it counts, with its coupon.
    easy = msgspec.structs.replace(
        promotion,
        from_at=min(promotion.from_at, at),
        until_at=None,
        where=msgspec.structs.replace(
            where, weekdays=frozenset(), from_time=None, until_time=None, places=frozenset()
        ),
    )
    fee = A_DELIVERY if isinstance(promotion.rule, FreeDelivery) else 0
    receipt = price(
        lines,
        [easy],
        [Coupon("", promotion.id)],
        Customer(groups=where.groups | {MEMBERS}),
        at=at,
        setting=Setting(currency=currency, delivery_fee=fee),
    )
    return Sample(products=[(row["id"], quantity) for row, quantity in basket], receipt=receipt)


def _touched(
    receipts: Sequence[tuple[datetime, Receipt]],
    about: Mapping[UUID, Mapping[str, Any]],
    promotion: Promotion,
    currency: str,
) -> list[Sample]:
    found: dict[frozenset[tuple[UUID, int]], Sample] = {}
    for at, receipt in receipts:
        goods: Counter[UUID] = Counter()
        for share in receipt.lines:
            goods[share.product_id] += share.quantity
        alike = frozenset(goods.items())
        after = _under(promotion, at, receipt, about, currency)
        if alike in found or after is None or after.total >= receipt.total:
            continue
        before = receipt.total - receipt.deposits
        found[alike] = Sample(products=list(goods.items()), receipt=after, before=before, real=True)
        if len(found) == SHOWN:
            break
    return list(found.values())


def _receipt(kept: Any) -> Receipt:
    return msgspec.convert(kept, Receipt)


def _weigh(
    receipts: Sequence[tuple[datetime, Receipt]],
    about: Mapping[UUID, Mapping[str, Any]],
    promotion: Promotion,
    currency: str,
) -> list[tuple[Money, Money]]:
    """For each order: what it would have paid less, and what was paid for goods the offer is for."""
    found = []
    for at, receipt in receipts:
        after = _under(promotion, at, receipt, about, currency)
        cost = receipt.total - after.total if after else 0
        keys = {key for offer in after.offers for key in _keys(offer)} if after and cost else set()
        sold = sum(share.paid for share in receipt.lines if share.key in keys)
        found.append((max(0, cost), sold))
    return found


def _under(
    promotion: Promotion,
    at: datetime,
    receipt: Receipt,
    about: Mapping[UUID, Mapping[str, Any]],
    currency: str,
) -> Receipt | None:
    """The receipt with this promotion beside what counted then; None where it is for nothing in it.
    Only its own offer stands on it. Whoever may have it came, with a coupon where it asks for one."""
    always = msgspec.structs.replace(promotion, from_at=min(at, promotion.from_at), until_at=None)
    lines = [_line(share, about.get(share.product_id)) for share in receipt.lines]
    member = Customer(groups=promotion.where.groups | {MEMBERS})
    coupon = Coupon("", promotion.id)
    new = offers_for(lines, [always], [coupon], member, Setting(currency=currency), at)
    if not new:
        return None
    kept = [offer for offer in receipt.offers if offer.promotion_id != promotion.id]
    after = at_offers(lines, [*kept, *new], receipt.fee or receipt.delivery)
    return msgspec.structs.replace(after, offers=new)


def _keys(offer: Offer) -> list[str]:
    return [key for keys in (offer.keys, *offer.others) for key in keys]


def _line(share: Share, about: Mapping[str, Any] | None) -> Line:
    return msgspec.structs.replace(
        as_sold(share, share.quantity),
        brand=about["brand"] if about else "",
        category=about["category"] if about else "",
    )
