"""When this happened, then do that: all of it in one place."""

from datetime import timedelta

from app import jobs as outbox
from app import staff
from app.jobs import Register


def register(jobs: Register) -> None:
    """Fills the register of a worker, and of a web process so that it knows who wants to hear."""
    jobs.every(timedelta(seconds=5), "mend backlogs", outbox.mend_backlogs)
    jobs.every(timedelta(seconds=30), "seal the audit trail", staff.seal)
    jobs.every(timedelta(hours=1), "forget old sessions", staff.forget_old_sessions)
