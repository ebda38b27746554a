"""Taking back over the counter: scan the slip, choose, see what goes back, agree."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any
from uuid import UUID, uuid5

from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery
from litestar.response import Redirect

from app import cases, contact, orders, returns, tills
from app.db import Connection, Db, begin
from app.errors import Malformed, NotFound, ShopError
from app.http.problems import language_of
from app.pages.naming import in_my_language, order_in_my_language
from app.pages.rendering import render
from app.pages.returning import (
    Complaint,
    and_one_more,
    chosen,
    counted,
    points_lost,
    to_settle,
    wish,
)
from app.pages.till.paying import Fields
from app.pages.till.standing import AnyRequest, Form, act, show, spare_cart, the_till

FORM = RequestEncodingType.URL_ENCODED


@get("/till/returns", include_in_schema=False)
async def find(request: AnyRequest, db: Db, code: FromQuery[str] = "") -> Response[Any]:
    """By packing slip, label, number, the code on a receipt, or that of a return; and by the bars of a
    product: within the `order` that is open, else among those this shop handed over of late."""
    refusal: ShopError | None = None
    till = None
    sold: list[tills.Sold] = []
    try:
        till = await the_till(request, db)
        asked = await returns.find(db, code[:300]) if code else None
        if asked is not None:
            query = f"?{to_settle(asked)}" if asked.state == "open" else ""
            return Redirect(f"/till/returns/{asked.order_id}{query}", status_code=303)
        product_id = await returns.product_of(db, code[:300]) if code else None
        if product_id is not None:
            order = await _open_order(db, request.query_params.get("order", ""))
            if order is not None:
                piece = await returns.scanned(db, order, product_id)
                query = and_one_more(request.query_params, piece)
                return Redirect(f"/till/returns/{order.id}?{query}", status_code=303)
            sold = await tills.returning.with_product(db, till, product_id)
            if not sold:
                raise NotFound("None of these was sold here of late.", code="unknown-order")
        elif code:
            order_id = await tills.returning.find(db, code[:300])
            return Redirect(f"/till/returns/{order_id}", status_code=303)
    except ShopError as error:
        refusal = error
    return render(
        request,
        "till/returns.html",
        status=refusal.status if refusal else 200,
        till=till,
        order=None,
        sold=sold,
        refusal=refusal,
    )


@get("/till/returns/{id:uuid}", include_in_schema=False)
async def choose(request: AnyRequest, db: Db, id: FromPath[UUID]) -> Response[Any]:
    """What of the order may come back; with lines chosen, what goes back and why."""
    return await _page(request, db, id, dict(request.query_params))


@post("/till/returns/{id:uuid}", include_in_schema=False, status_code=303)
async def take(request: AnyRequest, id: FromPath[UUID], data: Fields) -> Response[Any]:
    """As it was shown and agreed to."""
    pool = request.app.state.pool
    try:
        command = UUID(data.get("command", ""))
        wanted = wish(data)
        async with begin(pool) as db:
            till = await the_till(request, db)
            done = await tills.returning.take(db, till, request.user, command, id, wanted)
    except ValueError as error:
        raise NotFound("There is nothing here.") from error
    except ShopError as refusal:
        async with begin(pool) as db:
            return await _page(request, db, id, data, refusal)
    return Redirect(f"/till/returns/{id}?done={done.id}", status_code=303)


@post("/till/returns/{id:uuid}/exchange", include_in_schema=False, status_code=303)
async def exchange(request: AnyRequest, id: FromPath[UUID], data: Fields) -> Response[Any]:
    """It lies on the counter; what is taken instead is scanned next, and the difference paid."""
    pool = request.app.state.pool
    spare = await spare_cart(request)
    try:
        command = UUID(data.get("command", ""))
        wanted = wish(data)
        async with begin(pool) as db:
            till = await the_till(request, db)
            await tills.exchanging.lay_down(db, till, command, id, wanted, spare)
            if wanted.instead:
                order = await orders.read(db, id)
                assert order is not None, "it lies on the counter"
                choices = await returns.choices(db, order, wanted.lines, language_of(request))
                gtin = next((o.gtin for o in choices if o.product_id == wanted.instead), "")
                units = sum(wanted.lines.values())
                add = uuid5(command, "instead")
                await tills.receipts.add(db, till, add, gtin, spare, quantity=units)
    except ValueError as error:
        raise NotFound("There is nothing here.") from error
    except ShopError as refusal:
        async with begin(pool) as db:
            return await _page(request, db, id, data, refusal)
    return Redirect("/till", status_code=303)


@post("/till/returns/{id:uuid}/cases", include_in_schema=False, status_code=303)
async def hand_on(
    request: AnyRequest, id: FromPath[UUID], data: Annotated[Complaint, Body(media_type=FORM)]
) -> Response[Any]:
    """Something a clerk cannot settle: the contact centre does."""
    pool = request.app.state.pool
    try:
        contact.check_no_card(data.words)
        async with begin(pool) as db:
            await cases.open_at_desk(
                db, request.user, data.command, id, data.kind, data.words, "counter"
            )
    except Malformed as refusal:
        typed = {"words": data.words, "kind": data.kind}
        async with begin(pool) as db:
            return await _page(request, db, id, typed, refusal)
    return Redirect(f"/till/returns/{id}?heard=1", status_code=303)


@post("/till/exchange/leave", include_in_schema=False, status_code=303)
async def leave(request: AnyRequest, data: Annotated[Form, Body(media_type=FORM)]) -> Response[Any]:
    """The customer keeps it after all."""
    refusal = await act(request, lambda db, till: tills.exchanging.leave(db, till, data.command))
    return await show(request, refusal) if refusal else Redirect("/till", status_code=303)


@get("/till/empties", include_in_schema=False)
async def count(request: AnyRequest, db: Db, paid: FromQuery[int | None] = None) -> Response[Any]:
    """How many of each deposit; what was paid out last."""
    return await _empties(request, db, paid=paid)


@post("/till/empties", include_in_schema=False, status_code=303)
async def pay_out(request: AnyRequest, data: Fields) -> Response[Any]:
    """Out of the drawer; or onto a gift card, whose code stands in this answer alone."""
    empties = counted(data)
    try:
        command = UUID(data.get("command", ""))
        async with begin(request.app.state.pool) as db:
            till = await the_till(request, db)
            if data.get("to") == "gift-card":
                secret = request.app.state.settings.secret
                amount, code = await tills.returning.credit_empties(
                    db, till, request.user, command, empties, secret
                )
                return await _empties(request, db, credited=(amount, code))
            paid = await tills.returning.take_empties(db, till, request.user, command, empties)
    except ValueError as error:
        raise NotFound("There is nothing here.") from error
    except ShopError as refusal:
        async with begin(request.app.state.pool) as db:
            return await _empties(request, db, counted=empties, refusal=refusal)
    return Redirect(f"/till/empties?paid={paid}", status_code=303)


async def _open_order(db: Connection, text: str) -> orders.Order | None:
    try:
        return await orders.read(db, UUID(text))
    except ValueError:
        return None


async def _empties(
    request: AnyRequest,
    db: Connection,
    *,
    paid: int | None = None,
    credited: tuple[int, str] | None = None,
    counted: Mapping[int, int] = MappingProxyType({}),
    refusal: ShopError | None = None,
) -> Response[Any]:
    till = await the_till(request, db)
    currency = till.currency or request.app.state.settings.currency
    return render(
        request,
        "till/empties.html",
        status=refusal.status if refusal else 200,
        till=till,
        deposits=await returns.deposits(db, currency),
        paid=paid,
        credited=credited,
        counted=counted,
        money_is=currency,
        refusal=refusal,
    )


async def _page(
    request: AnyRequest,
    db: Connection,
    id: UUID,
    fields: dict[str, Any],
    refusal: ShopError | None = None,
) -> Response[Any]:
    till = await the_till(request, db)
    order = await orders.read(db, id)
    if order is None:
        raise NotFound("There is no such order.")
    offer = None
    if fields.get("cause") or (chosen(fields) and "scanned" not in fields):
        try:
            offer = await returns.offer(db, order, wish(fields))
        except ShopError as error:
            refusal = refusal or error
    came = await returns.came(db, id)
    wishes = [one for one in await returns.requests(db, id) if one.state == "open"]
    wished = next((one for one in wishes if str(one.id) == str(fields.get("request", ""))), None)
    choices = (
        await returns.choices(db, order, wished.lines, language_of(request))
        if wished and wished.instead and not wished.exchange_id
        else []
    )
    order = await order_in_my_language(request, db, order)
    return render(
        request,
        "till/returns.html",
        status=refusal.status if refusal else 200,
        till=till,
        order=order,
        sold=[],
        waits=bool(wished and wished.exchange_id),
        bought=await in_my_language(request, db, await returns.lines(db, order)),
        asked=wishes,
        instead=next((o for o in choices if wished and o.product_id == wished.instead), None),
        chosen=chosen(fields),
        cause=str(fields.get("cause", "")),
        heard=bool(fields.get("heard")),
        said=str(fields.get("words", "")),
        kind=str(fields.get("kind", "")),
        condition=str(fields.get("condition", "as-new")),
        asked_for=str(fields.get("request", "")),
        offer=offer,
        points=await points_lost(db, order, offer),
        done=next((one for one in came if str(one.id) == str(fields.get("done", ""))), None),
        refusal=refusal,
    )


routes: list[Any] = [find, choose, take, exchange, hand_on, leave, count, pay_out]
