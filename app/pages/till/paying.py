"""Paying at the counter: what goes home needs a time and an address, what is carried out does not."""

from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Annotated, Any, get_type_hints
from uuid import UUID

import msgspec
from babel.numbers import get_currency_precision
from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery
from litestar.response import Redirect

from app import checkout, orders, payments, slots, tills
from app.checkout.models import Quote
from app.db import Connection, Db, begin
from app.errors import Busy, Malformed, NotFound, ShopError, Unprocessable
from app.http.bounds import Email, Name, Phone, Postcode, Text
from app.http.limits import slow_down
from app.http.problems import language_of
from app.money import Money
from app.orders.models import Address, Contact
from app.pages.checkout.delivery import Delivery, delivery_for
from app.pages.checkout.forms import WHAT_IS_WRONG
from app.pages.checkout.leaving import own
from app.pages.rendering import render
from app.pages.till.codes import qr_path
from app.pages.till.standing import (
    AnyRequest,
    Approver,
    Form,
    Pin,
    Reason,
    act,
    act_if_agreed,
    coins,
    show,
    the_till,
)
from app.payments.giftcards.rules import as_typed
from app.slots.models import Slot
from app.slots.rules import read_postcode
from app.tills import Receipt

MOST_CARDS = 4
LOOKS = ("gift-card", *(f"without-{n}" for n in range(1, MOST_CARDS + 1)))
"""Buttons that only look at what a gift card would pay."""
Fields = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
URL_ENCODED = RequestEncodingType.URL_ENCODED


class Home(msgspec.Struct, frozen=True, kw_only=True):
    """Where to; a mail address only for who wants to hear of it."""

    name: Name
    phone: Phone
    email: Email | None = None
    street: Name
    house_number: Name
    postcode: Postcode
    city: Name
    note: Text = ""


class TakenBack(Form, kw_only=True):
    reason: Reason
    approver: Approver = ""
    pin: Pin = ""


@get("/till/pay", include_in_schema=False)
async def pay_page(
    request: AnyRequest,
    db: Db,
    postcode: FromQuery[str] = "",
    slot: FromQuery[str] = "",
) -> Response[Any]:
    """The total as it will be charged; for what goes home first the postcode, then a time."""
    return await _page(request, db, {"postcode": postcode[:12]}, slot)


@post("/till/pay", include_in_schema=False, status_code=303)
async def pay(request: AnyRequest, data: Fields) -> Response[Any]:
    """By the tender whose button was pressed."""
    state = request.app.state
    slot_id = _id(data.get("slot", ""))
    home, written, wrong = _home(data) if slot_id else (None, {}, {})
    written |= {"given": data.get("given", "")[:12]}
    written |= {tick: data[tick] for tick in ("age_checked", "found") if tick in data}
    gifts: tuple[tills.GiftCard, ...] = ()
    try:
        gifts = _gift_cards(data, state.settings.currency)
        looks = data.get("tender") in LOOKS
        if wrong or looks:
            said = {} if looks else wrong
            async with begin(state.pool) as db:
                return await _page(
                    request, db, written, data.get("slot", ""), gifts=gifts, wrong=said
                )
        wanted = _wanted(request, data, slot_id, home, gifts)
        receipt_id = await _take(request, UUID(data.get("command", "")), wanted)
    except ShopError as refusal:
        async with begin(state.pool) as db:
            return await _page(
                request, db, written, data.get("slot", ""), refusal=refusal, gifts=gifts
            )
    except (ValueError, msgspec.ValidationError) as error:
        raise Malformed("We could not read this request.") from error
    return Redirect(f"/till/receipts/{receipt_id}", status_code=303)


@get("/till/receipts/{id:uuid}", include_in_schema=False)
async def receipt(
    request: AnyRequest,
    db: Db,
    id: FromPath[UUID],
    copy: FromQuery[str] = "",
    mailed: FromQuery[str] = "",
) -> Response[Any]:
    """What was sold, or a card that is awaited. `copy` is one that is to be printed now."""
    return await show_receipt(request, db, id, printed=copy, mailed=bool(mailed))


@post("/till/receipts/{id:uuid}/ask", include_in_schema=False, status_code=303)
async def ask(request: AnyRequest, id: FromPath[UUID]) -> Response[Any]:
    """Has the card gone through? Asks the provider now."""
    state = request.app.state
    async with begin(state.pool) as db:
        till = await the_till(request, db)
        found, order = await tills.paying.settle(db, till, id)
        intent = await payments.open_intent_of_order(db, order.id) if order else None
    shop = checkout.Shop.at(state.pool, state.settings)
    if intent is not None and intent.address is None:
        address = f"{state.settings.base_url}/till/receipts/{id}"
        await checkout.start_payment(shop, intent.id, address)
    if found.state == "paying" and order is not None:
        await checkout.ask(shop, order.id)
        async with begin(state.pool) as db:
            await tills.paying.settle(db, till, id)
    return Redirect(f"/till/receipts/{id}", status_code=303)


