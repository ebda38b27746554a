"""A word about a code over the API."""

from typing import Any

import msgspec
from litestar import Request, post
from litestar.params import JSONBody

from app.db import Db
from app.scan.reports import actions
from app.scan.reports.models import Report


class Heard(msgspec.Struct, frozen=True):
    """How often that was said of this code since somebody last looked after it."""

    times: int


@post("/api/v1/reports", status_code=200, tags=["walls"])
async def report(request: Request[Any, Any, Any], data: JSONBody[Report], db: Db) -> Heard:
    """Something is wrong with a code on a wall. 404 for an unknown code; kept once per `id`.

    Nothing about who says so is kept. 429 for an address that goes on and on.
    """
    return Heard(await actions.report(request, db, data))


routes: list[Any] = [report]
