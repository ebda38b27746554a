"""A gift card is sold like anything else, but it is no product of the catalogue and nothing leaves a
shelf for it."""

from datetime import UTC, datetime
from uuid import UUID

import msgspec

from app import commands, pricing
from app.checkout import queries
from app.checkout.counter import Payment, again, place
from app.checkout.rules import AT_THE_COUNTER, CARRY_OUT, TO_HOLD
from app.db import NOTHING, Connection, new_id
from app.languages import Language, translate
from app.money import Money
from app.orders.models import Address, Contact, Line, NewOrder, Sums
from app.payments.models import Intent


async def sell_gift_card(
    db: Connection,
    cart_id: UUID,
    command: UUID,
    amount: Money,
    currency: str,
    place_id: UUID,
    language: Language,
    *,
    payment: Payment,
    secret: str,
) -> Intent:
    """A card with so much on it, for so much money: an order without goods, and without VAT until it
    is spent (2006/112/EC, art. 30b). `cart_id` is an empty basket. The card itself is made when it
    is handed out."""
    mark = commands.fingerprint({"gift card": amount})
    id, order_id, until = new_id(), new_id(), datetime.now(UTC) + TO_HOLD
    if not await queries.open_attempt(db, id, cart_id, command, mark, order_id, NOTHING, until):
        return await again(db, cart_id, command, mark)
    order = _order(cart_id, order_id, amount, currency, place_id, language, datetime.now(UTC))
    return await place(db, id, order, payment, secret)


def _order(
    cart_id: UUID,
    order_id: UUID,
    amount: Money,
    currency: str,
    place_id: UUID,
    language: Language,
    now: datetime,
) -> NewOrder:
    """One line that is no product of the catalogue."""
    line = pricing.Line(
        key=str(order_id),
        product_id=NOTHING,
        quantity=1,
        unit_price=amount,
        vat="zero",
        handover="carry-out",
    )
    receipt = pricing.price([line], [], at=now)
    return NewOrder(
        id=order_id,
        cart_id=cart_id,
        place_id=place_id,
        slot_id=NOTHING,
        starts_at=now,
        ends_at=now + AT_THE_COUNTER,
        contact=Contact("", "", ""),
        address=Address("", "", "", ""),
        note="",
        substitution="leave-out",
        language=language,
        currency=currency,
        sums=Sums(amount, 0, 0, 0, amount),
        receipt=msgspec.to_builtins(receipt),
        lines=[
            Line(
                line_no=1,
                product_id=NOTHING,
                edition_id=NOTHING,
                gtin="",
                name=translate(language, N_("Gift card")),
                picture=None,
                handover=CARRY_OUT,
                quantity=1,
                unit_price=amount,
                discount=0,
                paid=amount,
                vat="zero",
                deposit=0,
                age_limit=None,
                storage="ambient",
            )
        ],
    )


def N_(sentence: str) -> str:
    """Marks a sentence for the catalogues."""
    return sentence
