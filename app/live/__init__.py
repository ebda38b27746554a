"""Tells whoever is watching that something changed: `tell` after the commit, `watch` to hear it.

What travels is {topic, version} and nothing else; who hears it reads what it missed. Redis carries
it between processes. Without Redis the versions of what is watched are polled from the database,
so nothing is ever missed, only later (DESIGN 1.10).
"""

from app.live.hub import Hub, tell_after_commit

__all__ = ["Hub", "tell_after_commit"]
