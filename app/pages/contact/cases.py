"""Cases: all that are to do, live; one with everything said about it; and returns on a call."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery
from litestar.response import Redirect, Stream
from msgspec import Meta

from app import cases, contact, orders, returns, staff
from app.cases import Channel, Kind
from app.db import Connection, Db, begin
from app.errors import Conflict, Malformed, NotAllowed, NotFound, ShopError
from app.http.problems import language_of
from app.money import Money
from app.pages.contact.asking import Form, Reason, Words
from app.pages.contact.calling import show_call
from app.pages.naming import in_my_language, order_in_my_language
from app.pages.rendering import render
from app.pages.returning import chosen, points_lost, wish
from app.pages.till.standing import coins

AnyRequest = Request[staff.Person, Any, Any]
URL_ENCODED = RequestEncodingType.URL_ENCODED
Fields = Annotated[dict[str, str], Body(media_type=URL_ENCODED)]
MOST = 200


class Said(Form, kw_only=True):
    text: Words
    channel: Channel = "note"


class Written(Form, kw_only=True):
    template: Annotated[str, Meta(max_length=40, pattern="^[a-z-]+$")]


class Learned(Form, kw_only=True):
    learned: Reason
    thank: bool = False


class Opened(Form, kw_only=True):
    kind: Kind
    words: Words
    channel: Channel = "phone"


class Agreed(Form, kw_only=True):
    amount: Annotated[int, Meta(ge=0, le=10_000_000_000)]


class Refusal(Form, kw_only=True):
    why: Reason


@get("/contact/cases", include_in_schema=False)
async def board(request: AnyRequest, db: Db, whose: FromQuery[str] = "") -> Response[Any]:
    """What waits for an answer first: `mine`, `nobody`'s, or all."""
    # Read before the list: one that is opened in between is announced, and fetched, once more.
    version = (await cases.versions(db, ["all"]))["all"]
    found = await cases.to_do(db, MOST)
    shelves = {
        "": found,
        "mine": [one for one in found if one.owner == request.user.id],
        "nobody": [one for one in found if one.owner is None],
    }
    whose = whose if whose in shelves else ""
    return render(
        request,
        "contact/cases.html",
        refusal=None,
        found=shelves[whose],
        whose=whose,
        counts={name: len(shelf) for name, shelf in shelves.items()},
        now=datetime.now(UTC),
        version=version,
    )


@get("/contact/cases/events", include_in_schema=False, media_type="text/event-stream")
async def events(request: AnyRequest) -> Response[Any]:
    """`version` whenever a case was opened, taken, answered or closed."""
    return Stream(
        follow(request.app.state),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no", "Cache-Control": "no-store"},
    )


async def follow(state: Any) -> AsyncIterator[str]:
    seen = -1
    yield "retry: 2000\n\n"
    async for changed in state.hub.wakes("cases:all"):
        if changed is None:
            yield ": still here\n\n"
            continue
        version = (await cases.versions(state.pool, ["all"]))["all"]
        if version > seen:
            seen = version
            yield f"id: {version}\nevent: version\ndata: {version}\n\n"


@get("/contact/cases/{id:uuid}", include_in_schema=False)
async def case(request: AnyRequest, db: Db, id: FromPath[UUID]) -> Response[Any]:
    """What went wrong, and all that was said; who it was is shown on a call, to whom verified them."""
    return await _case(request, db, id)


@post("/contact/cases/{id:uuid}/owner", include_in_schema=False, status_code=303)
async def take(
    request: AnyRequest, id: FromPath[UUID], data: Annotated[Form, Body(media_type=URL_ENCODED)]
) -> Response[Any]:
    return await _act(request, id, lambda db: cases.take(db, request.user, data.command, id))


@post("/contact/cases/{id:uuid}/entries", include_in_schema=False, status_code=303)
async def record(
    request: AnyRequest, id: FromPath[UUID], data: Annotated[Said, Body(media_type=URL_ENCODED)]
) -> Response[Any]:
    """What was said, by whichever means; never a card number."""

    async def do(db: Connection) -> None:
        contact.check_no_card(data.text)
        await cases.record(db, request.user, data.command, id, data.channel, data.text)

    return await _act(request, id, do)


@post("/contact/cases/{id:uuid}/letters", include_in_schema=False, status_code=303)
async def write(
    request: AnyRequest, id: FromPath[UUID], data: Annotated[Written, Body(media_type=URL_ENCODED)]
) -> Response[Any]:
    settings = request.app.state.settings
    return await _act(
        request,
        id,
        lambda db: cases.write_to(db, request.user, data.command, id, data.template, settings),
    )


@post("/contact/cases/{id:uuid}/end", include_in_schema=False, status_code=303)
async def close(
    request: AnyRequest, id: FromPath[UUID], data: Annotated[Learned, Body(media_type=URL_ENCODED)]
) -> Response[Any]:
    """With what was learned; with a tap it is told to the customer, with thanks."""
    thank = request.app.state.settings if data.thank else None

    async def do(db: Connection) -> None:
        contact.check_no_card(data.learned)
        await cases.close(db, request.user, data.command, id, data.learned, thank=thank)

    return await _act(request, id, do)


