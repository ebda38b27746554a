"""Which till a device is: a token in its cookie, of which we keep the SHA-256."""

from typing import Any, Literal

from litestar import Request
from litestar.datastructures import Cookie, State

from app.tills.drawers import sha256_of

KEPT_FOR_S = 400 * 24 * 3600


def device_of(request: Request[Any, Any, Any]) -> bytes | None:
    token = request.cookies.get(_name(request.app.state))
    return sha256_of(token) if token and len(token) <= 100 else None


def cookie_of(state: State, token: str) -> Cookie:
    samesite: Literal["lax"] = "lax"
    return Cookie(
        _name(state),
        value=token,
        max_age=KEPT_FOR_S,
        secure=state.settings.secure_cookies,
        httponly=True,
        samesite=samesite,
    )


def _name(state: State) -> str:
    return "__Host-till" if state.settings.secure_cookies else "till"
