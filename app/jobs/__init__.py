"""What follows from what happened: the outbox, steps with a due time, and sweepers.

`announce` tells an event in the transaction in which it happened. `later` writes a step with a due
time. Both are worked off by any number of workers (`app/jobs/worker.py`) with leases, at least
once. What follows from what is listed in `app/consequences.py`.
"""

from app.jobs.actions import announce, announce_all, is_heard, later
from app.jobs.coalescer import LATER, Coalescer, Later, alone, busy
from app.jobs.models import Depth, Event, Failed, Kind, News, Parked, Task
from app.jobs.queries import (
    depths,
    failed,
    hear_again,
    kinds_of_steps,
    mend_backlogs,
    note_progress,
    parked,
    seconds_since_a_worker_swept,
    step_again,
    task,
)
from app.jobs.register import Register, registered
from app.jobs.sweeping import one_by_one

__all__ = [
    "LATER",
    "Coalescer",
    "Depth",
    "Event",
    "Failed",
    "Kind",
    "Later",
    "News",
    "Parked",
    "Register",
    "Task",
    "alone",
    "announce",
    "announce_all",
    "busy",
    "depths",
    "failed",
    "hear_again",
    "is_heard",
    "kinds_of_steps",
    "later",
    "mend_backlogs",
    "note_progress",
    "one_by_one",
    "parked",
    "registered",
    "seconds_since_a_worker_swept",
    "step_again",
    "task",
]
