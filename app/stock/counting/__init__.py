"""What really lies there: counts, lists of counts from a file, and corrections with a reason."""

from app.stock.counting.actions import adjust, count, keep_back, take_over, upload
from app.stock.counting.queries import (
    count_of,
    differences,
    kept_back,
    lock,
    newest_counts,
    next_versions,
    standing,
)

__all__ = [
    "adjust",
    "count",
    "count_of",
    "differences",
    "keep_back",
    "kept_back",
    "lock",
    "newest_counts",
    "next_versions",
    "standing",
    "take_over",
    "upload",
]
