"""What the desks that take something back have in common: choosing lines, and the offer."""

from app.pages.returning.choosing import chosen, wish

__all__ = ["chosen", "wish"]
