"""Makes `python3 -m app` and `python3 -m tests` work where there is nothing but Python.

Standard library only, and in words that an older Python can still read, so that it can say what is
missing. Installs the locked packages into `.venv` (or PERRON_VENV) once, then goes on in there.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.bootstrap import browser, packages
from app.bootstrap.packages import Cannot

ROOT = Path(__file__).resolve().parent.parent.parent
LOCKS = ROOT / "deploy" / "lock"
GROUPS = ("run", "home", "test", "dev")
"""Each lock holds what those before it hold."""
UNWRITABLE = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC)


def ensure(group: str, module: str) -> None:
    """Return when everything `group` needs is here; else install it and run `module` with it.

    `group` names a file in deploy/lock. Ends the process with one sentence when it cannot be done.
    """
    if sys.version_info < (3, 11):  # noqa: UP036  # said here, before anything newer is read
        sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0] + ".")
    if not LOCKS.is_dir():  # installed from a wheel
        return
    if group == "home" and os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        group = "run"
    venv = Path(os.environ.get("PERRON_VENV") or ROOT / ".venv").absolute()
    inside = venv.is_dir() and os.path.samefile(sys.prefix, venv)
    made_here = inside and any(venv.glob(".perron-*"))
    if not made_here and packages.are_here(ROOT / "pyproject.toml", group):
        return
    if not _is_complete(venv, group):
        _install_or_explain(venv, group)
    if not inside:
        sys.stdout.flush()
        python = str(packages.python_of(venv))
        os.execv(python, [python, "-m", module, *sys.argv[1:]])


def browser_packages(group: str = "home") -> None:
    """What the pages need from npm, where the shop runs from a checkout; seen to at every start."""
    if LOCKS.is_dir() and not browser.are_here(group):
        with _alone():
            if not browser.are_here(group):
                browser.install(Path(sys.prefix), group)


def _is_complete(venv: Path, group: str) -> bool:
    larger = GROUPS[GROUPS.index(group) :]
    return packages.python_of(venv).exists() and any(_is_stamped(venv, name) for name in larger)


def _is_stamped(venv: Path, group: str) -> bool:
    try:
        return (venv / f".perron-{group}").read_text() == _fingerprint(group)
    except OSError:
        return False


def _fingerprint(group: str) -> str:
    """Of the lock and of where the checkout stands: a moved one is told anew where its code is."""
    lock = (LOCKS / f"{group}.txt").read_bytes()
    return hashlib.sha256(lock + os.fsencode(ROOT)).hexdigest()


def _install_or_explain(venv: Path, group: str) -> None:
    try:
        with _alone():
            if not _is_complete(venv, group):  # the other one may have done it meanwhile
                _install(venv, group)
    except Cannot as reason:
        sys.exit(str(reason))
    except KeyboardInterrupt:
        sys.exit("Stopped; the next start installs the rest.")
    except OSError as error:
        if error.errno not in UNWRITABLE:
            raise
        sys.exit(f"{error.filename}: {error.strerror}. Set PERRON_VENV to a folder of your own.")


def _install(venv: Path, group: str) -> None:
    venv.mkdir(parents=True, exist_ok=True)
    unfinished = venv / ".perron-unfinished"
    if unfinished.exists() and unfinished.read_text() == "new":
        shutil.rmtree(venv)  # cut off by Ctrl-C or a lost connection: begin again
        venv.mkdir()
    is_new = not packages.runs(packages.python_of(venv))
    unfinished.write_text("new" if is_new else "")
    say(f"Installing into {venv}, once; this takes a minute or less.")
    if is_new:
        packages.make_venv(venv)
    packages.fill(venv, LOCKS / f"{group}.txt")
    packages.point_to(ROOT, venv)
    if not browser.are_here(group):
        browser.install(venv, group)
    (venv / f".perron-{group}").write_text(_fingerprint(group))
    unfinished.unlink()


@contextmanager
def _alone() -> Iterator[None]:
    """One installation per checkout at a time. The folder itself is locked: nothing to clean up."""
    descriptor = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another start is installing; waiting for it.")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
