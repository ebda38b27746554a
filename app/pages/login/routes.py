"""Signing in and out, and the way to one's desk."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.params import URLEncodedBody
from litestar.response import Redirect

from app import staff
from app.db import begin
from app.errors import NotSignedIn, TooMany
from app.http.address import address_of
from app.http.problems import wants_page
from app.pages.rendering import render
from app.pages.switch import own_address

SESSION_S = 12 * 3600

DESKS: dict[str, str] = {
    "merchandiser": "/merchandiser",
    "picker": "/picking",
    "packer": "/packing",
    "driver": "/driving",
    "dispatcher": "/dispatch",
    "operator": "/state",
    "clerk": "/till",
    "agent": "/contact",
}

AnyRequest = Request[staff.Person | None, Any, Any]


class SignIn(msgspec.Struct):
    login: Annotated[str, msgspec.Meta(max_length=100)] = ""
    password: Annotated[str, msgspec.Meta(max_length=1000)] = ""
    next: Annotated[str, msgspec.Meta(max_length=2000)] = ""


@get("/login", include_in_schema=False)
async def login_page(request: AnyRequest) -> Response[Any]:
    """The form; for who is signed in already, their desks."""
    wanted = request.query_params.get("next", "")
    if request.user is None:
        return render(request, "login/login.html", next=own_address(wanted), login="", wrong=None)
    desks = [(role, DESKS[role]) for role in request.user.roles if role in DESKS]
    return render(request, "login/desks.html", desks=desks)


@post("/login", include_in_schema=False, status_code=303)
async def sign_in(
    request: AnyRequest,
    data: URLEncodedBody[SignIn],
) -> Response[Any]:
    """A new token at every sign-in; the one the browser had before opens nothing any more."""
    state = request.app.state
    address = address_of(request.scope, state.proxies)
    try:
        token, person = await staff.sign_in(state.pool, data.login, data.password, address)
    except (NotSignedIn, TooMany) as refusal:
        if not wants_page(request):
            raise
        headers = {"Retry-After": str(refusal.retry_after_s)} if refusal.retry_after_s else {}
        return render(
            request,
            "login/login.html",
            status=refusal.status,
            headers=headers,
            next=own_address(data.next),
            login=data.login,
            wrong=refusal.sentence,
        )
    await _end_session(request)
    target = own_address(data.next)
    if target == "/":
        target = DESKS.get(person.roles[0], "/login") if len(person.roles) == 1 else "/login"
    return Redirect(target, status_code=303, cookies=[_cookie(request, token, SESSION_S)])


@post("/logout", include_in_schema=False, status_code=303)
async def sign_out(request: AnyRequest) -> Redirect:
    await _end_session(request)
    return Redirect("/login", status_code=303, cookies=[_cookie(request, "", 0)])


async def _end_session(request: AnyRequest) -> None:
    token = request.cookies.get(staff.cookie_name(request.app.state.settings))
    if token:
        async with begin(request.app.state.pool) as db:
            await staff.sign_out(db, token)


def _cookie(request: AnyRequest, token: str, max_age: int) -> Cookie:
    settings = request.app.state.settings
    return Cookie(
        staff.cookie_name(settings),
        value=token,
        max_age=max_age,
        httponly=True,
        secure=settings.secure_cookies,
        samesite="lax",
    )


routes: list[Any] = [login_page, sign_in, sign_out]
