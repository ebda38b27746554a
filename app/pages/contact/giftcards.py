"""What is on a gift card, for somebody who has it in their hand and asks on the phone."""

from typing import Annotated, Any

from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from msgspec import Meta

from app import contact, payments
from app.db import begin
from app.errors import ShopError
from app.http.bounds import NO_CONTROLS
from app.http.limits import slow_down
from app.pages.contact.asking import Form, Reason
from app.pages.contact.calling import AnyRequest
from app.pages.rendering import render
from app.payments.giftcards.models import Seen

URL_ENCODED = RequestEncodingType.URL_ENCODED


class Asked(Form, kw_only=True):
    reason: Reason
    code: Annotated[str, Meta(max_length=60, pattern=NO_CONTROLS)]


@get("/contact/gift-cards", include_in_schema=False)
async def page(request: AnyRequest) -> Response[Any]:
    return _page(request)


@post("/contact/gift-cards", include_in_schema=False, status_code=200)
async def balance(
    request: AnyRequest, data: Annotated[Asked, Body(media_type=URL_ENCODED)]
) -> Response[Any]:
    """For a reason that is written down; guesses are slowed down. A POST, because a code is in no
    address."""
    state = request.app.state
    try:
        async with begin(state.pool) as db:
            seen = await contact.look_at_card(
                db, request.user, data.reason, data.code, state.settings.currency
            )
    except ShopError as refusal:
        return _page(request, reason=data.reason, refusal=refusal)
    if seen.worth == "unknown":
        await slow_down(request, "gift cards", payments.giftcards.GUESSES)
    return _page(request, reason=data.reason, seen=seen)


def _page(
    request: AnyRequest,
    *,
    reason: str = "",
    seen: Seen | None = None,
    refusal: ShopError | None = None,
) -> Response[Any]:
    return render(
        request,
        "contact/gift_cards.html",
        status=refusal.status if refusal else 200,
        reason=reason,
        seen=seen,
        refusal=refusal,
    )


routes: list[Any] = [page, balance]
