"""The mails of a demo, for everybody to see: a demo has no mail server, and no real people."""

from typing import Any

from litestar import Request, Response, get

from app import messaging
from app.db import Db
from app.errors import NotFound
from app.pages.rendering import render


@get("/outbox", include_in_schema=False)
async def outbox(request: Request[Any, Any, Any], db: Db) -> Response[Any]:
    """The newest fifty; only in a demo."""
    if request.app.state.settings.env != "demo":
        raise NotFound("There is nothing here.")
    return render(request, "checkout/outbox.html", messages=await messaging.newest(db))


routes: list[Any] = [outbox]
