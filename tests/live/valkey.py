"""A Valkey of one test's own, to be killed, frozen and flushed."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

from app.embedded.programs import path_of_valkey
from app.embedded.room import room_in


class Valkey:
    def __init__(self, folder: Path) -> None:
        self._socket = folder / "own.sock"
        self._folder = folder
        self.url = f"unix://{self._socket}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [str(path_of_valkey(room_in(self._folder))), "--port", "0", "--save", ""]
        command += ["--unixsocket", str(self._socket), "--dir", str(self._folder)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        until = time.monotonic() + 10
        while not self._answers():
            assert time.monotonic() < until, "it did not start"
            time.sleep(0.02)

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()
        self._socket.unlink(missing_ok=True)

    def freeze(self) -> None:
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def flush(self) -> None:
        with socket.socket(socket.AF_UNIX) as caller:
            caller.connect(str(self._socket))
            caller.sendall(b"FLUSHALL\r\n")
            assert caller.recv(16) == b"+OK\r\n"

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self.thaw()
            self.kill()

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        os.kill(self._process.pid, number)

    def _answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as caller:
                caller.settimeout(1)
                caller.connect(str(self._socket))
                caller.sendall(b"PING\r\n")
                return caller.recv(16).startswith(b"+PONG")
        except OSError:
            return False
