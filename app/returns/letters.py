"""What the shop writes about what came back, or shall: an answer on paper that lasts, as the law wants it
for a withdrawal (2011/83/EU, art. 11 (3) and 11a), and as everybody likes it for the rest."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from app import money
from app.languages import translate
from app.messaging.models import Letter, Row
from app.money import Money
from app.orders.models import Order
from app.returns.models import Collection, Request


def N_(sentence: str) -> str:
    """Marks a sentence for the catalogues."""
    return sentence


WAYS: Mapping[str, str] = {
    "shop": N_(
        "Bring it to any of our shops and show the code {code}. It is on the page of your order."
    ),
    "parcel": N_(
        "Print the label on the page of your order, stick it on the parcel, and hand it in."
    ),
}
ASKED: Mapping[str, tuple[str, str]] = {
    "withdrawal": (
        N_("We have received your withdrawal from order {number}"),
        N_("You have withdrawn from the purchase of what stands below, on {day} at {time}."),
    ),
    "changed-mind": (
        N_("Your return of order {number}"),
        N_("Thank you for telling us what you would rather not keep."),
    ),
    "": (
        N_("We look at what was wrong with order {number}"),
        N_("We are sorry. One of us looks at it today and tells you here and by mail."),
    ),
}


def asked(
    order: Order,
    names: Mapping[str, str],
    request: Request,
    amount: Money,
    stop: Collection | None,
    address: str,
    zone: str,
) -> Letter:
    """It arrived, with what was said and when."""
    say = partial(translate, order.language)
    at = request.asked_at.astimezone(ZoneInfo(zone))
    subject, opening = ASKED.get(request.cause) or ASKED[""]
    paragraphs = [say(opening, day=_day(at, order), time=_clock(at, order))]
    if not request.kept:
        paragraphs.append(_way(order, request, stop))
        if request.cause == "withdrawal":
            paragraphs.append(
                say(N_("Please do so within 14 days. Until we have the goods we keep the money."))
            )
        paragraphs.append(
            say(
                N_("Then {sum} goes back the way you paid."),
                sum=money.show(amount, order.currency, order.language),
            )
        )
    return _letter(order, say(subject, number=order.number), paragraphs, address,
                   _rows(names, request.lines))  # fmt: skip


def came(
    order: Order,
    names: Mapping[str, str],
    units: Mapping[str, int],
    amount: Money,
    address: str,
    *,
    exchanged: bool = False,
) -> Letter:
    """It is settled: so much goes back, or pays for something else."""
    say = partial(translate, order.language)
    sum_ = money.show(amount, order.currency, order.language)
    paragraphs = [say(N_("The money goes back the way you paid; a bank can take some days."))]
    if exchanged:
        paragraphs = [
            say(
                N_(
                    "It pays for what you have instead. What it was worth more goes back the way you paid."
                )
            )
        ]
        subject = say(N_("Exchanged: your return of order {number}"), number=order.number)
        return _letter(order, subject, paragraphs, address, _rows(names, units))
    subject = say(N_("{sum} goes back for order {number}"), sum=sum_, number=order.number)
    return _letter(order, subject, paragraphs, address, _rows(names, units))


def refused(order: Order, why: str, address: str) -> Letter:
    say = partial(translate, order.language)
    paragraphs = [
        say(N_("We looked at it with care and cannot pay it back: {why}"), why=why),
        say(N_("Call us if you see it otherwise.")),
    ]
    return _letter(order, say(N_("About your order {number}"), number=order.number), paragraphs,
                   address, [])  # fmt: skip


def not_fetched(order: Order, code: str, address: str) -> Letter:
    say = partial(translate, order.language)
    paragraphs = [
        say(N_("Our driver came to fetch something and could not take it along.")),
        say(WAYS["shop"], code=code),
    ]
    return _letter(order, say(N_("We came for your return of order {number}"), number=order.number),
                   paragraphs, address, [])  # fmt: skip


def about_empties(order: Order, amount: Money, code: str, address: str) -> Letter:
    say = partial(translate, order.language)
    sum_ = money.show(amount, order.currency, order.language)
    paragraphs = [
        say(N_("Thank you for your empties. Their deposit is on a gift card for you.")),
        say(N_("Its code is {code}. Use it on the web, on the phone, and at every till."),
            code=code),
    ]  # fmt: skip
    return _letter(order, say(N_("{sum} for your empties"), sum=sum_), paragraphs, address, [])


def _way(order: Order, request: Request, stop: Collection | None) -> str:
    say = partial(translate, order.language)
    if stop is None or stop.state != "planned":
        return say(WAYS.get(request.way, WAYS["shop"]), code=request.spoken)
    zone = ZoneInfo(stop.time_zone)
    starts_at, ends_at = stop.starts_at.astimezone(zone), stop.ends_at.astimezone(zone)
    return say(
        N_("Our van fetches it on {day}, {from_} to {until}. Keep it at the door."),
        day=_day(starts_at, order),
        from_=_clock(starts_at, order),
        until=_clock(ends_at, order),
    )


def _letter(
    order: Order, subject: str, paragraphs: list[str], address: str, rows: list[Row]
) -> Letter:
    say = partial(translate, order.language)
    return Letter(
        subject=subject,
        greeting=say(N_("Hello {name},"), name=order.contact.name),
        paragraphs=paragraphs,
        button=say(N_("Look at your order")),
        address=address,
        rows=rows,
        closing=[say(N_("Order number {number}"), number=order.number)],
    )


def _rows(names: Mapping[str, str], units: Mapping[str, int]) -> list[Row]:
    return [Row(names[key], f"{n} ×") for key, n in units.items()]


def _day(at: datetime, order: Order) -> str:
    return format_date(at, "long", locale=order.language)


def _clock(at: datetime, order: Order) -> str:
    return format_time(at, "short", locale=order.language)
