"""What came back and what was complained of, as pictures: by reason, product, wall and place."""

from typing import Any

from litestar import Response, get
from litestar.params import FromQuery

from app import returns
from app.db import Db
from app.http.problems import language_of
from app.pages.merchandiser.acting import AnyRequest
from app.pages.rendering import render

A_YEAR = 365


@get("/merchandiser/returns", include_in_schema=False)
async def insight(request: AnyRequest, db: Db, days: FromQuery[int] = 30) -> Response[Any]:
    """Of so many days, of a year at most."""
    days = min(max(days, 1), A_YEAR)
    return render(
        request,
        "merchandiser/returns/insight.html",
        days=days,
        causes=await returns.by_cause(db, days),
        products=await returns.by_product(db, days, language_of(request)),
        walls=await returns.by_wall(db, days),
        places=await returns.by_place(db, days),
    )


routes: list[Any] = [insight]
