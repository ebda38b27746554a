"""A web process stays small and starts fast: what draws and reads files is imported when used."""

import subprocess
import sys

HEAVY = {
    "fpdf",
    "fontTools",
    "numpy",
    "pypdfium2",
    "zxingcpp",
    "deqr",
    "pikepdf",
    "PIL",
    "openpyxl",
    "holidays",
    "rich.progress",
    "stripe",
}


def test_the_app_is_imported_without_what_draws_posters_and_reads_spreadsheets():
    looked = "import sys, app.main; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", looked], check=True, capture_output=True, text=True
    )

    assert set(done.stdout.split()) & HEAVY == set()
