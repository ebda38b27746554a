"""The first start, on a small checkout that needs no package, so that nothing is downloaded."""

import ast
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from app.settings import ROOT

BASE_PYTHON = str(Path(sys.base_prefix) / "bin" / "python3")
NOBODY = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
MAIN = """
import sys
from app import bootstrap
if __name__ == "__main__":
    bootstrap.ensure("home", "app")
    print(sys.prefix)
"""


@pytest.fixture
def checkout(tmp_path):
    return make_checkout(tmp_path / "a checkout")


def make_checkout(checkout):
    shutil.copytree(ROOT / "app" / "bootstrap", checkout / "app" / "bootstrap")
    (checkout / "app" / "__init__.py").touch()
    (checkout / "app" / "__main__.py").write_text(MAIN)
    (checkout / "deploy" / "lock").mkdir(parents=True)
    (checkout / "deploy" / "lock" / "home.txt").touch()
    (checkout / "pyproject.toml").write_text(
        '[project]\ndependencies = ["what-nobody-has-installed>=1"]\n'
        "[project.optional-dependencies]\nembedded = []\n"
    )
    return checkout


def start(checkout, python=BASE_PYTHON, **options):
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    environment |= options.pop("env", {})
    return subprocess.Popen(
        [python, "-m", "app"],
        cwd=checkout,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def finish(process):
    out, err = process.communicate(timeout=60)
    return process.returncode, out.strip(), err.strip()


@pytest.mark.parametrize("tool", ["uv", pytest.param("pip", marks=pytest.mark.drill)])
def test_the_first_start_installs_and_the_second_does_not(checkout, tool):
    path = path_without_uv()
    surroundings = {"PATH": path if tool == "pip" else f"{path}:{uv_folder()}"}

    code, prefix, told = finish(start(checkout, env=surroundings))
    assert (code, prefix) == (0, str(checkout / ".venv")), told
    assert "Installing into" in told
    maker = (checkout / ".venv" / "pyvenv.cfg").read_text()
    assert ("uv = " in maker) == (tool == "uv")

    assert finish(start(checkout, env=surroundings)) == (0, str(checkout / ".venv"), "")


def path_without_uv():
    """pip takes its time, so that there is a while in which it can be cut off."""
    places = os.environ["PATH"].split(":")
    return ":".join(place for place in places if not Path(place, "uv").exists())


def uv_folder():
    uv = shutil.which("uv") or Path(sys.prefix, "bin", "uv")
    return str(Path(uv).parent) if Path(uv).exists() else pytest.skip("there is no uv here")


@pytest.mark.drill
def test_two_first_starts_at_once_make_one_installation(checkout):
    both = [start(checkout), start(checkout)]

    ends = [finish(process) for process in both]

    assert [(code, prefix) for code, prefix, _ in ends] == [(0, str(checkout / ".venv"))] * 2
    assert sum("Installing into" in told for *_, told in ends) == 1


@pytest.mark.drill
def test_a_start_that_was_killed_while_installing_is_made_good_by_the_next(checkout):
    cut_off = start(checkout, start_new_session=True, env={"PATH": path_without_uv()})
    while not (checkout / ".venv" / "bin" / "python").exists():
        time.sleep(0.01)
    os.killpg(cut_off.pid, signal.SIGKILL)
    finish(cut_off)
    assert (checkout / ".venv" / ".perron-unfinished").exists()

    code, prefix, told = finish(start(checkout))

    assert (code, prefix) == (0, str(checkout / ".venv")), told
    assert not (checkout / ".venv" / ".perron-unfinished").exists()


@pytest.mark.drill
def test_a_checkout_that_moved_finds_its_code_where_it_is_now(checkout, tmp_path):
    finish(start(checkout))
    moved = checkout.rename(tmp_path / "moved")

    code, prefix, told = finish(start(moved))

    assert (code, prefix) == (0, str(moved / ".venv")), told
    [pointer] = moved.glob(".venv/lib/python3*/site-packages/perron.pth")
    assert pointer.read_text() == f"{moved}\n"


@pytest.mark.drill
def test_a_checkout_that_cannot_be_written_gives_one_sentence_and_another_folder_will_do():
    python = next(filter(runs_for_nobody, (BASE_PYTHON, "/usr/bin/python3")), None)
    if python is None:
        pytest.skip("needs root, and a Python that others may run")
    with tempfile.TemporaryDirectory() as opened:
        Path(opened).chmod(0o755)
        checkout = make_checkout(Path(opened, "checkout"))
        elsewhere = Path(opened, "elsewhere")
        elsewhere.mkdir()
        elsewhere.chmod(0o777)

        refused = finish(start(checkout, python, **NOBODY))
        led = finish(start(checkout, python, env={"PERRON_VENV": f"{elsewhere}/venv"}, **NOBODY))

    advice = "Permission denied. Set PERRON_VENV to a folder of your own."
    assert refused == (1, "", f"{checkout}/.venv: {advice}")
    assert led[:2] == (0, f"{elsewhere}/venv"), led


def runs_for_nobody(python):
    asked = [python, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
    try:
        return (
            bool(NOBODY) and subprocess.run(asked, check=False, cwd="/", **NOBODY).returncode == 0
        )
    except OSError:
        return False


def test_an_older_python_can_read_far_enough_to_say_what_it_lacks():
    for path in (ROOT / "app" / "bootstrap").glob("*.py"):
        ast.parse(path.read_text(), feature_version=(3, 8))
    for path in (ROOT / "app" / "__main__.py", ROOT / "tests" / "__main__.py"):
        ast.parse(path.read_text(), feature_version=(3, 8))
