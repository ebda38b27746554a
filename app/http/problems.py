"""Every refusal is a problem document (RFC 9457) for programs and a page for people.

Nothing a client can send may end as a 500; what does is a bug, logged with an id the client sees.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import asyncpg
import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from app import languages
from app.db.room import out_of_room
from app.errors import Busy, Conflict, Malformed, ShopError
from app.logs import log

MEDIA_TYPE = "application/problem+json"

AnyRequest = Request[Any, Any, Any]
ShowPage = Callable[[AnyRequest, "Problem"], Response[Any]]

CODES = {
    400: "malformed",
    401: "not-signed-in",
    403: "not-allowed",
    404: "not-found",
    405: "method-not-allowed",
    409: "conflict",
    410: "retired",
    413: "too-large",
    415: "wrong-media-type",
    421: "wrong-host",
    422: "unprocessable",
    429: "too-many-requests",
    503: "busy",
}
SENTENCES = {
    400: "We could not read this request.",
    401: "Please sign in first.",
    403: "You are not allowed to do this.",
    404: "There is nothing here.",
    405: "This address cannot do that.",
    413: "This is more than we can take at once.",
    409: "Somebody changed this at the same moment. Please look again.",
    415: "Please send JSON as application/json in UTF-8.",
    500: "Something went wrong on our side. Please try again.",
}


class Problem(msgspec.Struct, omit_defaults=True):
    """RFC 9457: `detail` is one sentence a person can act on, `instance` finds it in our log."""

    title: str
    status: int
    detail: str
    code: str
    instance: str
    type: str = "about:blank"
    state: Any = None
    errors: list[dict[str, str]] = []


def problem_of(request: AnyRequest, refusal: ShopError) -> Problem:
    """For an answer to many things at once, of which one was refused."""
    detail = languages.translate(language_of(request), refusal.sentence, **refusal.values)
    code = refusal.code or CODES[refusal.status]
    instance = f"urn:uuid:{request.scope.get('state', {}).get('request_id', '')}"
    return Problem(code, refusal.status, detail, code, instance, state=refusal.state)


def answer(request: AnyRequest, error: Exception) -> Response[Any]:
    """The answer to anything raised while a request was handled."""
    status, code, detail, state, errors = _in_words(request, error)
    instance = f"urn:uuid:{request.scope.get('state', {}).get('request_id', '')}"
    problem = Problem(code, status, detail, code, instance, state=state, errors=errors)
    if status >= 500 and status != 503:
        log.exception("bug", exc_info=error, request=instance)
    if status == 401 and code == "not-signed-in" and _could_sign_in(request):
        return _to_sign_in(request)
    headers = {"Cache-Control": "private, no-store", **(getattr(error, "headers", None) or {})}
    retry_after_s = getattr(error, "retry_after_s", None) or (1 if status == 503 else None)
    if retry_after_s is not None:
        headers["Retry-After"] = str(retry_after_s)
    show: ShowPage | None = request.app.state.get("show_problem")
    if show is not None and wants_page(request):
        page = show(request, problem)
        page.headers.update(headers)
        return page
    return Response(
        msgspec.json.encode(problem), status_code=status, media_type=MEDIA_TYPE, headers=headers
    )


def wants_page(request: AnyRequest) -> bool:
    return not request.url.path.startswith("/api/") and "text/html" in request.headers.get(
        "accept", ""
    )


def _could_sign_in(request: AnyRequest) -> bool:
    return request.scope["method"] == "GET" and wants_page(request)


def _to_sign_in(request: AnyRequest) -> Response[Any]:
    """A page for staff opened without a session: sign in, then come back to it."""
    address = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    target = f"/login?next={quote(address)}"
    return Response(
        b"", status_code=303, headers={"Location": target, "Cache-Control": "private, no-store"}
    )


def language_of(request: AnyRequest) -> languages.Language:
    return languages.choose(request.cookies.get("language"), request.headers.get("accept-language"))


def _in_words(
    request: AnyRequest, error: Exception
) -> tuple[int, str, str, Any, list[dict[str, str]]]:
    language = language_of(request)
    known = _known(error)
    if isinstance(known, ShopError):
        detail = languages.translate(language, known.sentence, **known.values)
        return known.status, known.code, detail, known.state, []
    status = known.status_code if isinstance(known, HTTPException) else 500
    errors = _fields(known) if isinstance(known, ValidationException) else []
    detail = languages.translate(language, SENTENCES.get(status, SENTENCES[400]))
    return status, CODES.get(status, "error"), detail, None, errors


def _known(error: Exception) -> Exception:
    """Some errors of the libraries below mean something we can say."""
    match error:
        case ShopError() | HTTPException():
            return error
        case asyncpg.DataError() | asyncpg.CharacterNotInRepertoireError():
            return Malformed(SENTENCES[400])
        case UnicodeError() | RecursionError() | OverflowError() | msgspec.DecodeError():
            return Malformed(SENTENCES[400])
        case asyncpg.IntegrityConstraintViolationError():
            # A promise of the database held where our own code should have seen it coming.
            log.error("constraint", constraint=error.constraint_name, table=error.table_name)
            return Conflict(SENTENCES[409])
        case (
            TimeoutError()
            | asyncpg.QueryCanceledError()
            | asyncpg.LockNotAvailableError()
            | asyncpg.DeadlockDetectedError()
            | asyncpg.SerializationError()
            | asyncpg.TooManyConnectionsError()
            | asyncpg.PostgresConnectionError()
            | asyncpg.CannotConnectNowError()
            | asyncpg.AdminShutdownError()
            | asyncpg.CrashShutdownError()
            | asyncpg.ConnectionDoesNotExistError()
            | ConnectionError()
            | asyncpg.InterfaceError()
        ):
            log.warning("busy", error=type(error).__name__)
            return Busy("The shop is very busy. Please try again in a moment.")
        case _ if out_of_room(error):
            log.error("no room", error=type(error).__name__)
            return Busy(
                "There is no room left on the shop's disk, so nothing was changed. An operator has"
                " to make room.",
                code="no-room",
                retry_after_s=60,
            )
        case _:
            return error


def _fields(error: ValidationException) -> list[dict[str, str]]:
    extra = error.extra if isinstance(error.extra, list) else []
    return [
        {"field": str(item.get("key", "")), "message": str(item.get("message", ""))[:200]}
        for item in extra[:20]
        if isinstance(item, dict)
    ]
