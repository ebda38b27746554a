"""What the shop writes to a shopper about an order, in the language the order was placed in."""

from datetime import datetime
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from app import money
from app.collecting.models import Spot
from app.languages import translate
from app.messaging.models import Letter, Row
from app.orders.models import Order
from app.orders.rules import goes_two_ways, is_collected, pick_up


def N_(sentence: str) -> str:
    """Marks a sentence for the catalogues."""
    return sentence


SUBJECTS = {
    "OrderConfirmed": N_("Order {number} is confirmed"),
    "OrderAmended": N_("Order {number} has changed"),
    "OrderOnTheWay": N_("Your order {number} is on its way"),
    "OrderNotHome": N_("We missed you with order {number}"),
    "OrderDelivered": N_("Your order {number} has been delivered"),
    "OrderPartDelivered": N_("Your order {number} has been delivered, with something missing"),
    "OrderCancelled": N_("Order {number} is cancelled"),
}
OPENINGS = {
    "OrderConfirmed": N_(
        "Thank you. Your payment has come in and we will pick your order for you."
    ),
    "OrderAmended": N_("Your order has been changed as you wished. This is what we bring now."),
    "OrderOnTheWay": N_("Our driver has your order in the van."),
    "OrderNotHome": N_(
        "Nobody was home when our driver rang. Choose on the page of your order: we come again, you "
        "come for it, or your money back. A second try costs nothing more."
    ),
    "OrderDelivered": N_("Your order has been handed over. Enjoy it."),
    "OrderPartDelivered": N_(
        "Your order has been handed over. What was missing is paid back to you."
    ),
    "OrderCancelled": N_("Your order has been cancelled. What you paid is paid back to you."),
}


STRANDED_SUBJECT = N_("We could not bring order {number} today")
STRANDED = N_(
    "We are sorry: our van broke down, and no other came in time. Choose on the page of your order: we "
    "come another time, you come for it, or your money back. It costs nothing more."
)
BY_CARRIER = N_("A parcel service has your order. Its number stands on the page of your order.")
PART_BY_CARRIER = N_(
    "A parcel service has the part of your order that is brought home. Its number stands on the page of "
    "your order."
)
PART_ON_THE_WAY = N_("Our driver has the part of your order that is brought home in the van.")
COLLECTED_SUBJECTS = {"OrderDelivered": N_("You have collected order {number}")}
COLLECTED_OPENINGS = {
    "OrderAmended": N_("Your order has been changed as you wished. This is what we pick now."),
    "OrderDelivered": N_("You have collected your order. Enjoy it."),
}
NOT_COLLECTED = N_(
    "We kept your order as long as we could, and nobody came for it. What you paid is paid back to "
    "you."
)


def letter_about(
    order: Order,
    kind: str,
    address: str,
    time_zone: str,
    spot: Spot | None = None,
    *,
    by_carrier: bool = False,
    stranded: bool = False,
) -> Letter:
    """`spot` is where it, or a part of it, is collected; without one it is brought, by a van or a
    carrier. `stranded`: that van broke down."""
    say = partial(translate, order.language)
    if spot is not None and is_collected(order):
        return _about_collecting(order, kind, address, spot)
    away = by_carrier and kind == "OrderOnTheWay"
    stranded = stranded and kind == "OrderNotHome"
    opening = BY_CARRIER if away else STRANDED if stranded else OPENINGS[kind]
    if kind == "OrderOnTheWay" and goes_two_ways(order):
        opening = PART_BY_CARRIER if away else PART_ON_THE_WAY
    paragraphs = [say(opening)]
    if kind in ("OrderConfirmed", "OrderAmended", "OrderOnTheWay") and not away:
        paragraphs.append(say(N_("We deliver on {when}."), when=window_in_words(order, time_zone)))
        paragraphs.append(_door(order))
    if spot is not None and kind in ("OrderConfirmed", "OrderAmended"):
        paragraphs += _at_desk(order, spot)
    return Letter(
        subject=say(STRANDED_SUBJECT if stranded else SUBJECTS[kind], number=order.number),
        greeting=say(N_("Hello {name},"), name=order.contact.name),
        paragraphs=paragraphs,
        button=say(N_("Follow your order")),
        address=address,
        rows=rows_of(order, both=spot is not None)
        if kind in ("OrderConfirmed", "OrderAmended")
        else [],
        closing=[say(N_("Order number {number}"), number=order.number)],
    )


