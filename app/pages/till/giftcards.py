"""Gift cards at the till: sold, handed out with their code, and looked at."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect
from msgspec import Meta

from app import payments, tills
from app.db import Db, begin
from app.errors import ShopError
from app.http.bounds import NO_CONTROLS
from app.http.limits import slow_down
from app.http.problems import language_of
from app.pages.rendering import render
from app.pages.till.paying import show_receipt, start_card
from app.pages.till.standing import AnyRequest, Coins, Form, coins, show, spare_cart, the_till
from app.payments.giftcards.models import Seen

URL_ENCODED = RequestEncodingType.URL_ENCODED


class Sold(Form, kw_only=True):
    amount: Coins
    given: Coins = ""
    tender: Annotated[str, Meta(pattern="^(cash|card)$")] = "cash"


class Asked(msgspec.Struct):
    code: Annotated[str, Meta(max_length=60, pattern=NO_CONTROLS)]


@get("/till/gift-cards", include_in_schema=False)
async def page(request: AnyRequest, db: Db) -> Response[Any]:
    """One to sell, one to look at."""
    return await _page(request, db)


@post("/till/gift-cards", include_in_schema=False, status_code=303)
async def sell(
    request: AnyRequest, data: Annotated[Sold, Body(media_type=URL_ENCODED)]
) -> Response[Any]:
    """Paid in cash or by card; the code is told when it is paid."""
    state = request.app.state
    cart_id = await spare_cart(request)
    try:
        async with begin(state.pool) as db:
            till = await the_till(request, db)
            wanted = tills.paying.Wanted(
                cart_version=0,
                total=coins(data.amount, state.settings.currency),
                given=coins(data.given, state.settings.currency) if data.tender == "cash" else 0,
                by="cash" if data.tender == "cash" else "card",
            )
            receipt_id, intent_id = await tills.giftcards.sell(
                db, till, request.user, data.command, cart_id, wanted, language_of(request),
                state.settings.secret,
            )  # fmt: skip
    except ShopError as refusal:
        async with begin(state.pool) as db:
            written = {"amount": data.amount, "given": data.given}
            return await _page(request, db, refusal=refusal, written=written)
    if intent_id is not None:
        await start_card(request, receipt_id, intent_id)
    return Redirect(f"/till/receipts/{receipt_id}", status_code=303)


@post("/till/gift-cards/balance", include_in_schema=False, status_code=200)
async def balance(
    request: AnyRequest, data: Annotated[Asked, Body(media_type=URL_ENCODED)], db: Db
) -> Response[Any]:
    """What is on a card. Changes nothing; a POST, because a code is in no address."""
    currency = request.app.state.settings.currency
    found = await payments.giftcards.see(db, [data.code], currency)
    seen = found[0] if found else Seen("", "unknown")
    if seen.worth == "unknown":
        await slow_down(request, "gift cards", payments.giftcards.GUESSES)
    return await _page(request, db, seen=seen)


@post("/till/receipts/{id:uuid}/gift-card", include_in_schema=False, status_code=200)
async def hand_out(
    request: AnyRequest, id: FromPath[UUID], data: Annotated[Form, Body(media_type=URL_ENCODED)]
) -> Response[Any]:
    """The code of a card that is paid, shown once."""
    state, code, refused = request.app.state, "", None
    try:
        async with begin(state.pool) as db:
            till = await the_till(request, db)
            code = await tills.giftcards.hand_out(
                db, till, request.user, data.command, id, state.settings.secret
            )
    except ShopError as refusal:
        refused = refusal
    async with begin(state.pool) as db:
        return await show_receipt(request, db, id, refused, code=code)


async def _page(
    request: AnyRequest,
    db: Any,
    *,
    seen: Seen | None = None,
    refusal: ShopError | None = None,
    written: dict[str, str] | None = None,
) -> Response[Any]:
    try:
        till = await the_till(request, db)
    except ShopError as closed:
        return await show(request, closed)
    if till.shift_id is None:
        return await show(request, refusal)
    return render(
        request,
        "till/gift_cards.html",
        status=refusal.status if refusal else 200,
        till=till,
        seen=seen,
        refusal=refusal,
        written=written or {},
    )


routes: list[Any] = [page, sell, balance, hand_out]
