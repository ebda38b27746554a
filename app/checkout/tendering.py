"""What an order is paid with: gift cards first, and the rest by the provider."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from app import payments
from app.checkout.models import Agreed, Quote
from app.db import Connection
from app.errors import Conflict, Unprocessable
from app.money import Money
from app.orders.models import NewOrder
from app.payments import giftcards
from app.payments.giftcards.rules import as_typed
from app.payments.models import Intent, Takes

CASH = "cash"


class CardsSeen(msgspec.Struct, frozen=True):
    """What the codes somebody typed are worth, what each pays, and what is left `to_pay`."""

    seen: list[giftcards.Seen]
    parts: list[giftcards.Part]
    to_pay: Money


async def see_cards(
    db: Connection,
    total: Money,
    currency: str,
    codes: Sequence[str],
    at_most: Mapping[str, Money] | None = None,
) -> CardsSeen:
    """`at_most`: how much of a card shall be spent, by its code, where somebody says so."""
    seen = await giftcards.see(db, codes, currency) if any(codes) else []
    said = {as_typed(code): most for code, most in (at_most or {}).items()}
    limits = {one.card_id: said[one.code] for one in seen if one.card_id and one.code in said}
    parts = giftcards.parts(total, seen, limits)
    return CardsSeen(seen, parts, total - sum(part.amount for part in parts))


async def agreed(db: Connection, quote: Quote, wanted: Agreed) -> list[giftcards.Part]:
    """What each gift card pays, as the shopper saw it. Raises Unprocessable for a code nobody knows,
    Conflict when a card is over or pays something else by now."""
    if not any(wanted.gift_cards):
        return []
    cards = await see_cards(db, quote.receipt.total, quote.currency, wanted.gift_cards)
    if any(one.worth == "unknown" for one in cards.seen):
        raise unknown()
    if cards.to_pay != wanted.to_pay or any(one.worth != "fits" for one in cards.seen):
        raise Conflict(
            "A gift card pays something else by now. Please look at what is left to pay.",
            code="gift-card-changed",
            state={
                "to_pay": cards.to_pay,
                "gift_cards": [
                    {"ends_with": part.ends_with, "amount": part.amount} for part in cards.parts
                ],
            },
        )
    return cards.parts


async def want(
    db: Connection,
    order: NewOrder,
    parts: Sequence[giftcards.Part],
    *,
    provider: str,
    expires_at: datetime,
    takes: Takes = "now",
    cash: Money = 0,
) -> Intent | None:
    """Holds the gift cards and the coins on the counter, and writes down what the provider shall take.
    Returns what is still to be paid, else the last tender, else (it costs nothing) None."""
    intents = {
        part.card_id: await payments.pay_by_card(db, order.id, part, order.currency, place=place)
        for place, part in sorted(enumerate(parts), key=lambda one: one[1].card_id)
    }
    last = intents[parts[-1].card_id] if parts else None
    if cash:
        last = await payments.lay_down(
            db, order.id, cash, order.currency, provider=CASH, place=len(parts)
        )
    rest = order.sums.total - cash - sum(part.amount for part in parts)
    if not rest:
        return last
    return await payments.intend(
        db,
        order.id,
        rest,
        order.currency,
        provider=provider,
        expires_at=expires_at,
        takes=takes,
        place=len(parts) + 1,
    )


def unknown() -> Unprocessable:
    return Unprocessable(
        "We do not know this gift card. Please check its code letter by letter.",
        code="unknown-gift-card",
    )
