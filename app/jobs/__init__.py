"""What follows from what happened: the outbox, steps with a due time, and sweepers.

`announce` tells an event in the transaction in which it happened. `later` writes a step with a due
time. Both are worked off by any number of workers (`app/jobs/worker.py`) with leases, at least
once. What follows from what is listed in `app/consequences.py`.
"""

from app.jobs.actions import announce, announce_all, later
from app.jobs.coalescer import LATER, Coalescer, Later
from app.jobs.models import Event, News, Task
from app.jobs.queries import mend_backlogs, note_progress, task
from app.jobs.register import Register, registered

__all__ = [
    "LATER",
    "Coalescer",
    "Event",
    "Later",
    "News",
    "Register",
    "Task",
    "announce",
    "announce_all",
    "later",
    "mend_backlogs",
    "note_progress",
    "registered",
    "task",
]
