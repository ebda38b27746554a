"""`python3 -m app` as a person starts it, in a folder of its own."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from app.settings import NAMES, ROOT

FIRST_START_S = 600
OURS = {*NAMES.values(), "PERRON_VENV", "PERRON_SUPERVISOR", "VIRTUAL_ENV", "PYTHONPATH"}


def surroundings(**more: str) -> dict[str, str]:
    """The environment of this machine without anything that a test run has set."""
    return {name: value for name, value in os.environ.items() if name not in OURS} | more


class ShopProcess:
    def __init__(self, home: Path, *, python=sys.executable, folder=ROOT, env=None, user=None):
        self.home, self.user = home, user or {}
        self.folder, self.python = folder, python
        self.env = surroundings(PERRON_HOME=str(home), **(env or {}))
        self.out = Path(folder if user else home.parent) / f"out-{home.name}.txt"
        self.process: subprocess.Popen | None = None

    def start(self, *flags: str) -> "ShopProcess":
        with self.out.open("w") as out:
            self.process = subprocess.Popen(
                [self.python, "-m", "app", *flags],
                cwd=self.folder,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **self.user,
            )
        return self

    def wait_until_open(self, within_s: float = FIRST_START_S) -> "ShopProcess":
        """Needs no knowledge of the port: the screen says where the shop is."""
        until = time.monotonic() + within_s
        while time.monotonic() < until and self.process.poll() is None:
            if "Perron is open" in self.out.read_text() and self.status("/health/ready") == 200:
                return self
            time.sleep(0.05)
        raise AssertionError("the shop did not open:\n" + self.out.read_text()[-4000:])

    @property
    def url(self) -> str:
        [line] = [line for line in self.out.read_text().splitlines() if line.startswith("  Shop ")]
        return line.split()[1].rstrip("/")

    def status(self, path: str) -> int:
        try:
            with urllib.request.urlopen(self.url + path, timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def verb(self, *words: str, told: str = "") -> str:
        done = subprocess.run(
            [self.python, "-m", "app", *words],
            cwd=self.folder,
            env=self.env,
            input=told,
            capture_output=True,
            text=True,
            check=True,
            **self.user,
        )
        return done.stdout

    def end(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        return self.process.wait(30)

    def left(self) -> dict[int, str]:
        """What still runs of it: whatever names its folders, and whatever serves or works for it."""
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                command = (entry / "cmdline").read_bytes()
                environment = (entry / "environ").read_bytes()
            except OSError:
                continue
            if os.fsencode(self.home) in command or self._is_ours(environment):
                found[int(entry.name)] = command.replace(b"\0", b" ").decode()[:150]
        return {pid: command for pid, command in found.items() if pid != os.getpid()}

    def _is_ours(self, environment: bytes) -> bool:
        return os.fsencode(f"PERRON_HOME={self.home}\0") in environment + b"\0"

    def wait_until_nothing_is_left(self, within_s: float) -> dict[int, str]:
        until = time.monotonic() + within_s
        while (left := self.left()) and time.monotonic() < until:
            time.sleep(0.05)
        return left
