"""The shopper's page: something was wrong, or something shall come back."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect

from app import orders, payments, returns, stock
from app.db import Connection, Db, begin
from app.errors import Busy, Malformed, NotFound, ShopError
from app.fulfilment import carriers
from app.http.problems import language_of
from app.languages import translate
from app.orders.rules import link_token
from app.pages.checkout.leaving import leave_for
from app.pages.rendering import render
from app.pages.returning import chosen, command_of, points_lost, wish
from app.pages.till.codes import qr_path

AnyRequest = Request[Any, Any, Any]
Fields = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]

LARGEST_FORM = 11 * 1024 * 1024


def N_(sentence: str) -> str:
    """Marks a sentence for the catalogues."""
    return sentence


RETURN = N_("Return")


@get("/orders/{token:str}/returns", include_in_schema=False)
async def choose(request: AnyRequest, db: Db, token: FromPath[str]) -> Response[Any]:
    """First what it is about, then what would go back and why; nothing changes by looking."""
    fields = dict(request.query_params)
    refusal: ShopError | None = None
    offer = None
    order = await orders.by_token(db, token)
    if chosen(fields) or fields.get("cause"):
        try:
            offer = await returns.offer(db, order, wish(fields))
        except ShopError as error:
            refusal = error
    return await _page(request, db, token, fields, offer=offer, refusal=refusal)


@post(
    "/orders/{token:str}/returns",
    include_in_schema=False,
    status_code=303,
    request_max_body_size=LARGEST_FORM,
)
async def send(request: AnyRequest, token: FromPath[str]) -> Response[Any]:
    """As it was shown. Money back at once, a person who looks, or a way back; with a photo or not."""
    pool = request.app.state.pool
    data, photo = await _form(request)
    command = command_of(data)
    try:
        tidy = await returns.photos.tidy(photo) if photo else b""
        async with begin(pool) as db:
            order = await orders.by_token(db, token)
            desk = returns.Desk(channel="web")
            done = await returns.complain(
                db, order.id, command, wish(data), desk, request.app.state.settings
            )
            if tidy:
                await returns.photos.add(db, order, done.id, tidy)
    except ShopError as refusal:
        if refusal.status == 404:
            raise
        async with begin(pool) as db:
            return await _again(request, db, token, data, refusal)
    return await _to_payment(request, token, done)


@get("/orders/{token:str}/withdrawal", include_in_schema=False)
async def withdrawal(request: AnyRequest, token: FromPath[str], db: Db) -> Response[Any]:
    """From what the law lets a consumer withdraw, and until when; then what goes back, and a button to
    confirm (2011/83/EU, art. 11a)."""
    order = await orders.by_token(db, token)
    bought = [line for line in await returns.lines(db, order) if line.left > 0]
    now = datetime.now(UTC)
    lines = [one for one in bought if one.withdrawal_until and now < one.withdrawal_until]
    return render(
        request,
        "checkout/withdrawal.html",
        token=token,
        order=order,
        lines=lines,
        all_of_it={line.key: str(line.left) for line in lines},
        last=max((one.withdrawal_until for one in lines if one.withdrawal_until), default=now)
        - timedelta(seconds=1),
        never=[line.name for line in bought if line.exception],
    )


@get("/orders/{token:str}/returns/{id:uuid}", include_in_schema=False)
async def asked(
    request: AnyRequest, token: FromPath[str], id: FromPath[UUID], db: Db
) -> Response[Any]:
    """One return: where it is, the code to show, the label, the van."""
    return await _asked(request, db, token, id)


@post(
    "/orders/{token:str}/returns/{id:uuid}/photos",
    include_in_schema=False,
    status_code=303,
    request_max_body_size=LARGEST_FORM,
)
async def add_photo(request: AnyRequest, token: FromPath[str], id: FromPath[UUID]) -> Response[Any]:
    pool = request.app.state.pool
    _, photo = await _form(request)
    try:
        tidy = await returns.photos.tidy(photo)
        async with begin(pool) as db:
            order = await orders.by_token(db, token)
            await returns.photos.add(db, order, id, tidy)
    except ShopError as refusal:
        if refusal.status == 404:
            raise
        async with begin(pool) as db:
            return await _asked(request, db, token, id, refusal)
    return Redirect(f"/orders/{token}/returns/{id}", status_code=303)


@post("/orders/{token:str}/returns/{id:uuid}/payment", include_in_schema=False, status_code=303)
async def pay(request: AnyRequest, token: FromPath[str], id: FromPath[UUID]) -> Response[Any]:
    """What is taken instead costs more: on to where that is paid."""
    async with begin(request.app.state.pool) as db:
        order = await orders.by_token(db, token)
        asked = await returns.request(db, id)
        if asked is None or asked.order_id != order.id or asked.exchange_id is None:
            raise NotFound("There is no such request.")
        intent = await payments.open_intent_of_order(db, asked.exchange_id)
    done = returns.Done(
        id=id, settled=False, amount=0, currency=order.currency, exchange=asked.exchange_id,
        intent=intent.id if intent else None,
    )  # fmt: skip
    return await _to_payment(request, token, done)


@get("/orders/{token:str}/returns/{id:uuid}/label.pdf", include_in_schema=False)
async def label(request: AnyRequest, token: FromPath[str], id: FromPath[UUID]) -> Response[bytes]:
    """Of the parcel it comes back in, A6: a number any carrier scans, and the address of the shop."""
    pool, settings = request.app.state.pool, request.app.state.settings
    async with begin(pool) as db:
        order = await orders.by_token(db, token)
        number = await returns.label(db, order.id, id)
        found = await returns.request(db, id)
        assert found is not None, "it has a label"
        place = next(one for one in await stock.places(db) if one.id == order.place_id)
    language = language_of(request)
    paper = carriers.ReturnLabel(
        sscc=number,
        code=found.spoken,
        word=translate(language, RETURN),
        to=place,
        base_url=settings.base_url,
        language=language,
    )
    body = await carriers.carrier_of(settings).print_return_label(paper)
    return Response(body, media_type="application/pdf",
                    headers={"Cache-Control": "private, no-store"})  # fmt: skip


@post("/orders/{token:str}/returns/{id:uuid}/withdrawal", include_in_schema=False, status_code=303)
async def keep(token: FromPath[str], id: FromPath[UUID], data: Fields, db: Db) -> Redirect:
    """The shopper keeps it after all."""
    order = await orders.by_token(db, token)
    await returns.withdraw(db, order.id, command_of(data), id)
    return Redirect(f"/orders/{token}#returns", status_code=303)


@post("/orders/{token:str}/late", include_in_schema=False, status_code=303)
async def late(token: FromPath[str], data: Fields, db: Db) -> Redirect:
    """It came too late: what bringing it cost goes back, once."""
    order = await orders.by_token(db, token)
    await returns.late(db, order.id, command_of(data), data.get("note", "")[:2000])
    return Redirect(f"/orders/{token}#returns", status_code=303)


async def _again(
    request: AnyRequest, db: Connection, token: str, fields: dict[str, str], refusal: ShopError
) -> Response[Any]:
    """With the offer as it is now, so that it can be agreed to."""
    order = await orders.by_token(db, token)
    offer = None
    try:
        offer = await returns.offer(db, order, wish(fields))
    except ShopError as error:
        refusal = error
    return await _page(request, db, token, fields, offer=offer, refusal=refusal)


async def _page(
    request: AnyRequest,
    db: Connection,
    token: str,
    fields: dict[str, Any],
    *,
    offer: returns.Offer | None,
    refusal: ShopError | None,
) -> Response[Any]:
    order = await orders.by_token(db, token)
    return render(
        request,
        "checkout/returns.html",
        status=refusal.status if refusal else 200,
        token=token,
        order=order,
        bought=await returns.lines(db, order),
        chosen=chosen(fields),
        cause=str(fields.get("cause", "")),
        note=str(fields.get("note", ""))[:2000],
        offer=offer,
        points=await points_lost(db, order, offer),
        refusal=refusal,
        ours=returns.OURS,
        was_late=returns.was_late(order),
        times=await returns.collecting.offered(db, order) if offer else [],
        choices=await returns.choices(db, order, chosen(fields), language_of(request))
        if offer
        else [],
        kept_days=returns.photos.KEPT_DAYS,
    )


async def _asked(
    request: AnyRequest, db: Connection, token: str, id: UUID, refusal: ShopError | None = None
) -> Response[Any]:
    order = await orders.by_token(db, token)
    came = next(
        (one for one in await returns.came(db, order.id) if id in (one.id, one.request_id)), None
    )
    found = next((one for one in await returns.requests(db, order.id) if one.id == id), None)
    if came is None and found is None:
        raise NotFound("There is no such request.")
    cause = came.cause if came else found.cause if found else ""
    return render(
        request,
        "checkout/asked.html",
        status=refusal.status if refusal else 200,
        token=token,
        id=id,
        order=order,
        came=came,
        asked=found,
        units=came.units if came else found.lines if found else {},
        names=returns.names(order, await returns.lines(db, order)),
        stop=await returns.collecting.stop(db, id),
        parcel=await returns.parcels.where(db, id),
        qr=qr_path(found.spoken) if found and found.code else None,
        ours=cause in returns.OURS,
        instead=await _instead(request, db, found),
        photos=len(await returns.photos.of(db, id)),
        kept_days=returns.photos.KEPT_DAYS,
        refusal=refusal,
    )


async def _to_payment(request: AnyRequest, token: str, done: returns.Done) -> Response[Any]:
    """And then to the page of what is taken instead, which follows by itself; where the provider does
    not answer, to that of the return."""
    state = request.app.state
    try:
        paying = await returns.exchanging.with_pay_page(state.pool, state.settings, done)
    except Busy:
        paying = done
    if paying.pay_at is None:
        return Redirect(f"/orders/{token}/returns/{done.id}", status_code=303)
    return leave_for(request, paying.pay_at)


async def _instead(
    request: AnyRequest, db: Connection, found: returns.Request | None
) -> dict[str, Any] | None:
    """The order that waits for what comes back, or went on with it, and its page."""
    if found is None or found.exchange_id is None:
        return None
    order = await orders.read(db, found.exchange_id)
    assert order is not None, "orders are kept"
    settings = request.app.state.settings
    waits = await payments.open_intent_of_order(db, order.id)
    return {
        "order": order,
        "at": f"/orders/{link_token(settings.secret, order.id)}",
        "to_pay": waits.amount if waits else 0,
    }


async def _form(request: AnyRequest) -> tuple[dict[str, str], bytes]:
    """The fields, and the photo of a form that may carry one. Raises Malformed for files elsewhere."""
    fields, photo = {}, b""
    for name, value in (await request.form()).items():
        if isinstance(value, str):
            fields[name] = value
        elif name == "photo" and isinstance(value, UploadFile):
            photo = await value.read()
        else:
            raise Malformed("We could not read this request.")
    return fields, photo


routes: list[Any] = [
    choose, send, withdrawal, asked, add_photo, pay, label, keep, late,
]  # fmt: skip
