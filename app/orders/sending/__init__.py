"""Which place sends which pieces of an order: its own place all of it, but for what stands here."""

from app.orders.sending.queries import elsewhere, move, senders, write

__all__ = ["elsewhere", "move", "senders", "write"]
