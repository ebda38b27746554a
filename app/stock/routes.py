"""What is left of a product, for everybody; counts, corrections, transfers and stops for the desk."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath, JSONBody
from litestar.response import Stream
from msgspec import Meta

from app import catalog, commands, staff
from app.db import Connection, Db, begin
from app.errors import NotFound
from app.http.bounds import Name, Number, Text
from app.http.idempotency import idempotency_key
from app.http.problems import language_of
from app.languages import translate
from app.stock import coming, counting, moving, queries, rules, stopping
from app.stock.coming.models import Expected
from app.stock.counting.models import Reason
from app.stock.models import Supply
from app.stock.streaming import stream

AnyRequest = Request[staff.Person, Any, Any]
Pieces = Annotated[int, Meta(ge=0, le=1_000_000)]
Change = Annotated[int, Meta(ge=-1_000_000, le=1_000_000)]


class Left(msgspec.Struct, frozen=True):
    """`words` is for the reader; `coming_on` is the day on which more comes in, if there is none, and
    `brought_from` the first day on which it can be brought to who orders it now all the same."""

    supply: Supply
    words: str
    coming_on: date | None
    brought_from: date | None


class Counted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    product_id: UUID
    counted: Pieces


class CountShelves(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    place_id: UUID
    lines: Annotated[list[Counted], Meta(min_length=1, max_length=500)]


class CorrectStock(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    product_id: UUID
    place_id: UUID
    change: Change
    reason: Reason


class Goods(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    product_id: UUID
    quantity: Annotated[int, Meta(ge=0, le=1_000_000)]


class SendGoods(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    from_place: UUID
    to_place: UUID
    lines: Annotated[list[Goods], Meta(min_length=1, max_length=500)]


class GoodsArrived(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Products that did not arrive whole; all others did."""

    lines: Annotated[list[Goods], Meta(max_length=500)] = []


