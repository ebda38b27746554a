"""What a phone keeps, so that scanning goes on without a signal.

A service worker needs a secure context (https, or localhost). Elsewhere the scanner works as long as
its page is open; what was scanned is kept all the same.
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
from app.pages.shopper.showing import Bar

AnyRequest = Request[Any, Any, Any]

KEPT = (
    "look.css",
    "forms.css",
    "mark.svg",
    "shopper/shopper.css",
    "shopper/scanner.css",
    "asking.js",
    "pressing.js",
    "shopper/basket.js",
    "shopper/install.js",
    "shopper/scanner.js",
    "shopper/outbox.js",
    "shopper/decoder.js",
    "vendor/zxing-wasm/dist/es/reader/index.js",
    "vendor/zxing-wasm/dist/es/share.js",
    "vendor/zxing-wasm/dist/reader/zxing_reader.wasm",
)
"""Everything the scanner is made of."""
PLAIN = (
    "asking.js",
    "pressing.js",
    "basket.js",
    "install.js",
    "outbox.js",
    "decoder.js",
    "share.js",
)
"""What another script asks for, by its name alone."""
WORKER = Path(__file__).parent / "worker.js"


@get("/sw.js", include_in_schema=False)
async def worker() -> Response[str]:
    kept = json.dumps([_address(name) for name in KEPT])
    return worker_of(f"const KEPT = {kept};\n{WORKER.read_text()}", "/")


@get("/manifest.webmanifest", include_in_schema=False)
async def manifest(request: AnyRequest) -> Response[str]:
    language = language_of(request)
    return manifest_of(
        name="Perron",
        short_name="Perron",
        description=translate(language, N_("Scan the wall, it comes home.")),
        lang=language,
        id="/",
        start_url="/scan",
        scope="/",
    )


@get("/offline", include_in_schema=False, media_type=MediaType.HTML)
async def shell(request: AnyRequest) -> Response[str]:
    """The scanner with nothing of anybody on it: this is what a phone keeps."""
    return render(request, "shopper/scan.html", bar=Bar(0, 0, 0), offline=True)


def N_(sentence: str) -> str:
    """Marks a sentence for the catalogues."""
    return sentence


def _address(name: str) -> str:
    """Modules are imported by each other without a fingerprint."""
    plain = name.endswith(PLAIN)
    return f"/assets/{name}" if plain else address_of(name)


routes: list[Any] = [worker, manifest, shell]
