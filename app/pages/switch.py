"""Choosing a language: a POST, since a GET never changes anything."""

from dataclasses import dataclass
from typing import Any

from litestar import post
from litestar.datastructures import Cookie
from litestar.params import URLEncodedBody
from litestar.response import Redirect

from app.languages import LANGUAGES, Language


@dataclass
class Choice:
    language: Language
    back: str = "/"


@post("/language", include_in_schema=False, status_code=303)
async def choose_language(
    data: URLEncodedBody[Choice],
) -> Redirect:
    assert data.language in LANGUAGES
    return Redirect(
        own_address(data.back),
        status_code=303,
        cookies=[
            Cookie(
                "language", value=data.language, max_age=31_536_000, samesite="lax", httponly=True
            )
        ],
    )


def own_address(address: str) -> str:
    """Only an address of this shop: never another host, however it is spelled."""
    plain = address.isprintable() and "\\" not in address
    own = address.startswith("/") and not address.startswith("//")
    return address if plain and own else "/"


routes: list[Any] = [choose_language]
