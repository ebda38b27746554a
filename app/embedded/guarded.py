"""A server that lives exactly as long as somebody holds it.

Every process that uses the server keeps a pipe open for writing. A small shell, the guard, reads
it: when the last writer has gone, by whatever end, the kernel tells the guard, and the guard stops
the server. Nobody has to be alive to clean up.
"""

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

from app.embedded.room import DidNotStart, Room

# INT asks PostgreSQL for a fast shutdown and Valkey for a clean one, again and again, since a
# server that has only just begun does not listen yet. Who has not complied after 4 s is told to
# QUIT, which PostgreSQL mends from its log at the next start.
GUARD = """
pidfile=$1; shift
exec 3<&0 </dev/null
"$@" 3<&- & pid=$!
echo $pid > "$pidfile"
(
    while read -r _; do :; done
    exec <&-
    for signal in INT INT INT INT INT QUIT KILL; do kill -$signal $pid || exit; sleep 0.8; done
) <&3 3<&- >/dev/null 2>&1 & reader=$!
exec 3<&-
wait $pid
kill $reader 2>/dev/null
"""
LARGEST_LOG = 5_000_000
PATIENCE_S = 60.0
STOPS_WITHIN_S = 7.0


class Guarded:
    """Enter it to start the server or to join one that runs; leave it, and the last one stops it."""

    name = ""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.folder = room.folder / self.name
        self._log = room.folder / f"{self.name}.log"
        self._pipe = room.folder / f"{self.name}.pipe"
        self._guard: subprocess.Popen[bytes] | None = None
        self._held: tuple[int, int] = (-1, -1)
        self._log_starts_at = 0

    def prepare(self) -> list[str]:
        """Make what the server needs; returns the command that runs it in the foreground."""
        raise NotImplementedError

    def answers(self) -> bool:
        raise NotImplementedError

    def __enter__(self) -> Self:
        with self._alone():
            if not self._join():
                self._stop_what_is_left()
                self._start(self.prepare())
        return self

    def wait_until_ready(self) -> None:
        until = time.monotonic() + PATIENCE_S
        while not self.answers():
            if self._guard is not None and self._guard.poll() is not None:
                raise DidNotStart(self._reason())
            if time.monotonic() > until:
                raise DidNotStart(
                    f"{self.name} gave no answer in {PATIENCE_S:.0f} s, see {self._log}"
                )
            time.sleep(0.01)

    def __exit__(self, *_: object) -> None:
        with self._alone():
            pipe, holders = self._held
            with suppress(BlockingIOError):
                fcntl.flock(holders, fcntl.LOCK_EX | fcntl.LOCK_NB)
                os.close(pipe)
                pipe = -1
                self._wait_for_the_end()
            if pipe >= 0:  # somebody else still holds it
                os.close(pipe)
            os.close(holders)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time starts or stops this server."""
        descriptor = _open(self.room.folder / f"{self.name}.lock")
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _join(self) -> bool:
        try:
            pipe = os.open(self._pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:  # no such pipe, or nobody reads it: no guard
            return False
        if not self.answers():
            os.close(pipe)
            return False
        self._hold(pipe)
        return True

    def _hold(self, pipe: int) -> None:
        holders = _open(self.room.folder / f"{self.name}.holders")
        fcntl.flock(holders, fcntl.LOCK_SH)
        self._held = (pipe, holders)

    def _start(self, command: list[str]) -> None:
        self._pipe.unlink(missing_ok=True)
        os.mkfifo(self._pipe, 0o600)
        reading = os.open(self._pipe, os.O_RDONLY | os.O_NONBLOCK)
        self._hold(os.open(self._pipe, os.O_WRONLY | os.O_NONBLOCK))
        os.set_blocking(reading, True)
        try:
            self._guard = self._spawn(command, reading)
        except OSError as error:
            for held in self._held:
                os.close(held)
            raise DidNotStart(f"{self.name} cannot be run: {error}") from error
        finally:
            os.close(reading)

    def _spawn(self, command: list[str], reading: int) -> subprocess.Popen[bytes]:
        pidfile = str(self.folder / "guarded.pid")
        with self._log.open("ab") as log:
            # Guard and server write to it, so that it is locked as long as anything of them lives.
            fcntl.flock(log, fcntl.LOCK_EX)
            if log.tell() > LARGEST_LOG:
                log.truncate(0)
            self._log_starts_at = log.tell()
            return subprocess.Popen(
                ["/bin/sh", "-c", GUARD, "guard", pidfile, *command],
                stdin=reading,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env=environment(),
                umask=0o077,
                start_new_session=True,  # Ctrl-C is for the shop, which then lets go in order
                **self.room.run_as(),
            )

    def _stop_what_is_left(self) -> None:
        """One that is about to finish is waited for; one that lost its guard is stopped."""
        if self.answers() or not self._wait_for_the_end():
            with suppress(OSError, ValueError):
                os.kill(int((self.folder / "guarded.pid").read_text()), signal.SIGINT)
            if not self._wait_for_the_end():
                raise DidNotStart(f"An earlier {self.name} does not stop; see {self._log}")

    def _wait_for_the_end(self) -> bool:
        """Whether nothing of the server is left; a zombie holds no lock."""
        log = _open(self._log)
        try:
            until = time.monotonic() + STOPS_WITHIN_S
            while time.monotonic() < until:
                with suppress(BlockingIOError):
                    fcntl.flock(log, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    return True
                time.sleep(0.01)
            return False
        finally:
            os.close(log)
            if self._guard is not None:
                self._guard.poll()

    def _reason(self) -> str:
        with self._log.open("rb") as log:
            log.seek(self._log_starts_at)
            lines = log.read().decode("utf-8", "replace").splitlines()
        return "\n".join([f"{self.name} did not start; the end of {self._log}:", *lines[-5:]])


def environment() -> dict[str, str]:
    """Nothing of the shop's surroundings, so that no PGDATA or LC_ALL of a person decides."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
