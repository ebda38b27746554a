"""Where it shall come: asked once, at the first thing in the basket, and left out at will.

The answer stays in a cookie of the browser, and nowhere else: no address is kept before an order.
"""

from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, post
from litestar.datastructures import Cookie
from litestar.params import URLEncodedBody
from litestar.response import Redirect
from msgspec import Meta

from app import slots
from app.db import Db
from app.errors import Unprocessable
from app.pages.switch import own_address

AnyRequest = Request[Any, Any, Any]

KEPT_FOR_S = 180 * 24 * 3600
NOT_NOW = "-"


class Answered(msgspec.Struct):
    postcode: Annotated[str, Meta(max_length=12, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""
    do: Literal["know", "skip"] = "know"
    back: Annotated[str, Meta(max_length=300)] = "/basket"


@post("/basket/area", include_in_schema=False, status_code=303)
async def answer(request: AnyRequest, db: Db, data: URLEncodedBody[Answered]) -> Redirect:
    """Back to where it was asked, which says whether we come there."""
    if data.do == "skip":
        return _back(data, "", _cookie(request, NOT_NOW))
    try:
        postcode = slots.read_postcode(data.postcode).text
    except Unprocessable:
        return _back(data, "wrong", None)
    comes = bool(await slots.places_for(db, postcode))
    return _back(data, "comes" if comes else "outside", _cookie(request, postcode))


def area_of(request: AnyRequest) -> str:
    """The postcode that was given, or nothing."""
    try:
        return slots.read_postcode(_given(request)).text
    except Unprocessable:
        return ""


def is_open(request: AnyRequest) -> bool:
    """Whether nobody has answered yet, not even that they would rather not."""
    return not _given(request)


def _given(request: AnyRequest) -> str:
    return request.cookies.get("area", "").strip('"')[:12]


def _back(data: Answered, told: str, cookie: Cookie | None) -> Redirect:
    address = own_address(data.back).partition("?")[0]
    where = f"{address}?area={told}" if told else address
    return Redirect(where, status_code=303, cookies=[cookie] if cookie else None)


def _cookie(request: AnyRequest, value: str) -> Cookie:
    return Cookie(
        "area",
        value=value.replace(" ", ""),
        max_age=KEPT_FOR_S,
        secure=request.app.state.settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )


routes: list[Any] = [answer]
