"""Child processes that are kept running, and stopped together."""

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from app.settings import ROOT

SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0
HEALTHY_AFTER_S = 60.0
LARGEST_LOG = 20_000_000
STOP_WITHIN_S = 5.0


def command(*words: str) -> list[str]:
    """`perron <words>` with this Python and this code, wherever we were started from."""
    start = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from app.cli import main; main()"
    return [sys.executable, "-P", "-c", start, *words]


class Child:
    """`perron <words>` in a process of its own. What it logs goes to `log`, or where ours goes."""

    def __init__(
        self, words: Sequence[str], environment: Mapping[str, str], log: Path | None
    ) -> None:
        self.name = words[0]
        self.log = log
        self._command = command(*words)
        self._environment = dict(environment)
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = self._again_at = 0.0
        self._pause_s = SHORTEST_PAUSE_S

    def start(self) -> None:
        self._started_at = time.monotonic()
        if self.log is None:
            self._process = self._spawn(None)
            return
        with self.log.open("ab") as log:
            if log.tell() > LARGEST_LOG:
                log.truncate(0)
            self._process = self._spawn(log.fileno())

    def _spawn(self, output: int | None) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self._command,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C is for the supervisor, which stops them in order
        )

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def tend(self) -> str | None:
        """Start it again when it has ended, after a pause that grows. Says so when it has ended."""
        now = time.monotonic()
        if self._process is not None and (code := self._process.poll()) is not None:
            self._process = None
            if now - self._started_at > HEALTHY_AFTER_S:
                self._pause_s = SHORTEST_PAUSE_S
            self._again_at = now + self._pause_s
            self._pause_s = min(self._pause_s * 2, LONGEST_PAUSE_S)
            where = f"; see {self.log}" if self.log else ""
            return f"{self.name} ended ({code}) and is started again{where}"
        if self._process is None and now >= self._again_at:
            self.start()
        return None

    def ask_to_stop(self) -> None:
        if self._process is not None:
            self._process.terminate()

    def stop(self, within_s: float) -> None:
        if self._process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(within_s)
        if self.runs:
            self._process.kill()
            self._process.wait()


def stop_all(children: Sequence[Child]) -> None:
    until = time.monotonic() + STOP_WITHIN_S
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.stop(max(0.1, until - time.monotonic()))