def _about_collecting(order: Order, kind: str, address: str, spot: Spot) -> Letter:
    say = partial(translate, order.language)
    opening = COLLECTED_OPENINGS.get(kind, OPENINGS[kind])
    if kind == "OrderCancelled" and order.why_cancelled == "not-collected":
        opening = NOT_COLLECTED
    paragraphs = [say(opening)]
    sums = kind in ("OrderConfirmed", "OrderAmended")
    if sums:
        kept, where = pick_up(order), _where(spot)
        assert kept is not None, "it is collected"
        at = moment_in_words(order, kept.ready_by, spot.time_zone)
        paragraphs.append(
            say(N_("It will be ready by {when}. We write to you as soon as it is."), when=at)
        )
        paragraphs.append(say(N_("You collect it at {where}."), where=where))
    return Letter(
        subject=say(COLLECTED_SUBJECTS.get(kind, SUBJECTS[kind]), number=order.number),
        greeting=say(N_("Hello {name},"), name=order.contact.name),
        paragraphs=paragraphs,
        button=say(N_("Follow your order")),
        address=address,
        rows=rows_of(order, collected=True) if sums else [],
        closing=[say(N_("Order number {number}"), number=order.number)],
    )


def _at_desk(order: Order, spot: Spot) -> list[str]:
    """Of an order that is brought as well: what is collected, where and when."""
    say, kept = partial(translate, order.language), pick_up(order)
    assert kept is not None, "part of it is collected"
    names = ", ".join(
        f"{line.quantity} × {line.name}" for line in order.lines if line.handover == "collect"
    )
    at = moment_in_words(order, kept.ready_by, spot.time_zone)
    return [
        say(N_("You collect the rest at {where}: {products}."), where=_where(spot), products=names),
        say(N_("It will be ready by {when}. We write to you as soon as it is."), when=at),
    ]


def _where(spot: Spot) -> str:
    return f"{spot.name}, {spot.street}, {spot.postcode} {spot.city}"


RECALLED = N_("Please do not use {product}")


def letter_about_recall(order: Order, product_id: UUID, message: str, address: str) -> Letter:
    """`message` is the shop's own text, as it was written when the sale was stopped."""
    say = partial(translate, order.language)
    names = [line.name for line in order.lines if line.product_id == product_id]
    return Letter(
        subject=say(RECALLED, product=names[0]),
        greeting=say(N_("Hello {name},"), name=order.contact.name),
        paragraphs=[
            say(
                N_("{product}, which you ordered from us, must not be sold any more."),
                product=names[0],
            ),
            message,
        ],
        button=say(N_("Look at your order")),
        address=address,
        closing=[say(N_("Order number {number}"), number=order.number)],
    )


def window_in_words(order: Order, time_zone: str) -> str:
    """`zaterdag 22 november, 18:00–20:00`, on the clock of the shop."""
    locale = money.LOCALES[order.language]
    starts, ends = (at.astimezone(ZoneInfo(time_zone)) for at in (order.starts_at, order.ends_at))
    form = "M월 d일 EEEE" if order.language == "ko" else "EEEE d MMMM"
    day = format_date(starts, form, locale=locale)
    from_, until = (format_time(at, "HH:mm", locale=locale) for at in (starts, ends))
    return f"{day}, {from_}–{until}"


def moment_in_words(order: Order, at: datetime, time_zone: str) -> str:
    """`zaterdag 22 november, 18:00`, on the clock of a place."""
    form = "M월 d일 EEEE" if order.language == "ko" else "EEEE d MMMM"
    local = at.astimezone(ZoneInfo(time_zone))
    return f"{format_date(local, form, locale=money.LOCALES[order.language])}, {local:%H:%M}"


def _door(order: Order) -> str:
    address = order.address
    return f"{address.street} {address.house_number}, {address.postcode} {address.city}"


def rows_of(order: Order, *, collected: bool = False, both: bool = False) -> list[Row]:
    """`both`: part of it is brought and part is collected, so that each line says which."""
    say = partial(translate, order.language)
    show = partial(_show, order)
    ways = {"collect": say(N_("collected")), "delivery": say(N_("brought home"))} if both else {}
    rows = [
        Row(
            f"{line.quantity} × {line.name}"
            + (f" ({ways[line.handover]})" if line.handover in ways else ""),
            show(line.paid),
        )
        for line in order.lines
    ]
    if order.sums.deposits:
        rows.append(Row(say(N_("Deposit")), show(order.sums.deposits)))
    if order.sums.delivery or not collected:
        rows.append(Row(say(N_("Delivery")), show(order.sums.delivery)))
    rows.append(Row(say(N_("Total, VAT included")), show(order.sums.total), strong=True))
    return rows


def _show(order: Order, amount: int) -> str:
    return money.show(amount, order.currency, order.language)
