"""PostgreSQL 18 from a wheel, in the foreground, on a Unix socket."""

import locale
import shutil
import socket
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from app.embedded.guarded import Guarded, environment
from app.embedded.programs import folder_of_postgres
from app.embedded.room import DidNotStart, Room

DATABASE = "perron"
SOCKET = ".s.PGSQL.5432"
ALWAYS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "8GB",
    "autovacuum": "off",
}


class Postgres(Guarded):
    name = "postgres18"

    def __init__(self, room: Room, *, fast: bool = False) -> None:
        super().__init__(room)
        self._initdb = ["--no-sync"] if fast else []
        self._settings = ALWAYS | (FAST if fast else {})
        self._sockets = room.socket_folder(self.folder, SOCKET)
        self._has_database = self.folder / "perron.made"

    @property
    def url(self) -> str:
        return f"postgresql://postgres@/{DATABASE}?host={quote(str(self._sockets), safe='')}"

    def prepare(self) -> list[str]:
        programs = folder_of_postgres(self.room)
        if not self.folder.exists():
            self._make_cluster(programs)
        settings = self._settings | {"unix_socket_directories": f'"{self._sockets}"'}
        command = [str(programs / "postgres"), "-D", str(self.folder)]
        return command + [part for pair in settings.items() for part in ("-c", "=".join(pair))]

    def answers(self) -> bool:
        try:
            status = (self.folder / "postmaster.pid").read_text().splitlines()
            with socket.socket(socket.AF_UNIX) as caller:
                caller.settimeout(1)
                caller.connect(str(self._sockets / SOCKET))
        except OSError:
            return False
        return len(status) > 7 and status[7].strip() == "ready"

    def wait_until_ready(self) -> None:
        super().wait_until_ready()
        with self._alone():
            if not self._has_database.exists():
                self._make_database()
                self._has_database.touch()

    def _make_cluster(self, programs: Path) -> None:
        """Made beside and moved into place, so that a start that was cut off leaves no half one.

        The character type must be a real UTF-8 one: under C, pg_trgm finds no trigrams in Korean.
        """
        shutil.rmtree(self.room.folder / f"{self.name}.new", ignore_errors=True)
        fresh = self.room.own(f"{self.name}.new")
        language = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "-E", "UTF8"]
        language += [f"--locale={_utf8_locale()}", "--lc-messages=C"]
        access = ["-U", "postgres", "-A", "trust"]
        self._run([programs / "initdb", "-D", fresh, *access, *language, *self._initdb])
        fresh.rename(self.folder)

    def _make_database(self) -> None:
        programs = folder_of_postgres(self.room)
        with suppress(FileExistsError):
            self._run([programs / "createdb", "-h", self._sockets, "-U", "postgres", DATABASE])

    def _run(self, command: Sequence[str | Path]) -> None:
        try:
            done = subprocess.run(
                command,
                cwd="/",
                env=environment(),
                check=False,
                capture_output=True,
                text=True,
                **self.room.run_as(),
            )
        except OSError as error:
            raise DidNotStart(f"{command[0]} cannot be run: {error}") from error
        if "already exists" in done.stderr:
            raise FileExistsError(done.stderr)
        if done.returncode:
            raise DidNotStart(f"{Path(command[0]).name} failed: {done.stderr.strip()[-1000:]}")


def _utf8_locale() -> str:
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "en_US.UTF-8", "nl_NL.UTF-8", "ko_KR.UTF-8"):
            with suppress(locale.Error):
                locale.setlocale(locale.LC_CTYPE, name)
                return name
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    raise DidNotStart("This machine has no UTF-8 locale. Debian/Ubuntu: apt install locales-all")
