"""`python3 -m tests [--drills] [what pytest takes]`: installs what the tests need, then runs them."""

import os
import sys
from collections.abc import Sequence

from app import bootstrap

MOST_WORKERS = 4


def main() -> int:
    import pytest

    # Some hundred processes start: each would compile all the code anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    bootstrap.browser_packages("test")
    return pytest.main([*on_all_cores(sys.argv[1:]), *sys.argv[1:]])


def on_all_cores(words: Sequence[str]) -> list[str]:
    """The whole quick suite is shared out; drills kill and freeze, and want the machine alone."""
    if any(word == "--drills" or not word.startswith("-") for word in words):
        return []
    cores = min(os.cpu_count() or 1, MOST_WORKERS)
    return ["-n", str(cores), "--dist", "loadgroup"] if cores > 1 else []


if __name__ == "__main__":
    bootstrap.ensure("test", "tests")
    sys.exit(main())
