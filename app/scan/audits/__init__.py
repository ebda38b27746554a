"""A walk along a wall with a phone: each code read, in walking order, and what was found kept."""

from app.scan.audits.actions import audit, audits, check, end, newest, start

__all__ = ["audit", "audits", "check", "end", "newest", "start"]
