"""Orders of somebody who wants to be forgotten: what the books need stays, and names nobody."""

from app.orders.forgetting.queries import forget_people

__all__ = ["forget_people"]
