"""Python packages from a lock into an environment: with uv where it is, else with pip."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import deque
from collections.abc import Sequence
from pathlib import Path

NO_VENV = "This Python cannot make environments. Debian/Ubuntu: apt install python3-venv"
NO_PIP = "This Python has no pip. Debian/Ubuntu: apt install python3-venv"


class Cannot(Exception):
    """The installation cannot go on; the text says what a person can do."""


def python_of(venv: Path) -> Path:
    return venv / "bin" / "python"


def runs(python: Path) -> bool:
    return python.exists() and _succeeds([python, "-c", "import encodings, site"])


def are_here(pyproject: Path, group: str) -> bool:
    """Whether this Python has it all, as in a container or after `pip install -e .` by hand.

    Compared with the least versions in pyproject, not with the lock: a person may be ahead of it.
    """
    from importlib.metadata import PackageNotFoundError, version

    try:
        return all(_numbers(version(name)) >= least for name, least in _wanted(pyproject, group))
    except PackageNotFoundError:
        return False


def make_venv(venv: Path) -> None:
    if uv := shutil.which("uv"):
        options = ["--quiet", "--allow-existing", "--python", sys.executable]
        if _succeeds([uv, "venv", *options, venv]):
            return
    # Debian leaves out ensurepip; then the pip of the machine installs into our environment.
    without_pip: list[list[str]] = [[], ["--without-pip"]]
    if any(_succeeds([sys.executable, "-m", "venv", *option, venv]) for option in without_pip):
        return
    raise Cannot(NO_VENV)


def fill(venv: Path, lock: Path) -> None:
    python = python_of(venv)
    if uv := shutil.which("uv"):
        options = ["--quiet", "--require-hashes"]
        if _succeeds([uv, "pip", "install", *options, "--python", python, "--requirements", lock]):
            return
    pip: list[str | Path] = [python, "-m", "pip"]
    if not _succeeds([*pip, "--version"]):
        pip = [sys.executable, "-m", "pip", "--python", python]
        if not _succeeds([*pip, "--version"]):
            raise Cannot(NO_PIP)
    options = ["--disable-pip-version-check", "--no-input", "--require-hashes", "--requirement"]
    _run_with_count([*pip, "install", *options, lock], lock.read_text("utf-8").count("=="))


def point_to(checkout: Path, venv: Path) -> None:
    """The code is used where it stands, nothing is built; and the verb `perron` leads to it."""
    python = python_of(venv)
    [site] = venv.glob("lib/python3*/site-packages")
    (site / "perron.pth").write_text(f"{checkout}\n", "utf-8")
    script = venv / "bin" / "perron"
    script.write_text(f"#!/bin/sh\nexec '{python}' -P -m app \"$@\"\n", "utf-8")
    script.chmod(0o755)


def _wanted(pyproject: Path, group: str) -> list[tuple[str, list[int]]]:
    import tomllib

    project = tomllib.loads(pyproject.read_text("utf-8"))
    wanted = list(project["project"]["dependencies"])
    if group != "run":
        wanted += project["project"]["optional-dependencies"]["embedded"]
    if group in ("test", "dev"):
        wanted += project["dependency-groups"]["test"]
    if group == "dev":
        wanted += [line for line in project["dependency-groups"]["dev"] if isinstance(line, str)]
    found = (re.match(r"([A-Za-z0-9_.-]+)(?:\[[^]]*\])?(?:>=([0-9.]+))?", line) for line in wanted)
    return [(match[1], _numbers(match[2] or "0")) for match in found if match]


def _numbers(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"[0-9]+", version)]


def _run_with_count(command: Sequence[str | Path], total: int) -> None:
    """pip is silent or loud; a person wants to see that it goes on."""
    pip = subprocess.Popen(
        [str(part) for part in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PIP_USER": "0"},
    )
    done, said = 0, deque[str](maxlen=25)
    for line in pip.stdout or ():
        said.append(line)
        done += line.startswith("Collecting ")
        _show(f"  unpacking {done}" if line.startswith("Installing") else f"  {done} of {total}")
    _show("")
    if pip.wait():
        raise Cannot("The packages could not be installed:\n" + "".join(said))


def _show(words: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{words:<30}\r", end="", file=sys.stderr, flush=True)


def _succeeds(command: Sequence[str | Path]) -> bool:
    try:
        done = subprocess.run([str(part) for part in command], check=False, capture_output=True)
    except OSError:
        return False
    return done.returncode == 0
