"""Search over the API."""

from typing import Annotated, Any

from litestar import Request, get
from litestar.params import QueryParameter

from app.db import Db
from app.http.problems import language_of
from app.search import actions
from app.search.models import Found

Words = Annotated[str, QueryParameter(max_length=100, pattern=r"^[^\x00-\x1f\x7f]*\Z")]
CategoryCode = Annotated[
    str | None, QueryParameter(max_length=100, pattern=r"^[^\x00-\x1f\x7f]*\Z")
]
Page = Annotated[int, QueryParameter(ge=1, le=50)]
Limit = Annotated[int, QueryParameter(ge=1, le=60)]


@get("/api/v1/search", tags=["catalogue"])
async def search(
    request: Request[Any, Any, Any],
    db: Db,
    q: Words = "",
    category: CategoryCode = None,
    page: Page = 1,
    limit: Limit = 24,
) -> Found:
    """Products with all these words in a name (in any language), brand, category or number.

    Parts of words count, accents and capitals do not; where nothing has them, `close` ones come.
    """
    language = language_of(request)
    return await actions.find(db, q, language, category=category, limit=limit, page=page)


routes: list[Any] = [search]
