"""Scans of a phone that had no signal: all at once, each with what became of it."""

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from litestar import Response, post
from litestar.params import JSONBody
from msgspec import Meta

from app import cart
from app.cart.models import Outcome
from app.db import begin
from app.errors import Malformed, ShopError
from app.http.problems import CODES, Problem, language_of
from app.languages import translate
from app.scan import rules
from app.scan.answering import (
    AnyRequest,
    Scan,
    answer_to,
    is_known,
    list_of,
    refuse,
    refuse_unknown,
    wish,
)
from app.scan.models import Code, Scanned, WallListed

MOST_AT_ONCE = 100


Anything = Annotated[str, Meta(min_length=1, max_length=5_000)]
"""A QR code holds up to 4,296 letters, and a camera reads what is there."""


class KeptScan(Scan, kw_only=True):
    """As `Scan`; but a code from another world is refused alone, not with all that wait beside it."""

    text: Anything


class Kept(msgspec.Struct):
    """What a phone has kept, in the order of scanning."""

    scans: Annotated[list[KeptScan], Meta(min_length=1, max_length=MOST_AT_ONCE)]


class Result(msgspec.Struct, omit_defaults=True):
    """Of one scan: what it did, the list of the wall whose code it was, or why it did nothing."""

    id: str
    scanned: Scanned | None = None
    listed: WallListed | None = None
    problem: Problem | None = None


class Results(msgspec.Struct):
    """In the order of the scans; `count` is how many things are in the basket now."""

    results: list[Result]


@post("/api/v1/scans/replay", status_code=200, tags=["basket"])
async def replay(request: AnyRequest, data: JSONBody[Kept]) -> Response[Results]:
    """Scans that were kept while there was no signal, up to a hundred, in their order.

    Each acts once however often it is sent, and gets what `POST /api/v1/scans` would have answered:
    `scanned`, `listed`, or a `problem` (price changed, gone, retired). One that is refused stops no other.
    """
    codes = [_code(one.text) for one in data.scans]
    wanted = [
        wish(one, code)
        for one, code in zip(data.scans, codes, strict=True)
        if isinstance(code, Code)
    ]
    opens = cart.of_request(request) is not None or await _any_known(request, codes)
    outcomes, cookie = await cart.submit(request, list(wanted)) if wanted and opens else ([], None)
    answers = iter(outcomes)
    results = [
        await _result(request, one, code, next(answers))
        if isinstance(code, Code) and opens
        else await _without_basket(request, one, code)
        for one, code in zip(data.scans, codes, strict=True)
    ]
    _count(request, codes, results)
    return Response(Results(results), cookies=[cookie] if cookie else None)


async def _any_known(request: AnyRequest, codes: Sequence[Code | str | Malformed]) -> bool:
    """Before somebody without a basket gets one: guessing codes leaves nothing behind."""
    async with begin(request.app.state.pool) as db:
        for code in codes:
            if isinstance(code, Code) and await is_known(request, db, code):
                return True
    return False


def _count(
    request: AnyRequest, codes: Sequence[Code | str | Malformed], results: Sequence[Result]
) -> None:
    """What walls have sold, each scan of this replay once."""
    added = {
        result.id: code.label
        for code, result in zip(codes, results, strict=True)
        if result.scanned and isinstance(code, Code) and code.label
    }
    for label in added.values():
        request.app.state.scans.added(label)


async def _result(request: AnyRequest, one: Scan, code: Code, outcome: Outcome) -> Result:
    try:
        if outcome.refused:
            await refuse(request, outcome, code.label)
    except ShopError as refusal:
        return _problem(request, one, refusal)
    return Result(str(one.id), scanned=await answer_to(request, code.label, outcome))


async def _without_basket(request: AnyRequest, one: Scan, code: Code | str | Malformed) -> Result:
    try:
        match code:
            case Malformed():
                raise code
            case Code():
                await refuse_unknown(request, code)
            case _:
                return Result(str(one.id), listed=await list_of(request, one, code))
    except ShopError as refusal:
        return _problem(request, one, refusal)


def _code(text: str) -> Code | str | Malformed:
    """What belongs into the basket, the name of a wall's list, or why it is neither."""
    if site := rules.wall_list(text):
        return site
    try:
        return rules.read(text)
    except Malformed as error:
        return error


def _problem(request: AnyRequest, one: Scan, refusal: ShopError) -> Result:
    detail = translate(language_of(request), refusal.sentence, **refusal.values)
    code = refusal.code or CODES[refusal.status]
    instance = f"urn:uuid:{request.scope.get('state', {}).get('request_id', '')}"
    problem = Problem(code, refusal.status, detail, code, instance, state=refusal.state)
    return Result(str(one.id), problem=problem)


routes: list[Any] = [replay]
