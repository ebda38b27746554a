"""The operator's desk: health, queues, what waits for a person, and whether all promises hold."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import URLEncodedBody
from litestar.response import Redirect

from app import commands, jobs, payments, sourcing, staff
from app.db import Db, checks
from app.errors import Conflict
from app.http.bounds import Line, Version
from app.http.problems import language_of
from app.pages.contact.words import in_words as happened_in_words
from app.pages.rendering import render
from app.pages.state import health, hooks, metrics
from app.pages.state.words import in_words, work_in_words

AnyRequest = Request[staff.Person, Any, Any]


class HearAgain(msgspec.Struct):
    command: UUID
    consumer: Line
    aggregate: UUID
    number: Version


class StepAgain(msgspec.Struct):
    command: UUID
    step: UUID


class Settle(msgspec.Struct):
    command: UUID
    oddity: UUID


@get("/state", include_in_schema=False)
async def state(request: AnyRequest, db: Db) -> Response[str]:
    return render(
        request,
        "state/state.html",
        health=await health.health(request.app.state, db),
        queues=await health.queues(db),
        items=await health.work_items(db),
        promises=await checks.names(db),
        unfilled=len(await sourcing.unfilled(db)),
        happened=happened_in_words,
        work=work_in_words,
    )


@get("/state/checks", include_in_schema=False)
async def promises(request: AnyRequest, db: Db) -> Response[str]:
    """Reads everything there is, so it has a page of its own."""
    found, language = await checks.run(db), language_of(request)
    words = {check.name: in_words(check.name, language) for check in found}
    return render(request, "state/checks.html", checks=found, words=words)


@post("/state/events", include_in_schema=False, status_code=303)
async def hear_again(request: AnyRequest, data: URLEncodedBody[HearAgain], db: Db) -> Redirect:
    """Offer a parked event to its consumer once more."""

    async def act() -> str:
        if not await jobs.hear_again(db, data.consumer, data.aggregate, data.number):
            raise Conflict("Somebody else has dealt with this already.")
        subject = f"{data.consumer} {data.aggregate} {data.number}"
        await staff.note(db, request.user, "hear event again", subject)
        return "queued"

    await commands.once(db, request.user.id, data.command, data, act)
    return Redirect("/state", status_code=303)


@post("/state/steps", include_in_schema=False, status_code=303)
async def step_again(request: AnyRequest, data: URLEncodedBody[StepAgain], db: Db) -> Redirect:
    """Take a failed step once more."""

    async def act() -> str:
        if not await jobs.step_again(db, data.step):
            raise Conflict("Somebody else has dealt with this already.")
        await staff.note(db, request.user, "take step again", str(data.step))
        return "queued"

    await commands.once(db, request.user.id, data.command, data, act)
    return Redirect("/state", status_code=303)


@post("/state/oddities", include_in_schema=False, status_code=303)
async def settle(request: AnyRequest, data: URLEncodedBody[Settle], db: Db) -> Redirect:
    """Somebody has looked at what a payment provider told."""

    async def act() -> str:
        if not await payments.settle_oddity(db, data.oddity):
            raise Conflict("Somebody else has dealt with this already.")
        await staff.note(db, request.user, "settle payment oddity", str(data.oddity))
        return "settled"

    await commands.once(db, request.user.id, data.command, data, act)
    return Redirect("/state", status_code=303)


routes: list[Any] = [
    state,
    promises,
    hear_again,
    step_again,
    settle,
    *hooks.routes,
    *metrics.routes,
]
