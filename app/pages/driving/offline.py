"""What a driver's phone keeps, so that a run goes on without a signal.

The pages of runs are kept by the page itself and for a day after the shift; nothing of anybody is in
what the worker keeps. A service worker needs a secure context (https, or localhost): elsewhere the
open page goes on working, and what was done is kept all the same.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from litestar import Request, Response, get
from litestar.enums import MediaType

from app.http.problems import language_of
from app.languages import translate
from app.pages.assets import address_of
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
    """Changes with whatever it keeps, so that a phone takes over a new shop by itself."""
    kept = json.dumps([*map(address_of, KEPT), *(f"/assets/{name}" for name in IMPORTED)])
    body = f"const KEPT = {kept};\n{WORKER.read_text()}"
    version = hashlib.sha256(
        "".join([body, *map(address_of, IMPORTED)]).encode()
    ).hexdigest()[:12]  # fmt: skip
    return Response(
        f'const VERSION = "{version}";\n{body}',
        media_type="text/javascript",
        headers={"Cache-Control": "no-cache", "Service-Worker-Allowed": "/driving"},
    )


@get("/driving/manifest.webmanifest", include_in_schema=False)
async def manifest(request: AnyRequest) -> Response[str]:
    language = language_of(request)
    name = f"Perron · {translate(language, 'Driving')}"
    told = {
        "name": name,
        "short_name": name,
        "lang": language,
        "id": "/driving",
        "start_url": "/driving",
        "scope": "/driving",
        "display": "standalone",
        "background_color": "#faf8f4",
        "theme_color": "#0b6b4f",
        "icons": [
            {"src": address_of("mark.svg"), "sizes": "any", "type": "image/svg+xml"},
            *(
                {
                    "src": address_of(f"shopper/icon-{size}.png"),
                    "sizes": f"{size}x{size}",
                    "type": "image/png",
                    "purpose": "any maskable",
                }
                for size in (192, 512)
            ),
        ],
    }
    return Response(
        json.dumps(told, ensure_ascii=False),
        media_type="application/manifest+json",
        headers={"Cache-Control": "no-cache", "Vary": "Cookie, Accept-Language"},
    )


@get("/driving/offline", include_in_schema=False, media_type=MediaType.HTML)
async def shell(request: AnyRequest) -> Response[str]:
    """With nothing of anybody on it: what a phone shows for a run it has not kept."""
    return render(request, "driving/offline.html")


routes: list[Any] = [worker, manifest, shell]
