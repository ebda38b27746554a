"""A shopper's commands on their way into the basket of their cookie."""

import asyncio
from typing import Any

from litestar import Request
from litestar.datastructures import Cookie

from app.cart import coalescing, tokens
from app.cart.models import Command, Outcome
from app.db import Pool


async def submit(
    request: Request[Any, Any, Any], wanted: list[Command]
) -> tuple[list[Outcome], Cookie | None]:
    """Carry out commands of this shopper, opening a basket for one who has none."""
    pool: Pool = request.app.state.pool
    token, cookie = tokens.of_request(request), None
    if token is None:
        token, cookie = await tokens.open_new(request)
    answers = await _all(pool, token, wanted)
    if any(isinstance(answer, coalescing.NoCart) for answer in answers):
        token, cookie = await tokens.open_new(request)
        answers = await _all(pool, token, wanted)
    return [answer for answer in answers if isinstance(answer, Outcome)], cookie


async def submit_one(pool: Pool, token: bytes, command: Command) -> Outcome | None:
    """The same of one command for who has this token; None when it opens nothing."""
    answer = await coalescing.submit(pool, token, command)
    return answer if isinstance(answer, Outcome) else None


async def _all(
    pool: Pool, token: bytes, wanted: list[Command]
) -> list[Outcome | coalescing.NoCart]:
    if len(wanted) == 1:  # a scan, as a rule: no task of its own
        return [await coalescing.submit(pool, token, wanted[0])]
    return await asyncio.gather(*(coalescing.submit(pool, token, command) for command in wanted))
