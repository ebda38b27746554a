"""Scans of a phone that had no signal: all at once, each with what became of it."""

from typing import Annotated, Any

import msgspec
from litestar import Response, post
from litestar.params import JSONBody
from msgspec import Meta

from app import cart
from app.cart.models import Outcome
from app.errors import Malformed, ShopError
from app.http.problems import CODES, Problem, language_of
from app.languages import translate
from app.scan import rules
from app.scan.answering import AnyRequest, Scan, answer_to, list_of, refuse, wish
from app.scan.models import Code, Scanned, WallListed

MOST_AT_ONCE = 100


class Kept(msgspec.Struct):
    """What a phone has kept, in the order of scanning."""

    scans: Annotated[list[Scan], Meta(min_length=1, max_length=MOST_AT_ONCE)]


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
    outcomes, cookie = await cart.submit(request, list(wanted)) if wanted else ([], None)
    answers = iter(outcomes)
    results = [
        await _result(request, one, code, next(answers))
        if isinstance(code, Code)
        else await _without_basket(request, one, code)
        for one, code in zip(data.scans, codes, strict=True)
    ]
    return Response(Results(results), cookies=[cookie] if cookie else None)


async def _result(request: AnyRequest, one: Scan, code: Code, outcome: Outcome) -> Result:
    try:
        if outcome.refused:
            await refuse(request, outcome, code.label)
    except ShopError as refusal:
        return _problem(request, one, refusal)
    return Result(str(one.id), scanned=await answer_to(request, code.label, outcome))


async def _without_basket(request: AnyRequest, one: Scan, code: str | Malformed) -> Result:
    try:
        if isinstance(code, Malformed):
            raise code
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