class Announce(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """With `to_order` it can be ordered before it is in, for days after `due_on`."""

    product_id: UUID
    place_id: UUID
    quantity: Annotated[int, Meta(ge=1, le=1_000_000)]
    due_on: date
    to_order: bool = False


class CameIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many came: all that were announced when not given, 0 when none will come."""

    quantity: Pieces | None = None


class StopSale(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`message` is what those who bought it are told, in the shop's own words."""

    product_id: UUID
    reason: Name
    message: Annotated[Text, Meta(min_length=1)]


class Done(msgspec.Struct, frozen=True):
    """`short` are the reservations that miss pieces now; `id` names what was made."""

    on_hand: Number | None = None
    short: dict[str, int] = {}
    id: UUID | None = None


@get("/api/v1/products/{id:uuid}/supply", tags=["stock"])
async def left(request: AnyRequest, id: FromPath[UUID], db: Db) -> Left:
    """How much is left of it, in words: in stock, only a few, or gone for today."""
    await _known(db, id)
    language = language_of(request)
    available = (await queries.available(db, [id]))[id]
    today = datetime.now(request.app.state.settings.zone).date()
    due = (await coming.due(db, [id], today)).get(id) if not available else None
    words = translate(language, rules.in_words(available), count=available)
    coming_on, brought_from = (due.due_on, due.brought_from) if due else (None, None)
    return Left(rules.supply(available), words, coming_on, brought_from)


@get("/api/v1/products/{id:uuid}/supply/events", tags=["stock"], media_type="text/event-stream")
async def events(request: AnyRequest, id: FromPath[UUID]) -> Response[Any]:
    """Server-sent events: `supply` each time the words about what is left change, the first at once."""
    state = request.app.state
    async with begin(state.pool) as db:
        await _known(db, id)
    return Stream(
        stream(state.pool, state.hub, id),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no", "Cache-Control": "no-store"},
    )


@post("/api/v1/stock/counts", status_code=200, tags=["stock"])
async def count(request: AnyRequest, data: JSONBody[CountShelves], db: Db) -> Done:
    """So much was counted. What is promised beyond it falls short, the newest promises first."""

    async def act() -> dict[str, Any]:
        await _place_known(db, data.place_id)
        counted = {(line.product_id, data.place_id): line.counted for line in data.lines}
        short = await counting.count(db, counted)
        return {"short": {str(id): pieces for id, pieces in short.items()}}

    return await _once(request, db, "count stock", str(data.place_id), data, act)


@post("/api/v1/stock/corrections", status_code=200, tags=["stock"])
async def correct(request: AnyRequest, data: JSONBody[CorrectStock], db: Db) -> Done:
    """So many more or fewer, and why. 409 `promised` when buyers were promised more than is left."""

    async def act() -> dict[str, Any]:
        await _place_known(db, data.place_id)
        await _known(db, data.product_id)
        spot = (data.product_id, data.place_id)
        return {"on_hand": await counting.adjust(db, spot, data.change, data.reason)}

    return await _once(
        request, db, f"correct stock: {data.reason}", str(data.product_id), data, act
    )


@post("/api/v1/stock/transfers", status_code=201, tags=["stock"])
async def send(request: AnyRequest, data: JSONBody[SendGoods], db: Db) -> Done:
    """Goods leave one place for another. 409 `not-free` when too little of something is free."""

    async def act() -> dict[str, Any]:
        await _place_known(db, data.from_place)
        await _place_known(db, data.to_place)
        goods = {line.product_id: line.quantity for line in data.lines}
        return {"id": str(await moving.send(db, data.from_place, data.to_place, goods))}

    return await _once(request, db, "send goods", str(data.from_place), data, act)


@post("/api/v1/stock/transfers/{id:uuid}/arrival", status_code=200, tags=["stock"])
async def arrive(
    request: AnyRequest, id: FromPath[UUID], data: JSONBody[GoodsArrived], db: Db
) -> Done:
    """The goods are there. 409 `arrived-already` for those that were noted before."""

    async def act() -> dict[str, Any]:
        found = {line.product_id: line.quantity for line in data.lines}
        await moving.arrive(db, id, found)
        return {"id": str(id)}

    return await _once(request, db, "goods arrived", str(id), [id, data], act)


@get("/api/v1/products/{id:uuid}/expected", tags=["stock"])
async def expected(id: FromPath[UUID], db: Db) -> list[Expected]:
    """What suppliers have announced of it and not brought yet, by day."""
    await _known(db, id)
    return await coming.expected_of(db, id)


@post("/api/v1/stock/expected", status_code=201, tags=["stock"])
async def announce(request: AnyRequest, data: JSONBody[Announce], db: Db) -> Done:
    """So many come in on that day; its page says so while there is none."""

    async def act() -> dict[str, Any]:
        await _place_known(db, data.place_id)
        await _known(db, data.product_id)
        id = await coming.expect(
            db, data.product_id, data.place_id, data.quantity, data.due_on, to_order=data.to_order
        )
        return {"id": str(id)}

    return await _once(request, db, "expect goods", str(data.product_id), data, act)


@post("/api/v1/stock/expected/{id:uuid}/arrival", status_code=200, tags=["stock"])
async def came_in(request: AnyRequest, id: FromPath[UUID], data: JSONBody[CameIn], db: Db) -> Done:
    """The supplier was here; who ordered it before gets it first. 409 `arrived-already` when that
    was noted before."""

    async def act() -> dict[str, Any]:
        await coming.came_in(db, id, data.quantity)
        return {"id": str(id)}

    return await _once(request, db, "goods came in", str(id), [id, data], act)


@post("/api/v1/stock/stops", status_code=201, tags=["stock"])
async def stop(request: AnyRequest, data: JSONBody[StopSale], db: Db) -> Done:
    """Nobody sells, picks or hands over this product from now on; its buyers are written to."""

    async def act() -> dict[str, Any]:
        id = await stopping.stop_sale(db, data.product_id, data.reason, data.message)
        return {"id": str(id)}

    return await _once(request, db, f"stop sale: {data.reason}", str(data.product_id), data, act)


@post("/api/v1/stock/stops/{product_id:uuid}/end", status_code=200, tags=["stock"])
async def resume(request: AnyRequest, product_id: FromPath[UUID], db: Db) -> Done:
    """It may be sold again. 409 `not-stopped` when its sale was not stopped."""

    async def act() -> dict[str, Any]:
        await stopping.resume_sale(db, product_id)
        return {"id": str(product_id)}

    return await _once(request, db, "resume sale", str(product_id), ["resume", product_id], act)


async def _once(
    request: AnyRequest,
    db: Connection,
    what: str,
    subject: str,
    asked: Any,
    act: Callable[[], Awaitable[dict[str, Any]]],
) -> Done:
    async def noted() -> dict[str, Any]:
        outcome = await act()
        await staff.note(db, request.user, what, subject)
        return outcome

    key = idempotency_key(request)
    outcome = await commands.once(db, request.user.id, key, [what, asked], noted)
    return msgspec.convert(outcome, Done)


async def _known(db: Connection, product_id: UUID) -> None:
    if await catalog.product(db, product_id, "en") is None:
        raise NotFound("There is no such product.")


async def _place_known(db: Connection, place_id: UUID) -> None:
    if place_id not in {place.id for place in await queries.places(db)}:
        raise NotFound("There is no such place.")


routes: list[Any] = [
    left, events, count, correct, send, arrive, expected, announce, came_in, stop, resume,
]  # fmt: skip
