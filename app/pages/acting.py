"""What the desks of people who work with their hands have in common: one act per form."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request

from app import fulfilment, staff
from app.db import Connection, begin
from app.errors import ShopError

AnyRequest = Request[staff.Person, Any, Any]
Code = Annotated[str, msgspec.Meta(max_length=300, pattern=r"^[^\x00]*$")]
At = Annotated[str, msgspec.Meta(max_length=40)]


class Form(msgspec.Struct, kw_only=True):
    """Every form carries the id of its command, and the phone's own time when it has a script."""

    command: UUID
    at: At = ""


def act_of(request: AnyRequest, form: Form) -> fulfilment.Act:
    return fulfilment.Act(form.command, request.user, _moment(form.at))


async def attempt(
    request: AnyRequest, act: Callable[[Connection], Awaitable[Any]], *, found: bool = True
) -> ShopError | None:
    """In a transaction of its own, so that a refusal can be shown on the page it belongs to.

    What is not found is a page of its own, unless it was typed or scanned (`found` is False)."""
    try:
        async with begin(request.app.state.pool) as db:
            await act(db)
    except ShopError as refusal:
        if refusal.status == 404 and found:
            raise
        return refusal
    return None


def _moment(text: str) -> datetime | None:
    """A clock that cannot be read is no clock."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo and 1971 < moment.year < 9000 else None
