"""Goods on their way from one place to another."""

from app.stock.moving.actions import arrive, send
from app.stock.moving.queries import under_way

__all__ = ["arrive", "send", "under_way"]
