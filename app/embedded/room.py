"""Where the servers live, and as whom.

PostgreSQL refuses to run as root, so root's shop runs its servers as another user. That user must
get through to the data and to the programs. Folders made by someone else keep their permissions:
where they are closed, a room in the system's folder is used instead.
"""

import hashlib
import os
import pwd
import secrets
import subprocess
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from app.settings import SYSTEM_HOME, make_home

LONGEST_SOCKET = 100
"""The kernel allows 107 bytes (Linux) or 103 (macOS) for the path of a Unix socket."""


class DidNotStart(Exception):
    """One of the shop's own servers could not be started; the text says why."""


class Room(NamedTuple):
    folder: Path
    servant: pwd.struct_passwd | None
    """The user who runs the servers; None: whoever runs the shop."""

    def run_as(self) -> dict[str, Any]:
        """Arguments for `subprocess` that make the child this user."""
        if self.servant is None:
            return {}
        return {"user": self.servant.pw_uid, "group": self.servant.pw_gid, "extra_groups": []}

    def can_reach(self, path: Path) -> bool:
        return _reaches(self.servant, path)

    def own(self, name: str) -> Path:
        """A folder in this room that only the servers (and root) look into."""
        folder = self.folder / name
        folder.mkdir(mode=0o700, exist_ok=True)
        self.hand_over(folder)
        return folder

    def hand_over(self, path: Path) -> None:
        if self.servant is not None:
            os.chown(path, self.servant.pw_uid, self.servant.pw_gid)

    def socket_folder(self, folder: Path, socket: str) -> Path:
        """The folder itself; a short one under /tmp when the path would be too long for a socket.

        Raises `DidNotStart` when a stranger has taken the short one.
        """
        if len(os.fsencode(folder / socket)) <= LONGEST_SOCKET:
            return folder
        digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
        short = Path(tempfile.gettempdir()) / f"perron-{digest}"
        owner = self.servant.pw_uid if self.servant else os.geteuid()
        try:
            short.mkdir(mode=0o700)
            self.hand_over(short)
        except FileExistsError:
            seen = short.lstat()
            if seen.st_uid != owner or seen.st_mode & 0o177777 != 0o040700:
                raise DidNotStart(f"{short} belongs to someone else; remove it.") from None
        return short


def room_in(home: Path) -> Room:
    """The data folder itself where that will do. Raises `DidNotStart` when nothing will."""
    make_home(home)
    servant = _servant()
    if _reaches(servant, home):
        return Room(home, servant)
    pointer = home / "room"
    if not pointer.exists():
        rooms = make_home(SYSTEM_HOME) / "rooms"
        rooms.mkdir(mode=0o711, exist_ok=True)
        pointer.write_text(str(rooms / secrets.token_hex(8)))
    folder = Path(pointer.read_text())
    folder.mkdir(mode=0o711, exist_ok=True)
    if not _reaches(servant, folder):
        raise DidNotStart(f"{servant and servant.pw_name} cannot enter {folder}; chmod a+x it.")
    return Room(folder, servant)


def _servant() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise DidNotStart("PostgreSQL does not run as root, and there is no user nobody; make one.")


def _reaches(servant: pwd.struct_passwd | None, path: Path) -> bool:
    if servant is None:
        return True
    tried = subprocess.run(
        ["/bin/sh", "-c", 'test -x "$0"', path],
        cwd="/",
        check=False,
        user=servant.pw_uid,
        group=servant.pw_gid,
        extra_groups=[],
    )
    return tried.returncode == 0
