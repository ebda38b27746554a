"""What strangers send: for any route of the app, requests that nobody honest would make."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Litestar
from litestar.enums import RequestEncodingType

SAMPLE_ID = "01890a5d-ac96-774b-bcce-b302099a8057"
"""Of nobody: a UUIDv7 from RFC 9562."""

PATH_PARTS = [
    "+1",
    "%201",
    "1_0",
    "-1",
    "%D9%A1",  # ١, which int() reads as 1
    "%C2%B2",  # ², which isdigit() calls a digit
    "9" * 20,
    "%00",
    "%FF",
    "%ED%A0%80",  # half of a surrogate pair
    "..%2f..%2fetc%2fpasswd",
    "%27%3B--",
    "%0d%0aX-Bad:1",
    "%25",
    "%F0%9F%9B%92",
    "A" * 3000,
    SAMPLE_ID,
    f"urn:uuid:{SAMPLE_ID}",
    "00000000-0000-0000-0000-000000000000",
]
QUERIES = ["%00", "%FF", "%ED%A0%80", "9" * 40, "-1", "%D9%A1", "1e400", "A" * 3000, "", "%25", "'"]

BODIES: list[tuple[str, bytes]] = [
    ("application/json", b""),
    ("application/json", b"{"),
    ("application/json", b"null"),
    ("application/json", b"[]"),
    ("application/json", b"1e400"),
    ("application/json", b"NaN"),
    ("application/json", b'"\\ud800"'),
    ("application/json", b'{"a":1,"a":2}'),
    ("application/json", b'\xff\xfe{"a":1}'),
    ("application/json", b"\xef\xbb\xbf{}"),
    ("application/json", b"[" * 30_000),
    ("application/json", b'{"a":' * 12_000),
    ("application/json", b"[" * 100_000),
    ("application/json", b" " * 70_000),
    ("application/json; charset=utf-16", b"{}"),
    ("text/plain", b"{}"),
    ("", b"{}"),
    ("application/x-www-form-urlencoded", b"\xff=%00&%ff=%ed%a0%80"),
    ("application/x-www-form-urlencoded", b"a&" * 5_000),
    ("multipart/form-data", b"--"),
    ("multipart/form-data; boundary=x", b"--x\r\n\r\n--x--"),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a\x00"\r\n'),
]

NASTY_VALUES: list[Any] = [
    "a\x00b",
    "\x1b[2J",
    "²",
    "x" * 5_000,
    "'; DROP TABLE cart.carts; --",
    10**20,
    2**63 - 1,
    -1,
    1.5,
    None,
    [None] * 300,
    {},
    "9999-12-31T23:59:59Z",
    "0001-01-01",
]


class Attack(msgspec.Struct, frozen=True):
    method: str
    path: str
    body: bytes = b""
    media_type: str | None = None
    key: str | None = None


def routes(app: Litestar) -> Iterator[tuple[str, str, Any]]:
    """(method, path format, handler) of every route."""
    for route in app.routes:
        for method, (handler, _) in getattr(route, "route_handler_map", {}).items():
            if method not in ("OPTIONS", "HEAD"):
                yield method, route.path_format, handler


def attacks_on(method: str, path_format: str, handler: Any) -> Iterator[Attack]:
    ordinary = filled(path_format)
    if "{" in path_format:
        yield from (Attack(method, filled(path_format, part)) for part in PATH_PARTS)
    names = _query_names(handler, path_format)
    for value in QUERIES if names else QUERIES[:2]:
        yield Attack(
            method, f"{ordinary}?" + "&".join(f"{name}={value}" for name in names or ["a"])
        )
    yield from (Attack(method, f"{ordinary}?{query}") for query in _days_at_the_edge(names))
    if method == "GET":
        return
    form = not path_format.startswith("/api/")
    for key in () if form else (None, "", "1", "zz" * 20, SAMPLE_ID.replace("-", "")):
        yield Attack(method, ordinary, b"{}", "application/json", key)
    for media_type, body in BODIES[-6:] if form else BODIES:
        yield Attack(method, ordinary, body, media_type, SAMPLE_ID)
    kind, form = _body_of(handler)
    if kind is not None:
        yield from _one_field_wrong(method, ordinary, kind, form)


def _days_at_the_edge(names: list[str]) -> Iterator[str]:
    """The first and the last day there is: nothing comes before the one or after the other."""
    for edge in ("0001-01-01", "9999-12-31") if "day" in names else ():
        yield "&".join(f"{name}={edge if name == 'day' else SAMPLE_ID}" for name in names)


def filled(path_format: str, value: str = SAMPLE_ID) -> str:
    """The path with every `{name}` in it replaced."""
    parts = path_format.split("/")
    return "/".join(value if part.startswith("{") else _inside(part, value) for part in parts)


def _inside(part: str, value: str) -> str:
    before, brace, rest = part.partition("{")
    return before + value + rest.partition("}")[2] if brace else part


def _one_field_wrong(method: str, path: str, kind: Any, form: bool) -> Iterator[Attack]:
    """A body as it should be, but for one field; finds every field without a bound."""
    right = example_of(kind)
    if not isinstance(right, dict):
        return
    for name in right:
        for value in NASTY_VALUES:
            wrong = {**right, name: value}
            if form:
                pairs = {key: _as_text(item) for key, item in wrong.items()}
                body, media_type = urlencode(pairs).encode(), "application/x-www-form-urlencoded"
            else:
                body, media_type = json.dumps(wrong).encode(), "application/json"
            yield Attack(method, path, body, media_type, SAMPLE_ID)


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _query_names(handler: Any, path_format: str) -> list[str]:
    parameters = handler.parsed_fn_signature.parameters
    own = {"data", "request", "db", "state", "headers", "socket", "scope", "body", "query"}
    return [name for name in parameters if name not in own and f"{{{name}" not in path_format]


def _body_of(handler: Any) -> tuple[Any, bool]:
    field = handler.parsed_fn_signature.parameters.get("data")
    if field is None:
        return None, False
    encoding = getattr(field.kwarg_definition, "media_type", RequestEncodingType.JSON)
    return field.annotation, encoding != RequestEncodingType.JSON


def example_of(kind: Any) -> Any:
    """A value this type accepts, as JSON would carry it, optional fields too."""
    return _example(msgspec.inspect.type_info(kind))


def _example(info: Any) -> Any:
    of = msgspec.inspect
    match info:
        case of.StructType() | of.DataclassType() | of.TypedDictType():
            made = {field.encode_name: _example(field.type) for field in info.fields}
            tag_field = getattr(info, "tag_field", None)
            return made | ({tag_field: info.tag} if tag_field else {})
        case of.UnionType():
            kinds = [inner for inner in info.types if not isinstance(inner, of.NoneType)]
            return _example(kinds[0])
        case of.ListType() | of.SetType() | of.VarTupleType():
            return [_example(info.item_type)]
        case of.IntType():
            return info.ge if info.ge is not None else 1
        case of.StrType():
            return "x" * max(1, info.min_length or 1)
        case _:
            return _plain_example(info)


def _plain_example(info: Any) -> Any:
    of = msgspec.inspect
    match info:
        case of.LiteralType():
            return info.values[0]
        case of.EnumType():
            return next(iter(info.cls)).value
        case _:
            return PLAIN_EXAMPLES.get(type(info))


PLAIN_EXAMPLES: dict[type, Any] = {
    msgspec.inspect.UUIDType: SAMPLE_ID,
    msgspec.inspect.BoolType: True,
    msgspec.inspect.FloatType: 1.0,
    msgspec.inspect.DateTimeType: "2026-11-22T12:00:00Z",
    msgspec.inspect.DateType: "2026-11-22",
    msgspec.inspect.DictType: {},
}
