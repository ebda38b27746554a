"""What a basket costs, delivered in a slot: the same sum that is shown and that is charged."""

from datetime import UTC, datetime
from uuid import UUID

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
) -> Quote:
    """Goods of `free_from` or more, after advantages, are brought for nothing. Raises NotFound without a basket, Conflict when it is empty or something is not sold now."""
    basket = await cart.read(db, cart_id, language)
    if basket is None:
        raise NotFound("You have no basket yet.")
    bought = [
        Bought(edition_id=line.edition_id, handover=line.handover, product=_for_sale(line.product))
        for line in basket.lines
    ]
    if not bought:
        raise Conflict("Your basket is empty.", code="basket-empty")
    now = datetime.now(UTC)
    ids = [share.product.id for share in bought]
    promotions = await pricing.promotions_running(db, now, ids)
    receipt = pricing.price(_lines(basket), promotions, now, delivery_fee=delivery)
    if free_from is not None and receipt.subtotal - receipt.discount >= free_from:
        receipt = pricing.price(_lines(basket), promotions, now)
    return Quote(
        cart_id=basket.id,
        cart_version=basket.version,
        currency=basket.currency,
        receipt=receipt,
        bought=bought,
    )


def _for_sale(product: Product | None) -> Product:
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
    return product


def _lines(basket: Cart) -> list[pricing.Line]:
    return [
        pricing.Line(
            key=f"{line.product_id}/{line.handover}/{line.edition_id}",
            product_id=line.product_id,
            quantity=line.quantity,
            unit_price=line.price,
            vat=_for_sale(line.product).vat,
            deposit=_for_sale(line.product).deposit,
            handover=line.handover,
            printed=line.honoured_until is not None,
        )
        for line in basket.lines
    ]