@post("/contact/cases/{id:uuid}/nobody", include_in_schema=False, status_code=303)
async def give_up(
    request: AnyRequest, id: FromPath[UUID], data: Annotated[Form, Body(media_type=URL_ENCODED)]
) -> Response[Any]:
    """Somebody else may look after it."""
    return await _act(request, id, lambda db: cases.give_up(db, request.user, data.command, id))


@post("/contact/calls/{id:uuid}/cases", include_in_schema=False, status_code=303)
async def open_one(
    request: AnyRequest, id: FromPath[UUID], data: Annotated[Opened, Body(media_type=URL_ENCODED)]
) -> Response[Any]:
    """What a verified customer says was wrong, by whichever means; never a card number."""
    try:
        contact.check_no_card(data.words)
        async with begin(request.app.state.pool) as db:
            order_id = await contact.order_on(db, request.user, id)
            case_id = await cases.open_at_desk(
                db, request.user, data.command, order_id, data.kind, data.words, data.channel
            )
    except (Malformed, NotAllowed, Conflict) as refusal:
        typed = {"said_wrong": data.words, "kind": data.kind}
        return await show_call(request, id, typed, "", refusal=refusal)
    return Redirect(f"/contact/cases/{case_id}", status_code=303)


@post("/contact/cases/{id:uuid}/approval", include_in_schema=False, status_code=303)
async def approve(
    request: AnyRequest, id: FromPath[UUID], data: Annotated[Agreed, Body(media_type=URL_ENCODED)]
) -> Response[Any]:
    """The money goes back, as it was shown."""

    async def do(db: Connection) -> None:
        found = await _asked(db, id)
        await returns.approve(db, request.user, data.command, found.id, data.amount)

    return await _act(request, id, do)


@post("/contact/cases/{id:uuid}/refusal", include_in_schema=False, status_code=303)
async def refuse(
    request: AnyRequest, id: FromPath[UUID], data: Annotated[Refusal, Body(media_type=URL_ENCODED)]
) -> Response[Any]:
    """For a reason the shopper reads."""

    async def do(db: Connection) -> None:
        contact.check_no_card(data.why)
        found = await _asked(db, id)
        await returns.refuse(db, request.user, data.command, found.id, data.why)

    return await _act(request, id, do)


@get("/contact/cases/{id:uuid}/photos/{name:str}", include_in_schema=False)
async def photo(id: FromPath[UUID], name: FromPath[str], db: Db) -> Response[bytes]:
    """What the shopper saw; only here, and until it is deleted."""
    found = await cases.read(db, id)
    if found.about is None:
        raise NotFound("This photo is not kept any more.")
    body = await returns.photos.read(db, found.about, name)
    return Response(body, media_type="image/jpeg",
                    headers={"Cache-Control": "private, no-store"})  # fmt: skip


@get("/contact/calls/{id:uuid}/returns", include_in_schema=False)
async def choose(request: AnyRequest, db: Db, id: FromPath[UUID]) -> Response[Any]:
    """With the customer on the phone: what would go back, to be read aloud."""
    return await _returns(request, db, id, dict(request.query_params))


@post("/contact/calls/{id:uuid}/returns", include_in_schema=False, status_code=303)
async def take_back(request: AnyRequest, id: FromPath[UUID], data: Fields) -> Response[Any]:
    """As it was read out and agreed to. Where the shop has failed the goods stay with the customer; else
    the money goes back when they are here."""

    settings = request.app.state.settings
    asked: list[returns.Done] = []

    async def do(db: Connection) -> None:
        order_id = await contact.order_on(db, request.user, id)
        command, wanted = _command(data), wish(data)
        desk = returns.Desk(channel="phone", by=request.user.id)
        if wanted.cause in returns.OURS:
            await returns.take(db, order_id, command, wanted, desk)
            return
        done = await returns.complain(db, order_id, command, wanted, desk, settings)
        asked.append(done)
        if done.exchange is not None and done.to_pay:
            await contact.mail_pay_link(db, settings, done.exchange, command)

    answer = await _on_call(request, id, data, do)
    for done in asked:
        await returns.exchanging.with_pay_page(request.app.state.pool, settings, done)
    return answer


@post("/contact/calls/{id:uuid}/goodwill", include_in_schema=False, status_code=303)
async def give(request: AnyRequest, id: FromPath[UUID], data: Fields) -> Response[Any]:
    """With our apologies, within the limit of the role."""

    async def do(db: Connection) -> None:
        order_id = await contact.order_on(db, request.user, id)
        order = await orders.read(db, order_id)
        assert order is not None, "it is on the call"
        amount = coins(data.get("amount", ""), order.currency)
        reason = data.get("reason", "").strip()[:200]
        contact.check_no_card(reason)
        if amount < 1 or len(reason) < 3:
            raise Malformed("Please write an amount and a reason.", code="no-amount")
        await returns.give(db, request.user, order_id, _command(data), amount, reason)

    return await _on_call(request, id, data, do)


