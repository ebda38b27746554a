"""A built wheel holds the whole shop: code, pages, words, migrations, and what npm brought."""

import importlib.util
import subprocess
import sys
import zipfile

import pytest

from app.settings import ROOT
from tests.drills.test_fresh_clone import copy_of_checkout

pytestmark = pytest.mark.drill

BROUGHT = [
    "zxing-wasm/dist/es/reader/index.js",
    "zxing-wasm/dist/reader/zxing_reader.wasm",
    "@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf",
    "@expo-google-fonts/noto-sans-kr/700Bold/NotoSansKR_700Bold.ttf",
]


def test_a_wheel_holds_everything_the_shop_needs(tmp_path):
    builder = ["uv", "build", "--quiet", "--wheel", "--out-dir", tmp_path]
    if importlib.util.find_spec("uv") is None:
        builder = ["pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", tmp_path]

    subprocess.run([sys.executable, "-m", *builder, ROOT], check=True, cwd=tmp_path)

    [wheel] = tmp_path.glob("*.whl")
    inside = set(zipfile.ZipFile(wheel).namelist())
    copy_of_checkout(tmp_path / "copy")
    ours = {
        str(path.relative_to(tmp_path / "copy"))
        for part in ("app", "qr_walls")
        for path in (tmp_path / "copy" / part).rglob("*")
        if path.is_file()
    }
    assert ours - inside == set()
    assert {f"app/pages/node_modules/{name}" for name in BROUGHT} <= inside
    assert not any("/." in name and "node_modules" in name for name in inside)
