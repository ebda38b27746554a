"""What a phone needs to keep a desk of ours: how it looks on the home screen, and its service worker."""

import hashlib
import json
from typing import Any

from litestar import Response

from app.pages.assets import address_of


def manifest_of(**told: Any) -> Response[str]:
    """Web Application Manifest (W3C), in the colours and with the mark of the shop."""
    sizes = {size: address_of(f"shopper/icon-{size}.png") for size in (192, 512)}
    mark = {"src": address_of("mark.svg"), "sizes": "any", "type": "image/svg+xml"}
    whole = {
        **told,
        "display": "standalone",
        "background_color": "#faf8f4",
        "theme_color": "#0b6b4f",
        "icons": [
            mark,
            *(
                {
                    "src": address,
                    "sizes": f"{size}x{size}",
                    "type": "image/png",
                    "purpose": "any maskable",
                }
                for size, address in sizes.items()
            ),
        ],
    }
    return Response(
        json.dumps(whole, ensure_ascii=False),
        media_type="application/manifest+json",
        headers={"Cache-Control": "no-cache", "Vary": "Cookie, Accept-Language"},
    )


def worker_of(body: str, scope: str, *, changes_with: str = "") -> Response[str]:
    """Its version is made of all it keeps, so that a phone takes over a new shop by itself."""
    version = hashlib.sha256(f"{body}{changes_with}".encode()).hexdigest()[:12]
    return Response(
        f'const VERSION = "{version}";\n{body}',
        media_type="text/javascript",
        headers={"Cache-Control": "no-cache", "Service-Worker-Allowed": scope},
    )
