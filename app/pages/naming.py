"""Goods at a desk are called what its clerk calls them, whatever the shopper reads."""

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from app import catalog, orders
from app.db import Connection
from app.http.problems import language_of
from app.pages.acting import AnyRequest


class _Named(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def gtin(self) -> str: ...


Line = TypeVar("Line", bound=_Named)


async def in_my_language(request: AnyRequest, db: Connection, lines: Sequence[Line]) -> list[Line]:
    """The lines under the names of the catalogue in the language of who looks; what has none in it
    keeps the name it was sold by; and so is what something came instead of. Papers of the shopper are
    not for this: they stay as sold."""
    gtins = {line.gtin for line in lines} | {_replaced(line) for line in lines}
    names = await catalog.names_by_code(db, sorted(gtins), language_of(request))
    return [_called(line, names) for line in lines]


async def order_in_my_language(
    request: AnyRequest, db: Connection, order: orders.Order
) -> orders.Order:
    return replace(order, lines=await in_my_language(request, db, order.lines))


def _called(line: Line, names: Mapping[str, str]) -> Line:
    if not isinstance(line, Struct):
        return line
    called = {"name": names.get(line.gtin, line.name)}
    if (before := names.get(_replaced(line))) is not None:
        called["instead_of"] = before
    return replace(line, **called)


def _replaced(line: object) -> str:
    """The number of what was ordered, where this came or shall come instead."""
    return getattr(line, "gtin_instead_of", None) or ""
