"""What a driver's phone keeps, so that a run goes on without a signal.

The pages of runs are kept by the page itself and for a day after the shift; nothing of anybody is in
what the worker keeps. A service worker needs a secure context (https, or localhost): elsewhere the
open page goes on working, and what was done is kept all the same.
"""

import json
from pathlib import Path
from typing import Any

from litestar import Request, Response, get
from litestar.enums import MediaType

from app.http.problems import language_of
from app.languages import translate
from app.pages.assets import address_of
from app.pages.kept import manifest_of, worker_of
from app.pages.rendering import render

AnyRequest = Request[Any, Any, Any]

KEPT = (
    "look.css",
    "desk.css",
    "desk.js",
    "mark.svg",
    "driving/driving.css",
    "driving/driving.js",
)
IMPORTED = ("driving/acts.js", "driving/door.js", "driving/thumb.js", "driving/where.js")
"""Modules import each other without a fingerprint."""
WORKER = Path(__file__).parent / "worker.js"


@get("/driving/sw.js", include_in_schema=False)
async def worker() -> Response[str]:
    kept = json.dumps([*map(address_of, KEPT), *(f"/assets/{name}" for name in IMPORTED)])
    body = f"const KEPT = {kept};\n{WORKER.read_text()}"
    return worker_of(body, "/driving", changes_with="".join(map(address_of, IMPORTED)))


@get("/driving/manifest.webmanifest", include_in_schema=False)
async def manifest(request: AnyRequest) -> Response[str]:
    language = language_of(request)
    name = f"Perron · {translate(language, 'Driving')}"
    return manifest_of(
        name=name,
        short_name=name,
        lang=language,
        id="/driving",
        start_url="/driving",
        scope="/driving",
    )


@get("/driving/offline", include_in_schema=False, media_type=MediaType.HTML)
async def shell(request: AnyRequest) -> Response[str]:
    """With nothing of anybody on it: what a phone shows for a run it has not kept."""
    return render(request, "driving/offline.html")


routes: list[Any] = [worker, manifest, shell]
