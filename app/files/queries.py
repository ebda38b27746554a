import hashlib
from collections.abc import Sequence

import msgspec

from app.db import Connection


class File(msgspec.Struct, frozen=True):
    media_type: str
    body: bytes
    public: bool


async def keep(db: Connection, body: bytes, media_type: str, *, public: bool = False) -> str:
    """Returns the name of the file: 64 hexadecimal digits. The same content is kept once."""
    return (await keep_many(db, [body], media_type, public=public))[0]


async def keep_many(
    db: Connection, bodies: Sequence[bytes], media_type: str, *, public: bool = False
) -> list[str]:
    names = [hashlib.sha256(body).digest() for body in bodies]
    await db.execute(
        """
        INSERT INTO files.files AS file (sha256, media_type, body, public)
        SELECT DISTINCT ON (new.sha256) new.sha256, $3, new.body, $4
          FROM unnest($1::bytea[], $2::bytea[]) AS new (sha256, body)
         ORDER BY new.sha256
            ON CONFLICT (sha256) DO UPDATE SET public = file.public OR excluded.public
         WHERE excluded.public AND NOT file.public
        """,
        names, list(bodies), media_type, public,
    )  # fmt: skip
    return [name.hex() for name in names]


async def fetch(db: Connection, name: str) -> File | None:
    """The file of that name; a name that is not 64 hexadecimal digits names none."""
    try:
        sha256 = bytes.fromhex(name)
    except ValueError:
        return None
    row = await db.fetchrow(
        "SELECT media_type, body, public FROM files.files WHERE sha256 = $1", sha256
    )
    return File(**row) if row else None


async def forget(db: Connection, names: Sequence[str]) -> None:
    """Files nobody may see any more. What is public stays: the same content may hang on a wall."""
    await db.execute(
        "DELETE FROM files.files WHERE sha256 = ANY ($1::bytea[]) AND NOT public",
        [bytes.fromhex(name) for name in names],
    )
