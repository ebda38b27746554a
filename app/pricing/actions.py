"""What changes promotions and counts their uses, each in the caller's transaction."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec

from app.db import Connection, Pool, new_id
from app.errors import Conflict, NotFound, Unprocessable
from app.money import Money
from app.pricing import codes
from app.pricing.models import Advantage, Coupon, Customer, Receipt
from app.pricing.promotion import Channel, Promotion
from app.pricing.queries import lists, promotions, redeeming
from app.pricing.versions import State

MOST_CODES = 100_000
A_MOMENT = timedelta(minutes=2)
"""Between writing a form and sending it."""


class SeenCoupon(msgspec.Struct, frozen=True):
    """What a code somebody gave is worth. `fits`: it may be used, on a basket it is for."""

    code: str
    state: Literal["fits", "unknown", "ended", "used-up", "had"]
    promotion_id: UUID | None = None


async def save(
    db: Connection, promotion: Promotion, state: State, person_id: UUID | None = None
) -> int:
    """Its new version. `promotion.version` is the one that was seen; Conflict when there is a newer."""
    version = await promotions.write_promotion(db, promotion, state)
    if version is None:
        raise changed_meanwhile()
    await _keep(db, promotion, version, state, person_id)
    return version


async def set_state(
    db: Connection, id: UUID, seen: int, state: State, person_id: UUID | None = None
) -> int:
    """Publish, stop, or take it up again. Raises NotFound, Conflict when it has changed meanwhile,
    Unprocessable when it cannot be read and so cannot be published."""
    found = await promotions.kept(db, id)
    if found is None:
        raise NotFound("This promotion is not there.")
    if found.promotion is None and state == "published":
        raise Unprocessable("This promotion cannot be read, so it cannot be published.")
    version = await promotions.set_state(db, id, seen, state)
    if version is None:
        raise changed_meanwhile()
    body = msgspec.to_builtins(found.promotion) if found.promotion else {"fault": found.fault}
    await promotions.keep_version(db, id, version, state, body, person_id)
    return version


def changed_meanwhile() -> Conflict:
    return Conflict(
        "Somebody has changed this promotion meanwhile. Please look at it once more.",
        code="changed-meanwhile",
    )


async def make_codes(
    db: Connection,
    promotion_id: UUID,
    name: str,
    count: int,
    most: int | None,
    person_id: UUID | None = None,
) -> UUID:
    """A batch of so many codes nobody can guess, each for `most` orders."""
    if not 1 <= count <= MOST_CODES:
        raise Unprocessable("Make between 1 and {most} codes at a time.", most=MOST_CODES)
    made = {codes.code_of(secrets.token_bytes(8)) for _ in range(count)}
    while len(made) < count:
        made.add(codes.code_of(secrets.token_bytes(8)))
    return await _write_batch(db, promotion_id, name, sorted(made), most, person_id)


async def name_code(
    db: Connection,
    promotion_id: UUID,
    text: str,
    most: int | None,
    person_id: UUID | None = None,
) -> UUID:
    """One code that is meant to be told, for up to `most` orders. Conflict when it is taken."""
    meant = codes.as_typed(text)
    if not meant:
        raise Unprocessable("A code has at least four letters or digits.")
    return await _write_batch(db, promotion_id, meant[0], meant[:1], most, person_id)


async def see_coupons(
    db: Connection | Pool, given: Sequence[str], customer: bytes | None = None
) -> list[SeenCoupon]:
    """What the codes somebody gave are worth to this customer, in their order."""
    meant = {text: codes.as_typed(text) for text in given}
    wanted = [code for several in meant.values() for code in several]
    rows = await redeeming.coupons(db, wanted, customer) if wanted else []
    known = {row["code"]: row for row in rows}
    seen = []
    for text, several in meant.items():
        row = next((known[code] for code in several if code in known), None)
        if row is None:
            seen.append(SeenCoupon(text.strip()[:40], "unknown"))
        else:
            state: Literal["fits", "ended", "used-up", "had"] = "fits"
            if not row["runs"]:
                state = "ended"
            elif row["used_up"]:
                state = "used-up"
            elif row["had"]:
                state = "had"
            seen.append(SeenCoupon(row["code"], state, row["promotion_id"]))
    return seen


def usable(seen: Sequence[SeenCoupon]) -> list[Coupon]:
    return [
        Coupon(one.code, one.promotion_id)
        for one in seen
        if one.state == "fits" and one.promotion_id is not None
    ]


async def customer(
    db: Connection | Pool,
    key: bytes | None,
    running: Sequence[Promotion],
    *,
    groups: frozenset[str] = frozenset(),
    orders: int = 0,
) -> Customer:
    """What pricing has to know of whoever has this key: only what the promotions ask for."""
    limited = [one.id for one in running if one.most_per_customer or one.where.first_order]
    had = await redeeming.used_up_by(db, key, limited) if key and limited else []
    return Customer(groups=groups, orders=orders, used_up=frozenset(had))


async def redeem(
    db: Connection, order_id: UUID, advantages: Sequence[Advantage], customer: bytes
) -> None:
    """Count what an order uses of limited promotions and coupons, in the transaction that writes it.

    Raises Conflict `used-up` when one of them has no room any more: nothing is counted then, as
    long as the caller's transaction ends with it.
    """
    told = {one.promotion_id: one for one in advantages}
    rows = await redeeming.limited(db, sorted(told))
    in_total = [row["id"] for row in rows if row["most_in_total"]]
    per_customer = {row["id"]: row["most_per_customer"] for row in rows if row["most_per_customer"]}
    with_code = {id: one.code for id, one in told.items() if one.code}
    if in_total and await redeeming.count_in_total(db, in_total) < len(in_total):
        raise used_up()
    if per_customer:
        counted = await redeeming.count_for_customer(
            db, customer, list(per_customer), list(per_customer.values())
        )
        if counted < len(per_customer):
            raise used_up()
    if with_code:
        usable_codes = await redeeming.count_coupons(db, sorted(with_code.values()))
        if len(usable_codes) < len(with_code):
            raise used_up()
    redeemed = [
        (
            id,
            told[id].version,
            with_code.get(id),
            customer if id in per_customer else None,
            id in in_total,
        )
        for id in sorted({*in_total, *per_customer, *with_code})
    ]
    if redeemed:
        await redeeming.keep(db, order_id, redeemed)


async def as_counted(db: Connection, order_id: UUID, receipt: Receipt) -> Receipt:
    """The receipt by which an order is changed: without the coupons and limited offers that it came
    with and did not earn. Nobody counted those, so that others may have them by now."""
    earned = {one.promotion_id for one in receipt.advantages}
    ids = [one.promotion_id for one in receipt.offers if one.promotion_id not in earned]
    uncounted = await redeeming.uncounted(db, order_id, ids) if ids else []
    offers = [offer for offer in receipt.offers if offer.promotion_id not in uncounted]
    return msgspec.structs.replace(receipt, offers=offers)


async def free(db: Connection, order_id: UUID) -> None:
    """The order is off: others may use what it held. Repeating it changes nothing."""
    freed = await redeeming.free(db, order_id)
    in_total = [row["promotion_id"] for row in freed if row["in_total"]]
    of_customer = [row for row in freed if row["customer"] is not None]
    codes_of_it = [row["code"] for row in freed if row["code"]]
    if in_total:
        await redeeming.count_back_in_total(db, in_total)
    if of_customer:
        ids = [row["promotion_id"] for row in of_customer]
        await redeeming.count_back_for_customer(db, of_customer[0]["customer"], ids)
    if codes_of_it:
        await redeeming.count_back_coupons(db, codes_of_it)


def used_up() -> Conflict:
    return Conflict(
        "This coupon or offer has been used up meanwhile. Please look at the new total.",
        code="used-up",
    )


async def listed(
    db: Connection | Pool,
    wanted: Sequence[tuple[UUID, str]],
    currency: str,
    at: datetime,
    *,
    place_id: UUID | None = None,
    groups: Sequence[str] = (),
    cart_id: UUID | None = None,
) -> dict[tuple[UUID, str], Money]:
    """The prices that lists have for products by channel, the most particular list first: those of
    the place, and of the groups somebody is in, or the owner of a basket. What no list names costs
    what the catalogue says."""
    if not wanted:
        return {}
    ids, channels = zip(*wanted, strict=True)
    rows = await lists.listed_prices(db, ids, channels, currency, at, place_id, groups, cart_id)
    return {(row["product_id"], row["channel"]): row["amount"] for row in rows}


async def put_up(
    db: Connection,
    id: UUID,
    name: str,
    currency: str,
    from_at: datetime,
    until_at: datetime | None,
    prices: Mapping[UUID, Money],
    *,
    channel: Channel | None = None,
    place_id: UUID | None = None,
    customer_group: str | None = None,
    person_id: UUID | None = None,
    now: datetime,
) -> None:
    """A price list. It never begins in the past: what was asked stays known. Raises Unprocessable for
    what makes no sense, Conflict where another list for the same sales has a price for one of these
    products in that period (`product_id` in its state)."""
    if not name or not prices:
        raise Unprocessable("A price list has a name and at least one price.")
    if from_at < now - A_MOMENT or (until_at is not None and until_at <= max(from_at, now)):
        raise Unprocessable("A price list begins now or later, and ends after it begins.")
    await lists.lock_lists(db)
    clash = await lists.clash(
        db, list(prices), currency, from_at, until_at, channel, place_id, customer_group
    )
    if clash is not None:
        raise Conflict(
            "The list “{list}” has a price for product {product} in this period already. End that "
            "list, or choose other days.",
            code="prices-overlap",
            list=clash["name"],
            product=await lists.number_of(db, clash["product_id"]),
        )
    await lists.write_list(
        db, id, name, currency, from_at, until_at, channel, place_id, customer_group,
        list(prices.items()), person_id,
    )  # fmt: skip


async def take_down(db: Connection, id: UUID, now: datetime, person_id: UUID | None = None) -> None:
    """It holds no more from now on; one that has not begun never does. Raises Conflict when it is
    over."""
    ended = await lists.end_list(db, id, now, person_id)
    if not ended and not await lists.drop_list(db, id, now, person_id):
        raise Conflict("This price list is over already.", code="list-is-over")


async def _write_batch(
    db: Connection,
    promotion_id: UUID,
    name: str,
    made: Sequence[str],
    most: int | None,
    person_id: UUID | None,
) -> UUID:
    id = new_id()
    if await redeeming.write_batch(db, id, promotion_id, name, made, most, person_id) < len(made):
        raise Conflict("This code is there already. Please choose another one.", code="code-taken")
    return id


async def _keep(
    db: Connection, promotion: Promotion, version: int, state: State, person_id: UUID | None
) -> None:
    body = msgspec.to_builtins(msgspec.structs.replace(promotion, version=version))
    await promotions.keep_version(db, promotion.id, version, state, body, person_id)
