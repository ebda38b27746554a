"""Where orders can be collected, and when: one form for each place."""

from datetime import time
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import URLEncodedBody
from litestar.response import Redirect

from app import collecting, commands, staff, stock
from app.collecting import Desk, Hours
from app.db import Connection, Db, begin
from app.errors import Malformed, ShopError, Unprocessable
from app.pages.rendering import render

AnyRequest = Request[staff.Person, Any, Any]
HOME = "/merchandiser/collecting"
WEEK = (1, 2, 3, 4, 5, 6, 7)


class Shown(msgspec.Struct, frozen=True):
    place_id: UUID
    name: str
    open: bool
    version: int
    fields: dict[str, str]
    """As its form is filled in; `written` when somebody wrote it that was refused."""
    written: bool


@get(HOME, include_in_schema=False)
async def overview(request: AnyRequest, db: Db) -> Response[str]:
    return await _overview(request, db)


@post(HOME, include_in_schema=False, status_code=303)
async def set_up(request: AnyRequest, data: URLEncodedBody[dict[str, str]]) -> Response[Any]:
    try:
        command, place_id = UUID(data.get("command", "")), UUID(data.get("place", ""))
        seen = msgspec.convert(data.get("version", ""), int, strict=False)
    except (ValueError, msgspec.ValidationError) as error:
        raise Malformed("We could not read this request.") from error
    refusal: ShopError | None = None
    try:
        desk = _read(data)
        async with begin(request.app.state.pool) as db:
            await _keep(db, request.user, command, place_id, desk, max(0, min(seen, 2**53)))
    except ShopError as error:
        if error.status == 404:
            raise
        refusal = error
    if refusal is None:
        return Redirect(HOME, status_code=303)
    async with begin(request.app.state.pool) as db:
        return await _overview(request, db, refusal, data)


async def _keep(
    db: Connection, person: staff.Person, command: UUID, place_id: UUID, desk: Desk, seen: int
) -> None:
    async def act() -> dict[str, str]:
        await collecting.set_up(db, place_id, desk, seen=seen)
        await staff.note(db, person, "collecting.set_up", str(place_id))
        return {"place": str(place_id)}

    await commands.once(db, person.id, command, ["desk", place_id, desk, seen], act)


async def _overview(
    request: AnyRequest,
    db: Connection,
    refusal: ShopError | None = None,
    data: dict[str, str] | None = None,
) -> Response[str]:
    """With a refusal, `data` is what was written and is not lost."""
    places = []
    for place in await stock.places(db):
        desk = await collecting.desk(db, place.id)
        version = await collecting.version(db, place.id)
        written = data if data and data.get("place") == str(place.id) else None
        fields = written or _filled(desk or Desk(hours=[]))
        is_open = bool(desk and desk.open)
        places.append(Shown(place.id, place.name, is_open, version, fields, written is not None))
    return render(
        request,
        "merchandiser/collecting/collecting.html",
        status=refusal.status if refusal else 200,
        places=places,
        week=WEEK,
        refusal=refusal,
    )


def _filled(desk: Desk) -> dict[str, str]:
    times = {
        f"{what}-{one.weekday}": f"{at:%H:%M}"
        for one in desk.hours
        for what, at in (("opens", one.opens), ("closes", one.closes))
    }
    ticks = {name: "true" for name in ("on_holidays", "open") if getattr(desk, name)}
    plain = {"ready_minutes": str(desk.ready_minutes), "keep_days": str(desk.keep_days)}
    return times | ticks | plain | {"hint": desk.hint}


def _read(data: dict[str, str]) -> Desk:
    """Raises Unprocessable for what is no time or no number, in one sentence."""
    hours = []
    try:
        for day in WEEK:
            opens, closes = data.get(f"opens-{day}", ""), data.get(f"closes-{day}", "")
            if opens or closes:
                hours.append(Hours(day, time.fromisoformat(opens), time.fromisoformat(closes)))
        plain = {
            "hours": msgspec.to_builtins(hours),
            "ready_minutes": data.get("ready_minutes", ""),
            "keep_days": data.get("keep_days", ""),
            "on_holidays": data.get("on_holidays") == "true",
            "hint": data.get("hint", "").strip(),
            "open": data.get("open") == "true",
        }
        return msgspec.convert(plain, Desk, strict=False)
    except (ValueError, msgspec.ValidationError) as error:
        raise Unprocessable(
            "Write times like 09:00, up to two days for picking and up to 14 days of keeping.",
            code="no-such-hours",
        ) from error


routes: list[Any] = [overview, set_up]
