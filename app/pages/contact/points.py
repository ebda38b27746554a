"""Points with our apologies, on a call about an order."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Response, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect

from app import contact, loyalty
from app.db import begin
from app.errors import Conflict, Malformed, ShopError
from app.pages.contact.calling import AnyRequest, show_call
from app.pages.returning import command_of

Fields = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]


@post("/contact/calls/{id:uuid}/points", include_in_schema=False, status_code=303)
async def give(request: AnyRequest, id: FromPath[UUID], data: Fields) -> Response[Any]:
    """Within what the role may give to one customer in a year."""
    try:
        async with begin(request.app.state.pool) as db:
            contact.check_no_card(data.get("reason", ""))
            theirs = await loyalty.of_order(db, await contact.order_on(db, request.user, id))
            if theirs is None:
                raise Conflict("Who ordered this has no account.", code="no-account")
            points, reason = _whole(data.get("points", "")), data.get("reason", "")[:200]
            await loyalty.give(db, request.user, theirs[0], command_of(data), points, reason)
    except ShopError as refusal:
        if refusal.status == 404:
            raise
        return await show_call(request, id, {}, "", refusal=refusal, given_points=data)
    return Redirect(f"/contact/calls/{id}", status_code=303)


def _whole(typed: str) -> int:
    text = typed.strip()
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise Malformed("Please write how many points, in digits.", code="no-number")
    return int(text)


routes: list[Any] = [give]
