"""Every wait has an end, and a task that is told to stop does."""

from pathlib import Path


def test_nobody_uses_wait_for():
    """Before Python 3.12 it forgets a cancellation that comes together with the answer: a task that
    loops around it never ends (bpo-37658). `asyncio.timeout` does not."""
    users = [
        str(path) for path in Path("app").rglob("*.py") if "asyncio.wait_for(" in path.read_text()
    ]

    assert users == []
