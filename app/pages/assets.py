"""Styles, modules and what npm installed, from our own host only."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from app.errors import NotFound

FOLDER = Path(__file__).parent
KINDS = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
}


@get("/assets/{path:path}", tags=["files"])
async def asset(path: FromPath[Path], v: FromQuery[str | None] = None) -> Response[bytes]:
    """With its fingerprint in `v` it may be kept for ever; without, the browser asks again."""
    name = str(path).lstrip("/")
    body = _read(name)
    known = v is not None and v == _fingerprint(name)
    cache_control = "public, max-age=31536000, immutable" if known else "no-cache"
    return Response(
        body,
        media_type=KINDS[Path(name).suffix],
        headers={"Cache-Control": cache_control, "ETag": f'"{_fingerprint(name)}"'},
    )


def address_of(name: str) -> str:
    """The address of `shopper/scanner.js` or `vendor/zxing-wasm/...`, changing with its content."""
    return f"/assets/{name}?v={_fingerprint(name)}"


@cache
def _read(name: str) -> bytes:
    inside = f"node_modules/{name.removeprefix('vendor/')}" if name.startswith("vendor/") else name
    path = (FOLDER / inside).resolve()
    if path.suffix not in KINDS or FOLDER not in path.parents or not path.is_file():
        raise NotFound("There is no such file.")
    return path.read_bytes()


@cache
def _fingerprint(name: str) -> str:
    return hashlib.sha256(_read(name)).hexdigest()[:12]


routes: list[Any] = [asset]
