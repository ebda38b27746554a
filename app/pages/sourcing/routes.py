"""What nobody can send with its acts, the rules with a dry run, and why an order comes from where."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery
from litestar.response import Redirect
from msgspec import Meta

from app import orders, sourcing, stock
from app.db import Connection, Db, begin, new_id
from app.errors import Malformed, NotFound, ShopError
from app.fulfilment import resourcing
from app.http.bounds import Line
from app.http.problems import language_of
from app.pages.acting import AnyRequest, Form, act_of, attempt
from app.pages.checkout.parts import parts_of
from app.pages.naming import order_in_my_language
from app.pages.rendering import render
from app.pages.sourcing import forms

URL_ENCODED = RequestEncodingType.URL_ENCODED
Fields = Annotated[dict[str, str], Body(media_type=URL_ENCODED)]
TRIED_ON = (200, 1000, 5000)


class AgainForm(Form, kw_only=True):
    place: str = ""


class RefuseForm(Form, kw_only=True):
    part: UUID
    reason: Annotated[Line, Meta(min_length=1)]


@get("/sourcing", include_in_schema=False)
async def unfilled(request: AnyRequest, db: Db, number: FromQuery[str] = "") -> Response[Any]:
    """What waits; with the number of an order, why that comes from where it comes from."""
    if not number:
        return await _unfilled(request, db)
    found = await orders.by_number(db, number.strip().upper()[:20])
    if found is None:
        refusal = NotFound("There is no such order.")
        return await _unfilled(request, db, refusal, number)
    return Redirect(f"/sourcing/orders/{found}")


@post("/sourcing/{order_id:uuid}/again", include_in_schema=False, status_code=303)
async def again(
    request: AnyRequest,
    order_id: FromPath[UUID],
    data: Annotated[AgainForm, Body(media_type=URL_ENCODED)],
) -> Response[Any]:
    """Ask everybody once more, or one place."""
    act, place = act_of(request, data), _id(data.place) if data.place else None
    return await _after(
        request,
        await attempt(request, lambda db: resourcing.try_again(db, act, order_id, place)),
    )


@post("/sourcing/{order_id:uuid}/wait", include_in_schema=False, status_code=303)
async def wait(
    request: AnyRequest,
    order_id: FromPath[UUID],
    data: Annotated[Form, Body(media_type=URL_ENCODED)],
) -> Response[Any]:
    act = act_of(request, data)
    return await _after(
        request, await attempt(request, lambda db: resourcing.wait(db, act, order_id))
    )


@post("/sourcing/{order_id:uuid}/give-up", include_in_schema=False, status_code=303)
async def give_up(
    request: AnyRequest,
    order_id: FromPath[UUID],
    data: Annotated[Form, Body(media_type=URL_ENCODED)],
) -> Response[Any]:
    """Pay back what nobody can send."""
    act = act_of(request, data)
    return await _after(
        request, await attempt(request, lambda db: resourcing.give_up(db, act, order_id))
    )


@get("/sourcing/rules", include_in_schema=False)
async def rules(request: AnyRequest, db: Db) -> Response[str]:
    version, weights = await sourcing.weights(db)
    return await _rules(request, db, version, forms.written(weights))


@post("/sourcing/rules/tries", include_in_schema=False, status_code=303)
async def try_rules(request: AnyRequest, data: Fields, db: Db) -> Response[Any]:
    """A dry run on the orders of the past; nothing changes by it."""
    seen, most = data.get("seen", ""), data.get("most", "")
    if not (seen.isascii() and seen.isdigit() and len(seen) < 9) or most not in map(str, TRIED_ON):
        raise Malformed("We could not read this request.")
    weights, wrong = forms.read(data, await stock.places(db))
    if weights is None:
        return await _rules(request, db, int(seen), data, wrong)
    id = _id(data.get("command", ""))
    await sourcing.begin_try(db, id, int(seen), int(most), weights)
    return Redirect(f"/sourcing/rules/tries/{id}", status_code=303)


@get("/sourcing/rules/tries/{id:uuid}", include_in_schema=False)
async def tried(request: AnyRequest, id: FromPath[UUID], db: Db) -> Response[str]:
    return await _tried(request, db, id)


@post("/sourcing/rules/tries/{id:uuid}/publish", include_in_schema=False, status_code=303)
async def publish(
    request: AnyRequest,
    id: FromPath[UUID],
    data: Annotated[Form, Body(media_type=URL_ENCODED)],
) -> Response[Any]:
    """From now on these rules count."""

    async def act(db: Connection) -> None:
        await sourcing.publish(db, request.user, data.command, await _try(db, id))

    refusal = await attempt(request, act)
    if refusal is None:
        return Redirect("/sourcing/rules", status_code=303)
    async with begin(request.app.state.pool) as db:
        return await _tried(request, db, id, refusal)


@get("/sourcing/orders/{id:uuid}", include_in_schema=False)
async def why(request: AnyRequest, id: FromPath[UUID], db: Db) -> Response[str]:
    """Each decision about an order: who was considered, who was chosen, and what it was worth."""
    return await _why(request, db, id)


@post("/sourcing/orders/{id:uuid}/refuse", include_in_schema=False, status_code=303)
async def refuse(
    request: AnyRequest,
    id: FromPath[UUID],
    data: Annotated[RefuseForm, Body(media_type=URL_ENCODED)],
) -> Response[Any]:
    """A place says that it cannot send its part."""
    act = act_of(request, data)
    refusal = await attempt(
        request, lambda db: resourcing.refuse(db, act, data.part, reason=data.reason)
    )
    if refusal is None:
        return Redirect(f"/sourcing/orders/{id}", status_code=303)
    async with begin(request.app.state.pool) as db:
        return await _why(request, db, id, refusal)


async def _why(
    request: AnyRequest, db: Connection, id: UUID, refusal: ShopError | None = None
) -> Response[str]:
    sold = await orders.read(db, id)
    if sold is None:
        raise NotFound("There is no such order.")
    order = await order_in_my_language(request, db, sold)
    names = await _names(db)
    return render(
        request,
        "sourcing/why.html",
        status=refusal.status if refusal else 200,
        order=order,
        parts=await parts_of(db, order),
        may_refuse=bool({"dispatcher", "operator"} & set(request.user.roles)),
        refusal=refusal,
        decisions=await sourcing.decisions(db, id),
        names=names,
        names_of=lambda ids: ", ".join(names.get(id, "–") for id in ids),
        products={line.product_id: line.name for line in order.lines},
    )


async def _after(request: AnyRequest, refusal: ShopError | None) -> Response[Any]:
    if refusal is None:
        return Redirect("/sourcing", status_code=303)
    async with begin(request.app.state.pool) as db:
        return await _unfilled(request, db, refusal)


async def _unfilled(
    request: AnyRequest, db: Connection, refusal: ShopError | None = None, number: str = ""
) -> Response[str]:
    """`number` is what somebody typed that no order has."""
    return render(
        request,
        "sourcing/unfilled.html",
        status=refusal.status if refusal else 200,
        work=await resourcing.to_do(db, language_of(request)),
        places=[place for place in await stock.places(db) if place.open],
        number=number[:20],
        refusal=refusal,
    )


async def _rules(
    request: AnyRequest,
    db: Connection,
    version: int,
    written: dict[str, str],
    wrong: set[str] | None = None,
) -> Response[str]:
    return render(
        request,
        "sourcing/rules.html",
        status=422 if wrong else 200,
        version=version,
        written=written,
        wrong=wrong or set(),
        groups=forms.groups_in(written),
        places=await stock.places(db),
        tried_on=TRIED_ON,
        history=await sourcing.history(db, 5),
    )


async def _tried(
    request: AnyRequest, db: Connection, id: UUID, refusal: ShopError | None = None
) -> Response[str]:
    return render(
        request,
        "sourcing/try.html",
        status=refusal.status if refusal else 200,
        tried=await _try(db, id),
        names=await _names(db),
        refusal=refusal,
        again=new_id(),
    )


async def _try(db: Connection, id: UUID) -> sourcing.Try:
    found = await sourcing.read_try(db, id)
    if found is None:
        raise NotFound("There is no such try.")
    return found


async def _names(db: Connection) -> dict[UUID, str]:
    return {place.id: place.name for place in await stock.places(db)}


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound("There is nothing here.") from error


routes: list[Any] = [unfilled, again, wait, give_up, rules, try_rules, tried, publish, why, refuse]
