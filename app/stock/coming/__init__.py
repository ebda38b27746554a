"""Goods a supplier has announced: when more comes in, and what of it is sold before it is there.

An announcement marked `to_order` may be promised at checkout for days after the one on which it
comes, never more of it than was announced; until then those pieces are short on the hold. With the
goods (`came_in`) the oldest promises are served first.
"""

from app.stock.coming.actions import came_in, expect, upload
from app.stock.coming.queries import due, expected_of, to_order
from app.stock.coming.rules import first_days

__all__ = ["came_in", "due", "expect", "expected_of", "first_days", "to_order", "upload"]
