"""What a basket costs, delivered in a slot: the same sum that is shown and that is charged."""

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from app import cart, pricing
from app.cart.models import Cart
from app.catalog.models import Product
from app.checkout.models import Bought, Quote
from app.db import Connection
from app.errors import Conflict, NotFound
from app.languages import Language
from app.money import Money


async def quote(
    db: Connection,
    cart_id: UUID,
    language: Language,
    *,
    delivery: Money,
    free_from: Money | None = None,
    place_id: UUID | None = None,
    coupon: str = "",
    customer: bytes | None = None,
    orders: int = 0,
    instead: Mapping[str, Money] | None = None,
    offers: bool = True,
) -> Quote:
    """Raises NotFound without a basket, Conflict when it is empty or something is not sold now.

    Goods of `free_from` or more, after advantages, are brought for nothing. `coupon` is what the
    shopper typed beside those the basket has; `customer` and `orders` are known once they have
    said who they are. `instead` are prices a clerk asks for one of a line, by its key; `offers`
    False leaves out what is on offer.
    """
    basket = await cart.read(db, cart_id, language, place_id=place_id)
    if basket is None:
        raise NotFound("You have no basket yet.")
    basket = _at_prices(basket, instead or {})
    bought = [
        Bought(
            edition_id=line.edition_id,
            handover=line.handover,
            product=_for_sale(line.product, basket.currency),
            note=line.note,
            measured_g=line.measured_g,
        )
        for line in basket.lines
    ]
    if not bought:
        raise Conflict("Your basket is empty.", code="basket-empty")
    now = datetime.now(UTC)
    await _check_sold_here(db, basket, now, place_id)
    given = [*basket.coupons, coupon] if coupon else basket.coupons
    seen = await pricing.see_coupons(db, given, customer)
    receipt = await cart.receipt(
        db,
        basket,
        now,
        setting=pricing.Setting(currency=basket.currency, delivery_fee=delivery, place_id=place_id),
        coupons=pricing.usable(seen),
        customer=customer,
        orders=orders,
        offers=offers,
        free_from=free_from,
    )
    return Quote(
        cart_id=basket.id,
        cart_version=basket.version,
        currency=basket.currency,
        receipt=receipt,
        bought=bought,
        coupons=seen,
    )


def _at_prices(basket: Cart, instead: Mapping[str, Money]) -> Cart:
    lines = [
        msgspec.structs.replace(line, price=instead.get(cart.key_of(line), line.price))
        for line in basket.lines
    ]
    return msgspec.structs.replace(basket, lines=lines)


async def _check_sold_here(
    db: Connection, basket: Cart, now: datetime, place_id: UUID | None
) -> None:
    """Raises Conflict for what is not sold from where it was added, not at this hour, or to nobody but
    who holds it in their hands."""
    for line in basket.lines:
        if line.is_for_a_till:
            raise Conflict(
                "This pack of {product} has a sticker of its own, so it is paid at a till."
                " Take it out of your basket and add the product itself to have it brought.",
                code="for-a-till",
                product=_for_sale(line.product, basket.currency).name,
                state={"product_id": str(line.product_id)},
            )
    bars = await pricing.bars(db)
    if not bars:
        return
    zone = await pricing.time_zone(db, place_id) or pricing.Setting().time_zone
    clock = now.astimezone(ZoneInfo(zone)).time()
    for line in basket.lines:
        product = _for_sale(line.product, basket.currency)
        held = pricing.why_not_sold(
            bars, product.category, product.age_limit, line.added_from, clock
        )
        if held is not None and held[1] == "hours":
            raise Conflict(
                "{product} is not sold between {start} and {end}. Please take it out, or order later.",
                code="not-for-sale",
                product=product.name,
                start=f"{held[0].from_time:%H:%M}",
                end=f"{held[0].until_time:%H:%M}",
                state={"product_id": str(product.id)},
            )
        if held is not None:
            raise Conflict(
                "{product} is not sold this way. Please take it out of your basket.",
                code="not-for-sale",
                product=product.name,
                state={"product_id": str(product.id)},
            )


def _for_sale(product: Product | None, currency: str) -> Product:
    if product is None:
        raise Conflict(
            "Something in your basket is not sold any more. Please look at it once more.",
            code="not-for-sale",
        )
    if not product.on_sale:
        raise Conflict(
            "{product} is not sold any more. Please take it out of your basket.",
            code="not-for-sale",
            product=product.name,
            state={"product_id": str(product.id)},
        )
    if product.currency != currency:
        raise Conflict(
            "{product} is not sold in {currency}, the currency of your basket. Please take it out.",
            code="other-currency",
            product=product.name,
            currency=currency,
            state={"product_id": str(product.id)},
        )
    return product
