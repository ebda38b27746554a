"""A child process that does not outlive its parent, even when the parent was killed.

Nobody tells a child that its parent was killed, and a server keeps serving then; so it looks.
"""

import os
import signal
import threading
import time

LOOK_EVERY_S = 0.5
GRACE_S = 2.0


def tie_to(parent: int) -> None:
    """End this process soon after `parent`, its parent, has ended: asked first, then made to."""
    threading.Thread(target=_watch, args=(parent,), name="lifeline", daemon=True).start()


def tie_to_parent() -> None:
    """For the initializer of a process pool."""
    tie_to(os.getppid())


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY_S)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_S)
    os.kill(os.getpid(), signal.SIGKILL)