@post("/till/receipts/{id:uuid}/give-up", include_in_schema=False, status_code=303)
async def give_up(request: AnyRequest, id: FromPath[UUID]) -> Response[Any]:
    """The card does not work; the receipt is open again."""
    refusal = await act(request, lambda db, till: tills.paying.give_up_card(db, till, id))
    if refusal is not None:
        async with begin(request.app.state.pool) as db:
            return await show_receipt(request, db, id, refusal)
    return Redirect("/till", status_code=303)


@post("/till/receipts/{id:uuid}/take-back", include_in_schema=False, status_code=303)
async def take_back(
    request: AnyRequest,
    id: FromPath[UUID],
    data: Annotated[TakenBack, Body(media_type=URL_ENCODED)],
) -> Response[Any]:
    """A paid receipt is undone for a reason, by a supervisor or by a clerk whom one agrees with."""
    refusal = await act_if_agreed(
        request,
        data.approver,
        data.pin,
        lambda db, till, agreed: tills.paying.take_back(
            db, till, request.user, data.command, id, data.reason, agreed=agreed
        ),
    )
    if refusal is not None:
        async with begin(request.app.state.pool) as db:
            return await show_receipt(request, db, id, refusal)
    return Redirect(f"/till/receipts/{id}", status_code=303)


async def _take(request: AnyRequest, command: UUID, wanted: tills.paying.Wanted) -> UUID:
    state = request.app.state
    async with begin(state.pool) as db:
        till = await the_till(request, db)
        receipt_id, intent_id = await tills.paying.pay(
            db, till, request.user, command, wanted, language_of(request), state.settings.secret
        )
    if intent_id is not None:
        await start_card(request, receipt_id, intent_id)
    return receipt_id


async def start_card(request: AnyRequest, receipt_id: UUID, intent_id: UUID) -> None:
    """Where the terminal does not answer, the page of the receipt offers to try again, or to give up."""
    state = request.app.state
    shop = checkout.Shop.at(state.pool, state.settings)
    with suppress(Busy):
        return_to = f"{state.settings.base_url}/till/receipts/{receipt_id}"
        await checkout.start_payment(shop, intent_id, return_to)


async def _page(
    request: AnyRequest,
    db: Connection,
    written: dict[str, str],
    slot_text: str,
    *,
    wrong: dict[str, str] | None = None,
    refusal: ShopError | None = None,
    gifts: Sequence[tills.GiftCard] = (),
) -> Response[Any]:
    language = language_of(request)
    try:
        till = await the_till(request, db)
    except ShopError as closed:
        return await show(request, closed)
    current = await tills.receipts.current(db, till)
    found = await tills.baskets.seen(db, current) if current else None
    if found is None:
        return await show(request, refusal) if refusal else Redirect("/till", status_code=303)
    slot_id = _id(slot_text)
    slot: Slot | None = await slots.find(db, slot_id) if slot_id else None
    try:
        quote = await tills.receipts.quote(
            db,
            till,
            found,
            language,
            delivery=slot.fee if slot else 0,
            free_from=slot.free_from if slot else None,
        )
    except ShopError as nothing:
        return await show(request, nothing)
    goes_home = any(bought.handover != "carry-out" for bought in quote.bought)
    postcode = written.get("postcode", "")
    exchange = await tills.exchanging.on(db, found)
    credit = min(exchange.amount, quote.receipt.total) if exchange else 0
    cards = await tills.paying.look(db, till, quote.receipt.total - credit, gifts)
    if any(one.worth == "unknown" for one in cards.seen):
        await slow_down(request, "gift cards", payments.giftcards.GUESSES)
    round_by = tills.drawers.rounding(till, cards.to_pay, quote.currency)
    delivery, bad_postcode = (
        await _times(db, found, postcode, language) if goes_home else (None, False)
    )
    return render(
        request,
        "till/pay.html",
        status=refusal.status if refusal else 422 if wrong else 200,
        till=till,
        quote=quote,
        slot=slot,
        goes_home=goes_home,
        delivery=delivery,
        bad_postcode=bad_postcode,
        written=written,
        wrong=wrong or {},
        refusal=refusal,
        age=_age(quote),
        round_by=round_by,
        notes=_notes(cards.to_pay + round_by, quote.currency),
        cards=cards,
        exchange=exchange,
        credit=credit,
        at_most={
            as_typed(gift.code): _typed(gift.at_most, quote.currency)
            for gift in gifts
            if gift.at_most is not None
        },
    )


async def _times(
    db: Connection, receipt: Receipt, postcode: str, language: Any
) -> tuple[Delivery | None, bool]:
    if not postcode:
        return None, False
    try:
        return await delivery_for(db, receipt.cart_id, postcode, language), False
    except Unprocessable:
        return None, True


