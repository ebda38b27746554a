"""What is looked at before anything of a request is used; each check raises what to answer."""

from collections.abc import Collection, Mapping
from functools import lru_cache
from itertools import chain
from urllib.parse import urlsplit

from litestar.types import HTTPScope

from app.errors import Malformed, MisdirectedRequest, NotAllowed, TooLarge, WrongMediaType

SAFE = {"GET", "HEAD", "OPTIONS"}
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
LONGEST_HEADERS = 16 * 1024
LONGEST_ADDRESS = 4 * 1024
LONGEST_MEDIA_TYPE = 200
"""With the boundary between the parts of a form, which is no more than 70."""
FOR_MACHINES_INSIDE = ("/health/", "/metrics")
"""Asked by a container platform at the address of one process, so under any host name."""


def check_size(scope: HTTPScope) -> None:
    address = len(scope.get("raw_path") or scope["path"]) + len(scope["query_string"])
    if address > LONGEST_ADDRESS:
        raise TooLarge("This address is too long.", code="address-too-long")
    if sum(map(len, chain.from_iterable(scope["headers"]))) > LONGEST_HEADERS:
        raise TooLarge("There is too much in the headers of this request.", code="headers-too-long")


def check_spelling(scope: HTTPScope) -> None:
    """U+0000 fits no text column; a path that is not UTF-8 names nothing of ours."""
    nul = "\0" in scope["path"] or b"%00" in scope["query_string"]
    if nul or "\ufffd" in scope["path"] or not scope["path"].isprintable():
        raise Malformed("We could not read this request.")


def check_host(scope: HTTPScope, headers: Mapping[bytes, bytes], hosts: Collection[str]) -> None:
    """An address made from somebody else's Host header could be mailed to a customer."""
    if not hosts or scope["path"].startswith(FOR_MACHINES_INSIDE):
        return
    if headers.get(b"host", b"").decode("latin-1").lower() not in hosts:
        raise MisdirectedRequest("This shop does not answer under that name.")


def check_media_type(path: str, headers: Mapping[bytes, bytes]) -> None:
    """A cross-site form can send text/plain without asking; our handlers never read it."""
    if headers.get(b"content-length", b"0") == b"0" and b"transfer-encoding" not in headers:
        return
    takes_forms = not path.startswith("/api/") or path.endswith("/upload")
    if not _is_taken(headers.get(b"content-type", b"")[:LONGEST_MEDIA_TYPE], takes_forms):
        raise WrongMediaType("Please send JSON as application/json in UTF-8.")


@lru_cache(maxsize=64)
def _is_taken(content_type: bytes, takes_forms: bool) -> bool:
    media_type, _, parameters = content_type.decode("latin-1").lower().partition(";")
    charset = parameters.partition("charset=")[2].strip(' "')
    allowed = ("application/json", *FORMS) if takes_forms else ("application/json",)
    return media_type.strip() in allowed and charset in ("", "utf-8")


def check_same_site(headers: Mapping[bytes, bytes]) -> None:
    """Browsers say where a request comes from; a request that says nothing is not from a browser."""
    site, origin = headers.get(b"sec-fetch-site"), headers.get(b"origin")
    foreign = site not in (None, b"same-origin", b"none")
    if site is None and origin is not None:
        foreign = _host_in(origin) != headers.get(b"host", b"").decode("latin-1")
    if foreign:
        raise NotAllowed("This request came from another site, so we did not carry it out.")


def _host_in(origin: bytes) -> str:
    """Empty where it is no address at all."""
    try:
        return urlsplit(origin.decode("latin-1")).netloc
    except ValueError:
        return ""
