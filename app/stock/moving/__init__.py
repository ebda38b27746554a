"""Goods on their way: from one place to another, and those a supplier has promised."""

from app.stock.moving.actions import arrive, came_in, expect, send
from app.stock.moving.queries import due, expected_of, under_way

__all__ = ["arrive", "came_in", "due", "expect", "expected_of", "send", "under_way"]
