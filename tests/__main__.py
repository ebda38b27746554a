"""`python3 -m tests [--drills] [what pytest takes]`: installs what the tests need, then runs them."""

import sys

from app import bootstrap


def main() -> int:
    import pytest

    bootstrap.browser_packages("test")
    return pytest.main(sys.argv[1:])


if __name__ == "__main__":
    bootstrap.ensure("test", "tests")
    sys.exit(main())
