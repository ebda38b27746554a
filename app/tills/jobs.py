from app.jobs import Register
from app.tills import paying


def register(jobs: Register) -> None:
    for kind in ("OrderConfirmed", "OrderCancelled"):
        jobs.when(kind, "receipts of tills", paying.follow)
