"""What the desks that take something back have in common: choosing lines, and the offer."""

from app.pages.returning.choosing import Complaint, chosen, command_of, to_settle, wish

__all__ = ["Complaint", "chosen", "command_of", "to_settle", "wish"]
