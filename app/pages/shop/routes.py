"""The shop for who sits at home: departments, what is in them, and a search box that answers while
one types. The basket is the phone's."""

from typing import Annotated, Any

from litestar import Request, Response, get
from litestar.params import FromPath, QueryParameter

from app import catalog, search
from app.db import Connection, Db
from app.errors import NotFound
from app.http.problems import language_of
from app.pages.rendering import render
from app.pages.shopper import showing

AnyRequest = Request[Any, Any, Any]
Words = Annotated[str, QueryParameter(max_length=100, pattern=r"^[^\x00-\x1f\x7f]*\Z")]
Page = Annotated[int, QueryParameter(ge=1, le=50)]
AT_ONCE = 24


@get("/shop", include_in_schema=False)
async def departments(request: AnyRequest, db: Db) -> Response[str]:
    """Every department by a picture of what sells best in it, and what sells best of all."""
    language = language_of(request)
    return render(
        request,
        "shop/departments.html",
        departments=await _departments(db, language),
        found=await search.find(db, "", language, limit=12),
        q="",
        **await _around(request, db),
    )


@get("/shop/{category:str}", include_in_schema=False)
async def department(
    request: AnyRequest, db: Db, category: FromPath[str], page: Page = 1
) -> Response[str]:
    language = language_of(request)
    names = {one.code: one.name for one in await catalog.categories(db, language)}
    if category not in names:
        raise NotFound("There is no such department.")
    found = await search.find(db, "", language, category=category, limit=AT_ONCE, page=page)
    return render(
        request,
        "shop/department.html",
        name=names[category],
        found=found,
        page=page,
        pages=-(-found.total // AT_ONCE),
        q="",
        **await _around(request, db),
    )


@get("/search", include_in_schema=False)
async def results(request: AnyRequest, db: Db, q: Words = "", page: Page = 1) -> Response[str]:
    """What has these words; the page asks for itself again while somebody types."""
    language = language_of(request)
    found = await search.find(db, q, language, limit=AT_ONCE, page=page) if q.strip() else None
    return render(
        request,
        "shop/results.html",
        q=q,
        found=found,
        page=page,
        pages=-(-found.total // AT_ONCE) if found else 0,
        departments=await _departments(db, language),
        **await _around(request, db),
    )


async def _departments(db: Connection, language: str) -> list[tuple[catalog.Category, Any]]:
    pictured = await search.shown_by(db, language)
    return [
        (one, pictured[one.code])
        for one in await catalog.categories(db, language)
        if one.code in pictured
    ]


async def _around(request: AnyRequest, db: Connection) -> dict[str, Any]:
    query = request.url.query
    asked = "&".join(part for part in query.split("&") if not part.startswith(("added=", "no=")))
    return {
        "here": request.url.path + (f"?{asked}" if asked else ""),
        "problem": showing.problem(request),
        "added": "added" in request.query_params,
        "bar": await showing.bar(request, db),
    }


routes: list[Any] = [departments, department, results]
