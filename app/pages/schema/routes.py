"""The OpenAPI document for programs, and the same for people, without any script from outside."""

from typing import Any

import msgspec
from litestar import Litestar, Request, Response, get

from app.http import schema
from app.pages.rendering import render


@get("/schema/openapi.json", include_in_schema=False)
async def document(request: Request[Any, Any, Any]) -> Response[bytes]:
    return Response(
        msgspec.json.encode(document_of(request.app)),
        media_type="application/vnd.oai.openapi+json",
        headers={"Cache-Control": "public, max-age=300"},
    )


@get("/schema", include_in_schema=False)
async def page(request: Request[Any, Any, Any]) -> Response[str]:
    described = document_of(request.app)
    by_tag: dict[str, list[dict[str, Any]]] = {}
    for method, path, operation in schema.operations(described):
        entry = {"method": method.upper(), "path": path, **operation}
        by_tag.setdefault(operation["tags"][0], []).append(entry)
    return render(
        request,
        "schema/schema.html",
        document=described,
        by_tag=dict(sorted(by_tag.items())),
        example=_example,
    )


def document_of(app: Litestar) -> dict[str, Any]:
    if "openapi" not in app.state:
        app.state["openapi"] = schema.complete(
            app.openapi_schema.to_schema(), app.state["permissions"]
        )
    made: dict[str, Any] = app.state["openapi"]
    return made


def _example(part: dict[str, Any] | None) -> str:
    """The example of a body, spelled out; empty for one that has none."""
    for media in (part or {}).get("content", {}).values():
        if media.get("example") is not None:
            return msgspec.json.format(msgspec.json.encode(media["example"]), indent=2).decode()
    return ""


routes: list[Any] = [document, page]
