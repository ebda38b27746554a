"""Files by their content, as the browser asks for them."""

from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from app import files
from app.db import Db
from app.errors import NotFound


@get("/files/{name:str}", tags=["files"])
async def file(name: FromPath[str], db: Db) -> Response[bytes]:
    """A public file (product pictures): named by its SHA-256, so it may be kept for ever."""
    found = await files.fetch(db, name)
    if found is None or not found.public:
        raise NotFound("There is no such file.")
    return Response(
        found.body,
        media_type=found.media_type,
        headers={"Cache-Control": "public, max-age=31536000, immutable", "ETag": f'"{name}"'},
    )


routes: list[Any] = [file]