async def _on_call(
    request: AnyRequest, id: UUID, data: dict[str, str], do: Callable[[Connection], Awaitable[None]]
) -> Response[Any]:
    pool = request.app.state.pool
    try:
        async with begin(pool) as db:
            await do(db)
    except ShopError as refusal:
        if refusal.status == 404:
            raise
        async with begin(pool) as db:
            return await _returns(request, db, id, data, refusal)
    return Redirect(f"/contact/calls/{id}", status_code=303)


async def _returns(
    request: AnyRequest,
    db: Connection,
    id: UUID,
    fields: dict[str, Any],
    refusal: ShopError | None = None,
) -> Response[Any]:
    order = await orders.read(db, await contact.order_on(db, request.user, id))
    assert order is not None, "it is on the call"
    offer = None
    if chosen(fields) or fields.get("cause"):
        try:
            offer = await returns.offer(db, order, wish(fields))
        except ShopError as error:
            refusal = refusal or error
    order = await order_in_my_language(request, db, order)
    return render(
        request,
        "contact/returns.html",
        status=refusal.status if refusal else 200,
        id=id,
        order=order,
        bought=await in_my_language(request, db, await returns.lines(db, order)),
        chosen=chosen(fields),
        cause=str(fields.get("cause", "")),
        typed={name: str(fields.get(name, "")) for name in ("amount", "reason")}
        if "reason" in fields
        else {},
        offer=offer,
        points=await points_lost(db, order, offer),
        ours=returns.OURS,
        times=await returns.collecting.offered(db, order) if offer else [],
        choices=await returns.choices(db, order, chosen(fields), language_of(request))
        if offer
        else [],
        refusal=refusal,
    )


async def _act(
    request: AnyRequest, id: UUID, do: Callable[[Connection], Awaitable[None]]
) -> Response[Any]:
    """In a transaction of its own; a refusal is shown on the page of the case."""
    pool = request.app.state.pool
    try:
        async with begin(pool) as db:
            await do(db)
    except ShopError as refusal:
        if refusal.status == 404:
            raise
        async with begin(pool) as db:
            return await _case(request, db, id, refusal)
    return Redirect(f"/contact/cases/{id}", status_code=303)


async def _case(
    request: AnyRequest, db: Connection, id: UUID, refusal: ShopError | None = None
) -> Response[Any]:
    found = await cases.read(db, id)
    order = await orders.read(db, found.order_id)
    assert order is not None, "a case is of an order"
    order = await order_in_my_language(request, db, order)
    asked = await returns.request(db, found.about) if found.about else None
    came = [one for one in await returns.came(db, order.id) if one.id == found.about]
    units = asked.lines if asked else came[0].units if came else {}
    names = returns.names(order, await returns.lines(db, order))
    return render(
        request,
        "contact/case.html",
        status=refusal.status if refusal else 200,
        case=found,
        order=order,
        asked=asked,
        came=came[0] if came else None,
        about=[(n, names[key]) for key, n in units.items()],
        amount=await _amount(db, order, asked),
        said=await cases.entries(db, id),
        letters=cases.LETTERS,
        photos=await returns.photos.of(db, found.about) if found.about else [],
        record=await returns.record_of(db, order.id),
        parcels=await cases.parcels(db, order.id),
        next=await _next(request, db, id),
        refusal=refusal,
    )


async def _next(request: AnyRequest, db: Connection, id: UUID) -> UUID | None:
    """Whom to help after this one: what is due first of my own, else of nobody's."""
    ahead = [one for one in await cases.to_do(db, MOST) if one.id != id]
    mine = [one.id for one in ahead if one.owner == request.user.id]
    nobodys = [one.id for one in ahead if one.owner is None]
    return next(iter(mine + nobodys), None)


async def _amount(
    db: Connection, order: orders.Order, asked: returns.Request | None
) -> Money | None:
    """What an open request would bring now; none when it cannot bring anything any more."""
    if asked is None or asked.state != "open":
        return None
    try:
        wanted = returns.Wanted(lines=asked.lines, cause=asked.cause)
        return (await returns.offer(db, order, wanted)).amount
    except ShopError:
        return None


async def _asked(db: Connection, case_id: UUID) -> returns.Request:
    found = await cases.read(db, case_id)
    asked = await returns.request(db, found.about) if found.about else None
    if asked is None:
        raise NotFound("There is no such request.")
    return asked


def _command(data: dict[str, str]) -> UUID:
    try:
        return UUID(data.get("command", ""))
    except ValueError as error:
        raise Malformed("We could not read this request.") from error


routes: list[Any] = [
    board, events, case, take, record, write, close, approve, refuse, photo, give_up, open_one, choose, take_back, give,
]  # fmt: skip
