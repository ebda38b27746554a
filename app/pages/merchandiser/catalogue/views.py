"""What the merchandiser's pages of the catalogue show."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from litestar import Request, Response

from app import catalog, jobs, pricing, staff
from app.catalog.models import Complaint, Import
from app.db import Connection
from app.errors import NotFound, ShopError
from app.http.problems import language_of
from app.pages.rendering import render

AnyRequest = Request[staff.Person, Any, Any]

HOME = "/merchandiser/catalogue"
ON_A_PAGE = 48
SHOWN = 200


async def catalogue_page(
    request: AnyRequest, db: Connection, words: str, category: str, after: str
) -> Response[str]:
    language = language_of(request)
    rows = await catalog.ids_after(db, category or None, words, after, ON_A_PAGE + 1)
    shown = rows[:ON_A_PAGE]
    found = await catalog.products(db, [row["id"] for row in shown], language)
    categories = await catalog.categories(db, language)
    return render(
        request,
        "merchandiser/catalogue/catalogue.html",
        products=[found[row["id"]] for row in shown],
        unit_price=catalog.unit_price,
        categories=categories,
        names={one.code: one.name for one in categories},
        total=sum(one.products for one in categories),
        words=words,
        category=category,
        begins=not after,
        more=shown[-1]["gtin"] if len(rows) > ON_A_PAGE else None,
    )


async def product_page(
    request: AnyRequest,
    db: Connection,
    id: UUID,
    *,
    cells: Mapping[str, str] | None = None,
    complaints: Sequence[Complaint] = (),
    wrong: ShopError | None = None,
) -> Response[str]:
    """`cells`: what somebody typed that could not be taken, shown again beside what is wrong."""
    language = language_of(request)
    product = await catalog.product(db, id, language)
    if product is None:
        raise NotFound("We do not know this product.")
    return render(
        request,
        "merchandiser/catalogue/product.html",
        status=wrong.status if wrong else 422 if complaints else 200,
        product=product,
        unit_price=catalog.unit_price(product),
        cells=await catalog.cells_of(db, id) | dict(cells or {}),
        categories=await catalog.categories(db, language),
        prices=await catalog.price_history(db, id, 20),
        lowest=await pricing.lowest_before(db, id),
        complaints={one.column: one for one in complaints},
        saved="saved" in request.query_params,
        wrong=wrong,
    )


async def imports_page(
    request: AnyRequest, db: Connection, wrong: ShopError | None = None
) -> Response[str]:
    return render(
        request,
        "merchandiser/catalogue/imports.html",
        status=wrong.status if wrong else 200,
        newest=await catalog.newest(db, 12),
        undoable=await catalog.undoable(db),
        columns=catalog.COLUMNS,
        wrong=wrong,
    )


async def import_page(
    request: AnyRequest, db: Connection, id: UUID, wrong: ShopError | None = None
) -> Response[str]:
    found = await catalog.import_of(db, id)
    if found is None:
        raise NotFound("This import is not there any more. Please upload the file again.")
    complaints = await catalog.complaints(db, id, SHOWN)
    return render(
        request,
        "merchandiser/catalogue/import.html",
        status=wrong.status if wrong else 200,
        found=found,
        errors=[one for one in complaints if one.level == "error"],
        notices=[one for one in complaints if one.level != "error"],
        changes=await catalog.changes(db, id, language_of(request), SHOWN),
        undoable=await catalog.undoable(db) == id,
        task=await _task(db, found),
        wrong=wrong,
    )


async def _task(db: Connection, found: Import) -> jobs.Task | None:
    """The check of the file, while it lasts or when it was given up."""
    return await jobs.task(db, found.id) if found.state == "waiting" else None
