"""The test provider's hosted payment page: an outside party's page that happens to live here."""

from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery
from litestar.response import Redirect

from app.db import Db
from app.pages.checkout.leaving import own
from app.pages.rendering import render
from app.payments import testpay

AnyRequest = Request[Any, Any, Any]


class Chosen(msgspec.Struct):
    choice: testpay.Choice


@get("/testpay/{id:str}", include_in_schema=False)
async def payment_page(
    request: AnyRequest, db: Db, id: FromPath[str], bank: FromQuery[str] = ""
) -> Response[Any]:
    page = await testpay.look(db, id)
    return _show(request, page, bank=bool(bank), declined=False)


@post("/testpay/{id:str}", include_in_schema=False, status_code=303)
async def pay(
    request: AnyRequest,
    db: Db,
    id: FromPath[str],
    data: Annotated[Chosen, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Response[Any]:
    """Pays, declines or misbehaves as told, and sends the shopper back to the shop."""
    page = await testpay.choose(db, id, data.choice)
    if data.choice == "timeout":
        return _show(request, page, bank=False, declined=False, status=504)
    if page.state == "open":
        return _show(request, page, bank=False, declined=True)
    return Redirect(own(request, page.return_to), status_code=303)


def _show(
    request: AnyRequest, page: testpay.Page, *, bank: bool, declined: bool, status: int = 200
) -> Response[Any]:
    return render(
        request,
        "checkout/testpay.html",
        status=status,
        page=page,
        bank=bank,
        declined=declined,
        over=datetime.now(UTC) >= page.expires_at,
        return_to=own(request, page.return_to),
    )


routes: list[Any] = [payment_page, pay]
