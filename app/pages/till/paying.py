"""Paying at the counter: what goes home needs a time and an address, what is carried out does not."""

from contextlib import suppress
from typing import Annotated, Any, get_type_hints
from uuid import UUID

import msgspec
from babel.numbers import get_currency_precision
from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery
from litestar.response import Redirect

from app import checkout, payments, slots, tills
from app.checkout.models import Quote
from app.db import Connection, Db, begin
from app.errors import Busy, Malformed, NotFound, ShopError, Unprocessable
from app.http.bounds import Email, Name, Phone, Postcode, Text
from app.http.problems import language_of
from app.money import Money
from app.orders.models import Address, Contact
from app.orders.rules import link_token
from app.pages.checkout.delivery import Delivery, delivery_for
from app.pages.checkout.forms import WHAT_IS_WRONG
from app.pages.checkout.routes import own
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
from app.slots.models import Slot
from app.slots.rules import read_postcode
from app.tills import Receipt

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
    if wrong:
        async with begin(state.pool) as db:
            return await _page(request, db, written, data.get("slot", ""), wrong=wrong)
    try:
        wanted = _wanted(request, data, slot_id, home)
        command = UUID(data.get("command", ""))
    except ShopError as refusal:
        async with begin(state.pool) as db:
            return await _page(request, db, written, data.get("slot", ""), refusal=refusal)
    except (ValueError, msgspec.ValidationError) as error:
        raise Malformed("We could not read this request.") from error
    try:
        receipt_id = await _take(request, command, wanted, cash=data.get("tender") == "cash")
    except ShopError as refusal:
        async with begin(state.pool) as db:
            return await _page(request, db, written, data.get("slot", ""), refusal=refusal)
    return Redirect(f"/till/receipts/{receipt_id}", status_code=303)


@get("/till/receipts/{id:uuid}", include_in_schema=False)
async def receipt(request: AnyRequest, db: Db, id: FromPath[UUID]) -> Response[Any]:
    """What was sold, to be printed; or a card that is awaited."""
    return await _receipt(request, db, id)


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
            return await _receipt(request, db, id, refusal)
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
            return await _receipt(request, db, id, refusal)
    return Redirect(f"/till/receipts/{id}", status_code=303)


async def _take(
    request: AnyRequest, command: UUID, wanted: tills.paying.Wanted, *, cash: bool
) -> UUID:
    state, language = request.app.state, language_of(request)
    secret = state.settings.secret
    async with begin(state.pool) as db:
        till = await the_till(request, db)
        if cash:
            return await tills.paying.pay_cash(
                db, till, request.user, command, wanted, language, secret
            )
        receipt_id, intent_id = await tills.paying.pay_card(
            db, till, request.user, command, wanted, language, secret
        )
    shop = checkout.Shop.at(state.pool, state.settings)
    return_to = f"{state.settings.base_url}/till/receipts/{receipt_id}"
    with suppress(Busy):  # the page of the receipt offers to try again, or to give up
        await checkout.start_payment(shop, intent_id, return_to)
    return receipt_id


async def _page(
    request: AnyRequest,
    db: Connection,
    written: dict[str, str],
    slot_text: str,
    *,
    wrong: dict[str, str] | None = None,
    refusal: ShopError | None = None,
) -> Response[Any]:
    language = language_of(request)
    try:
        till = await the_till(request, db)
    except ShopError as closed:
        return await show(request, closed)
    current = await tills.receipts.current(db, till)
    found = await tills.receipts.seen(db, current) if current else None
    if found is None:
        return await show(request, refusal) if refusal else Redirect("/till", status_code=303)
    slot_id = _id(slot_text)
    slot: Slot | None = await slots.find(db, slot_id) if slot_id else None
    try:
        quote = await tills.receipts.quote(
            db, till, found, language, delivery=slot.fee if slot else 0
        )
    except ShopError as nothing:
        return await show(request, nothing)
    goes_home = any(bought.handover != "carry-out" for bought in quote.bought)
    postcode = written.get("postcode", "")
    round_by = tills.drawers.rounding(till, quote.receipt.total, quote.currency)
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
        notes=_notes(quote.receipt.total + round_by, quote.currency),
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


async def _receipt(
    request: AnyRequest, db: Connection, id: UUID, refusal: ShopError | None = None
) -> Response[Any]:
    settings = request.app.state.settings
    till = await the_till(request, db)
    found, order = await tills.paying.read(db, till, id)
    if order is None:
        return await show(request, refusal)
    intent = await payments.open_intent_of_order(db, order.id)
    address = f"{settings.base_url}/orders/{link_token(settings.secret, order.id)}"
    return render(
        request,
        "till/sold.html",
        status=refusal.status if refusal else 200,
        till=till,
        receipt=found,
        order=order,
        through=found.state == "paying" and order.state not in ("placed", "cancelled"),
        pay_at=own(request, intent.address) if intent and intent.address else None,
        address=address,
        qr=qr_path(address),
        refusal=refusal,
    )


def _wanted(
    request: AnyRequest, data: dict[str, str], slot_id: UUID | None, home: Home | None
) -> tills.paying.Wanted:
    currency = request.app.state.settings.currency
    wanted = {
        "cart_version": data.get("cart_version", ""),
        "total": data.get("total", ""),
        "found": "found" in data,
        "age_checked": "age_checked" in data,
    }
    numbers = msgspec.convert(wanted, tills.paying.Wanted, strict=False)
    given = coins(data.get("given", ""), currency) if data.get("tender") == "cash" else 0
    if home is None:
        return msgspec.structs.replace(numbers, given=given)
    return msgspec.structs.replace(
        numbers,
        given=given,
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
    return [(amount, f"{amount / unit:g}") for amount in sorted({to_pay, *round_ones})][:5]


def _id(text: str) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound("There is nothing here.") from error


routes: list[Any] = [pay_page, pay, receipt, ask, give_up, take_back]
