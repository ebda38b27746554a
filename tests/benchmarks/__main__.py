"""`python3 -m tests.benchmarks [--only NAME] [--json FILE] [--data FOLDER]`"""

import argparse
import sys
import tempfile
from pathlib import Path

from app import bootstrap


def main() -> int:
    import uvloop

    from tests.benchmarks import figures, suite

    parser = argparse.ArgumentParser(prog="python3 -m tests.benchmarks")
    parser.add_argument("--only", metavar="NAME", choices=[one.name for one in suite.ALL])
    parser.add_argument("--json", metavar="FILE", type=Path)
    parser.add_argument("--data", metavar="FOLDER", type=Path, help="instances some figures need")
    asked = parser.parse_args()
    figures.data_folder = asked.data
    bootstrap.browser_packages("test")
    chosen = [one for one in suite.ALL if asked.only in (None, one.name)]
    with tempfile.TemporaryDirectory(prefix="perron-benchmarks-") as folder:
        home = Path(folder, "home")
        Path(folder).chmod(0o711)  # the shop's servers run as another user under root
        measured = uvloop.run(suite.measure(chosen, home))  # the loop the shop runs on
    figures.show(measured)
    if asked.json:
        figures.write(measured, asked.json)
    return 1 if any(figure.missed for figure in measured) else 0


if __name__ == "__main__":
    bootstrap.ensure("test", "tests.benchmarks")
    sys.exit(main())
