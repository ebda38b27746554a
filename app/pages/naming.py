"""Goods at a desk are called what its clerk calls them, whatever the shopper reads."""

from collections.abc import Sequence
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
    keeps the name it was sold by. Papers of the shopper are not for this: they stay as sold."""
    gtins = [line.gtin for line in lines]
    names = await catalog.names_by_code(db, gtins, language_of(request))
    return [_called(line, names.get(line.gtin)) for line in lines]


async def order_in_my_language(
    request: AnyRequest, db: Connection, order: orders.Order
) -> orders.Order:
    return replace(order, lines=await in_my_language(request, db, order.lines))


def _called(line: Line, name: str | None) -> Line:
    if name is None or not isinstance(line, Struct):
        return line
    return replace(line, name=name)
