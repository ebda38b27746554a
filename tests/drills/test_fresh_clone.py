"""What a newcomer does: a fresh clone, two commands, as root and as an ordinary user."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from app.settings import ROOT
from tests.drills.shop_process import ShopProcess, surroundings

pytestmark = pytest.mark.drill

INSTALLS_WITHIN_S = 900
FEW = ["tests/settings", "tests/test_money.py", "tests/catalog", "-q"]


@pytest.mark.parametrize("uid", [0, 1000])
def test_both_commands_work_in_a_fresh_clone(uid, tmp_path_factory):
    if os.geteuid() not in (0, uid):
        pytest.skip("needs root, to be somebody else")
    python, user = python_for(uid), as_user(uid)
    with tempfile.TemporaryDirectory(prefix="perron-clone-") as folder:
        clone = Path(folder) / "perron"
        copy_of_checkout(clone)
        hand_over(Path(folder), uid)

        shop = ShopProcess(
            clone / "data", python=python, folder=clone, env={"HOME": folder}, user=user
        )
        shop.start().wait_until_open(INSTALLS_WITHIN_S)
        assert shop.status("/") == 200
        shop.end(signal.SIGINT)
        assert shop.wait_until_nothing_is_left(10) == {}
        assert Path(folder).stat().st_mode & 0o777 == 0o700

        tested = subprocess.run(
            [python, "-m", "tests", *FEW],
            cwd=clone,
            env=surroundings(HOME=folder),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=INSTALLS_WITHIN_S,
            **user,
        )
        assert tested.returncode == 0, tested.stdout[-3000:] + tested.stderr[-3000:]
        assert " passed" in tested.stdout


def python_for(uid):
    """This Python; for an ordinary user one that is not in the home of root."""
    asked = "import sys; sys.exit(sys.version_info < (3, 11))"
    for python in (Path(sys.base_prefix, "bin", "python3"), Path("/usr/bin/python3")):
        try:
            done = subprocess.run([python, "-c", asked], check=False, cwd="/", **as_user(uid))
        except OSError:
            continue
        if done.returncode == 0:
            return str(python)
    return pytest.skip(f"no Python of 3.11 or newer that uid {uid} may run")


def as_user(uid):
    if os.geteuid() == uid:
        return {}
    try:
        account = pwd.getpwuid(uid)
    except KeyError:
        subprocess.run(["useradd", "--uid", str(uid), "--create-home", "perron"], check=True)
        account = pwd.getpwuid(uid)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def copy_of_checkout(target):
    """As git would clone it, with what is not committed yet."""
    listed = subprocess.run(
        ["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("this is not a git checkout")
    for name in filter(None, os.fsdecode(listed.stdout).split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)


def hand_over(folder, uid):
    if os.geteuid() == 0 and uid != 0:
        for place in (folder, *folder.rglob("*")):
            os.chown(place, uid, as_user(uid)["group"])
