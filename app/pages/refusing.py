"""What cannot be shown, in words: whoever stands at a desk stays at it."""

from litestar import Response

from app.http.problems import AnyRequest, Problem
from app.pages.rendering import render

DESKS = {
    "/merchandiser": "merchandiser/nav.html",
    "/till": "till/nav.html",
    "/contact": "contact/nav.html",
    "/state": "state/nav.html",
    "/picking": "desk_nav.html",
    "/packing": "desk_nav.html",
    "/receiving": "desk_nav.html",
    "/collecting": "desk_nav.html",
    "/driving": "desk_nav.html",
    "/dispatch": "desk_nav.html",
    "/sourcing": "desk_nav.html",
}
"""Where each desk begins, and what leads on from there."""


def show_problem(request: AnyRequest, problem: Problem) -> Response[str]:
    desk = _desk_of(request)
    if desk and problem.status == 403:
        desk, nav = "/login", "desk_nav.html"  # somebody else's: on to one's own
    else:
        nav = DESKS.get(desk, "")
    return render(
        request, "problem.html", status=problem.status, problem=problem, desk=desk, nav=nav
    )


def _desk_of(request: AnyRequest) -> str:
    """Empty for a shopper, and for who is not signed in."""
    if request.scope.get("user") is None:
        return ""
    first = "/" + request.url.path.split("/")[1]
    return first if first in DESKS else ""