async def show_receipt(
    request: AnyRequest,
    db: Connection,
    id: UUID,
    refusal: ShopError | None = None,
    *,
    code: str = "",
    printed: str = "",
    mailed: bool = False,
) -> Response[Any]:
    """`code`: of a gift card that is handed out now; `printed`: which copy goes to the printer."""
    settings = request.app.state.settings
    till = await the_till(request, db)
    found, order = await tills.handing_out.find(db, till, id)
    if order is None:
        return await show(request, refusal)
    asked = _id(printed)
    handed = await tills.copy(db, id, asked) if asked else None
    paper = await tills.handing_out.sold(
        db, found, order, settings, copy=handed.is_copy if handed else found.handed_out > 0
    )
    intent = await payments.open_intent_of_order(db, order.id)
    return render(
        request,
        "till/sold.html",
        status=refusal.status if refusal else 200,
        till=till,
        receipt=found,
        order=order,
        tenders=paper.tenders,
        seller=paper.seller,
        sold_at_till=paper.till,
        copy=paper.copy,
        letters=tills.letters_of(order),
        advantages=tills.advantages_of(order, language_of(request)),
        print_now=handed is not None and handed.how == "print",
        mailed=mailed,
        gift_card=await payments.giftcards.of_order(db, order.id),
        sells_card=not await orders.wants_goods(db, order.id),
        through=found.state == "paying" and order.state not in ("placed", "cancelled"),
        code=code,
        awaited=intent.amount if intent else found.total,
        pay_at=own(request, intent.address) if intent and intent.address else None,
        qr=qr_path(paper.link),
        refusal=refusal,
    )


def _gift_cards(data: dict[str, str], currency: str) -> tuple[tills.GiftCard, ...]:
    """Those on the form and the new one; raises Malformed for what is no amount."""
    places = [*(str(n) for n in range(1, MOST_CARDS + 1)), "new"]
    without = data.get("tender", "").removeprefix("without-")
    found = []
    for place in places:
        code = data.get(f"gift_card_{place}", "").strip()[:60]
        most = data.get(f"gift_amount_{place}", "").strip()
        if code and place != without:
            found.append(tills.GiftCard(code, coins(most, currency) if most else None))
    return tuple(found[:MOST_CARDS])


def _wanted(
    request: AnyRequest,
    data: dict[str, str],
    slot_id: UUID | None,
    home: Home | None,
    gifts: tuple[tills.GiftCard, ...],
) -> tills.paying.Wanted:
    currency = request.app.state.settings.currency
    wanted = {
        "cart_version": data.get("cart_version", ""),
        "total": data.get("total", ""),
        "found": "found" in data,
        "age_checked": "age_checked" in data,
        "by": data.get("tender", ""),
    }
    numbers = msgspec.convert(wanted, tills.paying.Wanted, strict=False)
    given = 0 if numbers.by == "card" else coins(data.get("given", ""), currency)
    if home is None:
        return msgspec.structs.replace(numbers, given=given, gift_cards=gifts)
    return msgspec.structs.replace(
        numbers,
        given=given,
        gift_cards=gifts,
        slot_id=slot_id,
        contact=Contact(home.name, home.email or "", home.phone),
        address=Address(
            home.street, home.house_number, read_postcode(home.postcode).text, home.city
        ),
        note=home.note,
    )


_TYPES = get_type_hints(Home, include_extras=True)


def _home(data: dict[str, str]) -> tuple[Home | None, dict[str, str], dict[str, str]]:
    """Where to, what was written, and what is wrong with which field (in English)."""
    written = {field: str(data.get(field, "")).strip() for field in Home.__struct_fields__}
    given: dict[str, str | None] = {**written, "email": written["email"] or None}
    wrong = {field: WHAT_IS_WRONG[field] for field in written if not _fits(field, given[field])}
    return (None if wrong else msgspec.convert(given, Home)), written, wrong


def _fits(field: str, text: str | None) -> bool:
    try:
        msgspec.convert(text, _TYPES[field])
        if field == "postcode":
            read_postcode(text or "")
    except (msgspec.ValidationError, Unprocessable):
        return False
    return True


def _age(quote: Quote) -> int:
    """The highest age limit of what is carried out; at home the driver looks."""
    ages = [b.product.age_limit or 0 for b in quote.bought if b.handover == "carry-out"]
    return max(ages, default=0)


def _notes(to_pay: Money, currency: str) -> list[tuple[Money, str]]:
    """What a customer is likely to hand over, also as the clerk would type it: the sum itself, and
    the next round ones."""
    unit = 10 ** get_currency_precision(currency)
    round_ones = {-(-to_pay // (note * unit)) * note * unit for note in (5, 10, 20, 50)}
    return [(amount, _typed(amount, currency)) for amount in sorted({to_pay, *round_ones})][:5]


def _typed(amount: Money, currency: str) -> str:
    return f"{Decimal(amount).scaleb(-get_currency_precision(currency)).normalize():f}"


def _id(text: str) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound("There is nothing here.") from error


routes: list[Any] = [pay_page, pay, receipt, ask, give_up, take_back]
