"""Writes schema.sql: what all migrations together make, to be read as one document."""

import asyncio
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from app import embedded
from app.db.migrate import migrate

SCHEMA = Path(__file__).parent / "schema.sql"


def schema_of(url: str) -> str:
    """The schema of a migrated database as text, without what differs from server to server."""
    text = subprocess.run(
        [
            embedded.program("pg_dump"),
            "--schema-only",
            "--no-owner",
            "--no-privileges",
            "--dbname",
            url,
        ],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    ).stdout
    lines = [
        line
        for line in text.splitlines()
        if not re.match(r"--|SET |SELECT pg_catalog\.set_config|\\(un)?restrict", line)
    ]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


async def _main() -> None:
    with tempfile.TemporaryDirectory(prefix="perron-schema-") as folder:
        os.chmod(folder, 0o711)  # the server runs as another user under root
        with embedded.servers(Path(folder, "home"), fast=True, redis=False) as servers:
            await migrate(servers.database_url)
            SCHEMA.write_text(schema_of(servers.database_url))
    sys.stdout.write(f"{SCHEMA}\n")


if __name__ == "__main__":
    asyncio.run(_main())
