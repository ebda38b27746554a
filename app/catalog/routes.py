"""The catalogue over the API: what is for sale, and the product behind a code."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get
from litestar.params import FromPath, QueryParameter

from app.catalog.models import Category, Product, UnitPrice
from app.catalog.queries import reading
from app.catalog.rules import unit_price
from app.db import Db
from app.errors import Malformed, NotFound
from app.http.problems import language_of
from qr_walls import gtin as numbers
from qr_walls.errors import BadGtin

AnyRequest = Request[Any, Any, Any]
# Litestar keeps the bounds of a parameter only when they stand in its own words.
Cursor = Annotated[str, QueryParameter(max_length=14, pattern=r"^[0-9]*\Z")]
CategoryCode = Annotated[str | None, QueryParameter(max_length=60)]
Search = Annotated[str, QueryParameter(max_length=100)]
Limit = Annotated[int, QueryParameter(ge=1, le=200)]


class Shown(Product, frozen=True, kw_only=True):
    """A product as shoppers see it, with its price per kilogram, litre or piece."""

    unit_price: UnitPrice


class Products(msgspec.Struct, frozen=True):
    """A page of products; `next` is the cursor of the page after it, null on the last."""

    products: list[Shown]
    next: str | None


@get("/api/v1/products", tags=["catalogue"])
async def products(
    request: AnyRequest,
    db: Db,
    category: CategoryCode = None,
    q: Search = "",
    after: Cursor = "",
    limit: Limit = 50,
) -> Products:
    """What is for sale, in order of product number; `q` is part of a name or brand, in any
    language. Words are in the language of the reader."""
    language = language_of(request)
    rows = await reading.ids_after(db, category, q, after, limit + 1, on_sale=True)
    shown = rows[:limit]
    found = await reading.products(db, [row["id"] for row in shown], language)
    return Products(
        products=[_shown(found[row["id"]]) for row in shown],
        next=shown[-1]["gtin"] if len(rows) > limit else None,
    )


@get("/api/v1/products/{id:uuid}", tags=["catalogue"])
async def product(request: AnyRequest, id: FromPath[UUID], db: Db) -> Response[Shown]:
    """One product, also when it is not for sale now. Its ETag is its version."""
    return _one(await reading.product(db, id, language_of(request)))


@get("/api/v1/codes/{code:str}", tags=["catalogue"])
async def by_code(request: AnyRequest, code: FromPath[str], db: Db) -> Response[Shown]:
    """The product that carries this code: 8, 12, 13 or 14 digits with a right check digit."""
    try:
        gtin = numbers.read(code)
    except BadGtin as error:
        values: dict[str, Any] = error.values
        raise Malformed(error.sentence, code="bad-gtin", **values) from None
    return _one(await reading.by_code(db, gtin, language_of(request)))


@get("/api/v1/categories", tags=["catalogue"])
async def categories(request: AnyRequest, db: Db) -> list[Category]:
    """What products stand in, by name in the language of the reader."""
    return await reading.categories(db, language_of(request))


def _one(found: Product | None) -> Response[Shown]:
    if found is None:
        raise NotFound("We do not know this product.")
    return Response(_shown(found), headers={"ETag": f'"{found.version}"'})


def _shown(found: Product) -> Shown:
    return Shown(**msgspec.structs.asdict(found), unit_price=unit_price(found))


routes: list[Any] = [products, product, by_code, categories]
