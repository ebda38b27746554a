"""What the shop writes when something is offered instead, in the language of the order."""

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from babel.dates import format_time

from app import money
from app.fulfilment.substituting.models import Shown
from app.languages import translate
from app.messaging.models import Letter
from app.orders.models import Order


def N_(sentence: str) -> str:
    """Marks a sentence for the catalogues."""
    return sentence


def letter_about(order: Order, offer: Shown, address: str, time_zone: str) -> Letter:
    say = partial(translate, order.language)
    until = clock(offer.answer_by, time_zone, order)
    silent = (
        N_("If we hear nothing until {until}, we bring it.")
        if offer.comes_if_silent
        else N_(
            "If we hear nothing until {until}, we leave it out: another of our places brings what you "
            "ordered in time, or we pay it back."
        )
    )
    price = money.show(offer.charged, order.currency, order.language)
    return Letter(
        subject=say(N_("Something else instead of {product}?"), product=offer.instead_of),
        greeting=say(N_("Hello {name},"), name=order.contact.name),
        paragraphs=[
            say(N_("We are picking your order, and {product} is not there."),
                product=offer.instead_of),
            say(N_("We could bring this instead: {quantity} × {product}, for {price}."),
                quantity=offer.quantity, product=offer.name, price=price),
            say(silent, until=until),
        ],
        button=say(N_("Yes or no")),
        address=address,
        closing=[say(N_("Order number {number}"), number=order.number)],
    )  # fmt: skip


def text_about(order: Order, offer: Shown, address: str, time_zone: str) -> str:
    """For a phone: what, until when, and where to tap."""
    return translate(
        order.language,
        N_("{product} is not there. {other} instead? Say yes or no until {until}: {address}"),
        product=offer.instead_of,
        other=offer.name,
        until=clock(offer.answer_by, time_zone, order),
        address=address,
    )


def clock(at: datetime, time_zone: str, order: Order) -> str:
    return str(
        format_time(
            at.astimezone(ZoneInfo(time_zone)), "HH:mm", locale=money.LOCALES[order.language]
        )
    )
