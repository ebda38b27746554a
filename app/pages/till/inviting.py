"""A code on the till's own screen, for the phone of a customer to scan, or to be typed there."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from app import tills
from app.db import Connection, Db
from app.errors import ShopError
from app.pages.rendering import render
from app.pages.till.codes import qr_path
from app.pages.till.standing import AnyRequest, Form, act, show, spare_cart, till_of
from app.tills import Till


@post("/till/invite", include_in_schema=False, status_code=200)
async def invite(
    request: AnyRequest,
    data: Annotated[Form, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Response[Any]:
    """The code is on this page only: it works once, within two minutes."""
    spare = await spare_cart(request)
    code = await _invite(request, data.command, spare)
    if isinstance(code, ShopError):
        return await show(request, code)
    address = f"{request.app.state.settings.base_url}/pair/{code}"
    return render(
        request, "till/invite.html", code=code, qr=qr_path(address), refusal=None, address=address
    )


@get("/till/invite", include_in_schema=False)
async def has_come(request: AnyRequest, db: Db) -> Response[Any]:
    """204 while nobody has answered the code; the page that shows it asks every second."""
    till = await till_of(request, db)
    waiting = till is not None and not await tills.guests.has_come(db, till)
    return Response(None, status_code=204 if waiting else 200)


@post("/till/welcome", include_in_schema=False, status_code=303)
async def welcome(
    request: AnyRequest,
    data: Annotated[Form, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Response[Any]:
    """The basket of the phone that answered comes onto the receipt."""
    refusal = await act(
        request, lambda db, till: tills.guests.welcome(db, till, request.user, data.command)
    )
    return await show(request, refusal) if refusal else Redirect("/till", status_code=303)


async def _invite(request: AnyRequest, command: UUID, spare: UUID) -> str | ShopError:
    shown: list[str] = []

    async def do(db: Connection, till: Till) -> None:
        shown.append(await tills.guests.invite(db, till, request.user, command, spare))

    return await act(request, do) or shown[0]


routes: list[Any] = [invite, has_come, welcome]
