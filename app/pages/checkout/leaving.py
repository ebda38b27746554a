"""On to the page of whoever takes the money."""

from typing import Any

from litestar import Request, Response
from litestar.response import Redirect

from app.pages.rendering import render

AnyRequest = Request[Any, Any, Any]


def leave_for(request: AnyRequest, address: str) -> Response[Any]:
    """On to the payment page. Browsers let a form lead only to our own pages, so that another host
    is reached by a page in between."""
    path = own(request, address)
    if path.startswith("/"):
        return Redirect(path, status_code=303)
    return render(request, "checkout/leaving.html", address=address)


def own(request: AnyRequest, address: str) -> str:
    """Our own pages by their path: the browser may know us by another name than the posters do."""
    base: str = request.app.state.settings.base_url
    return address.removeprefix(base) if address.startswith(f"{base}/") else address
